"""What expressions mean, in both logics."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.feel.language_rows import rows

from zhida.feel import POLICY, STANDARD, UNKNOWN, Names, evaluate, nodes, parse
from zhida.feel.nodes import Node
from zhida.feel.values import same

ROWS = Path(__file__).parent / "rows"
UNKNOWN_FACT = Names({"未知": UNKNOWN})


@rows(ROWS / "standard.feel")
def test_standard(expression: str, value: str) -> None:
    found = evaluate(parse(expression), Names())
    assert same(found, evaluate(parse(value), Names())), found


@rows(ROWS / "policy.feel")
def test_policy(expression: str, value: str) -> None:
    found = evaluate(parse(expression, policy=True), UNKNOWN_FACT, POLICY)
    wanted = evaluate(parse(value, policy=True), UNKNOWN_FACT, POLICY)
    assert found is wanted if wanted is UNKNOWN else same(found, wanted), found


TRUTHS = st.sampled_from([True, False, UNKNOWN])


def truth(expression: str, **names: Any) -> Any:
    return evaluate(parse(expression, policy=True), Names(names), POLICY)


@given(TRUTHS, TRUTHS)
def test_and_and_or_commute(a: Any, b: Any) -> None:
    for op in ("and", "or"):
        assert truth(f"a {op} b", a=a, b=b) is truth(f"b {op} a", a=a, b=b)


@given(TRUTHS, TRUTHS, TRUTHS)
def test_and_and_or_associate_and_distribute(a: Any, b: Any, c: Any) -> None:
    for left, right in (
        ("(a and b) and c", "a and (b and c)"),
        ("(a or b) or c", "a or (b or c)"),
        ("a and (b or c)", "a and b or a and c"),
        ("a or (b and c)", "(a or b) and (a or c)"),
    ):
        assert truth(left, a=a, b=b, c=c) is truth(right, a=a, b=b, c=c)


@given(TRUTHS, TRUTHS)
def test_de_morgan(a: Any, b: Any) -> None:
    assert truth("not(a and b)", a=a, b=b) is truth("not(a) or not(b)", a=a, b=b)
    assert truth("not(not(a))", a=a) is a


@given(TRUTHS, TRUTHS)
def test_learning_a_fact_never_turns_what_was_known(a: Any, b: Any) -> None:
    for op in ("and", "or"):
        known = truth(f"a {op} b", a=a, b=b)
        for learnt in (True, False):
            after = truth(f"a {op} b", a=learnt if a is UNKNOWN else a, b=b)
            assert known is UNKNOWN or after is known


class Row(Names):
    """A row of an entity; it holds its own facts only."""

    def fact(self, entity: str, key: str) -> Any:
        return self[f"{entity}.{key}"]


class Case(Row):
    """Facts, rows and a table as the decider supplies them."""

    def rows(self, entity: str) -> Any:
        return self[entity]

    def lookup(self, table: str, keys: tuple[Any, ...], day: Any) -> Any:
        return table, keys, day


HIRES = (Row({"hire.months": Decimal(12)}), Row({"hire.months": Decimal(3)}))
LONG = nodes.Binary(">=", nodes.Fact("hire", "months"), nodes.Literal(Decimal(12)))
LONG_HIRES = nodes.Filter(nodes.Rows("hire"), LONG)


def call(function: str, argument: Node) -> Node:
    return nodes.Call(nodes.Name(function), (argument,))


@pytest.mark.parametrize(
    ("node", "hires", "value"),
    [
        (call("count", nodes.Rows("hire")), HIRES, Decimal(2)),
        (call("count", LONG_HIRES), HIRES, Decimal(1)),
        (call("count", LONG_HIRES), (), Decimal(0)),
        (call("count", LONG_HIRES), UNKNOWN, UNKNOWN),
        (call("count", LONG_HIRES), (*HIRES, Row({"hire.months": UNKNOWN})), UNKNOWN),
        (call("sum", nodes.Path(nodes.Rows("hire"), "months")), HIRES, Decimal(15)),
        (call("max", nodes.Path(LONG_HIRES, "months")), HIRES, Decimal(12)),
    ],
)
def test_rows_are_filtered_by_their_own_facts(node: Node, hires: Any, value: Any) -> None:
    assert evaluate(node, Case({"hire": hires}), POLICY) == value


def test_a_figure_is_its_value() -> None:
    figure = nodes.Figure("每人标准", nodes.Literal(Decimal(1500)))
    assert evaluate(figure, Case(), POLICY) == 1500


def test_a_lookup_asks_the_scope() -> None:
    one, two = (parse(f'lookup("工资.月", {keys})', policy=True) for keys in ('"a"', '["a", "b"]'))
    assert evaluate(one, Case(), POLICY) == ("工资.月", ("a",), None)
    assert evaluate(two, Case(), POLICY) == ("工资.月", ("a", "b"), None)


def test_policy_raises_where_standard_gives_null() -> None:
    assert evaluate(parse("1 / 0"), Names(), STANDARD) is None
    with pytest.raises(ArithmeticError):
        evaluate(parse("1 / 0"), Names(), POLICY)
    with pytest.raises(LookupError):
        evaluate(parse("无此事实"), Names(), POLICY)


def test_a_guard_is_evaluated_first() -> None:
    assert truth("b != 0 and a / b > 1", a=Decimal(1), b=Decimal(0)) is False


def test_a_trace_sees_every_sub_expression_innermost_first() -> None:
    seen: list[tuple[Node, Any]] = []

    class Recorder:
        def record(self, node: Node, value: Any) -> None:
            seen.append((node, value))

    tree = parse("1 + 2 > 2", policy=True)
    evaluate(tree, Names(), POLICY, Recorder())
    assert [value for _, value in seen] == [1, 2, 3, 2, True]
    assert seen[-1][0] == tree
