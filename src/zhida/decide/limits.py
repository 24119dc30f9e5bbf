"""Limits as set operations: the best units for the payee are kept, the others barred with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from zhida.decide.case import Case, Grant, person_key
from zhida.decide.decision import UnitResult
from zhida.decide.formula import result
from zhida.decide.scope import UnitScope, in_year
from zhida.feel import UNKNOWN
from zhida.library.rule import FactPath, Limit, Rule

ZERO = Decimal(0)
HISTORY_KEYS = {"trade": "trade", "level": "level"}
"""Facts of a certificate that history rows carry too."""


def apply_limits(rule: Rule, case: Case, units: Iterable[UnitResult]) -> None:
    """Set `amount` and `barred_by` of every unit that would be paid.

    The limits are applied one after the other, in file order, each to the units that those before it left,
    in the order best for the payee: what needs no review first, then the larger worth, ties in file order.
    A unit that is barred waits for nothing more.
    """
    left = [u for u in units if u.verdict in ("eligible", "review") and u.scope is not None]
    for unit in left:
        unit.amount = unit.worth
    if not rule.limits or not left:
        return
    left.sort(key=lambda unit: (unit.verdict == "eligible", unit.worth or ZERO), reverse=True)
    history = [grant for grant in case.history if grant.measure == rule.measure]
    for limit in rule.limits:
        if limit.kind == "difference":
            for unit in left:
                _deduct(_past_grants(limit, history, unit.scope), unit)
            continue
        barred = _KINDS[limit.kind](limit, history, left)
        for unit in barred:
            unit.barred_by, unit.amount, unit.missing = limit.label, ZERO, ()
        left = [unit for unit in left if unit.barred_by is None]


def _too_often(limit: Limit, history: Sequence[Grant], units: Sequence[UnitResult]) -> list[UnitResult]:
    """The units of each group that are beyond what the cap leaves beside past grants."""
    kept: Counter[Hashable] = Counter()
    barred: list[UnitResult] = []
    for unit in units:
        group = _group(limit, unit)
        if len(_past_grants(limit, history, unit.scope)) + kept[group] >= _cap(limit, unit.scope):
            barred.append(unit)
        else:
            kept[group] += 1
    return barred


def _too_long(limit: Limit, history: Sequence[Grant], units: Sequence[UnitResult]) -> list[UnitResult]:
    """The units whose months are used up."""
    return [u for u in units if _months(_past_grants(limit, history, u.scope)) >= _cap(limit, u.scope)]


def _outranked(limit: Limit, history: Sequence[Grant], units: Sequence[UnitResult]) -> list[UnitResult]:
    """The units of each group for which a higher level was paid, or is among those left."""
    assert limit.rank is not None
    path, order = limit.rank
    ranks = {level: rank for rank, level in enumerate(order)}
    rank_of = [ranks.get(_fact(unit, path), -1) for unit in units]
    best: dict[Hashable, int] = {}
    for unit, rank in zip(units, rank_of, strict=True):
        group = _group(limit, unit)
        best[group] = max(rank, best.get(group, -1))
    barred: list[UnitResult] = []
    for unit, rank in zip(units, rank_of, strict=True):
        past = (ranks.get(grant.level or "", -1) for grant in _past_grants(limit, history, unit.scope))
        if 0 <= rank < max(best[_group(limit, unit)], *past, -1):
            barred.append(unit)
    return barred


_KINDS = {"times": _too_often, "months": _too_long, "rank": _outranked}


def _deduct(past: list[Grant], unit: UnitResult) -> None:
    if unit.amount is None or any(grant.amount is None for grant in past):
        unit.amount = None
        return
    unit.amount = max(ZERO, unit.amount - sum((grant.amount or ZERO for grant in past), ZERO))


def _past_grants(limit: Limit, history: Sequence[Grant], scope: UnitScope | None) -> list[Grant]:
    """Of the measure's grants in `history` those that count against the unit."""
    if not history or scope is None:
        return []
    subjects = scope.subjects(limit.per)
    year = scope.event_year() if limit.by_year else None
    return [
        grant
        for grant in history
        if grant.subject in subjects
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
    whom = limit.per
    if whom == "person":
        whom = person_key(scope.person)
    elif whom in ("base", "venture"):
        whom = unit.id
    return whom, year, values


def _hashable(value: Any, unit: UnitResult) -> Hashable:
    if value is UNKNOWN:
        return ("unknown", unit.id)
    return tuple(value) if isinstance(value, list) else value


def _cap(limit: Limit, scope: UnitScope | None) -> Decimal:
    assert limit.cap is not None and scope is not None
    value = result(limit.cap, scope)
    return value if isinstance(value, Decimal) else Decimal("Infinity")


def _fact(unit: UnitResult, path: FactPath) -> Any:
    return unit.scope.fact(*path) if unit.scope else UNKNOWN


def months_used(limit: Limit, rule: Rule, case: Case, scope: UnitScope) -> Decimal:
    """Months of the rule that were paid already."""
    history = [grant for grant in case.history if grant.measure == rule.measure]
    return _months(_past_grants(limit, history, scope))


def _months(past: Sequence[Grant]) -> Decimal:
    """Months as history counts them, else one for each period; a grant that says neither was a whole one."""
    periods = Counter(grant.period for grant in past if grant.period and not grant.months)
    if any(not grant.period and not grant.months for grant in past):
        return Decimal("Infinity")
    return sum((grant.months or ZERO for grant in past), Decimal(len(periods)))


def limit_is_open(rule: Rule, unit: UnitResult) -> bool:
    """Whether a limit on the unit depends on facts that are missing, or on an amount history lacks."""
    scope = unit.scope
    assert scope is not None
    history = [grant for grant in scope.case.history if grant.measure == rule.measure]
    for limit in rule.limits:
        paths = [*limit.same, *([limit.rank[0]] if limit.rank else [])]
        if any(scope.fact(*path) is UNKNOWN for path in paths):
            return True
        if limit.kind == "difference" and _past_grants(limit, history, scope):
            return True
    return False
