"""What policy expressions mean, one line each: the interpreter and every engine say the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.feel.language_rows import rows
from tests.screen.engines import COMPILED, INTERPRETED, Engine, Spark
from tests.screen.wide import Wide, agree, known, load_rows, projected, values

from zhida.feel import POLICY, UNKNOWN, Names, evaluate, nodes, parse
from zhida.screen import syntax
from zhida.screen.lowering import Unsupported, lower
from zhida.screen.terms import VOID, Kind, Term, number

ROWS = Path(__file__).parent / "rows.feel"
FACTS: dict[str, tuple[Kind, Any]] = {
    "七": (Kind.NUMBER, Decimal(7)),
    "十": (Kind.NUMBER, Decimal(10)),
    "零": (Kind.NUMBER, Decimal(0)),
    "负二": (Kind.NUMBER, Decimal(-2)),
    "金额": (Kind.NUMBER, Decimal("123.45")),
    "半分": (Kind.NUMBER, Decimal("1.005")),
    "比率": (Kind.NUMBER, Decimal("0.055")),
    "千亿": (Kind.NUMBER, Decimal("100000000000")),
    "亿亿": (Kind.NUMBER, Decimal("9999999999999.99")),
    "无数": (Kind.NUMBER, UNKNOWN),
    "真": (Kind.BOOLEAN, True),
    "假": (Kind.BOOLEAN, False),
    "无真": (Kind.BOOLEAN, UNKNOWN),
    "大": (Kind.TEXT, "大型"),
    "无文": (Kind.TEXT, UNKNOWN),
    "集": (Kind.TEXTS, ["大型", "小型"]),
    "空集": (Kind.TEXTS, []),
    "无集": (Kind.TEXTS, UNKNOWN),
    "日": (Kind.DATE, date(2022, 10, 1)),
    "月末": (Kind.DATE, date(2022, 1, 31)),
    "闰日": (Kind.DATE, date(2020, 2, 29)),
    "无日": (Kind.DATE, UNKNOWN),
}
SCALES = {"金额": 2, "半分": 3, "比率": 6, "亿亿": 2}


def column(name: str, kind: Kind) -> Term:
    sql = syntax.column(name)
    if kind is not Kind.NUMBER:
        return Term(sql, kind)
    scale = SCALES.get(name, 0)
    most = 10**15 if name in ("千亿", "亿亿") else 10**6
    return number(sql, scale, -most, most, None, 18 if scale else 0)


COLUMNS = {name: column(name, kind) for name, (kind, _) in FACTS.items()}
SCOPE = Names({**{name: value for name, (_, value) in FACTS.items()}, "未知": UNKNOWN})


class Row(Wide):
    """One row of facts, known by their names."""

    def name(self, name: str) -> Term:
        return VOID if name == "未知" else COLUMNS[name]


@pytest.fixture
def columns(engine: Engine) -> Row:
    load_rows(engine, COLUMNS, [{name: known(value) for name, (_, value) in FACTS.items()}])
    return Row(engine.dialect, {}, {})


def interpreted(expression: str) -> Any:
    return known(evaluate(parse(expression, policy=True), SCOPE, POLICY))


@rows(ROWS)
def test_the_interpreter_gives_the_value(expression: str, value: str) -> None:
    found, wanted = interpreted(expression), interpreted(value)
    assert agree(Fraction(found) if isinstance(found, Decimal) else found, wanted)


def test_every_engine_gives_the_values(engine: Engine, columns: Row) -> None:
    check_all(engine, columns)


def test_spark_gives_them_compiled_too(spark_engine: Spark) -> None:
    load_rows(spark_engine, COLUMNS, [{name: known(value) for name, (_, value) in FACTS.items()}])
    spark_engine.configure(COMPILED)
    try:
        check_all(spark_engine, Row(spark_engine.dialect, {}, {}))
    finally:
        spark_engine.configure(INTERPRETED)


def check_all(engine: Engine, columns: Row) -> None:
    """All rows in one statement: a statement for each would take a minute on Spark."""
    lines = [line for line in ROWS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    expressions = [line.partition(" → ")[0] for line in lines]
    terms = [lower(parse(expression, policy=True), columns) for expression in expressions]
    chosen = projected(terms)
    [row] = engine.rows(columns.statement(chosen))
    found = values(terms, dict(zip(["row", *chosen], row, strict=True)))
    wrong = {
        expression: (value, wanted, engine.dialect.sql(term.sql))
        for expression, term, value in zip(expressions, terms, found, strict=True)
        if not agree(value, wanted := interpreted(expression))
    }
    assert not wrong
    assert len(terms) > 200


@pytest.mark.parametrize(
    "expression",
    [
        "sum(行.事实)",
        "list contains(行.事实, 1)",
        'add months(日, 1, if 真 then "earlier" else "later")',
    ],
)
def test_what_sql_has_no_word_for_is_refused(expression: str) -> None:
    tree = nodes.rebuild(parse(expression, policy=True), _rows)
    with pytest.raises(Unsupported):
        lower(tree, Row(duckdb(), {}, {}))


def _rows(node: nodes.Node) -> nodes.Node:
    return nodes.Rows("hire") if node == nodes.Name("行") else nodes.rebuild(node, _rows)


def duckdb() -> Any:
    from zhida.screen.dialects import DUCKDB

    return DUCKDB


def test_a_chain_of_choices_does_not_grow_faster_than_its_text() -> None:
    def chain(length: int) -> str:
        arms = "".join(f'if 无数 > {n} and 无真 then "{n}" else ' for n in range(length))
        return arms + '"其他"'

    def size(length: int) -> int:
        columns = Row(duckdb(), {}, {})
        term = lower(parse(chain(length), policy=True), columns)
        shared = sum(len(t.sql.sql()) for level in columns.levels for t in level.values())
        return len(term.sql.sql()) + shared

    assert size(40) < 3 * size(20)


def test_what_can_never_be_unknown_needs_no_guard() -> None:
    sure = number(syntax.column("人数"), 0, 0, 10**9, ())

    class Sure(Row):
        def name(self, name: str) -> Term:
            return sure

    tree = parse("if 人数 > 3 then min(人数, 12) else 0", policy=True)
    sql = lower(tree, Sure(duckdb(), {}, {})).sql.sql("duckdb")
    assert sql == 'CASE WHEN "人数" > 3 THEN LEAST("人数", 12) ELSE 0 END'
