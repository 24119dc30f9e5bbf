"""Limits as set operations: the best units for the payee are kept, the others barred with a reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal
from typing import Any

from zhida.decide.case import Case, Grant, person_key
from zhida.decide.decision import UnitResult
from zhida.decide.scope import UnitScope, in_year
from zhida.feel import UNKNOWN
from zhida.library.rule import Limit, Rule

ZERO = Decimal(0)
Kept = dict[tuple[str, Hashable], list[UnitResult]]
"""What is paid so far, by limit and group."""
HISTORY_KEYS = {"trade": "trade", "level": "level"}
"""Facts of a certificate that history rows carry too."""


def apply_limits(rule: Rule, case: Case, units: Iterable[UnitResult]) -> None:
    """Set `amount` and `barred_by` of every unit that would be paid.

    Units are taken in the order best for the payee: what needs no review first, then the larger amount,
    ties in file order. A unit that is barred waits for nothing more.
    """
    payable = [u for u in units if u.verdict in ("eligible", "review") and u.scope is not None]
    payable.sort(key=lambda unit: (unit.verdict == "eligible", unit.worth or ZERO), reverse=True)
    kept: Kept = defaultdict(list)
    for unit in payable:
        unit.amount = unit.worth
        groups = {limit.id: _group(limit, unit) for limit in rule.limits}
        for limit in rule.limits:
            _apply(limit, rule, case, unit, kept[limit.id, groups[limit.id]])
            if unit.barred_by:
                unit.amount, unit.missing = ZERO, ()
                break
        else:
            for key in groups.items():
                kept[key].append(unit)


def _apply(limit: Limit, rule: Rule, case: Case, unit: UnitResult, kept: list[UnitResult]) -> None:
    """Whether the limit bars the unit, beside what is `kept` of its group."""
    scope = unit.scope
    assert scope is not None
    past = _past_grants(limit, rule, case, scope)
    match limit.kind:
        case "times":
            barred = len(past) + len(kept) >= _cap(limit, scope)
        case "months":
            barred = months_used(limit, rule, case, scope) >= _cap(limit, scope)
        case "rank":
            barred = _outranked(limit, past, unit, kept)
        case _:
            _deduct(past, unit)
            return
    if barred:
        unit.barred_by = limit.label


def _deduct(past: list[Grant], unit: UnitResult) -> None:
    if unit.amount is None or any(grant.amount is None for grant in past):
        unit.amount = None
        return
    unit.amount = max(ZERO, unit.amount - sum((grant.amount or ZERO for grant in past), ZERO))


def _past_grants(limit: Limit, rule: Rule, case: Case, scope: UnitScope) -> list[Grant]:
    """History rows of this measure that count against the unit."""
    subjects = scope.subjects(limit.per)
    year = scope.event_year() if limit.by_year else None
    return [
        grant
        for grant in case.history
        if grant.measure == rule.measure
        and grant.subject in subjects
        and in_year(grant, year)
        and all(_same_in_history(path, grant, scope) for path in limit.same)
    ]


def _same_in_history(path: tuple[str, str], grant: Grant, scope: UnitScope) -> bool:
    """Whether a past grant agrees on a fact; history that does not say counts as another."""
    key = HISTORY_KEYS.get(path[1])
    return key is not None and getattr(grant, key) == scope.fact(*path)


def _group(limit: Limit, unit: UnitResult) -> Hashable:
    """Units with equal groups share a limit. An unknown fact makes a group of its own."""
    scope = unit.scope
    assert scope is not None
    values = tuple(_hashable(scope.fact(*path), unit) for path in limit.same)
    year = scope.event_year() if limit.by_year else None
    whom = {"person": person_key(scope.person), "base": unit.id, "venture": unit.id}
    return whom.get(limit.per, limit.per), year, values


def _hashable(value: Any, unit: UnitResult) -> Hashable:
    if value is UNKNOWN:
        return ("unknown", unit.id)
    return tuple(value) if isinstance(value, list) else value


def _cap(limit: Limit, scope: UnitScope) -> Decimal:
    assert limit.cap is not None
    value = scope.value(limit.cap.node)
    return value if isinstance(value, Decimal) else Decimal("Infinity")


def _outranked(limit: Limit, past: list[Grant], unit: UnitResult, kept: list[UnitResult]) -> bool:
    """Whether a higher level of the same group is or was paid."""
    assert limit.rank is not None
    path, order = limit.rank
    own = unit.scope.fact(*path) if unit.scope else UNKNOWN
    if own not in order:
        return False
    levels = [grant.level for grant in past]
    levels += [other.scope.fact(*path) for other in kept if other.scope]
    return any(level in order and order.index(level) > order.index(own) for level in levels)


def months_used(limit: Limit, rule: Rule, case: Case, scope: UnitScope) -> Decimal:
    """Months already paid: as history counts them, one for each period; a grant that says neither
    was a whole one."""
    past = _past_grants(limit, rule, case, scope)
    periods = Counter(grant.period for grant in past if grant.period and not grant.months)
    whole = [grant for grant in past if not grant.period and not grant.months]
    if whole:
        return Decimal("Infinity")
    return sum((grant.months or ZERO for grant in past), Decimal(len(periods)))


def limit_is_open(rule: Rule, unit: UnitResult) -> bool:
    """Whether a limit on the unit depends on facts that are missing, or on an amount history lacks."""
    scope = unit.scope
    assert scope is not None
    for limit in rule.limits:
        paths = [*limit.same, *([limit.rank[0]] if limit.rank else [])]
        if any(scope.fact(*path) is UNKNOWN for path in paths):
            return True
        if limit.kind == "difference" and _past_grants(limit, rule, scope.case, scope):
            return True
    return False
