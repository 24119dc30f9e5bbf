"""How each operator and function of a policy is said in SQL: one entry for each that FEEL declares.

Arguments arrive lowered. Where engines differ the form is the dialect's; what has no form is refused when
a library is loaded (`zhida.profile.checker`), and here again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import UNKNOWN
from zhida.screen import arithmetic, choice, syntax
from zhida.screen.dialects import Dialect
from zhida.screen.syntax import binary, integer
from zhida.screen.terms import Kind, Term, all_gaps, constant_term, number, total_weight, void

YEARS = 10_000
DAYS = 4_000_000
Lowered = Callable[..., Term]


class Unsupported(Exception):
    """An expression outside what SQL can say; policies with one are refused at load."""


@dataclass(frozen=True, slots=True)
class Forms:
    """What operators are lowered with: an engine's forms, and a way to compute a term once."""

    dialect: Dialect
    share: choice.Share


# ---- arithmetic, dates and days


def _add(forms: Forms, left: Term, right: Term) -> Term:
    match left.kind, right.kind:
        case (Kind.DATE, _):
            return _shift_days(forms, left, right)
        case (_, Kind.DATE):
            return _shift_days(forms, right, left)
    return _like(arithmetic.add(*_as_numbers(left, right)), left, right)


def _subtract(forms: Forms, left: Term, right: Term) -> Term:
    if left.kind is Kind.DATE and right.kind is Kind.DATE:
        sql = forms.dialect.days_between(left.sql, right.sql)
        return _whole(sql, -DAYS, DAYS, (left, right), Kind.DAYS)
    if left.kind is Kind.DATE:
        return _shift_days(forms, left, _negate(forms, right))
    return _like(arithmetic.subtract(*_as_numbers(left, right)), left, right)


def _multiply(forms: Forms, left: Term, right: Term) -> Term:
    return _like(arithmetic.multiply(*_as_numbers(left, right)), left, right)


def _divide(forms: Forms, left: Term, right: Term) -> Term:
    return arithmetic.divide(left, right)


def _negate(forms: Forms, operand: Term) -> Term:
    return _like(arithmetic.negate(*_as_numbers(operand)), operand)


def _as_numbers(*terms: Term) -> tuple[Term, ...]:
    """Days are counted: @"P30D" is 30."""
    return tuple(_number_of_days(term) if term.kind is Kind.DAYS else term for term in terms)


def _number_of_days(term: Term) -> Term:
    if isinstance(term.constant, timedelta):
        return constant_term(Decimal(term.constant.days))
    low = -DAYS if term.low is None else term.low
    return replace(
        term, kind=Kind.NUMBER, low=low, high=DAYS if term.high is None else term.high, precision=7
    )


def _like(result: Term, *terms: Term) -> Term:
    return replace(result, kind=Kind.DAYS) if any(term.kind is Kind.DAYS for term in terms) else result


def _shift_days(forms: Forms, day: Term, days: Term) -> Term:
    if day.is_void or days.is_void:
        return void(Kind.DATE)
    sql = forms.dialect.add_days(day.sql, days.sql)
    return _day(sql, (day, days))


def _whole(sql: Expr, low: int, high: int, terms: tuple[Term, ...], kind: Kind = Kind.NUMBER) -> Term:
    if any(term.is_void for term in terms):
        return void(kind)
    return replace(number(sql, 0, low, high, all_gaps(terms), 0, total_weight(terms) + 1), kind=kind)


def _day(sql: Expr, terms: tuple[Term, ...]) -> Term:
    gaps = all_gaps(terms)
    return Term(sql, Kind.DATE, nullable=bool(gaps), gaps=gaps, weight=total_weight(terms))


def part_of(forms: Forms, day: Term, name: str) -> Term:
    """`day.year`, `.month` or `.day`."""
    if isinstance(day.constant, date):
        return constant_term(Decimal(getattr(day.constant, name)))
    most = {"year": YEARS, "month": 12, "day": 31}[name]
    return _whole(forms.dialect.part(name, day.sql), 1, most, (day,))


