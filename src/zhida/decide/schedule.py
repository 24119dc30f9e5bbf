"""When the money of one decision moves: how many months, until when, in which stages, what in advance."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from zhida.decide.case import Case
from zhida.decide.decision import ORDER, UnitResult, money, plain
from zhida.decide.formula import result
from zhida.decide.limits import months_used
from zhida.decide.scope import UnitScope
from zhida.decide.verdict import round_money
from zhida.feel import UNKNOWN
from zhida.library.rule import Advance, Expression, Rule, Stage
from zhida.standards.workdays import CalendarExhausted

ZERO = Decimal(0)


def schedule_of(rule: Rule, case: Case, units: tuple[UnitResult, ...]) -> dict[str, Any]:
    """The contract's `schedule`: its kind, and what belongs to that kind."""
    found: dict[str, Any] = {"kind": rule.schedule.kind}
    if rule.schedule.kind == "one-off" and rule.schedule.advance is None:
        return found
    scope = _scope_of_best(units)
    if scope is None:
        return found
    match rule.schedule.kind:
        case "monthly":
            found |= _monthly(rule, case, scope)
        case "deferral":
            found |= _deferral(rule, scope)
        case "loan":
            found["months"] = _whole(rule.schedule.months, scope)
        case "rate":
            found["insurance"] = rule.schedule.insurance
            found["rate"] = plain(_value(rule.schedule.rate, scope))
        case "staged":
            found["stages"] = _stages(rule, units)
    if rule.schedule.advance is not None and (offer := _advance(rule, rule.schedule.advance, units)):
        found["advance"] = offer
    return found


def _scope_of_best(units: tuple[UnitResult, ...]) -> UnitScope | None:
    """That of the unit with the best verdict, the first of several."""
    if len(units) == 1:
        return units[0].scope
    order = sorted(units, key=lambda unit: ORDER.index(unit.verdict))
    return next((unit.scope for unit in order if unit.scope is not None), None)


def _monthly(rule: Rule, case: Case, scope: UnitScope) -> dict[str, Any]:
    """Months still to pay from the month of the decision on, up to the last payable month."""
    cap = _value(rule.schedule.months, scope)
    if not isinstance(cap, Decimal):
        return {"months": None, "last_month": None}
    used = [months_used(limit, rule, case, scope) for limit in rule.limits if limit.kind == "months"]
    left = int(max(ZERO, cap - sum(used, ZERO)))
    last_day = _value(rule.schedule.last_month, scope)
    if isinstance(last_day, date):
        left = min(left, max(0, months_between(case.on, last_day) + 1))
    last = add_months(case.on, left - 1) if left else None
    return {"months": left, "last_month": last and _month(last)}


def _deferral(rule: Rule, scope: UnitScope) -> dict[str, Any]:
    """Months that can be put off from the month of the decision, and the sum that falls due."""
    schedule, on = rule.schedule, scope.case.on
    found: dict[str, Any] = {"insurance": schedule.insurance}
    if schedule.repay_by is not None:
        found["repay_by"] = plain(_value(schedule.repay_by, scope))
        return found
    last_day = _value(schedule.last_month, scope)
    months = _whole(schedule.months, scope)
    if isinstance(last_day, date):
        left = max(0, months_between(on, last_day) + 1)
        months = left if months is None else min(months, left)
    monthly = _value(schedule.monthly, scope)
    due = money(monthly * months) if isinstance(monthly, Decimal) and months is not None else None
    return found | {
        "share": "单位缴费部分",
        "late_fee": False,
        "months": months,
        "last_month": _month(add_months(on, months - 1)) if months else None,
        "due_at_end": due,
    }


