"""Forms that only the interpreter could compute are refused; every policy is inside the fragment."""

from __future__ import annotations

import pytest

from zhida.feel import nodes, parse
from zhida.feel.nodes import Node
from zhida.library import Library
from zhida.library.compile import Compiler
from zhida.library.yaml_source import YamlSource
from zhida.profile.fragment import unsupported
from zhida.profile.names import Names
from zhida.profile.types import Date

HIRES = nodes.Name("招用名单")


def tree(text: str) -> Node:
    return _rows(parse(text, policy=True))


def _rows(node: Node) -> Node:
    return nodes.Rows("hire") if node == HIRES else nodes.rebuild(node, _rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("count(招用名单[甲][乙])", "rows are filtered once"),
        ("sum(招用名单.months)", "the facts of rows are not gathered"),
        ("has any(招用名单[甲].kinds, 乙)", "the facts of rows are not gathered"),
        ('add months(甲, 1, if 乙 then "earlier" else "later")', "the direction of add months is computed"),
        ('lookup("表.列", if 甲 then "乙" else "丙")', "a key of lookup is computed"),
        ('lookup("表.列", ["甲", 乙.year], 办理日期)', "a key of lookup is computed"),
        ('lookup("表.列", 甲, @"2022-01-01")', "lookup reads a table on another day"),
    ],
)
def test_what_sql_has_no_word_for_is_told_with_what_to_write(text: str, message: str) -> None:
    [problem] = unsupported(tree(text))
    assert (problem.code, problem.message) == ("not-in-fragment", message)
    assert problem.hint


@pytest.mark.parametrize(
    "text",
    [
        "count(招用名单[甲 and 乙]) > count(招用名单)",
        'add months(甲, 乙, "later")',
        'lookup("表.列", [划型办法, 甲], 办理日期)',
        'lookup("表.列", "乙")',
    ],
)
def test_the_usual_forms_are_not(text: str) -> None:
    assert not list(unsupported(tree(text)))


def test_every_policy_is_inside_the_fragment(library: Library) -> None:
    trees = [node for measure in library.measures.values() for node in measure.nodes.values()]
    trees += [derivation.formula for derivation in library.derivations.values()]
    assert len(trees) > 300
    assert not [problem for node in trees for problem in unsupported(node)]


def test_the_loader_refuses_it() -> None:
    names = Names(variables={"甲": Date()})
    compiler = Compiler(YamlSource("测试.yaml", ""), names)
    text = 'add months(甲, 1, if 甲 = 甲 then "earlier" else "later")'
    assert compiler.expression(text, ("when",)) is None
    assert [found.code for found in compiler.diagnostics] == ["feel/not-in-fragment"]
