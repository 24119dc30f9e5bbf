"""What engines do differently, and the form in which they agree: one test for each difference.

The plain form is run too where it shows the difference, so that a trap that an engine has closed is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.screen.engines import Engine
from tests.screen.wide import Wide, load_rows

from zhida.feel import nodes, parse
from zhida.feel.nodes import Node
from zhida.screen import arithmetic, syntax
from zhida.screen.dialects import DIALECTS
from zhida.screen.lowering import lower
from zhida.screen.terms import Kind, Term, constant_term, number

CENT = Decimal("0.01")
MONEY = 10**17 - 1
MOST = Decimal("999999999999999.99")


class Named(Wide):
    """Columns that are known by the names in the table."""

    def name(self, name: str) -> Term:
        return NAMES[name]


def column(name: str, scale: int, most: int, width: int = 18) -> Term:
    return number(syntax.column(name), scale, -most, most, None, width)


NAMES: dict[str, Term] = {
    "钱": column("钱", 2, MONEY),
    "率": column("率", 6, 10**6),
    "数": column("数", 6, 10**12),
    "人": column("人", 0, 10**9, 0),
    "户": column("户", 0, 10**9, 0),
    "真": Term(syntax.column("真"), Kind.BOOLEAN),
    "文": Term(syntax.column("文"), Kind.TEXT),
    "天": Term(syntax.column("天"), Kind.DATE),
    "止": Term(syntax.column("止"), Kind.DATE),
}


@dataclass
class Case:
    """An expression over one row of facts; those that are not given are unknown. With a `quantum` it is
    an amount, rounded once."""

    text: str | Node
    wanted: Any
    facts: dict[str, Any] = field(default_factory=dict)
    quantum: Decimal | None = None

    def sql(self, columns: Wide) -> Any:
        tree = parse(self.text, policy=True) if isinstance(self.text, str) else self.text
        term = lower(tree, columns)
        return term.sql if self.quantum is None else arithmetic.money(term, self.quantum, columns.dialect)


def case(text: str | Node, wanted: Any, **facts: Any) -> Case:
    return Case(text, wanted, facts)


def amount(text: str, wanted: str | int, quantum: Decimal = CENT, **facts: Any) -> Case:
    return Case(text, Decimal(wanted), facts, quantum)


def check(engine: Engine, *cases: Case) -> None:
    """One statement for all: each expression is looked at in the row of its own facts."""
    columns = Named(engine.dialect, {}, {})
    load_rows(engine, NAMES, [case.facts for case in cases])
    sql = columns.statement({f"c{place}": case.sql(columns) for place, case in enumerate(cases)})
    rows = engine.rows(sql)
    for place, (one, row) in enumerate(zip(cases, rows, strict=True)):
        found = row[place + 1]
        assert found == one.wanted and type(found) in (type(one.wanted), Decimal, int), one


def plain(engine: Engine, sql: str) -> Any:
    [(found,)] = engine.rows(f"SELECT {sql}")
    return found


# ---- division and rounding


def test_ratios_are_compared_by_whole_numbers(engine: Engine) -> None:
    rate = "if 户 > 0 then (户 - 人) / 户 <= 0.055 else false"
    check(
        engine,
        case(rate, True, 户=1000, 人=945),
        case(rate, True, 户=10**9, 人=945 * 10**6),
        case(rate, False, 户=10**9, 人=945 * 10**6 - 1),
    )


def test_a_quotient_is_divided_once_and_exactly(engine: Engine) -> None:
    """DuckDB's decimal division is a DOUBLE, Spark's keeps few decimals."""
    check(
        engine,
        amount("if 人 > 0 then 钱 / 人 else 0", "0.02", 钱=Decimal("0.15"), 人=10),
        amount("if 人 > 0 then 钱 / 人 * 人 else 0", 100, 钱=Decimal(100), 人=3),
        amount("if 人 > 0 then 钱 / 人 else 0", "142857142857142.86", 钱=MOST, 人=7),
        amount("if 人 > 0 then 钱 * 率 / 人 else 0", 1000000, 钱=MOST, 率=Decimal(1), 人=10**9),
    )


def test_a_divisor_of_zero_is_unknown_and_no_error(engine: Engine) -> None:
    """DuckDB gives infinity, the others an error; a policy's guard keeps it from being asked."""
    guarded = "if 人 != 0 then 钱 / 人 else 0"
    for quantum in map(Decimal, ("0.01", "1", "10", "5")):
        check(
            engine,
            amount(guarded, 0, quantum, 钱=Decimal(1), 人=0),
            amount(guarded, 20, quantum, 钱=Decimal(20), 人=1),
            Case("钱 / 人", None, {"钱": Decimal(1), "人": 0}, quantum),
        )


