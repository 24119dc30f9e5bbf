"""Conditions of one rule for one unit to a verdict in three truth values, plus review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from zhida.decide.decision import ConditionResult, Truth, UnitResult, Verdict
from zhida.decide.missing import missing
from zhida.decide.ranges import Interval, interval
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN
from zhida.library.rule import Condition, Expression, Rule


def judge(condition: Condition, scope: UnitScope) -> Truth:
    """True, "review" where only human judgement is left, False, or None while facts are missing."""
    holds = scope.value(condition.when.node)
    if holds is True:
        return True
    review = False if condition.review is None else scope.value(condition.review.node)
    if holds is UNKNOWN:
        return "review" if condition.review_if_unknown and review is True else None
    return None if review is UNKNOWN else "review" if review else False


def unit_verdict(results: Sequence[ConditionResult]) -> Verdict:
    """The verdict over all conditions: one that fails settles it, whatever is still unknown."""
    verdicts = [result.verdict for result in results]
    if False in verdicts:
        return "ineligible"
    if None in verdicts:
        return "unknown"
    return "review" if "review" in verdicts else "eligible"


def decide_unit(rule: Rule, scope: UnitScope) -> UnitResult:
    """Verdict, missing facts and worth of one unit, before limits."""
    results = tuple(ConditionResult(c, judge(c, scope), scope) for c in rule.conditions)
    verdict = unit_verdict(results)
    unit = UnitResult(scope.unit.id, verdict, scope, results)
    if verdict == "ineligible":
        unit.amount = Decimal(0)
        return unit
    absent = [key for result in results if result.verdict is None for key in _needed(result)]
    if verdict == "eligible" and _to_be_settled(rule, scope):
        unit.verdict = "review"
    if rule.amount is not None:
        absent += _price(rule, rule.amount, unit, scope)
    unit.missing = tuple(dict.fromkeys(absent))
    return unit


def _price(rule: Rule, amount: Expression, unit: UnitResult, scope: UnitScope) -> tuple[str, ...]:
    """Set what the unit is worth or the span it lies in; the facts that are missing for it."""
    value = scope.value(amount.node)
    if value is not UNKNOWN:
        unit.worth = value
        unit.span = Interval(value, value)
        return ()
    if _to_be_settled(rule, scope):
        unit.span = interval(amount.node, _unsettled(rule, scope))
        return ()
    unit.span = interval(amount.node, scope)
    return missing(amount.node, scope)


def _to_be_settled(rule: Rule, scope: UnitScope) -> bool:
    """Whether a person has to settle what the amount depends on (A12)."""
    return rule.amount_review is not None and scope.value(rule.amount_review.node) is True


def _unsettled(rule: Rule, scope: UnitScope) -> UnitScope:
    """The same unit with the derived facts unknown that a person has to settle."""
    assert rule.amount_review is not None
    derived = [(f.entity, f.key) for f in rule.amount_review.facts if (f.entity, f.key) in rule.derived]
    return replace(scope, known=dict.fromkeys(derived, UNKNOWN), shared={})


def _needed(result: ConditionResult) -> tuple[str, ...]:
    """What an unknown condition waits for: `review` is looked at only where `when` failed."""
    condition, scope = result.condition, result.scope
    needed = missing(condition.when.node, scope)
    if needed or condition.review is None:
        return needed
    return missing(condition.review.node, scope)


def round_money(amount: Decimal, quantum: Decimal) -> Decimal:
    """Half up, once, at the end (A33)."""
    return amount.quantize(quantum, ROUND_HALF_UP)
