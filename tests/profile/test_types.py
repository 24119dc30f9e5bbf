"""Units multiply and divide; types join where one value could be either."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.profile.types import (
    BASE_UNITS,
    RATIO,
    Boolean,
    Choice,
    Date,
    Error,
    List,
    Number,
    RowsOf,
    Set,
    Text,
    Type,
    Unit,
    describe,
    join,
    parse_unit,
)

UNITS = st.lists(st.integers(-2, 2), min_size=8, max_size=8).map(lambda n: Unit(tuple(n)))


@given(UNITS)
def test_a_unit_is_read_as_it_is_written(unit: Unit) -> None:
    assert parse_unit(str(unit)) == unit


@given(UNITS, UNITS)
def test_division_undoes_multiplication(left: Unit, right: Unit) -> None:
    assert left * right / right == left


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        (("元/人", "人"), "元"),
        (("元/人·月", "月", "人"), "元"),
        (("元/人/月", "月"), "元/人"),
        (("元", "比率"), "元"),
        (("", "小时"), "小时"),
        (("1/人", "人"), "比率"),
    ],
)
def test_units_multiply(product: tuple[str, ...], expected: str) -> None:
    unit = RATIO
    for factor in product:
        unit = unit * parse_unit(factor)
    assert unit == parse_unit(expected)


@pytest.mark.parametrize("unit", [*BASE_UNITS, "元/人·月", "元/月", "比率", "1/人", "元·元/人"])
def test_a_unit_prints_as_policies_write_it(unit: str) -> None:
    assert str(parse_unit(unit)) == unit


@pytest.mark.parametrize("unit", ["万元", "元人", "元／人", "元·", "个"])
def test_an_unknown_unit_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="known are 元、人、月"):
        parse_unit(unit)


YUAN, HEADS = Number(parse_unit("元")), Number(parse_unit("人"))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (YUAN, Number(), YUAN),
        (Number(), HEADS, HEADS),
        (YUAN, HEADS, None),
        (Number(RATIO), YUAN, None),
        (Number(RATIO), Number(), Number(RATIO)),
        (Boolean(), Date(), None),
        (Date(), Date(), Date()),
        (Choice(("小型",)), Choice(("微型",)), Choice(("小型", "微型"))),
        (Choice(("小型",)), Text(), Text()),
        (Set(("甲",)), List(Choice(("乙",))), Set(("甲", "乙"))),
        (Set(("甲",)), RowsOf("hire"), None),
        (RowsOf("hire"), RowsOf("hire"), RowsOf("hire")),
        (Error(), YUAN, YUAN),
        (Set(("甲",)), Error(), Set(("甲",))),
    ],
)
def test_types_join(left: Type, right: Type, expected: Type | None) -> None:
    assert join(left, right) == expected


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (YUAN, "a number of 元"),
        (Number(), "a number"),
        (Boolean(), "true or false"),
        (Choice(("大型", "小型")), "one of 大型、小型"),
        (Choice(("大型",)), '"大型"'),
        (List(Text()), "a list of a text"),
        (RowsOf("hire"), "rows of hire"),
        (Date(), "a date"),
    ],
)
def test_a_type_has_words_for_messages(kind: Type, words: str) -> None:
    assert describe(kind) == words