def test_halves_are_rounded_away_from_zero(engine: Engine) -> None:
    pairs = [
        ("0.005", "0.01"), ("-0.005", "-0.01"), ("1.004999", "1.00"), ("-1.004999", "-1.00"),
        ("2.675", "2.68"), ("1.005", "1.01"), ("-1.015", "-1.02"), ("0.004999", "0.00"),
    ]  # fmt: skip
    check(
        engine,
        *(amount("数", rounded, 数=Decimal(exact)) for exact, rounded in pairs),
        *(amount("数 / 人", rounded, 数=Decimal(exact), 人=1) for exact, rounded in pairs),
        *(amount("数 / 人", str(-Decimal(rounded)), 数=Decimal(exact), 人=-1) for exact, rounded in pairs),
    )


def test_money_is_rounded_to_the_unit_that_the_policy_says(engine: Engine) -> None:
    quanta = {"0.1": "1234.6", "1": "1235", "10": "1230", "100": "1200", "50": "1250"}
    check(
        engine,
        *(amount("钱", wanted, Decimal(q), 钱=Decimal("1234.56")) for q, wanted in quanta.items()),
        *(amount("钱 / 人", wanted, Decimal(q), 钱=Decimal("1234.56"), 人=1) for q, wanted in quanta.items()),
    )


def test_whole_numbers_are_not_cut_but_rounded(engine: Engine) -> None:
    """CAST to an integer rounds in DuckDB and cuts in Spark."""
    check(
        engine,
        case("floor(数)", 7, 数=Decimal("7.5")),
        case("floor(数)", -8, 数=Decimal("-7.5")),
        case("ceiling(数)", -7, 数=Decimal("-7.5")),
        case("round half up(数, 0)", -8, 数=Decimal("-7.5")),
        case('add months(天, 数, "earlier")', date(2022, 2, 1), 天=date(2022, 1, 1), 数=Decimal("1.9")),
        case('add months(天, 数, "earlier")', date(2021, 12, 1), 天=date(2022, 1, 1), 数=Decimal("-1.9")),
    )


def test_integers_are_divided_as_numbers(engine: Engine) -> None:
    """7 / 2 is 3 in PostgreSQL, 3.5 elsewhere."""
    check(
        engine,
        amount("if 户 > 0 then 人 / 户 else 0", "3.50", 人=7, 户=2),
        case("full years(天, 止)", -22, 天=date(2022, 10, 2), 止=date(2000, 10, 1)),
    )


# ---- widths


def test_products_keep_every_decimal(engine: Engine) -> None:
    """A chain of products overflows at 18 digits in DuckDB and loses decimals beyond 38 in Spark."""
    rate = Decimal("0.999999")
    exact = Fraction(MOST) * Fraction(rate)
    check(
        engine,
        case("钱 * 率 * 人", exact * 10**9, 钱=MOST, 率=rate, 人=10**9),
        case("钱 * 率 > 钱 * 0.999998", True, 钱=MOST, 率=rate),
        case("钱 * 率 * 0.055 * 1.2", exact * 66 / 1000, 钱=MOST, 率=rate),
    )


def test_sums_and_products_of_whole_numbers_do_not_overflow(engine: Engine) -> None:
    """1000000 * 5000 is more than a 32-bit integer, which literals and years are."""
    check(
        engine,
        case("(if 真 then 1000000 else 2) * (if 真 then 5000 else 3)", 5 * 10**9, 真=True),
        case("(if 真 then 2000000000 else 2) + 人", 3 * 10**9, 真=True, 人=10**9),
        case("天.year * (if 真 then 2000000 else 0)", 4044000000, 真=True, 天=date(2022, 1, 1)),
        case("人 * 户 * 1000", 10**21, 人=10**9, 户=10**9),
    )


def test_a_column_of_small_numbers_does_not_overflow_either(engine: Engine) -> None:
    columns = Named(engine.dialect, {}, {})
    term = columns.share(lower(parse("if 真 then 1000000 else 2000000", policy=True), columns))
    product = arithmetic.multiply(term, constant_term(Decimal(5000)))
    load_rows(engine, NAMES, [{"真": True}])
    assert engine.rows(columns.statement({"found": product.sql})) == [(0, 5 * 10**9)]


