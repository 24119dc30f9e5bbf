"""What a checked expression may say that SQL has no words for: refused when a library is loaded.

Nodes and functions outside the fragment are refused by the checker already; these are the forms of allowed
ones that only the interpreter could compute.
"""

from __future__ import annotations

from collections.abc import Iterator

from zhida.feel import nodes
from zhida.feel.nodes import Node, walk
from zhida.profile.names import Problem

KEY = (nodes.Literal, nodes.Name, nodes.Figure, nodes.Fact)
DIRECTION = (nodes.Literal, nodes.Name, nodes.Figure)
TODAY = "办理日期"


def unsupported(node: Node) -> Iterator[Problem]:
    """All that is wrong in the checked tree `node`, in source order."""
    for part in walk(node):
        found = _problem(part)
        if found is not None:
            message, hint = found
            yield Problem("not-in-fragment", message, hint, part.span)


def _problem(node: Node) -> tuple[str, str] | None:
    match node:
        case nodes.Filter(base) if not isinstance(base, nodes.Rows):
            return "rows are filtered once", "join the conditions with and"
        case nodes.Path(nodes.Rows() | nodes.Filter()):
            return "the facts of rows are not gathered", "count rows: count(rows[condition])"
        case nodes.Call(nodes.Name("add months"), (_, _, direction)) if not isinstance(direction, DIRECTION):
            return "the direction of add months is computed", 'write "earlier" or "later"'
        case nodes.Call(nodes.Name("lookup"), (_, key, *day)):
            return _lookup(key, day)
    return None


def _lookup(key: Node, day: list[Node]) -> tuple[str, str] | None:
    keys = key.items if isinstance(key, nodes.List) else (key,)
    if not all(isinstance(part, KEY) for part in keys):
        return "a key of lookup is computed", "look up by facts, parameters, texts or 办理地区"
    if day and day[0] != nodes.Name(TODAY):
        return "lookup reads a table on another day", f"write {TODAY}"
    return None