def _stages(rule: Rule, units: tuple[UnitResult, ...]) -> list[dict[str, Any]]:
    """The payments of all units that are paid, stage by stage; of one that is not, what is known."""
    paid = _paid(units) or units[:1]
    found: list[dict[str, Any]] = []
    for stage in rule.schedule.stages:
        shares = {_value(stage.share, unit.scope) for unit in paid if unit.scope is not None}
        if shares == {ZERO}:  # a place that does not pay in advance has no such stage
            continue
        amounts = [_stage_amount(rule, stage, unit) for unit in paid]
        known = [amount for amount in amounts if amount is not None]
        days = {_due(stage, unit.scope) for unit in paid if unit.scope is not None}
        found.append(
            {
                "share": plain(shares.pop()) if len(shares) == 1 else None,
                "amount": money(sum(known, ZERO)) if len(known) == len(amounts) else None,
                "due": (days.pop() if len(days) == 1 else None) or stage.due,
            }
        )
    return found


def _advance(rule: Rule, advance: Advance, units: tuple[UnitResult, ...]) -> dict[str, Any] | None:
    """What may be paid in advance over the units that are paid, never more than the share; and the rest."""
    paid = _paid(units)
    shares = [_advance_share(advance, unit) for unit in paid]
    if not any(shares):
        return None
    first = rest = None
    if all(unit.amount is not None for unit in paid):
        parts = ((unit.amount or ZERO) * share for unit, share in zip(paid, shares, strict=True))
        first = sum(parts, ZERO).quantize(rule.quantum, ROUND_FLOOR)
        rest = round_money(sum((unit.amount or ZERO for unit in paid), ZERO), rule.quantum) - first
    return {
        "share": plain(shares[0]) if len(set(shares)) == 1 else None,
        "amount": money(first),
        "due": advance.due,
        "balance": money(rest),
        "balance_due": advance.balance_due,
    }


def _advance_share(advance: Advance, unit: UnitResult) -> Decimal:
    """The most of a unit's amount that can be had in advance; zero where it is not offered."""
    assert unit.scope is not None
    share = _value(advance.share, unit.scope)
    offered = advance.when is None or _value(advance.when, unit.scope) is True
    return share if offered and isinstance(share, Decimal) else ZERO


def _paid(units: tuple[UnitResult, ...]) -> list[UnitResult]:
    """The units that the decision's amount is the sum of: those with the best verdict, where one is paid."""
    for verdict in ("eligible", "review"):
        if best := [unit for unit in units if unit.verdict == verdict]:
            return best
    return []


def _stage_amount(rule: Rule, stage: Stage, unit: UnitResult) -> Decimal | None:
    """The stage's own formula, else its share of the whole. Below zero is to be paid back."""
    assert unit.scope is not None
    own, share = _value(stage.amount, unit.scope), _value(stage.share, unit.scope)
    if stage.amount is None and unit.amount is not None and isinstance(share, Decimal):
        own = unit.amount * share
    return round_money(own, rule.quantum) if isinstance(own, Decimal) else None


def _due(stage: Stage, scope: UnitScope) -> str | None:
    """The last working day for a stage; None where its day is unknown or the calendar ends (A37)."""
    start, count = _value(stage.due_from, scope), _value(stage.due_workdays, scope)
    calendar = scope.library.calendar
    if calendar is None or not isinstance(start, date) or not isinstance(count, Decimal):
        return None
    try:
        return calendar.add_workdays(start, int(count)).isoformat()
    except CalendarExhausted:
        return None


def _value(expression: Expression | None, scope: UnitScope) -> Any:
    return UNKNOWN if expression is None else result(expression, scope)


def _whole(expression: Expression | None, scope: UnitScope) -> int | None:
    value = _value(expression, scope)
    return int(value) if isinstance(value, Decimal) else None


def _month(day: date) -> str:
    return day.isoformat()[:7]


def months_between(start: date, end: date) -> int:
    """Calendar months from the month of `start` to that of `end`."""
    return (end.year - start.year) * 12 + end.month - start.month


def add_months(day: date, months: int) -> date:
    """The first day of the month `months` after that of `day`."""
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)
