"""Decimals in SQL that neither overflow nor lose a digit: products and sums wide enough for their bounds.

Both operands together stay within 38 digits. Where the bounds of facts and figures alone would not, the
operands are cast to what is left, and a value beyond that is an error of the engine, never another value.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import UNKNOWN
from zhida.feel.values import CONTEXT
from zhida.screen.syntax import binary, cast
from zhida.screen.terms import (
    BIGINT_DIGITS,
    WIDEST,
    Term,
    all_gaps,
    constant_term,
    gaps_of,
    number,
    total_weight,
)

CARRY = WIDEST - 1  # Spark gives a product or a sum one digit more than it needs
INT_MOST = 2**31 - 1


def whole_digits(term: Term) -> int:
    return term.precision - term.scale


def _digits(unscaled: int) -> int:
    return len(str(abs(unscaled)))


def needed_digits(term: Term) -> int:
    """The digits of its largest value."""
    return max(_digits(term.least), _digits(term.most), term.scale)


def numerator(term: Term) -> Term:
    return replace(term, divisor=None, values=None) if term.divisor else term


def as_decimal(term: Term, digits: int) -> Term:
    """The same number as a DECIMAL of that many digits."""
    if term.constant is not UNKNOWN or (isinstance(term.sql, exp.Cast) and term.precision == digits > 18):
        return term
    sql = cast(term.sql, f"DECIMAL({digits}, {term.scale})")
    return replace(term, sql=sql, precision=digits, low=term.least, high=term.most, gaps=gaps_of(term))


def _as_bigint(term: Term) -> Term:
    return replace(term, sql=cast(term.sql, "BIGINT"), gaps=gaps_of(term), small=False)


def product(left: Term, right: Term) -> Term:
    if UNKNOWN not in (left.constant, right.constant):
        return constant_term(CONTEXT.multiply(left.constant, right.constant))
    for one, other in ((left, right), (right, left)):
        if one.constant == 1 and one.scale == 0:
            return other
    ends = [a * b for a in (left.least, left.most) for b in (right.least, right.most)]
    low, high, scale = min(ends), max(ends), left.scale + right.scale
    bound = max(-low, high)
    if left.is_integer and right.is_integer and _digits(bound) <= BIGINT_DIGITS:
        if bound > INT_MOST and left.small and right.small:
            left = _as_bigint(left)
        return _result(exp.Mul, left, right, scale, low, high, 0)
    left, right = (as_decimal(t, needed_digits(t)) if t.is_integer else t for t in (left, right))
    if left.precision + right.precision > CARRY:
        left, right = _halved(left, right)
    if _digits(bound) > BIGINT_DIGITS:
        left = as_decimal(left, max(left.precision, BIGINT_DIGITS + 1))
        if left.precision + right.precision > CARRY:
            right = as_decimal(right, CARRY - left.precision)
    return _result(exp.Mul, left, right, scale, low, high, left.precision + right.precision + 1)


def _halved(left: Term, right: Term) -> tuple[Term, Term]:
    """Both as narrow as their bounds allow, and within 37 digits together in any case."""
    widths = needed_digits(left), needed_digits(right)
    if is_too_wide(sum(widths)):
        widths = _in_equal_parts(left, right)
    return as_decimal(left, widths[0]), as_decimal(right, widths[1])


def is_too_wide(digits: int) -> bool:
    """Whether the bounds of the operands alone take a number beyond 38 digits."""
    return digits > CARRY


def _in_equal_parts(left: Term, right: Term) -> tuple[int, int]:
    """Digits for the factors of what is too wide: all decimals, and whole digits in equal parts."""
    room = CARRY - left.scale - right.scale
    first = max(1, min(needed_digits(left) - left.scale, room // 2))
    second = max(1, min(needed_digits(right) - right.scale, room - first))
    return left.scale + max(1, room - second), right.scale + second


def _result(kind: type[Expr], left: Term, right: Term, scale: int, low: int, high: int, width: int) -> Term:
    sql = binary(kind, left.sql, right.sql)
    limit = 10**WIDEST - 1
    low, high = max(low, -limit), min(high, limit)
    term = number(sql, scale, low, high, all_gaps((left, right)), 0, total_weight((left, right)))
    small = left.small and right.small
    return replace(term, precision=min(max(term.precision, width), WIDEST), small=small)


def plain_sum(kind: type[Expr], left: Term, right: Term) -> Term:
    scale = max(left.scale, right.scale)
    sign = 1 if kind is exp.Add else -1
    (a, b), (c, d) = (bounds_at(term, scale) for term in (left, right))
    low, high = (a + c, b + d) if sign > 0 else (a - d, b - c)
    bound = max(-low, high)
    if left.is_integer and right.is_integer and _digits(bound) <= BIGINT_DIGITS:
        if bound > INT_MOST and left.small and right.small:
            left = _as_bigint(left)
        return _result(kind, left, right, scale, low, high, 0)
    left, right = (as_decimal(t, needed_digits(t)) if t.is_integer else t for t in (left, right))
    left, right = within(left, right, scale)
    if _digits(bound) > BIGINT_DIGITS:
        left = as_decimal(left, max(left.precision, BIGINT_DIGITS + 1))
    width = max(whole_digits(left), whole_digits(right)) + scale + 1
    return _result(kind, left, right, scale, low, high, width)


def within(left: Term, right: Term, scale: int) -> tuple[Term, Term]:
    """Both narrow enough to stand beside each other at `scale`."""
    room = CARRY - scale
    if max(whole_digits(left), whole_digits(right)) > room:
        whole = max(needed_digits(term) - term.scale for term in (left, right))
        room = room if is_too_wide(whole + scale) else whole
        left, right = (as_decimal(t, min(needed_digits(t), room + t.scale)) for t in (left, right))
    return left, right


def bounds_at(term: Term, scale: int) -> tuple[int, int]:
    factor = 10 ** (scale - term.scale)
    return term.least * factor, term.most * factor
