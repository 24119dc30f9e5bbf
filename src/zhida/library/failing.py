"""Which conditions facts can make fail: the others ask for nothing in this place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhida.feel import POLICY, UNKNOWN, evaluate
from zhida.library.compile import SINGLETONS
from zhida.library.model import FactDef
from zhida.library.rule import Condition, Expression, FactPath, Rule


@dataclass(frozen=True, slots=True)
class OnlyKnown:
    """A scope that knows these facts and no other, not even what an absent one would mean."""

    facts: Mapping[FactPath, Any] = field(default_factory=dict)

    def name(self, name: str) -> Any:
        return UNKNOWN

    def fact(self, entity: str, key: str) -> Any:
        return self.facts.get((entity, key), UNKNOWN)

    def rows(self, entity: str) -> Any:
        return UNKNOWN

    def lookup(self, table: str, keys: tuple[Any, ...], on: date | None) -> Any:
        return UNKNOWN


def holds_whatever_the_facts(expression: Expression) -> bool:
    """Whether the figures of a place alone make the expression true."""
    return evaluate(expression.node, OnlyKnown(), POLICY) is True


def may_wait(facts: Mapping[FactPath, FactDef], rule: Rule) -> bool:
    """Whether a verdict can wait for a list that is not given, or for a fact whose absence says nothing."""
    if rule.unit not in SINGLETONS:
        return True
    read = {(f.entity, f.key) for c in rule.conditions for e in (c.when, c.review) if e for f in e.facts}
    return any(facts[path].absence == "unknown" and not facts[path].from_history for path in read)


def may_fail(facts: Mapping[FactPath, FactDef], condition: Condition) -> bool:
    """False where the figures alone, or every value of its one choice, let it hold or go to review."""
    parts = [part for part in (condition.when, condition.review) if part is not None]
    paths = {(fact.entity, fact.key) for part in parts for fact in part.facts}
    scopes = [OnlyKnown()]
    if len(paths) == 1:
        (path,) = paths
        fact = facts[path]
        values = (True, False) if fact.type == "boolean" else fact.values if fact.type == "choice" else ()
        scopes = [OnlyKnown({path: value}) for value in values] or scopes
    return not all(any(evaluate(part.node, scope, POLICY) is True for part in parts) for scope in scopes)
