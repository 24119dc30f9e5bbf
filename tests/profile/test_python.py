"""Generated Python gives what the interpreter gives, unknown included."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.profile.trees import FACTS, Facts, call, scopes, trees

from zhida.feel import POLICY, UNKNOWN, evaluate, nodes
from zhida.feel.nodes import Node
from zhida.profile.folding import fold
from zhida.profile.python import HELPERS, Value, Writer

KINDS = {"boolean": "boolean", "number": "number", "date": "date", "text": "text", "texts": "list"}
TREES = st.sampled_from(tuple(KINDS)).flatmap(trees)
A, B, C = (nodes.Fact("employer", key) for key in ("boolean_1", "boolean_2", "number_1"))


class Loads:
    def name(self, fact: nodes.Fact) -> str:
        return f"{fact.entity}_{fact.key}"

    def load(self, writer: Writer, fact: nodes.Fact, name: str) -> Value:
        writer.write(f"{name} = fact({fact.entity!r}, {fact.key!r})")
        return Value(name, KINDS[FACTS[fact.entity, fact.key]], True)

    def interpret(self, tree: str) -> str:
        return f"interpret({tree})"


def source(tree: Node) -> tuple[str, dict[str, Any]]:
    writer = Writer(Loads(), lambda column: "number")
    result = writer.value(fold(tree))
    body = "\n".join([*writer.lines, f"    return {result.text}"])
    return f"def value(fact, lookup, interpret, on):\n{body}\n", writer.constants


def computed(tree: Node, scope: Facts) -> Any:
    def known(value: Any) -> Any:
        return None if value is UNKNOWN else value

    text, constants = source(tree)
    space = {**HELPERS, **constants}
    exec(text, space)
    return space["value"](
        lambda *path: known(scope.fact(*path)),
        lambda *asked: known(scope.lookup(*asked, None)),
        lambda node: known(evaluate(node, scope, POLICY)),
        scope.name("办理日期"),
    )


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES, scope=scopes())
def test_generated_python_gives_what_the_interpreter_gives(tree: Node, scope: Facts) -> None:
    expected = evaluate(tree, scope, POLICY)
    found = computed(tree, scope)
    assert repr(found) == repr(None if expected is UNKNOWN else expected), source(tree)[0]


@pytest.mark.parametrize("left", [True, False, UNKNOWN])
@pytest.mark.parametrize("right", [True, False, UNKNOWN])
@pytest.mark.parametrize("op", ["and", "or"])
def test_junctions_are_kleenes(op: str, left: Any, right: Any) -> None:
    tree = nodes.Binary(op, A, nodes.Binary("=", B, nodes.Literal(True)))
    scope = Facts({("employer", "boolean_1"): left, ("employer", "boolean_2"): right})
    expected = evaluate(tree, scope, POLICY)
    assert computed(tree, scope) is (None if expected is UNKNOWN else expected)


def test_a_step_is_computed_once_while_it_stays_in_reach() -> None:
    key = call("lookup", nodes.Literal("表.列"), nodes.Fact("employer", "text_1"))
    tree = nodes.Binary("+", key, nodes.Binary("*", key, key))
    assert source(tree)[0].count("lookup(") == 1


def test_sources_are_readable() -> None:
    figure = nodes.Figure("上限", nodes.Literal(Decimal("0.20")), type("Source", (), {"key": "layoff_cap"}))
    tree = nodes.Binary("and", A, nodes.Binary("<=", C, figure))
    assert source(tree) == (
        "def value(fact, lookup, interpret, on):\n"
        "    employer_boolean_1 = fact('employer', 'boolean_1')\n"
        "    step_2 = employer_boolean_1\n"
        "    if step_2 is not False:\n"
        "        employer_number_1 = fact('employer', 'number_1')\n"
        "        step_1 = None if employer_number_1 is None else employer_number_1 <= LAYOFF_CAP\n"
        "        if step_2 is True or step_1 is False:\n"
        "            step_2 = step_1\n"
        "    return step_2\n",
        {"LAYOFF_CAP": Decimal("0.20")},
    )