# ---- functions of dates


def _add_months(forms: Forms, day: Term, months: Term, direction: Term) -> Term:
    """Every engine takes the last day where the month lacks one; `later` is then the day after."""
    if day.is_void or months.is_void:
        return void(Kind.DATE)
    if direction.constant not in ("earlier", "later"):
        raise Unsupported('the direction of add months is written out: "earlier" or "later"')
    if not months.is_integer:
        months = _truncated(forms, months)
    day = forms.share(day)
    shifted = _day(forms.dialect.add_months(day.sql, months.sql), (day, months))
    if direction.constant == "earlier":
        return shifted
    shifted = forms.share(shifted)
    lacks = choice.compare("<", part_of(forms, shifted, "day"), part_of(forms, day, "day"))
    following = forms.dialect.add_days(shifted.sql, integer(1))
    return _day(syntax.case([(lacks.sql, following)], shifted.sql), (day, months))


def _truncated(forms: Forms, months: Term) -> Term:
    """A part of a month does not count."""
    sizes = arithmetic.floor(arithmetic.absolute(months), forms.dialect)
    if months.least >= 0:
        return sizes
    below = choice.compare("<", months, constant_term(Decimal(0)))
    sql = syntax.case([(below.sql, syntax.minus(sizes.sql))], sizes.sql)
    return _whole(sql, -sizes.most, sizes.most, (months,))


def _full_months(forms: Forms, start: Term, end: Term) -> Term:
    """Complete months: those of the calendar, less one where the day is not reached yet."""
    if start.is_void or end.is_void:
        return void(Kind.NUMBER)
    start, end = forms.share(start), forms.share(end)
    months = forms.share(_month_steps(forms, start, end))
    first, last = part_of(forms, start, "day"), part_of(forms, end, "day")
    zero = integer(0)
    short = syntax.conjunction([binary(exp.GT, months.sql, zero), binary(exp.LT, last.sql, first.sql)])
    long = syntax.conjunction([binary(exp.LT, months.sql, integer(0)), binary(exp.GT, last.sql, first.sql)])
    back, forth = binary(exp.Sub, months.sql, integer(1)), binary(exp.Add, months.sql, integer(1))
    sql = syntax.case([(short, back), (long, forth)], months.sql)
    return replace(_whole(sql, -YEARS * 12, YEARS * 12, (start, end)), weight=5 * months.weight)


def _month_steps(forms: Forms, start: Term, end: Term) -> Term:
    return arithmetic.subtract(_month_number(forms, end), _month_number(forms, start))


def _month_number(forms: Forms, day: Term) -> Term:
    twelve = constant_term(Decimal(12))
    if isinstance(day.constant, date):
        return constant_term(Decimal(day.constant.year * 12 + day.constant.month))
    years = arithmetic.multiply(part_of(forms, day, "year"), twelve)
    return arithmetic.add(years, part_of(forms, day, "month"))


def _full_years(forms: Forms, start: Term, end: Term) -> Term:
    if start.is_void or end.is_void:
        return void(Kind.NUMBER)
    months = _full_months(forms, start, end)
    sql = forms.dialect.quotient(months.sql, integer(12), True)
    return replace(_whole(sql, -YEARS, YEARS, (start, end)), weight=months.weight)


# ---- lists and texts


def _contains(forms: Forms, values: Term, element: Term) -> Term:
    """Unknown where either is, except that nothing is in an empty list."""
    known = values.constant
    if known is not UNKNOWN:
        element = forms.share(element)
        return choice.any_of(choice.compare("=", element, constant_term(item)) for item in known)
    if values.is_void or element.is_void:
        return _nothing_in_none(forms, (values,))
    found = choice.condition(forms.dialect.holds(values.sql, element.sql), (values, element))
    if element.constant is not UNKNOWN:
        return found
    return _unless_empty(forms, (values,), found)


