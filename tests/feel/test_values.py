"""Reading, writing, equality and order of values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.feel.values import UNKNOWN, equal, format_value, kind, same, sort_keys
from zhida.temporal import FarDate, YearsMonths, date_of, day_number, parse_temporal, shift_months

TEMPORAL = [
    "2022-01-31", "-2022-01-31", "99999-12-31", "10:30:00", "10:30:00.123456789", "10:30:00Z",
    "10:30:00+02:00", "10:30:00-05:30", "10:30:00+02:45:55", "10:30:00@Europe/Paris",
    "2022-01-31T10:30:00", "2022-01-31T10:30:00Z", "-99999-12-31T23:59:59.5@Etc/UTC",
    "P1Y", "P1Y2M", "-P3M", "P0M", "P1D", "PT1H", "P1DT2H3M4.5S", "-PT0.001S", "PT0S",
]  # fmt: skip


@pytest.mark.parametrize("text", TEMPORAL)
def test_what_is_read_is_written_the_same(text: str) -> None:
    assert format_value(parse_temporal(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "2022-1-31", "2022-13-01", "2022-02-30", "+2022-01-01", "02022-01-01", "2022-01-01T", "25:00:00",
     "24:00:01", "10:60:00", "10:30", "10:30:00+19:00", "10:30:00+02:00@Europe/Paris", "10:30:00@No/Where",
     "P", "PT", "P1", "P1Y1D", "P1DT", "1Y"],
)  # fmt: skip
def test_what_is_no_date_time_or_duration_is_refused(text: str) -> None:
    with pytest.raises((ValueError, LookupError)):
        parse_temporal(text)


def test_equivalent_texts_are_written_canonically() -> None:
    rows = {"P12M": "P1Y", "PT24H": "P1D", "10:30:00-00:00": "10:30:00Z", "24:00:00": "00:00:00"}
    assert {text: format_value(parse_temporal(text)) for text in rows} == rows


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("1.50"), "1.5"), (Decimal("1E+3"), "1000"), (Decimal("-0.0"), "0"), (True, "true"),
     (None, "null"), ("文", "文"), (UNKNOWN, "unknown")],
)  # fmt: skip
def test_values_are_written_plainly(value: object, text: str) -> None:
    assert format_value(value) == text


def test_null_equals_only_null() -> None:
    assert equal(None, None)
    assert not equal(None, Decimal(0))
    assert not equal(UNKNOWN, None)


def test_different_types_have_no_equality_and_no_order() -> None:
    with pytest.raises(TypeError):
        equal(Decimal(1), "1")
    with pytest.raises(TypeError):
        sort_keys(Decimal(1), "1")
    with pytest.raises(TypeError):
        sort_keys(True, False)
    assert not same([Decimal(1)], ["1"])


def test_unknown_is_no_truth() -> None:
    assert repr(UNKNOWN) == "UNKNOWN"
    assert kind(UNKNOWN) == "unknown"
    with pytest.raises(TypeError):
        bool(UNKNOWN)


@given(st.integers(-400_000_000, 400_000_000))
def test_days_are_counted_without_gaps_in_all_years(number: int) -> None:
    assert day_number(date_of(number)) == number


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-600, 600))
def test_months_later_is_the_same_or_the_next_day(day: date, months: int) -> None:
    earlier, later = shift_months(day, months), shift_months(day, months, later=True)
    assert later - earlier in (timedelta(0), timedelta(days=1))
    assert earlier.day == day.day or later.day == 1


def test_far_years_follow_the_same_calendar() -> None:
    assert shift_months(FarDate(-1, 2, 28), 12) == FarDate(0, 2, 28)
    assert day_number(date(1, 1, 1)) - day_number(FarDate(0, 12, 31)) == 1
    assert YearsMonths(1) < YearsMonths(2)
