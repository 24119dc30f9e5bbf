"""Conditions of one rule for one unit to a verdict in three truth values, plus review."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from zhida.decide.decision import ConditionResult, Truth, UnitResult, Verdict
from zhida.decide.missing import missing
from zhida.decide.ranges import Interval, interval
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN
from zhida.library.rule import Condition, Rule


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
    if verdict != "unknown":
        unit.verdict = _amount_verdict(rule, scope, verdict)
    if rule.amount is not None:
        value = scope.value(rule.amount.node)
        if value is UNKNOWN:
            absent += missing(rule.amount.node, scope)
            unit.span = rounded_interval(interval(rule.amount.node, scope), rule.quantum)
        else:
            unit.worth = value
            unit.span = Interval(value, value)
    unit.missing = tuple(dict.fromkeys(absent))
    return unit


def _amount_verdict(rule: Rule, scope: UnitScope, verdict: Verdict) -> Verdict:
    """An amount that a person has to settle makes the unit one for review (A12)."""
    if rule.amount_review is not None and scope.value(rule.amount_review.node) is True:
        return "review"
    return verdict


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


def rounded_interval(span: Interval, quantum: Decimal) -> Interval:
    high = None if span.high is None else round_money(span.high, quantum)
    return Interval(round_money(span.low, quantum), high)
