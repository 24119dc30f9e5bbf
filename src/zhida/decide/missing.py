"""Which facts an unknown value waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node, children


def missing(node: Node, scope: UnitScope) -> tuple[str, ...]:
    """Dotted keys in the order they are met: a derived key first, then its absent inputs.

    Parts whose value is known are passed over: nothing that is asked for could change them.
    """
    return tuple(dict.fromkeys(_missing(node, scope)))


def _missing(node: Node, scope: UnitScope) -> Iterator[str]:
    if not _unknown(scope.value(node)):
        return
    match node:
        case nodes.Fact(entity, key):
            yield scope.path(entity, key)
            derived = scope.rule.derived.get((entity, key))
            if derived is not None:
                yield from _missing(derived.expression.node, scope)
        case nodes.Rows(entity):
            yield scope.library.entities[entity].case_key
        case nodes.Figure():
            yield f"parameters.{node.source.key}"
        case nodes.If(condition, consequent, alternative):
            yield from _missing_in_branches(node, condition, consequent, alternative, scope)
        case nodes.Filter(base, condition):
            yield from _missing_in_filter(base, condition, scope)
        case nodes.Call(nodes.Name("lookup"), arguments):
            inputs = [key for part in arguments for key in _missing(part, scope)]
            yield from inputs or [f"standards.{_table(arguments[0], scope)}"]
        case _:
            for child in children(node):
                if not isinstance(child, nodes.Name):
                    yield from _missing(child, scope)


def _missing_in_branches(
    node: nodes.If, condition: Node, consequent: Node, alternative: Node, scope: UnitScope
) -> Iterator[str]:
    holds = scope.value(condition)
    if holds is UNKNOWN:
        yield from _missing(condition, scope)
    possible = [consequent] if holds is True else [alternative] if holds is False else []
    for branch in possible or _offered(consequent, alternative):
        yield from _missing(branch, scope)


def _offered(*branches: Node) -> Iterator[Node]:
    """The branches that this place has a figure for: an unset one is not waited for in advance."""
    return (branch for branch in branches if not is_unset(branch))


def is_unset(node: Node) -> bool:
    """Whether the node is a parameter for which no document has set a figure."""
    return isinstance(node, nodes.Figure) and node.value == nodes.Literal(UNKNOWN)


def _missing_in_filter(base: Node, condition: Node, scope: UnitScope) -> Iterator[str]:
    rows = scope.value(base)
    if rows is UNKNOWN:
        yield from _missing(base, scope)
        return
    for row in rows:
        yield from _missing(condition, row)


def _unknown(value: Any) -> bool:
    return value is UNKNOWN or (isinstance(value, list) and any(map(_unknown, value)))


def _table(name: Node, scope: UnitScope) -> str:
    table = str(scope.value(name)).partition(".")[0]
    return scope.library.tables[table].definition.table
