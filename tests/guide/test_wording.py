"""Values and names in Chinese."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhida.decide.ranges import Interval
from zhida.feel import UNKNOWN
from zhida.guide import wording
from zhida.library import Library
from zhida.library.rule import Opening


@pytest.mark.parametrize(
    ("value", "unit", "kind", "text"),
    [
        (True, "", "", "是"),
        (Decimal("12345.6"), "元", "money", "12,345.6 元"),
        (Decimal("28"), "人", "count", "28 人"),
        (Decimal("12"), "月", "count", "12 个月"),
        (Decimal("0.055"), "", "rate", "5.5%"),
        (Decimal(2) / Decimal(3), "比率", "", "约 66.6667%"),
        (date(2022, 7, 1), "", "date", "2022-07-01"),
        (["甲", "乙"], "", "set", "甲、乙"),
        ([], "", "set", "无"),
        (UNKNOWN, "元", "money", "未知"),
        (None, "", "", "未知"),
    ],
)
def test_values_have_their_units(value: object, unit: str, kind: str, text: str) -> None:
    assert wording.value_text(value, unit, kind) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [("1", "1", "1.00 元"), ("1", "2000", "1.00～2,000.00 元"), ("5", None, "5.00 元以上")],
)
def test_a_span_of_money(low: str, high: str | None, text: str) -> None:
    assert wording.span(Interval(Decimal(low), Decimal(high) if high else None)) == text


def test_a_window_with_open_ends_says_so() -> None:
    first, last = date(2022, 1, 1), date(2022, 12, 31)
    assert wording.window(first, last) == "2022-01-01 至 2022-12-31"
    assert wording.window(first, None) == "2022-01-01 起，没有写截止日"
    assert wording.window(None, last) == "2022-12-31 前"
    assert wording.window(None, None) == "没有写明"


@pytest.mark.parametrize(
    ("status", "on", "text"),
    [
        ("in-force", date(2021, 12, 31), "2022-01-01 开始"),
        ("in-force", date(2022, 6, 1), "开放到 2023-01-31"),
        ("in-force", date(2023, 2, 1), "2023-01-31 已截止"),
        ("deferred", date(2022, 6, 1), "等另外的文件"),
        ("draft", date(2022, 6, 1), "征求意见稿"),
    ],
)
def test_what_an_opening_means_on_a_day(status: str, on: date, text: str) -> None:
    opening = Opening(date(2022, 1, 1), date(2022, 12, 31), status, date(2023, 1, 31))
    assert wording.opening_status(opening, on) == text


def test_places_have_names_and_codes(library: Library) -> None:
    assert wording.region_name(library, "621025") == "正宁县（621025）"
    assert wording.place_name(library, "621025") == "正宁县"
    assert wording.place_name(library, "999999") == "999999"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("employer.layoff_rate_last_year", "上年度裁员率"),
        ("hires.h1.hired_on", "招用 h1 招用日期"),
        ("certificates", "证书名单"),
        ("nothing", "nothing"),
    ],
)
def test_missing_keys_have_names(library: Library, key: str, name: str) -> None:
    assert wording.key_name(library, None, key) == name
