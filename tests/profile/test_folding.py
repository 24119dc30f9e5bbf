"""Folding computes what figures decide, and changes neither a value nor what is missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.profile.trees import TABLE, Facts, scopes, trees

from zhida.decide.missing import missing
from zhida.feel import POLICY, UNKNOWN, evaluate, nodes
from zhida.feel.nodes import Node
from zhida.feel.parser import parse
from zhida.feel.printer import to_feel
from zhida.library.resolve import substitute
from zhida.profile.folding import fold

KINDS = ("boolean", "number", "date", "text", "texts")
TREES = st.sampled_from(KINDS).flatmap(trees)
FIGURES = {
    "开": nodes.Figure("开", nodes.Literal(True)),
    "关": nodes.Figure("关", nodes.Literal(False)),
    "十": nodes.Figure("十", nodes.Literal(Decimal(10))),
    "未定": nodes.Figure("未定", nodes.Literal(UNKNOWN)),
    "空": nodes.Figure("空", nodes.List(())),
    "类型": nodes.Figure("类型", nodes.List((nodes.Literal("企业"), nodes.Literal("个体")))),
}


def folded(text: str, **options: Any) -> str:
    return to_feel(fold(substitute(parse(text, policy=True), FIGURES), **options))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("开 and 甲", "甲"),
        ("甲 and 开", "甲"),
        ("关 and 甲", "false"),
        ("甲 and 关", "false"),
        ("关 or 甲", "甲"),
        ("开 or 甲", "true"),
        ("甲 and 乙", "甲 and 乙"),
        ("if 开 then 甲 else 乙", "甲"),
        ("if 甲 then 十 + 1 else 乙", "if 甲 then 11 else 乙"),
        ("甲 > 十 * 2 - 1", "甲 > 19"),
        ("甲 > 十", "甲 > 十"),
        ("未定 and 甲", "未定 and 甲"),
        ("未定 > 3 and 关", "false"),
        ("十 + 未定", "十 + 未定"),
        ('list contains(类型, "企业") and 甲', "甲"),
        ('list contains(类型, "机关") or 甲', "甲"),
        ("list contains(空, 甲)", "false"),
        ("count(空) = 0 or 甲", "true"),
        ("count(类型)", "2"),
        ("not(开)", "false"),
        ("十 in [10..20) and 甲", "甲"),
        ("十 between 11 and 20", "false"),
        ("甲 in (十, > 十 + 1)", "甲 in (十, > 11)"),
        ('lookup("表.列", "甲") > 3', 'lookup("表.列", "甲") > 3'),
        ("if 十 = 0 then 0 else 甲 / 十", "甲 / 十"),
        ("if 甲 then (if 开 then 未定 else 1) else 2", "if 甲 then if 开 then 未定 else 1 else 2"),
    ],
)
def test_what_figures_decide_is_computed(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_tables_are_read_where_they_are_at_hand() -> None:
    def lookup(table: str, keys: tuple[Any, ...], day: Any) -> Any:
        return TABLE.get(keys, UNKNOWN)

    assert folded('lookup("表.列", "甲") > 3', lookup=lookup) == "true"
    assert folded('lookup("表.列", "乙") > 3', lookup=lookup) == 'lookup("表.列", "乙") > 3'


def test_a_division_that_is_never_made_is_left_alone() -> None:
    zero = nodes.Figure("零", nodes.Literal(Decimal(0)))
    tree = substitute(parse("if 甲 then 1 / 零 else 2", policy=True), {"零": zero})
    assert to_feel(fold(tree)) == "if 甲 then 1 / 零 else 2"


def test_shared_sub_trees_stay_shared_however_many_ways_lead_to_them() -> None:
    tree: Node = nodes.Fact("employer", "boolean_1")
    for _ in range(60):
        tree = nodes.Binary("and", tree, tree)
    found = fold(nodes.If(nodes.Literal(True), tree, tree))
    assert found is tree


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES, scope=scopes())
def test_a_folded_tree_has_the_same_value_and_waits_for_the_same_facts(tree: Node, scope: Facts) -> None:
    found = fold(tree)
    assert str(evaluate(found, scope, POLICY)) == str(evaluate(tree, scope, POLICY))
    assert missing(found, scope) == missing(tree, scope)  # type: ignore[arg-type]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES)
def test_folding_twice_changes_nothing_more(tree: Node) -> None:
    once = fold(tree)
    assert fold(once) == once
