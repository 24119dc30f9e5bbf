"""Which facts an unknown value waits for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from zhida.decide.formula import formula_of
from zhida.decide.scope import UnitScope
from zhida.feel import POLICY, UNKNOWN, evaluate, nodes
from zhida.feel.nodes import Node, children
from zhida.library.rule import Derived
from zhida.profile.folding import is_unset


def missing(node: Node, scope: UnitScope) -> tuple[str, ...]:
    """Dotted keys in the order they are met: a derived key first, then its absent inputs.

    Parts whose value is known are passed over: nothing that is asked for could change them.
    """
    walk = _Walk(scope)
    evaluate(node, scope, POLICY, walk)
    return tuple(dict.fromkeys(walk.missing(node)))


@dataclass(slots=True)
class _Walk:
    """One walk over a tree whose sub-expressions have been evaluated once, and recorded here."""

    scope: UnitScope
    values: dict[int, Any] = field(default_factory=dict)

    def record(self, node: Node, value: Any) -> None:
        self.values[id(node)] = value

    def value(self, node: Node) -> Any:
        """What was recorded; a branch that was not needed is evaluated now."""
        if id(node) not in self.values:
            evaluate(node, self.scope, POLICY, self)
        return self.values[id(node)]

    def missing(self, node: Node) -> Iterator[str]:
        if not _unknown(self.value(node)):
            return
        match node:
            case nodes.Fact(entity, key):
                if not self.scope.library.facts[entity, key].internal:
                    yield self.scope.path(entity, key)
                derived = self.scope.rule.derived.get((entity, key))
                if derived is not None:
                    yield from self.inputs(derived, entity)
            case nodes.Rows(entity):
                yield self.scope.library.entities[entity].case_key
            case nodes.Figure():
                yield f"parameters.{node.source.key}"
            case nodes.If(condition, consequent, alternative):
                yield from self.branches(condition, consequent, alternative)
            case nodes.Filter(base, condition):
                yield from self.filter(base, condition)
            case nodes.Path(nodes.Rows() | nodes.Filter() as base, key):
                yield from self.column(base, key)
            case nodes.Call(nodes.Name("lookup"), arguments):
                inputs = [key for part in arguments for key in self.missing(part)]
                yield from inputs or [f"standards.{self.table(arguments[0])}"]
            case _:
                for child in children(node):
                    if not isinstance(child, nodes.Name):
                        yield from self.missing(child)

    def inputs(self, derived: Derived, entity: str) -> tuple[str, ...]:
        """What a derived fact waits for: worked out once for all rules with the same formula."""
        key = ("missing", id(derived), self.scope.entry(entity).path)
        shared = self.scope.shared
        if key not in shared:
            shared[key] = missing(formula_of(self.scope.library, derived.expression).lean, self.scope)
        found: tuple[str, ...] = shared[key]
        return found

    def branches(self, condition: Node, consequent: Node, alternative: Node) -> Iterator[str]:
        holds = self.value(condition)
        if holds is UNKNOWN:
            yield from self.missing(condition)
        possible = [consequent] if holds is True else [alternative] if holds is False else []
        for branch in possible or _offered(consequent, alternative):
            yield from self.missing(branch)

    def filter(self, base: Node, condition: Node) -> Iterator[str]:
        rows = self.value(base)
        if rows is UNKNOWN:
            yield from self.missing(base)
            return
        for row in rows:
            yield from missing(condition, row)

    def column(self, base: Node, key: str) -> Iterator[str]:
        """The fact `key` of each row."""
        rows = self.value(base)
        if rows is UNKNOWN:
            yield from self.missing(base)
            return
        for row in rows:
            yield from missing(nodes.Fact(row.unit.entity, key), row)

    def table(self, name: Node) -> str:
        table = str(self.value(name)).partition(".")[0]
        return self.scope.library.tables[table].definition.table


def _offered(*branches: Node) -> Iterator[Node]:
    """The branches that this place has a figure for: an unset one is not waited for in advance."""
    return (branch for branch in branches if not is_unset(branch))


def _unknown(value: Any) -> bool:
    return value is UNKNOWN or (isinstance(value, list) and any(map(_unknown, value)))
