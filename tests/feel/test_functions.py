"""Every declaration holds what its examples say."""

from __future__ import annotations

import pytest

from zhida.feel import POLICY, STANDARD, Names, evaluate, parse
from zhida.feel.functions import FUNCTIONS, OPERATORS
from zhida.feel.values import same

DECLARED = (*OPERATORS.values(), *FUNCTIONS.values())
EXAMPLES = [example for declared in DECLARED for example in declared.examples]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_true_in_both_logics(example: str) -> None:
    expression, value = example.split(" → ")
    for logic in (STANDARD, POLICY):
        found, wanted = (evaluate(parse(text), Names(), logic) for text in (expression, value))
        assert same(found, wanted), found


def test_everything_is_documented_and_has_an_example() -> None:
    assert all(declared.doc.endswith(".") for declared in DECLARED)
    without = {declared for declared in DECLARED if not declared.examples}
    assert {declared.name for declared in without} == {"lookup"}  # it needs a table


def test_what_is_not_feel_is_marked() -> None:
    ours = {name for name, function in FUNCTIONS.items() if function.policy_only}
    assert ours == {"has any", "add months", "full years", "full months", "lookup"}
