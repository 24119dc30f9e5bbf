"""The amount of a decision over its units, and where it can lie while facts are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal

from zhida.decide.case import Case
from zhida.decide.decision import Decision, UnitResult, Verdict
from zhida.decide.limits import apply_limits, limit_is_open
from zhida.decide.ranges import Interval
from zhida.decide.verdict import round_money
from zhida.library import Rule

ZERO = Decimal(0)
UNBOUNDED = Decimal("Infinity")


def total(rule: Rule, decision: Decision) -> Decimal | None:
    """The sum over the units that decide the verdict, rounded once (A33); None while one is unknown."""
    if decision.verdict == "unknown":
        return None
    if decision.verdict == "ineligible":
        return ZERO
    amounts = [unit.amount for unit in decision.units if unit.verdict == decision.verdict]
    known = [amount for amount in amounts if amount is not None]
    return round_money(sum(known, ZERO), rule.quantum) if len(known) == len(amounts) else None


def total_range(rule: Rule, case: Case, decision: Decision) -> Interval | None:
    """Low and high after limits, while an amount is missing or a unit unknown; None where unbounded.

    Low: only the units that are sure, each at its least, and nothing for one that a limit may yet
    bar. High: every unit that may still come in, each at its most.
    """
    if decision.verdict in ("ineligible", "not_open") or not any(map(_is_open, decision.units)):
        return None
    sure = [u for u in decision.units if u.verdict == decision.verdict]
    possible = [u for u in decision.units if u.verdict in (decision.verdict, "unknown")]
    low = ZERO if decision.verdict == "unknown" else _least(rule, case, sure)
    high = _most(rule, case, possible)
    if high == UNBOUNDED:
        return None
    return Interval(round_money(low, rule.quantum), round_money(high, rule.quantum))


def _is_open(unit: UnitResult) -> bool:
    return unit.verdict == "unknown" or (unit.verdict != "ineligible" and unit.amount is None)


def _least(rule: Rule, case: Case, units: Sequence[UnitResult]) -> Decimal:
    others = len(units) > 1 or any(grant.measure == rule.measure for grant in case.history)
    worth = {
        unit.id: ZERO if unit.span is None or (others and limit_is_open(rule, unit)) else unit.span.low
        for unit in units
        if _is_open(unit)
    }
    return _paid(rule, case, [_trial(u, u.verdict, worth.get(u.id, u.worth)) for u in units])


def _most(rule: Rule, case: Case, units: Iterable[UnitResult]) -> Decimal:
    trial = []
    for unit in units:
        high = unit.worth
        if unit.span is not None and high is None:
            high = UNBOUNDED if unit.span.high is None else unit.span.high
        trial.append(_trial(unit, "eligible", UNBOUNDED if high is None else high))
    return _paid(rule, case, trial)


def _trial(unit: UnitResult, verdict: Verdict, worth: Decimal | None) -> UnitResult:
    """The unit as if it were worth that, before limits."""
    return UnitResult(unit.id, verdict, unit.scope, worth=worth, amount=unit.amount)


def _paid(rule: Rule, case: Case, trial: list[UnitResult]) -> Decimal:
    """What these units come to under the limits. The units are copies and may change."""
    apply_limits(rule, case, trial)
    return sum((ZERO if u.amount is None else u.amount for u in trial), ZERO)


def round_units(rule: Rule, decision: Decision) -> None:
    """Round what each unit gets so that the units that count add up to the amount, which was rounded once.

    Whole quanta are given first, the rest to those that lost most by it, ties in file order.
    """
    for unit in decision.units:
        if unit.amount is not None and (unit.verdict != decision.verdict or decision.amount is None):
            unit.amount = round_money(unit.amount, rule.quantum)
    if decision.amount is None:
        return
    counted = [
        (u, u.amount) for u in decision.units if u.verdict == decision.verdict and u.amount is not None
    ]
    lost: list[tuple[Decimal, UnitResult]] = []
    left = decision.amount
    for unit, exact in counted:
        unit.amount = exact.quantize(rule.quantum, ROUND_FLOOR)
        lost.append((exact - unit.amount, unit))
        left -= unit.amount
    lost.sort(key=lambda item: item[0], reverse=True)
    for _, unit in lost[: int(left / rule.quantum)]:
        assert unit.amount is not None
        unit.amount += rule.quantum
