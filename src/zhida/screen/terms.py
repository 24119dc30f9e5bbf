"""What an expression is in SQL: a tree of syntax, NULL where unknown, and what is known of its values.

Numbers are exact. Integers are BIGINT, others DECIMAL; a number's bounds say how wide a product has to
be. A quotient stays a fraction, `sql / divisor`, until it is rounded (see `arithmetic.money`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import UNKNOWN
from zhida.feel.values import CONTEXT
from zhida.library.model import FactDef
from zhida.screen import syntax

BIGINT_DIGITS = 18
WIDEST = 38
MONEY_DIGITS = 17  # a fact is below 10^15 元, with two decimals
LONG_DECIMAL = 28
COUNT_LIMITS = {"月": 2400, "年": 1000, "日": 100_000, "小时": 10_000}
MOST_COUNTED = 10**9


class Kind(Enum):
    """The types that a policy can compute with; TEXTS are a set, DAYS the difference of two dates."""

    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    DAYS = "BIGINT"
    TEXT = "VARCHAR"
    NUMBER = "DECIMAL"
    TEXTS = "VARCHAR[]"
    NOTHING = "NULL"


@dataclass(frozen=True, slots=True)
class Term:
    """One expression in SQL.

    A NUMBER is a DECIMAL(precision, scale), or a BIGINT where `scale` is 0 and it fits; `low` and `high`
    bound it, in units of its last decimal. With a `divisor`, which is above zero wherever the term is
    known, the value is the quotient of both. `values` are all that it can be, where they are few.
    `gaps` are the expressions of which one is NULL exactly where this is (by default itself); `weight`
    is its size. An integer is `small` where engines may hold it in 32 bits, as they do literals.
    """

    sql: Expr
    kind: Kind
    precision: int = 0
    scale: int = 0
    nullable: bool = True
    divisor: Term | None = None
    low: int | None = field(default=None, kw_only=True)
    high: int | None = field(default=None, kw_only=True)
    values: frozenset[Any] | None = field(default=None, kw_only=True)
    gaps: tuple[Expr, ...] | None = field(default=None, kw_only=True)
    weight: int = field(default=1, kw_only=True)
    small: bool = field(default=False, kw_only=True)

    @property
    def is_integer(self) -> bool:
        return self.scale == 0 and self.precision <= BIGINT_DIGITS

    @property
    def is_void(self) -> bool:
        """Whether it is NULL in every row."""
        return isinstance(self.sql, exp.Null)

    @property
    def least(self) -> int:
        return 1 - 10**self.precision if self.low is None else self.low

    @property
    def most(self) -> int:
        return 10**self.precision - 1 if self.high is None else self.high

    @property
    def constant(self) -> Any:
        """The one value that it has in every row, else UNKNOWN."""
        if self.values is None or len(self.values) != 1 or self.nullable:
            return UNKNOWN
        return next(iter(self.values))


VOID = Term(exp.Null(), Kind.NOTHING)


def number(
    sql: Expr,
    scale: int,
    low: int,
    high: int,
    gaps: tuple[Expr, ...] | None = None,
    width: int = 0,
    weight: int = 1,
) -> Term:
    """A number between the unscaled bounds; `width` are its digits where SQL gives it more than needed."""
    digits = max(len(str(max(abs(low), abs(high)))), scale, width)
    nullable = gaps is None or bool(gaps)
    return Term(
        sql, Kind.NUMBER, digits, scale, nullable, low=low, high=high, gaps=gaps, weight=weight
    )  # fmt: skip


def constant_term(value: Any) -> Term:
    """A value that is the same for every row; UNKNOWN is NULL. TypeError for what SQL has no word for."""
    match value:
        case bool():
            return _known(syntax.boolean(value), Kind.BOOLEAN, value)
        case Decimal():
            return _number_term(value)
        case str():
            return _known(syntax.text(value), Kind.TEXT, value)
        case date():
            return _known(syntax.cast(syntax.text(value.isoformat()), "DATE"), Kind.DATE, value)
        case timedelta(seconds=0, microseconds=0):
            return _known(syntax.integer(value.days), Kind.DAYS, value)
        case list() | tuple():
            items = exp.Array(expressions=[constant_term(item).sql for item in value])
            typed = syntax.cast(items, Kind.TEXTS.value) if not value else items
            return _known(typed, Kind.TEXTS, tuple(value))
    if value is UNKNOWN:
        return VOID
    raise TypeError(f"SQL has no word for {value!r}")


def _known(sql: Expr, kind: Kind, value: Any) -> Term:
    return Term(sql, kind, nullable=False, values=frozenset((value,)), gaps=())


def _number_term(value: Decimal) -> Term:
    if len(value.as_tuple().digits) > LONG_DECIMAL and (ratio := _ratio(value)) is not None:
        return ratio
    scale, unscaled = _unscaled(value)
    term = number(decimal_literal(value, scale), scale, unscaled, unscaled, ())
    return replace(term, values=frozenset((value,)), small=term.is_integer)


def _ratio(value: Decimal) -> Term | None:
    """A figure that was computed by a division, such as 1000 / 12, as that division again."""
    ratio = Fraction(value).limit_denominator(MOST_COUNTED)
    over, under = Decimal(ratio.numerator), Decimal(ratio.denominator)
    if CONTEXT.divide(over, under) != value:
        return None
    return replace(_number_term(over), divisor=_number_term(under), values=frozenset((value,)))


def _unscaled(value: Decimal) -> tuple[int, int]:
    """The decimals that a value needs, and the integer that it is in units of the last of them."""
    numerator, denominator = value.as_integer_ratio()
    scale = 0
    while 10**scale % denominator:
        scale += 1
    return scale, numerator * 10**scale // denominator


def decimal_literal(value: Decimal, scale: int) -> Expr:
    """`value` written with `scale` decimals."""
    top, under = value.as_integer_ratio()
    digits = str(abs(top) * 10**scale // under).rjust(scale + 1, "0")
    size = exp.Literal.number(f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)
    return syntax.minus(size) if value < 0 else size


def fact_term(fact: FactDef, sql: Expr) -> Term:
    """A column that holds a fact of the vocabulary, in its logical type."""
    match fact.type:
        case "boolean":
            return Term(sql, Kind.BOOLEAN)
        case "date":
            return Term(sql, Kind.DATE)
        case "set":
            return Term(sql, Kind.TEXTS)
        case "money" | "number" | "rate" | "count":
            return _measured(fact, sql)
    return Term(sql, Kind.TEXT)


def _measured(fact: FactDef, sql: Expr) -> Term:
    """Money in 分; rates and numbers in millionths; counts as the vocabulary's units bound them."""
    limit = COUNT_LIMITS.get(fact.unit)
    match fact.type:
        case "money":
            scale, high, width = 2, 10**MONEY_DIGITS - 1, BIGINT_DIGITS
        case "rate":
            scale, high, width = 6, 10**6, BIGINT_DIGITS
        case "number":
            scale, high, width = 6, (limit or 10**12) * 10**6, BIGINT_DIGITS
        case _:
            scale, high, width = 0, limit or MOST_COUNTED, 0
    return number(sql, scale, -high if fact.signed else 0, high, None, width)


