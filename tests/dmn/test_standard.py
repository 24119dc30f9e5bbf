"""Loops and quantifiers keep the third truth value in the policy logic too; and they end."""

from __future__ import annotations

from typing import Any

import pytest

from zhida.dmn.standard import Exhausted, evaluate, extended
from zhida.feel import POLICY, UNKNOWN, Names, parse

WITH_LOOPS = extended(POLICY)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("some x in [1, 未知] satisfies x = 1", True),
        ("some x in [2, 未知] satisfies x = 1", UNKNOWN),
        ("every x in [1, 未知] satisfies x = 1", UNKNOWN),
        ("every x in [2, 未知] satisfies x = 1", False),
        ("some x in 未知 satisfies x = 1", UNKNOWN),
        ("every x in [] satisfies 未知", True),
        ("for x in 未知 return x", UNKNOWN),
        ("count([1, 2][未知])", UNKNOWN),
    ],
)
def test_an_unknown_item_decides_nothing(expression: str, value: Any) -> None:
    assert evaluate(parse(expression, policy=True), Names({"未知": UNKNOWN}), WITH_LOOPS) is value


@pytest.mark.parametrize(
    "expression",
    ["for i in 1..100000000 return i", "for i in 1..3000, j in 1..3000 return 1",
     "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), g: f(60)}.g"],
)  # fmt: skip
def test_what_takes_too_long_is_stopped(expression: str) -> None:
    with pytest.raises(Exhausted):
        evaluate(parse(expression), Names())
