"""Exact numbers in SQL: sums, products, quotients, comparisons and rounding of decimals and fractions.

Widths follow from the bounds of facts and figures, so that no engine cuts decimals or overflows: both
operands of a product or sum together stay within 38 digits; where the bounds alone would not, they are
cast to what is left, and a value beyond that is an error of the engine, never another value.
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
from zhida.screen.syntax import binary, cast, integer
from zhida.screen.terms import (
    BIGINT_DIGITS,
    WIDEST,
    Kind,
    Term,
    all_gaps,
    constant_term,
    decimal_literal,
    is_known,
    number,
    total_weight,
    void,
)

CARRY = WIDEST - 1  # Spark gives a product or a sum one digit more than it needs
INT_MOST = 2**31 - 1
ONE = constant_term(Decimal(1))


def whole_digits(term: Term) -> int:
    return term.precision - term.scale


def _digits(unscaled: int) -> int:
    return len(str(abs(unscaled)))


def _needed(term: Term) -> int:
    """The digits of its largest value."""
    return max(_digits(term.least), _digits(term.most), term.scale)


def numerator(term: Term) -> Term:
    return replace(term, divisor=None, values=None) if term.divisor else term


def as_decimal(term: Term, digits: int) -> Term:
    """The same number as a DECIMAL of that many digits."""
    if term.constant is not UNKNOWN or (isinstance(term.sql, exp.Cast) and term.precision == digits > 18):
        return term
    return replace(term, sql=cast(term.sql, f"DECIMAL({digits}, {term.scale})"), precision=digits,
                   low=term.least, high=term.most)  # fmt: skip


def _as_bigint(term: Term) -> Term:
    return replace(term, sql=cast(term.sql, "BIGINT"))


def _is_narrow(term: Term) -> bool:
    """Whether an engine may compute it as a 32-bit integer: what is neither a column nor a cast."""
    return not isinstance(term.sql, exp.Column | exp.Cast)


# ---- products and sums


def multiply(left: Term, right: Term) -> Term:
    if left.is_void or right.is_void:
        return void(Kind.NUMBER)
    top = _product(numerator(left), numerator(right))
    if left.divisor and right.divisor:
        return replace(top, divisor=_product(left.divisor, right.divisor))
    return replace(top, divisor=left.divisor or right.divisor)


def _product(left: Term, right: Term) -> Term:
    for one, other in ((left, right), (right, left)):
        if one.constant == 1 and one.scale == 0:
            return other
    ends = [a * b for a in (left.least, left.most) for b in (right.least, right.most)]
    low, high, scale = min(ends), max(ends), left.scale + right.scale
    bound = max(-low, high)
    if left.is_integer and right.is_integer and _digits(bound) <= BIGINT_DIGITS:
        if bound > INT_MOST and _is_narrow(left) and _is_narrow(right):
            left = _as_bigint(left)
        return _result(exp.Mul, left, right, scale, low, high, 0)
    left, right = (as_decimal(t, _needed(t)) if t.is_integer else t for t in (left, right))
    if left.precision + right.precision > CARRY:
        left, right = _halved(left, right)
    if _digits(bound) > BIGINT_DIGITS:
        left = as_decimal(left, max(left.precision, BIGINT_DIGITS + 1))
        if left.precision + right.precision > CARRY:
            right = as_decimal(right, CARRY - left.precision)
    return _result(exp.Mul, left, right, scale, low, high, left.precision + right.precision + 1)


def _halved(left: Term, right: Term) -> tuple[Term, Term]:
    """Both as narrow as their bounds allow, and within 37 digits together in any case."""
    widths = _needed(left), _needed(right)
    if is_too_wide(sum(widths)):
        widths = _in_equal_parts(left, right)
    return as_decimal(left, widths[0]), as_decimal(right, widths[1])


def is_too_wide(digits: int) -> bool:
    """Whether the bounds of the operands alone take a number beyond 38 digits."""
    return digits > CARRY


def _in_equal_parts(left: Term, right: Term) -> tuple[int, int]:
    """Digits for the factors of what is too wide: all decimals, and whole digits in equal parts."""
    room = CARRY - left.scale - right.scale
    first = max(1, min(_needed(left) - left.scale, room // 2))
    second = max(1, min(_needed(right) - right.scale, room - first))
    return left.scale + max(1, room - second), right.scale + second


def _result(kind: type[Expr], left: Term, right: Term, scale: int, low: int, high: int, width: int) -> Term:
    sql = binary(kind, left.sql, right.sql)
    limit = 10**WIDEST - 1
    low, high = max(low, -limit), min(high, limit)
    term = number(sql, scale, low, high, all_gaps((left, right)), 0, total_weight((left, right)))
    return replace(term, precision=min(max(term.precision, width), WIDEST))


def add(left: Term, right: Term) -> Term:
    return _sum(exp.Add, left, right)


def subtract(left: Term, right: Term) -> Term:
    return _sum(exp.Sub, left, right)


def _sum(kind: type[Expr], left: Term, right: Term) -> Term:
    if left.is_void or right.is_void:
        return void(Kind.NUMBER)
    if left.divisor is None and right.divisor is None:
        return _plain_sum(kind, left, right)
    if left.divisor == right.divisor:
        return replace(_plain_sum(kind, numerator(left), numerator(right)), divisor=left.divisor)
    left, right = _as_ratio(left, right), _as_ratio(right, left)
    a, b = crossed(left, right)
    under = [side.divisor for side in (left, right) if side.divisor]
    divisor = _product(*under) if len(under) == 2 else under[0]
    return replace(_plain_sum(kind, a, b), divisor=divisor)


def _plain_sum(kind: type[Expr], left: Term, right: Term) -> Term:
    scale = max(left.scale, right.scale)
    sign = 1 if kind is exp.Add else -1
    (a, b), (c, d) = (_bounds_at(term, scale) for term in (left, right))
    low, high = (a + c, b + d) if sign > 0 else (a - d, b - c)
    bound = max(-low, high)
    if left.is_integer and right.is_integer and _digits(bound) <= BIGINT_DIGITS:
        if bound > INT_MOST and _is_narrow(left) and _is_narrow(right):
            left = _as_bigint(left)
        return _result(kind, left, right, scale, low, high, 0)
    left, right = (as_decimal(t, _needed(t)) if t.is_integer else t for t in (left, right))
    left, right = _within(left, right, scale)
    if _digits(bound) > BIGINT_DIGITS:
        left = as_decimal(left, max(left.precision, BIGINT_DIGITS + 1))
    width = max(whole_digits(left), whole_digits(right)) + scale + 1
    return _result(kind, left, right, scale, low, high, width)


def _within(left: Term, right: Term, scale: int) -> tuple[Term, Term]:
    """Both narrow enough to stand beside each other at `scale`."""
    room = CARRY - scale
    if max(whole_digits(left), whole_digits(right)) > room:
        whole = max(_needed(term) - term.scale for term in (left, right))
        room = room if is_too_wide(whole + scale) else whole
        left, right = (as_decimal(t, min(_needed(t), room + t.scale)) for t in (left, right))
    return left, right


def _bounds_at(term: Term, scale: int) -> tuple[int, int]:
    factor = 10 ** (scale - term.scale)
    return term.least * factor, term.most * factor


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
        top, under = _product(top, sign), absolute(under)
    if right.divisor:
        top = _product(top, right.divisor)
    divisor = _product(left.divisor, under) if left.divisor else under
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
        a = _product(a, right.divisor)
    if left.divisor:
        b = _product(b, left.divisor)
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
    left, right = (as_decimal(t, _needed(t)) if t.is_integer else t for t in (left, right))
    return _within(left, right, max(left.scale, right.scale))


def aligned(terms: Sequence[Term]) -> list[Term]:
    """The branches of a choice in one type; what is NULL everywhere stays so. Without divisors."""
    known = [term for term in terms if not term.is_void]
    scale = max((term.scale for term in known), default=0)
    if all(term.is_integer for term in known):
        return list(terms)
    room = WIDEST - scale
    whole = min(max(whole_digits(t) if not t.is_integer else _needed(t) for t in known), room)
    return [_aligned(term, whole, scale) for term in terms]


def _aligned(term: Term, whole: int, scale: int) -> Term:
    if term.is_void:
        return term
    if term.constant is not UNKNOWN and scale:
        return replace(term, sql=decimal_literal(term.constant, scale))
    if term.is_integer or whole_digits(term) > whole:
        return replace(term, sql=cast(term.sql, f"DECIMAL({whole + term.scale}, {term.scale})"))
    return term


def chosen(sql: Expr, branches: Sequence[Term]) -> Term:
    """The number that is one of `branches`, whatever chooses."""
    known = [term for term in branches if not term.is_void]
    if not known:
        return void(Kind.NUMBER)
    scale = max(term.scale for term in known)
    bounds = [_bounds_at(term, scale) for term in known]
    low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    whole = max(whole_digits(t) for t in known)
    term = number(sql, scale, low, high, None)
    if all(part.is_integer for part in known):
        return term
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
    return replace(result, sql=cast(result.sql, _type_of(result)))


def _type_of(term: Term) -> str:
    return "BIGINT" if term.is_integer else f"DECIMAL({min(term.precision, WIDEST)}, {term.scale})"


def _quotient(term: Term, places: int, way: str, dialect: Dialect) -> Term:
    """A fraction divided once, exactly: by whole numbers, in units of the last decimal that is kept."""
    assert term.divisor is not None
    shift = max(term.scale, term.divisor.scale + places, term.divisor.scale)
    over = _integer(numerator(term), shift)
    under = _integer(term.divisor, shift - places)
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
    units = as_decimal(units, min(_needed(units), CARRY - unit.precision)) if places > 0 else units
    result = _product(units, unit)
    return replace(result, weight=2 * total_weight([term]), nullable=True)


def _integer(term: Term, shift: int) -> Term:
    """The whole number term × 10^shift."""
    grown = _product(term, constant_term(Decimal(10**shift)))
    low, high = grown.least // 10**grown.scale, grown.most // 10**grown.scale
    whole = number(grown.sql, 0, low, high, grown.gaps, 0, grown.weight)
    return replace(whole, sql=cast(grown.sql, _type_of(whole))) if grown.scale else whole


def _divided(over: Term, under: Term, dialect: Dialect) -> Expr:
    return dialect.quotient(over.sql, under.sql, over.is_integer and under.is_integer)


def _half_up_size(over: Term, under: Term, dialect: Dialect) -> Expr:
    two = constant_term(Decimal(2))
    top = add(_product(two, over), replace(under, sql=under.sql.copy()))
    return _divided(top, _product(two, under), dialect)


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


__all__ = [
    "absolute", "add", "aligned", "as_decimal", "ceiling", "chosen", "crossed", "divide", "floor",
    "half_up", "is_known", "money", "multiply", "negate", "side_by_side", "subtract",
]  # fmt: skip
