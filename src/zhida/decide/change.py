"""The smallest single change of a number or a date that would turn a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from zhida.decide.case import Case, Entry
from zhida.decide.decision import Change, ConditionResult, UnitResult
from zhida.decide.scope import UnitScope
from zhida.decide.verdict import decide_unit, round_money
from zhida.feel import nodes
from zhida.feel.nodes import Node, walk
from zhida.library import Library, Rule
from zhida.library.rule import FactPath

COMPARISONS = ("<", "<=", ">", ">=", "=")
STEPS = {"count": Decimal(1), "money": Decimal("0.01"), "rate": Decimal("0.0001")}
EPOCH = date(2000, 1, 1)
DAYS_A_YEAR = Decimal(365)
ROUNDS = 12
DOUBLINGS = 13
ZERO = Decimal(0)


def smallest_change(library: Library, rule: Rule, case: Case, units: Iterable[UnitResult]) -> Change | None:
    """Over all refused units, the change that is smallest relative to the value it changes."""
    best: tuple[Decimal, Change] | None = None
    for unit in units:
        for path in _adjustable(unit):
            found = _turn(library, rule, case, unit, path)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
    return best and best[1]


def _adjustable(unit: UnitResult) -> Iterator[FactPath]:
    """Known numbers and dates that the failing conditions compare."""
    assert unit.scope is not None
    if None in unit.truths:
        return
    failing = [result for result in unit.conditions if result.verdict is False]
    common: set[FactPath] | None = None
    for result in failing:
        paths = set(_inputs(result, unit.scope))
        common = paths if common is None else common & paths
    yield from sorted(common or ())


def _inputs(result: ConditionResult, scope: UnitScope) -> Iterator[FactPath]:
    for fact in result.condition.when.facts:
        yield from _given_inputs((fact.entity, fact.key), scope)


def _given_inputs(path: FactPath, scope: UnitScope) -> Iterator[FactPath]:
    entity, key = path
    value = scope.entry(entity).facts.get(key)
    if isinstance(value, Decimal | date) and not isinstance(value, bool):
        yield path
    elif scope.is_derived(path):
        for fact in scope.rule.derived[path].expression.facts:
            yield from _given_inputs((fact.entity, fact.key), scope)


def _turn(
    library: Library, rule: Rule, case: Case, unit: UnitResult, path: FactPath
) -> tuple[Decimal, Change] | None:
    """The nearest value of one fact under which the unit is eligible, with its distance."""
    scope = unit.scope
    assert scope is not None
    kind = library.facts[path].type
    before = scope.entry(path[0]).facts[path[1]]

    def eligible(value: Any) -> bool:
        return decide_unit(rule, _with(scope, path, value)).verdict == "eligible"

    candidates = sorted(_candidates(unit, path, before, kind), key=lambda v: _distance(before, v))
    after = next((value for value in candidates if eligible(value)), None)
    if after is None and kind in ("date", "count"):
        after = _search(before, eligible)
    if after is None:
        return None
    worth = decide_unit(rule, _with(scope, path, after)).worth
    amount = None if worth is None else round_money(worth, rule.quantum)
    change = Change(scope.path(*path), before, after, unit.id, amount)
    return _distance(before, after), change


def _search(before: Any, eligible: Callable[[Any], bool]) -> Any:
    """The nearest whole step that turns the verdict, found by doubling and halving: for conditions that
    jump, such as full years of age, where no line leads to the turning point."""
    start = _to_number(before)
    found: list[Decimal] = []
    for sign in (1, -1):
        inside, outside = None, ZERO
        for power in range(DOUBLINGS):
            reach = Decimal(2) ** power
            if start + sign * reach < 0 and not isinstance(before, date):
                break
            if eligible(_from_number(start + sign * reach, before)):
                inside = reach
                break
            outside = reach
        while inside is not None and inside - outside > 1:
            middle = (inside + outside) // 2
            if eligible(_from_number(start + sign * middle, before)):
                inside = middle
            else:
                outside = middle
        if inside is not None:
            found.append(start + sign * inside)
    return _from_number(min(found, key=lambda x: abs(x - start)), before) if found else None


def _candidates(unit: UnitResult, path: FactPath, before: Any, kind: str) -> set[Any]:
    """Values at which a comparison in a failing condition turns, and their neighbours."""
    assert unit.scope is not None
    found: set[Any] = set()
    for result in unit.conditions:
        if result.verdict is not False:
            continue
        for comparison in _comparisons(result.condition.when.node, unit.scope):
            root = _root(comparison, unit.scope, path, _to_number(before))
            if root is not None:
                found |= set(_neighbours(root, before, kind))
    found.discard(before)
    return found


def _comparisons(node: Node, scope: UnitScope) -> Iterator[nodes.Binary]:
    """Comparisons in the tree, and in the formulas of the facts that were derived for it."""
    for part in walk(node):
        match part:
            case nodes.Fact(entity, key) if scope.is_derived((entity, key)):
                yield from _comparisons(scope.rule.derived[entity, key].expression.node, scope)
            case nodes.Binary(op) if op in COMPARISONS:
                yield part
            case nodes.Between(value, low, high):
                yield nodes.Binary(">=", value, low)
                yield nodes.Binary("<=", value, high)


def _root(comparison: nodes.Binary, scope: UnitScope, path: FactPath, start: Decimal) -> Decimal | None:
    """Where both sides are equal as a function of one fact, by the secant method."""

    def gap(x: Decimal) -> Decimal | None:
        there = _with(scope, path, _from_number(x, scope.entry(path[0]).facts[path[1]]))
        left, right = there.value(comparison.left), there.value(comparison.right)
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return left - right
        if isinstance(left, date) and isinstance(right, date):
            return Decimal((left - right).days)
        return None

    a, b = start, start + 1
    gap_a, gap_b = gap(a), gap(b)
    for _ in range(ROUNDS):
        if gap_a is None or gap_b is None or gap_a == gap_b:
            return None
        if gap_b == 0:
            return b
        a, b = b, b - gap_b * (b - a) / (gap_b - gap_a)
        if not -(10**15) < b < 10**15:
            return None
        gap_a, gap_b = gap_b, gap(b)
    return b


def _neighbours(root: Decimal, before: Any, kind: str) -> Iterator[Any]:
    """The root itself where the fact can take it, and the steps on both sides of it."""
    if isinstance(before, date):
        for days in range(int(root) - 2, int(root) + 3):
            yield EPOCH + timedelta(days=days)
        return
    step = STEPS.get(kind, Decimal("0.01"))
    if kind == "rate" and 0 <= root <= 1:
        yield root.normalize() + 0
    for rounding in (ROUND_FLOOR, ROUND_CEILING):
        near = (root / step).to_integral_value(rounding) * step
        for value in (near - step, near, near + step):
            if value >= 0:
                yield value


def _to_number(value: Any) -> Decimal:
    return Decimal((value - EPOCH).days) if isinstance(value, date) else Decimal(value)


def _from_number(number: Decimal, like: Any) -> Any:
    return EPOCH + timedelta(days=int(number)) if isinstance(like, date) else number


def _distance(before: Any, after: Any) -> Decimal:
    """How large a change is: relative for numbers, in years for dates."""
    gap = abs(_to_number(after) - _to_number(before))
    if isinstance(before, date):
        return gap / DAYS_A_YEAR
    return gap / max(abs(Decimal(before)), Decimal(1) if before == 0 else abs(Decimal(before)))


def _with(scope: UnitScope, path: FactPath, value: Any) -> UnitScope:
    """The same unit with one fact changed."""
    entity, key = path
    old = scope.entry(entity)
    new = replace(old, facts={**old.facts, key: value})

    def swap(entry: Entry) -> Entry:
        if entry is old:
            return new
        return replace(entry, person=new) if entry.person is old else entry

    entries = {name: swap(entry) for name, entry in scope.case.entries.items()}
    rows = {
        name: None if items is None else tuple(swap(item) for item in items)
        for name, items in scope.case.rows.items()
    }
    case = replace(scope.case, entries=entries, rows=rows)
    return UnitScope(scope.library, scope.rule, case, swap(scope.unit), swap(scope.person))