def _has_any(forms: Forms, values: Term, wanted: Term) -> Term:
    """One test for each constant is faster than an overlap of lists, on every engine."""
    for one, other in ((values, wanted), (wanted, values)):
        if one.constant is not UNKNOWN:
            other = forms.share(other)
            return choice.any_of(_contains(forms, other, constant_term(item)) for item in one.constant)
    if values.is_void or wanted.is_void:
        return _nothing_in_none(forms, (values, wanted))
    found = choice.condition(forms.dialect.overlap(values.sql, wanted.sql), (values, wanted))
    return _unless_empty(forms, (values, wanted), found)


def _nothing_in_none(forms: Forms, lists: tuple[Term, ...]) -> Term:
    """False where one of the lists is known to be empty, else unknown."""
    empty = choice.any_of(_is_empty(forms, one) for one in lists if not one.is_void)
    return choice.choose(empty, choice.FALSE, void(Kind.BOOLEAN), forms.share)


def _unless_empty(forms: Forms, lists: tuple[Term, ...], found: Term) -> Term:
    empty = choice.any_of(_is_empty(forms, one) for one in lists)
    sql = syntax.case([(empty.sql, syntax.boolean(False))], found.sql)
    return replace(found, sql=sql, gaps=None)


def _is_empty(forms: Forms, values: Term) -> Term:
    return choice.compare("=", _length(forms, values), constant_term(Decimal(0)))


def _length(forms: Forms, values: Term) -> Term:
    return _whole(forms.dialect.length(values.sql), 0, 10**6, (values,))


def _starts_with(forms: Forms, whole: Term, start: Term) -> Term:
    if whole.is_void or start.is_void:
        return void(Kind.BOOLEAN)
    return choice.condition(forms.dialect.starts(whole.sql, start.sql), (whole, start))


# ---- functions of numbers


def _rounding(way: Callable[..., Term], forms: Forms, value: Term) -> Term:
    return way(_shared_fraction(forms, value), forms.dialect)


def _half_up(forms: Forms, value: Term, places: Term) -> Term:
    return arithmetic.half_up(_shared_fraction(forms, value), int(places.constant), forms.dialect)


def _shared_fraction(forms: Forms, value: Term) -> Term:
    """Rounding a fraction names its parts several times."""
    return choice.share_whole(value, forms.share) if value.divisor else value


def _extreme(function: str, forms: Forms, *terms: Term) -> Term:
    if terms[0].kind is Kind.DAYS:
        numbers = [replace(term, kind=Kind.NUMBER) for term in _as_numbers(*terms)]
        return replace(choice.extreme(function, numbers, forms.share), kind=Kind.DAYS)
    return choice.extreme(function, terms, forms.share)


def _absolute(forms: Forms, value: Term) -> Term:
    return _like(arithmetic.absolute(*_as_numbers(value)), value)


def _outside(name: str, forms: Forms, *terms: Term) -> Term:
    raise Unsupported(f"{name} is not lowered from its arguments")


def _compared(op: str, forms: Forms, left: Term, right: Term) -> Term:
    return choice.compare(op, *_as_numbers(left, right))


OPERATORS: Mapping[str, Lowered] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    **{op: partial(_compared, op) for op in choice.COMPARISONS},
}
FUNCTIONS: Mapping[str, Lowered] = {
    "not": lambda forms, value: choice.negation(value),
    "abs": _absolute,
    "floor": partial(_rounding, arithmetic.floor),
    "ceiling": partial(_rounding, arithmetic.ceiling),
    "round half up": _half_up,
    "min": partial(_extreme, "LEAST"),
    "max": partial(_extreme, "GREATEST"),
    "sum": partial(_outside, "sum"),
    "count": _length,
    "list contains": _contains,
    "has any": _has_any,
    "starts with": _starts_with,
    "add months": _add_months,
    "full years": _full_years,
    "full months": _full_months,
    "lookup": partial(_outside, "lookup"),
}
NEGATE: Lowered = _negate
__all__ = ["FUNCTIONS", "NEGATE", "OPERATORS", "Any", "Forms", "Unsupported", "part_of"]
