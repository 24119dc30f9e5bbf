"""Every operator and function of a policy is declared once in FEEL and has one entry for SQL."""

from __future__ import annotations

from typing import Any

import pytest
from tests.screen.engines import Engine
from tests.screen.wide import Wide, agree, known, load_rows, projected, values

from zhida.feel import POLICY, Names, evaluate, functions, interpreter, nodes, parse
from zhida.profile import checker
from zhida.screen import lowering, operators
from zhida.screen.lowering import lower

STANDARD_ONLY = {"**"}
TESTS = {nodes.Range, nodes.Test}  # part of `in`, which lowers them itself


def test_the_operators_are_those_of_the_interpreter() -> None:
    in_policies = set(functions.OPERATORS) - STANDARD_ONLY
    assert set(operators.OPERATORS) == in_policies
    assert set(checker.COMPARISONS) | set("+-*/") == in_policies


def test_the_functions_are_those_of_the_interpreter_and_of_the_checker() -> None:
    assert set(operators.FUNCTIONS) == set(functions.FUNCTIONS)
    assert set(operators.FUNCTIONS) == set(checker.FUNCTIONS) | {"lookup"}


def test_the_kinds_of_nodes_are_those_of_the_interpreter() -> None:
    assert set(lowering.RULES) | TESTS == set(interpreter.RULES)


def policy_examples() -> list[str]:
    declared = [functions.OPERATORS[symbol] for symbol in operators.OPERATORS]
    examples = [example for found in declared for example in found.examples]
    for name in operators.FUNCTIONS:
        examples += functions.FUNCTIONS[name].examples
    refused = ('@"P1M"', '@"P6M"', '@"P1Y"')  # months have no fixed length: no value in a policy
    return [example for example in examples if not any(part in example for part in refused)]


def test_the_declared_examples_hold_in_sql(engine: Engine) -> None:
    load_rows(engine, {}, [{}])
    columns = Wide(engine.dialect, {}, {})
    pairs = [example.split(" → ") for example in policy_examples()]
    terms = [lower(parse(expression, policy=True), columns) for expression, _ in pairs]
    chosen = projected(terms)
    [row] = engine.rows(columns.statement(chosen))
    found = values(terms, dict(zip(["row", *chosen], row, strict=True)))
    for (expression, value), got in zip(pairs, found, strict=True):
        assert agree(got, interpreted(value)), expression


def interpreted(expression: str) -> Any:
    return known(evaluate(parse(expression, policy=True), Names(), POLICY))


@pytest.mark.parametrize("name", sorted(operators.FUNCTIONS))
def test_every_function_has_rows_in_the_table_of_values(name: str) -> None:
    from tests.screen.test_lowering import ROWS

    assert name == "lookup" or f"{name}(" in ROWS.read_text(encoding="utf-8")
