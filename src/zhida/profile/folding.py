"""What the figures of a place decide already: a policy tree without the parts that no fact can change.

A folded tree has the value of the original, and waits for the same facts, in every scope.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from zhida.feel import POLICY, UNKNOWN, evaluate, nodes
from zhida.feel.interpreter import ERRORS
from zhida.feel.nodes import Node, rebuild

Lookup = Callable[[str, tuple[Any, ...], date | None], Any]
"""Of `table.column`, keys and day the figure, UNKNOWN where there is none."""

OPEN: Final = object()
"""What stands for the value of an expression that depends on a case."""


def fold(node: Node, lookup: Lookup | None = None) -> Node:
    """The checked tree `node` with everything computed that no fact can change.

    Figures keep their name and source where they stand; one that no document has set stays unknown.
    Without `lookup` the tables are not looked at. Sub-trees that were shared stay shared, and each is
    folded once.
    """
    return _Folding(lookup).fold(node)


def constant(node: Node) -> Any:
    """The value of a folded tree that no fact can change, else OPEN."""
    match node:
        case nodes.Literal(value):
            return OPEN if value is UNKNOWN else value
        case nodes.Figure(value=value):
            return constant(value)
        case nodes.List(items):
            values = [constant(item) for item in items]
            return OPEN if any(value is OPEN for value in values) else values
    return OPEN


def is_unset(node: Node) -> bool:
    """Whether the node is a parameter for which no document has set a figure."""
    return isinstance(node, nodes.Figure) and node.value == nodes.Literal(UNKNOWN)


class _Constants:
    """The scope of what no case can change: tables, and nothing else."""

    def __init__(self, lookup: Lookup | None) -> None:
        self.lookup = lookup

    def name(self, name: str) -> Any:
        raise LookupError(name)

    def rows(self, entity: str) -> Any:
        raise LookupError(entity)


class _Folding:
    """One tree being folded; `done` holds each node's result by its identity."""

    def __init__(self, lookup: Lookup | None) -> None:
        self.scope = _Constants(lookup)
        self.done: dict[int, Node] = {}

    def fold(self, node: Node) -> Node:
        if id(node) not in self.done:
            self.done[id(node)] = self.folded(node)
        return self.done[id(node)]

    def folded(self, node: Node) -> Node:
        match node:
            case nodes.Binary("and" | "or"):
                return self.junction(node)
            case nodes.If():
                return self.choice(node)
        node = rebuild(node, self.fold)
        match node:
            case nodes.Filter(base, condition) if constant(condition) is True:
                return base
            case nodes.Call(nodes.Name("list contains" | "has any"), lists) if [] in map(constant, lists):
                return nodes.Literal(False, span=node.span)
            case nodes.Call(nodes.Name("lookup")) if self.scope.lookup is None:
                return node
        return self.computed(node) if _is_settled(node) else node

    def junction(self, node: nodes.Binary) -> Node:
        """Kleene's `and`, which false decides, or `or`, which true decides; the other value is neutral."""
        decisive = node.op == "or"
        left = self.fold(node.left)
        if constant(left) is decisive:
            return nodes.Literal(decisive, span=node.span)
        right = self.fold(node.right)
        if constant(right) is decisive:
            return nodes.Literal(decisive, span=node.span)
        if constant(left) is not OPEN:
            return right
        return left if constant(right) is not OPEN else rebuild(node, self.fold)

    def choice(self, node: nodes.If) -> Node:
        """The branch that is sure to be taken; the other need not even make sense."""
        condition = constant(self.fold(node.condition))
        if condition is not OPEN:
            return self.fold(node.consequent if condition else node.alternative)
        return rebuild(node, self.part_of_choice)

    def part_of_choice(self, node: Node) -> Node:
        """A branch that only turns out to be an unset figure stays: a plain one is not waited for."""
        folded = self.fold(node)
        return node if is_unset(folded) and not is_unset(node) else folded

    def computed(self, node: Node) -> Node:
        try:
            value = evaluate(node, self.scope, POLICY)
        except ERRORS:  # in a branch that is never taken: left to whoever takes it
            return node
        if isinstance(value, list):
            return nodes.List(tuple(map(nodes.Literal, value)), span=node.span)
        return node if value is UNKNOWN else nodes.Literal(value, span=node.span)


_KEPT = (nodes.Literal, nodes.Name, nodes.Fact, nodes.Rows, nodes.Figure, nodes.List, nodes.Range, nodes.Test)
"""What has nothing to compute by itself: a test is computed with the value that is tested."""


def _is_settled(node: Node) -> bool:
    """Whether everything is known that it takes to compute the node."""
    return not isinstance(node, _KEPT) and all(
        _is_settled_test(part) for part in nodes.children(node) if not isinstance(part, nodes.Name)
    )


def _is_settled_test(part: Node) -> bool:
    if isinstance(part, nodes.Range | nodes.Test):
        return all(constant(end) is not OPEN for end in nodes.children(part))
    return constant(part) is not OPEN