def test_what_is_wider_than_38_digits_is_an_error_and_no_other_value(engine: Engine) -> None:
    """Facts within their bounds never reach it; PostgreSQL has no such limit."""
    small = Decimal("1234567.89")
    check(engine, case("钱 * 钱 * 钱", Fraction(small) ** 3, 钱=small))
    if engine.dialect.name != "postgres":
        with pytest.raises(Exception, match=r"(?i)out of range|overflow|cannot be represented|convert"):
            check(engine, case("钱 * 钱 * 钱", None, 钱=MOST))


def test_branches_of_a_choice_keep_their_decimals(engine: Engine) -> None:
    share = Decimal("0.055")
    check(
        engine,
        case("if 真 then 人 else 率", share, 真=False, 人=10**9, 率=share),
        case("if 真 then 1 else 0.055", 1, 真=True),
        case("max(人, 率)", 10**9, 人=10**9, 率=share),
    )


def test_constants_are_written_without_losing_a_digit(engine: Engine) -> None:
    for text in ("0.055", "-0.1", "12345678901234567.89", "99999999999999999999", "0.0000000001"):
        sql = constant_term(Decimal(text)).sql
        assert Decimal(str(plain(engine, engine.dialect.sql(sql)))) == Decimal(text)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=str)
def test_no_number_is_a_double(dialect: Any) -> None:
    for text in ("if 人 > 3 then 钱 * 0.6 else 钱 / 人", "full years(天, 止) / 人", "min(率, 钱 / 户)"):
        columns = Named(dialect, {}, {})
        sql = dialect.sql(arithmetic.money(lower(parse(text, policy=True), columns), CENT, dialect))
        assert not any(name in sql for name in ("DOUBLE", "FLOAT", "REAL"))


# ---- unknown


def test_extremes_do_not_ignore_what_is_unknown(engine: Engine) -> None:
    assert plain(engine, "GREATEST(1, CAST(NULL AS INT))") == 1
    check(
        engine,
        case("max(人, 户)", None, 人=1),
        case("min(人, 户)", None, 户=1),
        case("min(人, 户)", 1, 人=3, 户=1),
    )


def test_a_sum_does_not_ignore_what_is_unknown(engine: Engine) -> None:
    assert plain(engine, "SUM(x) FROM (SELECT 1 AS x UNION ALL SELECT CAST(NULL AS INT)) AS t") == 1
    check(engine, case("sum([人, 户])", None, 人=1), case("sum([人, 户])", 3, 人=1, 户=2))


def test_all_and_any_are_those_of_kleene(engine: Engine) -> None:
    rows = "FROM (SELECT TRUE AS x UNION ALL SELECT CAST(NULL AS BOOLEAN)) AS t"
    assert plain(engine, f"BOOL_AND(x) {rows}") is True
    check(
        engine,
        case("真 and 人 > 0", None, 真=True),
        case("真 and 人 > 0", False, 真=False),
        case("真 or 人 > 0", True, 真=True),
        case("真 or 人 > 0", None, 真=False),
    )


def test_an_unknown_condition_does_not_fall_to_else(engine: Engine) -> None:
    assert plain(engine, "CASE WHEN CAST(NULL AS BOOLEAN) THEN 1 ELSE 2 END") == 2
    check(
        engine,
        case("if 真 then 1 else 2", None),
        case("if not(真) then 1 else 2", None),
        case("if 真 then 人 else 户", 3, 人=3, 户=3),
        case("if 真 then 人 else 户", None, 人=3, 户=4),
        case("if 真 then 人 else 户", None, 人=3),
        case("if 人 > 3 and 真 then 1 else 2", 2, 人=1),
    )


def test_equality_with_what_is_unknown_is_unknown(engine: Engine) -> None:
    check(
        engine,
        case("人 = 户", None),
        case("人 != 户", None, 人=1),
        case('文 = "甲"', None),
        case("真 = false", None),
    )


def test_in_a_list_with_what_is_unknown(engine: Engine) -> None:
    check(
        engine,
        case("人 in (1, 户)", True, 人=1),
        case("人 in (1, 户)", None, 人=2),
        case("人 in (1, 2)", None),
        case('list contains(["甲", 文], "乙")', None),
        case('list contains(["甲", 文], "甲")', True),
    )


