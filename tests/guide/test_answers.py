"""What people type, understood or explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zhida.guide.answers import NotUnderstood, answer_input, answer_text, parse_answer, parse_count
from zhida.library.model import FactDef

ON = date(2022, 10, 1)


def fact(kind: Any, **more: Any) -> FactDef:
    return FactDef(key="x", name="某", type=kind, question="？", source="某局", **more)


@pytest.mark.parametrize(
    ("wanted", "answer", "value"),
    [
        (fact("boolean"), "1", True),
        (fact("boolean"), "否", False),
        (fact("boolean"), "Y", True),
        (fact("choice", values=("大型", "小型")), "2", "小型"),
        (fact("choice", values=("大型", "小型")), "大型", "大型"),
        (fact("set", values=("甲", "乙", "丙")), "1、3", ["甲", "丙"]),
        (fact("set", values=("甲", "乙", "丙")), "３ 乙", ["丙", "乙"]),
        (fact("set", values=("甲", "乙")), "0", []),
        (fact("count", unit="人"), "２８人", Decimal(28)),
        (fact("money", unit="元"), "12,345.67 元", Decimal("12345.67")),
        (fact("rate"), "5.5%", Decimal("0.055")),
        (fact("date"), "2022年7月1日", date(2022, 7, 1)),
        (fact("date"), "2022/7/1", date(2022, 7, 1)),
    ],
)
def test_answers_are_understood(wanted: FactDef, answer: str, value: object) -> None:
    assert parse_answer(wanted, answer, ON) == value


@pytest.mark.parametrize(
    ("wanted", "answer", "reason"),
    [
        (fact("boolean"), "也许", "请填 1（是）或 2（否）"),
        (fact("choice", values=("大型", "小型")), "3", "请填选项前的数字"),
        (fact("choice", values=("大型", "小型")), "0", "请填选项前的数字"),
        (fact("set", values=("甲", "乙")), "1 9", "请填选项前的数字，几个之间用空格隔开，都不是填 0"),
        (fact("count"), "2.5", "请填整数"),
        (fact("count"), "-1", "不能小于零"),
        (fact("count"), "很多", "请填数字"),
        (fact("rate"), "10", "请填百分数（如 10%）或 0 到 1 之间的小数"),
        (fact("date"), "2022-02-30", "没有这一天，请填年月日，如 2022-10-01"),
        (fact("region"), "正宁", "请填六位行政区划代码，如 621025"),
    ],
)
def test_what_is_not_understood_is_explained(wanted: FactDef, answer: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        parse_answer(wanted, answer, ON)
    assert str(caught.value) == reason


@pytest.mark.parametrize(("answer", "number"), [("0", 0), ("没有", 0), ("３", 3), ("99", 99)])
def test_a_number_of_rows(answer: str, number: int) -> None:
    assert parse_count(answer) == number


@pytest.mark.parametrize("answer", ["-1", "100", "two", "2.0", "99999999999"])
def test_a_number_of_rows_has_bounds(answer: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_count(answer)


@pytest.mark.parametrize(
    ("told", "value", "text"),
    [
        (fact("boolean"), False, "否"),
        (fact("set", values=("甲", "乙", "丙")), ["甲", "丙"], "甲、丙"),
        (fact("set", values=("甲", "乙")), [], "无"),
        (fact("count", unit="人"), Decimal(28), "28 人"),
        (fact("money", unit="元"), Decimal("12345.67"), "12,345.67 元"),
        (fact("rate"), Decimal("0.055"), "5.5%"),
        (fact("date"), date(2022, 7, 1), "2022-07-01"),
    ],
)
def test_a_value_is_read_back_and_can_be_typed_again(told: FactDef, value: object, text: str) -> None:
    assert answer_text(told, value) == text
    assert parse_answer(told, answer_input(told, value), ON) == value


def test_what_is_not_known_is_read_back_so() -> None:
    assert (answer_text(fact("count"), None), answer_input(fact("count"), None)) == ("不知道", "")
