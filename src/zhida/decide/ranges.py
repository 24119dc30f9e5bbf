"""The least and the most that an amount can be while facts are missing.

Numbers become intervals; a choice that cannot be settled spans both branches, a standard that only the
counties of a place have spans theirs. None for the upper
end is unbounded. Facts of the vocabulary that count or measure are never below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhida.decide.recorded import Recorded
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node
from zhida.profile.folding import is_unset

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Interval:
    """low ≤ value ≤ high; None for `high` is unbounded."""

    low: Decimal
    high: Decimal | None


ANYTHING = Interval(ZERO, None)


def interval(node: Node, scope: UnitScope) -> Interval:
    """Where the value of a numeric expression can lie. What it does not follow is unbounded."""
    return _Spans(scope).of(node)


class _Spans(Recorded):
    """The intervals of a tree's parts."""

    __slots__ = ()

    def of(self, node: Node) -> Interval:
        value = self.value(node)
        if isinstance(value, Decimal):
            return Interval(value, value)
        match node:
            case nodes.If():
                return self.choice(node)
            case nodes.Fact(entity, key):
                return self.fact(entity, key)
            case nodes.Binary("+", left, right):
                return _sum(self.of(left), self.of(right))
            case nodes.Binary("*", left, right):
                return _product(self.of(left), self.of(right))
            case nodes.Call(nodes.Name("min" | "max" as name), arguments):
                return _extreme(name, [self.of(argument) for argument in arguments])
            case nodes.Call(nodes.Name("lookup"), (nodes.Literal(str() as place), keys, *rest)):
                return _standard(place, self.value(keys), [self.value(day) for day in rest], self.scope)
        return ANYTHING

    def choice(self, node: nodes.If) -> Interval:
        holds = self.value(node.condition)
        if holds is UNKNOWN:
            branches = (node.consequent, node.alternative)
            return hull([self.of(branch) for branch in branches if not is_unset(branch)])
        return self.of(node.consequent if holds else node.alternative)

    def fact(self, entity: str, key: str) -> Interval:
        derived = self.scope.rule.derived.get((entity, key))
        if derived is not None:
            return self.of(derived.expression.node)
        kind = self.scope.library.facts[entity, key].type
        return Interval(ZERO, Decimal(1)) if kind == "rate" else ANYTHING


def _standard(place: str, keys: Any, days: list[Any], scope: UnitScope) -> Interval:
    """Of a prefecture whose counties have standards of their own, the least and the greatest of them."""
    found = [str(key) for key in (keys if isinstance(keys, list) else [keys]) if key is not UNKNOWN]
    table, _, column = place.partition(".")
    definition = scope.library.tables[table]
    if UNKNOWN in days or len(found) < len(definition.definition.keys):
        return ANYTHING
    values = definition.of_parts(column, tuple(found), days[0] if days else None)
    return hull([Interval(value, value) for value in values if isinstance(value, Decimal)])


def _sum(a: Interval, b: Interval) -> Interval:
    return Interval(a.low + b.low, None if a.high is None or b.high is None else a.high + b.high)


def _product(a: Interval, b: Interval) -> Interval:
    """For factors that are not negative, as all amounts are."""
    if a.high == 0 or b.high == 0:
        return Interval(ZERO, ZERO)
    return Interval(a.low * b.low, None if a.high is None or b.high is None else a.high * b.high)


def _extreme(name: str, parts: Sequence[Interval]) -> Interval:
    highs = [part.high for part in parts if part.high is not None]
    if name == "min":
        return Interval(min(p.low for p in parts), min(highs) if highs else None)
    bounded = len(highs) == len(parts)
    return Interval(max(p.low for p in parts), max(highs) if bounded else None)


def hull(parts: Sequence[Interval]) -> Interval:
    """The smallest interval that holds all parts; of none, such as figures not set yet, nothing is known."""
    if not parts:
        return ANYTHING
    highs = [part.high for part in parts]
    bounded: list[Any] = [high for high in highs if high is not None]
    return Interval(min(part.low for part in parts), max(bounded) if len(bounded) == len(highs) else None)
