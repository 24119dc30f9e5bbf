"""Conditions of one rule for one unit to a verdict in three truth values, plus review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from zhida.decide.decision import Truth, UnitResult, Verdict
from zhida.decide.formula import formula_of
from zhida.decide.missing import waits_for
from zhida.decide.program import Program, program_of
from zhida.decide.ranges import interval
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN
from zhida.library.rule import Condition, Expression, Rule

ZERO = Decimal(0)


def unit_verdict(truths: Sequence[Truth]) -> Verdict:
    """The verdict over all conditions: one that fails settles it, whatever is still unknown."""
    if False in truths:
        return "ineligible"
    if None in truths:
        return "unknown"
    return "review" if "review" in truths else "eligible"


def decide_unit(rule: Rule, scope: UnitScope) -> UnitResult:
    """Verdict, missing facts and worth of one unit, before limits."""
    program = program_of(scope.library, rule)
    truths = program.truths(scope)
    verdict = unit_verdict(truths)
    unit = UnitResult(scope.unit.id, verdict, scope, truths)
    if verdict == "ineligible":
        unit.amount = ZERO
        return unit
    absent: list[str] = []
    if verdict == "unknown":
        open = (c for c, truth in zip(rule.conditions, truths, strict=True) if truth is None)
        absent = [key for condition in open for key in _needed(condition, scope)]
    elif verdict == "eligible" and program.to_settle(scope):
        unit.verdict = "review"
    if rule.amount is not None:
        absent += _price(program, rule.amount, unit, scope)
    unit.missing = tuple(dict.fromkeys(absent))
    return unit


def _price(program: Program, amount: Expression, unit: UnitResult, scope: UnitScope) -> tuple[str, ...]:
    """Set what the unit is worth or the span it lies in; the facts that are missing for it."""
    unit.worth = program.worth(scope, amount)
    if unit.worth is not None:
        return ()
    node = formula_of(scope.library, amount).lean
    if program.to_settle(scope):
        unit.bounds = interval(node, _unsettled(program.rule, scope))
        return ()
    unit.bounds = interval(node, scope)
    return waits_for(amount, scope)


def _unsettled(rule: Rule, scope: UnitScope) -> UnitScope:
    """The same unit with the derived facts unknown that a person has to settle."""
    assert rule.amount_review is not None
    derived = [(f.entity, f.key) for f in rule.amount_review.facts if (f.entity, f.key) in rule.derived]
    return replace(scope, known=dict.fromkeys(derived, UNKNOWN), shared={}, year=None)


def _needed(condition: Condition, scope: UnitScope) -> tuple[str, ...]:
    """What an unknown condition waits for: `review` is looked at only where `when` failed."""
    needed = waits_for(condition.when, scope)
    if needed or condition.review is None:
        return needed
    return waits_for(condition.review, scope)


def round_money(amount: Decimal, quantum: Decimal) -> Decimal:
    """Half up, once, at the end (A33)."""
    return amount.quantize(quantum, ROUND_HALF_UP)
