"""The syntax tree of FEEL: one frozen dataclass per construct, shared by both modes and every reader.

Spans take no part in equality, so that printing and parsing again gives an equal tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from zhida.diagnostics import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Node:
    """Marker base of all nodes; `span` is the node's place in its source text."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by its parts alone, far faster than a dataclass does it; the span is left out."""
        names = (f.name for f in fields(self) if f.name != "span")
        return type(self), tuple(getattr(self, name) for name in names)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: Decimal, str, bool, None (null), or a temporal value written as @"…"."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, parameter or function, by its name as written."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`base.name`: a context entry or a property such as `日期.year`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """A fact of the vocabulary, resolved by the checker from `实体.事实` (policy profile only)."""

    entity: str
    key: str
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Rows(Node):
    """All rows of a one-to-many entity, resolved by the checker (policy profile only)."""

    entity: str
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Figure(Node):
    """A parameter with the figure that a document set for it; `source` says which document and clause."""

    name: str
    value: Node
    source: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """`-operand`"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left op right` for + - * / ** = != < <= > >= and or."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Range(Node):
    """`[low..high)`; an end may be absent (None) in `(> 5)`-like ranges."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary test such as `< 5` in `x in (< 5, > 9)`; the tested value is implied."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in (test, test …)`: true where any test holds."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class List(Node):
    """`[a, b, c]`"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Context(Node):
    """`{name: value, …}`"""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then consequent else alternative`"""

    condition: Node
    consequent: Node
    alternative: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in domain`, or `name in low..high` where `high` is given."""

    name: str
    domain: Node
    high: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for x in xs return body`"""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some x in xs satisfies body` or `every …`"""

    kind: str
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[condition]`"""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(a, b)`, or `function(x: a, y: b)` where `names` is not empty."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`, the type as written."""

    value: Node
    type: str


@dataclass(frozen=True, slots=True)
class Function(Node):
    """`function(x: type, y) body`; parameters are (name, type or "")."""

    parameters: tuple[tuple[str, str], ...]
    body: Node
    external: bool = False


def children(node: Node) -> tuple[Node, ...]:
    """The direct sub-expressions of `node`, in source order."""
    found: list[Node] = []
    for name in _parts(type(node)):
        _collect(getattr(node, name), found)
    return tuple(found)


def walk(node: Node) -> Iterable[Node]:
    """`node` and every expression inside it, in source order."""
    todo = [node]
    while todo:
        found = todo.pop()
        yield found
        todo += reversed(children(found))


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """`node` with every direct sub-expression changed; itself where none became another."""
    changes = {
        name: new
        for name in _parts(type(node))
        if (new := _changed(old := getattr(node, name), change)) is not old
    }
    return replace(node, **changes) if changes else node


def _parts(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a kind of node that can hold sub-expressions."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(f.name for f in fields(kind) if f.name not in ("span", "source", "label"))
    return _PARTS[kind]


_PARTS: dict[type[Node], tuple[str, ...]] = {}


def _collect(value: Any, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


def _changed(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    if not isinstance(value, tuple):
        return value
    items = tuple(_changed(item, change) for item in value)
    return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
