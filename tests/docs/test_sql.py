"""The examples of the page about SQL are what lowering writes."""

from __future__ import annotations

import pytest

from tests.docs.markdown import DOCS, Example, examples
from tests.screen.wide import Wide
from zhida.feel import parse
from zhida.screen import operators, syntax
from zhida.screen.dialects import DUCKDB
from zhida.screen.lowering import lower
from zhida.screen.terms import COUNT_LIMITS, MOST_COUNTED, Kind, Term, number

PAGE = DOCS / "sql.md"
COUNTS = ("人数", "上年初人数", "月数")
KINDS = {"学历": Kind.TEXT, "人员类别": Kind.TEXTS, "亏损": Kind.BOOLEAN, "毕业日期": Kind.DATE}


class Facts(Wide):
    """The columns that the examples name."""

    def name(self, name: str) -> Term:
        sql = syntax.column(name)
        if name in COUNTS:
            return number(sql, 0, 0, COUNT_LIMITS["月"] if name == "月数" else MOST_COUNTED)
        return number(sql, 2, 0, 10**17 - 1, None, 18) if name == "金额" else Term(sql, KINDS[name])


@pytest.mark.parametrize("example", examples(PAGE, "feel-sql"), ids=str)
def test_an_example_is_lowered_as_shown(example: Example) -> None:
    term = lower(parse(example.expression, policy=True), Facts(DUCKDB, {}, {}))
    assert DUCKDB.sql(term.sql) == example.value


def test_every_bound_of_a_count_is_told() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"{most:,} {unit}" in text for unit, most in COUNT_LIMITS.items())


@pytest.mark.parametrize("operator", sorted({*operators.OPERATORS, "min", "max", "sum", "list contains"}))
def test_every_operator_is_on_the_page(operator: str) -> None:
    assert operator in PAGE.read_text(encoding="utf-8")
