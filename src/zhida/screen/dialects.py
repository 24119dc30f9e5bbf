"""The engines that run our SQL: how each writes what they do not write alike.

Every form gives the same values on the same rows; `tests/screen/test_traps.py` holds each engine to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.screen import syntax
from zhida.screen.syntax import binary, call, cast, integer

Form = Callable[..., Expr]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's SQL. `settings` are statements to run first in every session.

    The forms take and give integers as BIGINT, days as DATE. `quotient(a, b, small)` is the whole part of
    a / b, cut towards zero, for whole numbers, which are BIGINT where `small`; b is above zero.
    `word(a, words)` is a text that is one of a few, which an engine may keep as a number.
    """

    name: str
    settings: tuple[str, ...]
    add_days: Form
    add_months: Form
    days_between: Form
    holds: Form
    overlap: Form
    length: Form
    starts: Form
    quotient: Form
    part: Form
    word: Form

    def sql(self, expression: Expr, pretty: bool = False) -> str:
        """The expression as this engine reads it; every name quoted."""
        return expression.sql(dialect=self.name, identify=True, pretty=pretty)


def _month_interval(function: str) -> Form:
    def shifted(day: Expr, months: Expr) -> Expr:
        return cast(binary(exp.Add, day, call(function, cast(months, "INT"))), "DATE")

    return shifted


def _postgres_months(day: Expr, months: Expr) -> Expr:
    interval = call("MAKE_INTERVAL", integer(0), cast(months, "INT"))
    return cast(binary(exp.Add, day, interval), "DATE")


def _plus_days(day: Expr, days: Expr) -> Expr:
    return binary(exp.Add, day, cast(days, "INT"))


def _minus_days(later: Expr, earlier: Expr) -> Expr:
    return cast(binary(exp.Sub, later, earlier), "BIGINT")


def _named(function: str) -> Form:
    return lambda *arguments: call(function, *arguments)


def _bigint(function: str) -> Form:
    return lambda *arguments: cast(call(function, *arguments), "BIGINT")


def _extracted(name: str, day: Expr) -> Expr:
    return cast(exp.Extract(this=exp.Var(this=name.upper()), expression=day), "BIGINT")


def _part(name: str, day: Expr) -> Expr:
    return cast(call(name.upper(), day), "BIGINT")


def _any(values: Expr, element: Expr) -> Expr:
    return exp.EQ(this=element, expression=call("ANY", values))


def _duckdb_quotient(over: Expr, under: Expr, small: bool) -> Expr:
    if small:
        return binary(exp.IntDiv, over, under)
    # DECIMAL ÷ DECIMAL is a DOUBLE, and // wants integers; a HUGEINT holds all 38 digits.
    whole = binary(exp.IntDiv, cast(over, "HUGEINT"), cast(under, "HUGEINT"))
    return cast(whole, "DECIMAL(38, 0)")


def _spark_quotient(over: Expr, under: Expr, small: bool) -> Expr:
    if small:
        return binary(exp.IntDiv, over, under)
    # DIV gives a BIGINT and decimal ÷ keeps few digits: what divides without a rest loses none.
    whole = binary(exp.Sub, over, binary(exp.Mod, over, under))
    return cast(binary(exp.Div, whole, under), "DECIMAL(38, 0)")


def _postgres_quotient(over: Expr, under: Expr, small: bool) -> Expr:
    whole = call("DIV", cast(over, "DECIMAL(38, 0)"), cast(under, "DECIMAL(38, 0)"))
    return cast(whole, "BIGINT") if small else whole


def _text(word: str, words: tuple[str, ...]) -> Expr:
    return syntax.text(word)


def _enumerated(word: str, words: tuple[str, ...]) -> Expr:
    """Written to Parquet in half the time of a text."""
    return cast(syntax.text(word), f"ENUM({', '.join(map(repr, words))})")


DUCKDB = Dialect(
    "duckdb",
    ("SET TimeZone = 'UTC'",),
    add_days=_plus_days,
    add_months=_month_interval("TO_MONTHS"),
    days_between=_minus_days,
    holds=_named("LIST_CONTAINS"),
    overlap=_named("LIST_HAS_ANY"),
    length=_named("LEN"),
    starts=_named("STARTS_WITH"),
    quotient=_duckdb_quotient,
    part=lambda name, day: call(name.upper(), day),
    word=_enumerated,
)
SPARK = Dialect(
    "spark",
    ("SET spark.sql.ansi.enabled = true", "SET spark.sql.session.timeZone = UTC"),
    add_days=lambda day, days: call("DATE_ADD", day, cast(days, "INT")),
    add_months=lambda day, months: call("ADD_MONTHS", day, cast(months, "INT")),
    days_between=_bigint("DATEDIFF"),
    holds=_named("ARRAY_CONTAINS"),
    overlap=_named("ARRAYS_OVERLAP"),
    length=_bigint("SIZE"),
    starts=_named("STARTSWITH"),
    quotient=_spark_quotient,
    part=_part,
    word=_text,
)
POSTGRES = Dialect(
    "postgres",
    ("SET TIME ZONE 'UTC'",),
    add_days=_plus_days,
    add_months=_postgres_months,
    days_between=_minus_days,
    holds=_any,
    overlap=lambda left, right: exp.ArrayOverlaps(this=left, expression=right),
    length=_bigint("CARDINALITY"),
    starts=_named("STARTS_WITH"),
    quotient=_postgres_quotient,
    part=_extracted,
    word=_text,
)
DIALECTS = {dialect.name: dialect for dialect in (DUCKDB, SPARK, POSTGRES)}
__all__ = ["DIALECTS", "DUCKDB", "POSTGRES", "SPARK", "Dialect", "syntax"]