# ---- dates


def test_months_are_added_to_the_end_of_a_month(engine: Engine) -> None:
    shifts: list[tuple[date, int, date, date]] = [
        (date(2022, 1, 31), 1, date(2022, 2, 28), date(2022, 3, 1)),
        (date(2020, 1, 31), 1, date(2020, 2, 29), date(2020, 3, 1)),
        (date(2022, 3, 31), -1, date(2022, 2, 28), date(2022, 3, 1)),
        (date(2020, 2, 29), 12, date(2021, 2, 28), date(2021, 3, 1)),
        (date(2022, 12, 31), 2, date(2023, 2, 28), date(2023, 3, 1)),
        (date(2022, 2, 28), 12, date(2023, 2, 28), date(2023, 2, 28)),
        (date(2199, 8, 31), 2400, date(2399, 8, 31), date(2399, 8, 31)),
        (date(1900, 1, 31), 1, date(1900, 2, 28), date(1900, 3, 1)),
    ]
    check(
        engine,
        *(case('add months(天, 人, "earlier")', early, 天=day, 人=n) for day, n, early, _ in shifts),
        *(case('add months(天, 人, "later")', late, 天=day, 人=n) for day, n, _, late in shifts),
    )


def test_a_date_stays_a_date(engine: Engine) -> None:
    """date + interval is a timestamp in DuckDB and PostgreSQL."""
    check(
        engine,
        case('天 + @"P1D"', date(2022, 3, 1), 天=date(2022, 2, 28)),
        case('天 - @"P1D" * 31', date(2021, 12, 31), 天=date(2022, 1, 31)),
    )


def test_months_between_dates_are_whole_months(engine: Engine) -> None:
    """DATE_DIFF('month') counts the first days of months that are passed."""
    spans: list[tuple[date, date, int]] = [
        (date(2022, 1, 31), date(2022, 2, 28), 0),
        (date(2022, 1, 31), date(2022, 3, 1), 1),
        (date(2022, 1, 15), date(2022, 3, 15), 2),
        (date(2022, 1, 15), date(2022, 3, 14), 1),
        (date(2022, 3, 15), date(2022, 1, 16), -1),
        (date(2022, 3, 15), date(2022, 1, 15), -2),
        (date(2022, 2, 28), date(2022, 1, 31), 0),
        (date(2022, 1, 1), date(2022, 1, 31), 0),
        (date(1999, 12, 31), date(2022, 1, 1), 264),
    ]
    check(engine, *(case("full months(天, 止)", months, 天=start, 止=end) for start, end, months in spans))


def test_the_session_has_no_time_zone_of_its_own(engine: Engine) -> None:
    shown = {"duckdb": "current_setting('TimeZone')", "postgres": "current_setting('TimeZone')"}
    assert plain(engine, shown.get(engine.dialect.name, "current_timezone()")) == "UTC"
    check(engine, case("天 = 止", True, 天=date(1986, 5, 4), 止=date(1986, 5, 4)))


def test_weekdays_which_every_engine_counts_otherwise_are_no_property_of_a_date() -> None:
    with pytest.raises(KeyError):
        lower(parse("天.weekday", policy=True), Named(DIALECTS["duckdb"], {}, {}))


# ---- texts


def test_chinese_names_are_always_quoted(engine: Engine) -> None:
    """Spark refuses them otherwise."""
    sql = engine.dialect.sql(syntax.column("在职职工人数", "单位"))
    assert sql[0] in '"`' and sql[-1] in '"`'
    check(engine, case("人 + 1", 2, 人=1))


def test_texts_are_compared_character_by_character(engine: Engine) -> None:
    texts = ["全　角", "a'b", 'a"b', "百%", "下_划", "反\\斜", "𠮷野", "换\n行", "甲;--"]

    def starts(text: str) -> Node:
        return nodes.Call(nodes.Name("starts with"), (nodes.Name("文"), nodes.Literal(text[:1])))

    def equals(op: str, text: str) -> Node:
        return nodes.Binary(op, nodes.Name("文"), nodes.Literal(text))

    check(
        engine,
        *(case(equals("=", text), True, 文=text) for text in texts),
        *(case(equals("!=", text), False, 文=text) for text in texts),
        *(case(starts(text), True, 文=text) for text in texts),
        case('文 = "甲"', False, 文="甲　"),
        case('文 = "甲"', False, 文="甲 "),
    )
