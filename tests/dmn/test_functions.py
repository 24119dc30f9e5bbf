"""Every built-in function of DMN holds what its examples say, and more rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.feel.language_rows import rows

from zhida.dmn.functions import FUNCTIONS_OF_DMN
from zhida.dmn.reader import PROPERTIES
from zhida.dmn.standard import evaluate
from zhida.feel import Names, parse
from zhida.feel.functions import FUNCTIONS
from zhida.feel.values import same

ROWS = Path(__file__).parent / "rows"
NAMES = (*FUNCTIONS_OF_DMN, *PROPERTIES)
EXAMPLES = [example for function in FUNCTIONS_OF_DMN.values() for example in function.examples]


def check(expression: str, value: str) -> None:
    scope = Names(FUNCTIONS_OF_DMN)
    found, wanted = (evaluate(parse(text, names=NAMES), scope) for text in (expression, value))
    assert same(found, wanted), found


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_true(example: str) -> None:
    check(*example.split(" → "))


@rows(ROWS / "functions.feel")
def test_functions(expression: str, value: str) -> None:
    check(expression, value)


@rows(ROWS / "constructs.feel")
def test_constructs(expression: str, value: str) -> None:
    check(expression, value)


def test_no_function_is_declared_twice() -> None:
    assert not FUNCTIONS.keys() & FUNCTIONS_OF_DMN.keys()
    assert all(function.doc.endswith(".") for function in FUNCTIONS_OF_DMN.values())
