"""What is printed parses to the same tree, with no parenthesis to spare."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.feel import nodes
from zhida.feel.nodes import Node
from zhida.feel.parser import parse
from zhida.feel.printer import to_feel
from zhida.temporal import YearsMonths

ROWS = [
    ("(a)+((b*c))", "a + b * c"),
    ("(a + b) * c", "(a + b) * c"),
    ("a - (b - c) - d", "a - (b - c) - d"),
    ("a and (b or c)", "a and (b or c)"),
    ("(a and b) or c", "a and b or c"),
    ("a = (b > c)", "a = (b > c)"),
    ("-(a + b)", "-(a + b)"),
    ("-a ** 2", "-a ** 2"),
    ("2 ** -a", "2 ** -a"),
    ("(-a).b", "(-a).b"),
    ("x in (<5, [1..3), y)", "x in (< 5, [1..3), y)"),
    ("x in < 5", "x in (< 5)"),
    ("x in (y)", "x in y"),
    ("x in ]1..3[", "x in (1..3)"),
    ("x in ((y and z))", "x in (y and z)"),
    ("x between (a) and b + 1 and c", "x between a and b + 1 and c"),
    ("if a then b else c + 1", "if a then b else c + 1"),
    ("(if a then b else c) + 1", "(if a then b else c) + 1"),
    ("单位.企业规模 ≠ “小型”".replace("“", '"').replace("”", '"'), '单位.企业规模 != "小型"'),
    ("5.5%", "0.055"),
    ("1.50", "1.5"),
    ("1e3", "1000"),
    (r'"a\"b\\d\n"', r'"a\"b\\d\n"'),
    ('@"2022-01-31" - @"P1D"', '@"2022-01-31" - @"P1D"'),
    ("round half up ( x,2 )", "round half up(x, 2)"),
    ("招用名单[招用.合同月数>=12].合同月数", "招用名单[招用.合同月数 >= 12].合同月数"),
    ("{a: 1}.a", '{"a": 1}.a'),
    ("some x in xs satisfies x > 1", "some x in xs satisfies x > 1"),
    ("for x in 1..3, y in ys return x", "for x in 1..3, y in ys return x"),
    ("(function(x: number, y) x)(1, 2)", "(function(x: number, y) x)(1, 2)"),
    ("(x instance of number) and y", "(x instance of number) and y"),
    ("f(a: 1, b: 2)", "f(a: 1, b: 2)"),
]


@pytest.mark.parametrize(("text", "canonical"), ROWS, ids=[row[0] for row in ROWS])
def test_it_prints_canonically(text: str, canonical: str) -> None:
    tree = parse(text, policy=True)
    assert to_feel(tree) == canonical
    assert parse(canonical, policy=True) == tree


def test_what_the_checker_resolved_prints_as_it_was_written() -> None:
    full_time = nodes.Fact("hire", "full_time", "招用.全日制")
    rows = nodes.Filter(nodes.Rows("hire", "招用名单"), full_time)
    least = nodes.Figure("最少人数", nodes.Literal(Decimal(3)))
    count = nodes.Call(nodes.Name("count"), (rows,))
    assert to_feel(nodes.Binary(">=", count, least)) == "count(招用名单[招用.全日制]) >= 最少人数"
    assert to_feel(nodes.Fact("hire", "full_time")) == "hire.full_time"


def test_an_unknown_node_raises() -> None:
    with pytest.raises(TypeError, match="cannot print Node"):
        to_feel(Node())


NAMES = st.sampled_from(["a", "b", "单位", "最短合同月数", "x1"])
NUMBERS = st.decimals(0, 10**9, places=4)
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
DURATIONS = st.integers(-400, 400).map(lambda days: timedelta(days=days))
MONTHS = st.integers(-30, 30).map(YearsMonths)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LITERALS = st.one_of(NUMBERS, TEXTS, st.booleans(), DATES, DURATIONS, MONTHS).map(nodes.Literal)
COMPARISONS = ["=", "!=", "<", "<=", ">", ">="]


def tuples(strategy: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(strategy, min_size=1, max_size=3).map(tuple)


def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    operators = st.sampled_from(["and", "or", "+", "-", "*", "/", "**", *COMPARISONS])
    ranges = st.builds(nodes.Range, inner, inner, st.booleans(), st.booleans())
    tests = st.builds(nodes.Test, st.sampled_from(COMPARISONS), inner)
    iterators = st.builds(nodes.Iterator, NAMES, inner, st.none() | inner).map(lambda i: (i,))
    entries = st.dictionaries(TEXTS, inner, max_size=2).map(lambda d: tuple(d.items()))
    functions = st.one_of(NAMES, st.sampled_from(["not", "add months"])).map(nodes.Name)
    return st.one_of(
        st.builds(nodes.Binary, operators, inner, inner),
        st.builds(nodes.Negate, inner),
        st.builds(nodes.Path, inner, NAMES),
        st.builds(nodes.Filter, inner, inner),
        st.builds(nodes.Between, inner, inner, inner),
        st.builds(nodes.In, inner, tuples(st.one_of(inner, ranges, tests))),
        st.builds(nodes.List, tuples(inner)),
        st.builds(nodes.If, inner, inner, inner),
        st.builds(nodes.Call, functions, tuples(inner)),
        st.builds(nodes.For, iterators, inner),
        st.builds(nodes.Quantified, st.sampled_from(["some", "every"]), iterators, inner),
        st.builds(nodes.InstanceOf, inner, st.sampled_from(["number", "list<string>"])),
        st.builds(nodes.Context, entries),
        st.builds(nodes.Function, st.just((("x", "number"), ("y", ""))), inner),
    )


@given(st.recursive(st.one_of(NAMES.map(nodes.Name), LITERALS), larger, max_leaves=12))
def test_printing_and_parsing_give_the_tree_back(tree: Node) -> None:
    assert parse(to_feel(tree), policy=True) == tree
