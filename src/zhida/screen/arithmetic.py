"""Exact numbers in SQL: sums, products, quotients, comparisons and rounding of decimals and fractions.

A quotient is a fraction until it is rounded: it is compared by multiplying, and divided once, by whole
numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import UNKNOWN
from zhida.screen import syntax
from zhida.screen.dialects import Dialect
from zhida.screen.syntax import cast, integer
from zhida.screen.terms import (
    WIDEST,
    Kind,
    Term,
    all_gaps,
    constant_term,
    decimal_literal,
    gaps_of,
    number,
    total_weight,
    type_name,
    void,
)
from zhida.screen.widths import (
    CARRY,
    as_decimal,
    bounds_at,
    needed_digits,
    numerator,
    plain_sum,
    product,
    whole_digits,
    within,
)

ONE = constant_term(Decimal(1))


def multiply(left: Term, right: Term) -> Term:
    if left.is_void or right.is_void:
        return void(Kind.NUMBER)
    top = product(numerator(left), numerator(right))
    if left.divisor and right.divisor:
        return replace(top, divisor=product(left.divisor, right.divisor))
    return replace(top, divisor=left.divisor or right.divisor)


def add(left: Term, right: Term) -> Term:
    return _sum(exp.Add, left, right)


def subtract(left: Term, right: Term) -> Term:
    return _sum(exp.Sub, left, right)


def _sum(kind: type[Expr], left: Term, right: Term) -> Term:
    if left.is_void or right.is_void:
        return void(Kind.NUMBER)
    if left.divisor is None and right.divisor is None:
        return plain_sum(kind, left, right)
    if left.divisor == right.divisor:
        return replace(plain_sum(kind, numerator(left), numerator(right)), divisor=left.divisor)
    left, right = _as_ratio(left, right), _as_ratio(right, left)
    a, b = crossed(left, right)
    under = [side.divisor for side in (left, right) if side.divisor]
    divisor = product(*under) if len(under) == 2 else under[0]
    return replace(plain_sum(kind, a, b), divisor=divisor)


def negate(term: Term) -> Term:
    if term.is_void:
        return void(Kind.NUMBER)
    if term.constant is not UNKNOWN:
        return constant_term(-term.constant)
    return replace(
        term, sql=syntax.minus(term.sql), low=-term.most, high=-term.least, gaps=all_gaps([numerator(term)]),
        values=None,
    )  # fmt: skip


# ---- fractions


def divide(left: Term, right: Term) -> Term:
    """left / right as a fraction. The policy makes sure that `right` is not zero where that matters."""
    if left.is_void or right.is_void:
        return void(Kind.NUMBER)
    if right.constant is not UNKNOWN and right.constant != 0:
        share = _reciprocal(right.constant)
        if share is not None:
            return multiply(left, constant_term(share))
    top, under = numerator(left), numerator(right)
    if under.least < 0:
        sign = number(cast(syntax.call("SIGN", under.sql), "BIGINT"), 0, -1, 1, all_gaps((under,)))
        top, under = product(top, sign), absolute(under)
    if right.divisor:
        top = product(top, right.divisor)
    divisor = product(left.divisor, under) if left.divisor else under
    return replace(top, divisor=divisor, values=None, gaps=all_gaps((left, right)), nullable=(
        left.nullable or right.nullable))  # fmt: skip


def _reciprocal(value: Decimal) -> Decimal | None:
    """1 / value where that is a short decimal, as for 4 or 100."""
    top, under = value.as_integer_ratio()
    for scale in range(9):
        if 10**scale * under % top == 0:
            return Decimal(10**scale * under // top).scaleb(-scale)
    return None


def absolute(term: Term) -> Term:
    if term.is_void or term.least >= 0:
        return term
    most = max(-term.least, term.most)
    sql = syntax.call("ABS", term.sql)
    return replace(
        term, sql=sql, low=0, high=most, gaps=all_gaps([numerator(term)]), values=None
    )  # fmt: skip


def crossed(left: Term, right: Term) -> tuple[Term, Term]:
    """Both numerators over a common divisor, which is above zero: so they compare as the fractions do."""
    left, right = _as_ratio(left, right), _as_ratio(right, left)
    a, b = numerator(left), numerator(right)
    if left.divisor == right.divisor:
        return a, b
    if right.divisor:
        a = product(a, right.divisor)
    if left.divisor:
        b = product(b, left.divisor)
    return a, b


def _as_ratio(term: Term, other: Term) -> Term:
    """A constant such as 0.055 beside a fraction is 55 / 1000: then integers stay integers."""
    if other.divisor is None or term.constant is UNKNOWN or term.scale == 0:
        return term
    top = constant_term(Decimal(term.least))
    return replace(top, divisor=constant_term(Decimal(10**term.scale)))


# ---- comparing and choosing


def side_by_side(left: Term, right: Term) -> tuple[Term, Term]:
    """Two numbers in types that compare exactly."""
    if left.divisor or right.divisor:
        left, right = crossed(left, right)
    if left.is_integer and right.is_integer:
        return left, right
    left, right = (as_decimal(t, needed_digits(t)) if t.is_integer else t for t in (left, right))
    return within(left, right, max(left.scale, right.scale))


def aligned(terms: Sequence[Term]) -> list[Term]:
    """The branches of a choice in one type; what is NULL everywhere stays so. Without divisors."""
    known = [term for term in terms if not term.is_void]
    scale = max((term.scale for term in known), default=0)
    if all(term.is_integer for term in known):
        return list(terms)
    room = WIDEST - scale
    whole = min(max(whole_digits(t) if not t.is_integer else needed_digits(t) for t in known), room)
    return [_aligned(term, whole, scale) for term in terms]


def _aligned(term: Term, whole: int, scale: int) -> Term:
    if term.is_void:
        return term
    if term.constant is not UNKNOWN and scale:
        return replace(term, sql=decimal_literal(term.constant, scale))
    if term.is_integer or whole_digits(term) > whole:
        sql = cast(term.sql, f"DECIMAL({whole + term.scale}, {term.scale})")
        return replace(term, sql=sql, gaps=gaps_of(term))
    return term


def chosen(sql: Expr, branches: Sequence[Term]) -> Term:
    """The number that is one of `branches`, whatever chooses."""
    known = [term for term in branches if not term.is_void]
    if not known:
        return void(Kind.NUMBER)
    scale = max(term.scale for term in known)
    bounds = [bounds_at(term, scale) for term in known]
    low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    whole = max(whole_digits(t) for t in known)
    term = number(sql, scale, low, high, None)
    if all(part.is_integer for part in known):
        return replace(term, small=all(part.small for part in known))
    return replace(term, precision=min(max(term.precision, whole + scale), WIDEST))


# ---- rounding


def floor(term: Term, dialect: Dialect) -> Term:
    return _rounded(term, 0, "FLOOR", dialect)


def ceiling(term: Term, dialect: Dialect) -> Term:
    return _rounded(term, 0, "CEIL", dialect)


def half_up(term: Term, places: int, dialect: Dialect) -> Term:
    """Rounded half away from zero to `places` decimals; tens where negative."""
    return _rounded(term, places, "ROUND", dialect)


def _rounded(term: Term, places: int, way: str, dialect: Dialect) -> Term:
    if term.is_void:
        return term
    if term.divisor:
        return _quotient(term, places, way, dialect)
    if term.scale <= places:
        return term
    scale = max(places, 0)
    unit = 10 ** (term.scale - places)
    low, high = ((term.least // unit) - 1, (term.most // unit) + 1)
    low, high = low * 10 ** (scale - places), high * 10 ** (scale - places)
    extra = (integer(places),) if way == "ROUND" else ()
    exact = as_decimal(term, max(term.precision, 1)) if term.is_integer else term
    result = number(syntax.call(way, exact.sql, *extra), scale, low, high, all_gaps((term,)))
    result = replace(result, weight=term.weight, nullable=term.nullable)
    return replace(result, sql=cast(result.sql, type_name(result)))


def _quotient(term: Term, places: int, way: str, dialect: Dialect) -> Term:
    """A fraction divided once, exactly: by whole numbers, in units of the last decimal that is kept."""
    assert term.divisor is not None
    shift = max(term.scale, term.divisor.scale + places, term.divisor.scale)
    over = _integer(numerator(term), shift)
    under = _integer(term.divisor, shift - places)
    if under.least <= 0:
        under = replace(under, sql=exp.Nullif(this=under.sql, expression=integer(0)))
    sql = _SIZES[way](over, under, dialect)
    if over.least < 0:
        mirrored = _SIZES[_MIRRORS[way]](negate(over), under, dialect)
        below = exp.LT(this=over.sql.copy(), expression=integer(0))
        sql = syntax.case([(below, syntax.minus(mirrored))], sql)
    most = max(abs(over.least), abs(over.most)) + 1
    low = -most if over.least < 0 else 0
    units = number(sql, 0, low, most, (*all_gaps((term,)), under.sql))
    unit = constant_term(Decimal(1).scaleb(-places))
    units = as_decimal(units, min(needed_digits(units), CARRY - unit.precision)) if places > 0 else units
    result = product(units, unit)
    return replace(result, weight=2 * total_weight([term]), nullable=True)


def _integer(term: Term, shift: int) -> Term:
    """The whole number term × 10^shift."""
    grown = product(term, constant_term(Decimal(10**shift)))
    low, high = grown.least // 10**grown.scale, grown.most // 10**grown.scale
    whole = number(grown.sql, 0, low, high, grown.gaps, 0, grown.weight)
    return replace(whole, sql=cast(grown.sql, type_name(whole))) if grown.scale else whole


def _divided(over: Term, under: Term, dialect: Dialect) -> Expr:
    return dialect.quotient(over.sql, under.sql, over.is_integer and under.is_integer)


def _half_up_size(over: Term, under: Term, dialect: Dialect) -> Expr:
    two = constant_term(Decimal(2))
    top = add(product(two, over), replace(under, sql=under.sql.copy()))
    return _divided(top, product(two, under), dialect)


def _ceiling_size(over: Term, under: Term, dialect: Dialect) -> Expr:
    top = add(over, subtract(replace(under, sql=under.sql.copy()), ONE))
    return _divided(top, under, dialect)


_SIZES = {"ROUND": _half_up_size, "CEIL": _ceiling_size, "FLOOR": _divided}
_MIRRORS = {"ROUND": "ROUND", "CEIL": "FLOOR", "FLOOR": "CEIL"}


def money(term: Term, quantum: Decimal, dialect: Dialect) -> Expr:
    """The term as DECIMAL(18, 2), rounded half up to a multiple of `quantum`, once (A33)."""
    if term.is_void:
        return cast(exp.Null(), "DECIMAL(18, 2)")
    digits = quantum.normalize().as_tuple()
    if digits.digits != (1,):
        units = half_up(divide(term, constant_term(quantum)), 0, dialect)
        return cast(multiply(units, constant_term(quantum)).sql, "DECIMAL(18, 2)")
    places = -int(digits.exponent)
    if term.divisor is None and places == 2:
        # each engine rounds half away from zero where a cast drops decimals of a DECIMAL
        return cast(term.sql, "DECIMAL(18, 2)")
    return cast(half_up(term, places, dialect).sql, "DECIMAL(18, 2)")