def absent(fact: FactDef) -> Term:
    """The fact where nothing can be known of it."""
    return replace(fact_term(fact, exp.Null()))


def stored(term: Term, sql: Expr) -> Term:
    """What is known of `term`, for a column `sql` that holds it; its divisor is stored apart."""
    return replace(term, sql=sql, gaps=None if term.nullable else (), weight=1)


def type_name(term: Term) -> str:
    """The SQL type of a column that holds the term."""
    if term.kind is not Kind.NUMBER:
        return "BOOLEAN" if term.kind is Kind.NOTHING else term.kind.value
    return "BIGINT" if term.is_integer else f"DECIMAL({min(term.precision, WIDEST)}, {term.scale})"


# ---- what is unknown


def gaps_of(term: Term) -> tuple[Expr, ...]:
    """The expressions of which one is NULL exactly where the term is."""
    if not term.nullable:
        return ()
    own = (term.sql,) if term.gaps is None else term.gaps
    if term.divisor is None:
        return own
    return tuple(dict.fromkeys((*own, *gaps_of(term.divisor))))


def all_gaps(terms: Iterable[Term]) -> tuple[Expr, ...]:
    """Those of an operator that is unknown exactly where one of `terms` is."""
    found: dict[Expr, None] = {}
    for term in terms:
        found.update(dict.fromkeys(gaps_of(term)))
    return tuple(found)


def is_unknown(term: Term) -> Expr:
    """A condition, never NULL itself: the term is unknown in this row."""
    if term.is_void:
        return syntax.boolean(True)
    return syntax.disjunction([syntax.is_null(gap) for gap in gaps_of(term)])


def is_known(term: Term) -> Expr:
    if term.is_void:
        return syntax.boolean(False)
    return syntax.conjunction([syntax.is_not_null(gap) for gap in gaps_of(term)])


def total_weight(terms: Sequence[Term]) -> int:
    return sum(term.weight + (term.divisor.weight if term.divisor else 0) for term in terms)


def void(kind: Kind) -> Term:
    """A value of `kind` that is unknown in every row."""
    return replace(VOID, kind=kind)
