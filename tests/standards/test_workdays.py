"""Working days: deadlines across holidays and year ends, and refusal past the announced years."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.standards import Calendar, CalendarExhausted

day = date.fromisoformat


@pytest.fixture(scope="module")
def calendar(standard: Callable[[str], Any]) -> Calendar:
    years = standard("workdays")["years"]
    return Calendar.from_years({int(year): (lists["off"], lists["worked"]) for year, lists in years.items()})


@pytest.mark.parametrize(
    "start, end",
    [
        ("2022-09-28", "2022-10-10"),
        ("2022-12-28", "2023-01-05"),
        ("2022-01-27", "2022-02-08"),
        ("2023-09-27", "2023-10-10"),
        ("2020-11-30", "2020-12-07"),
        ("2022-04-29", "2022-05-10"),
    ],
)
def test_five_working_days_of_publicity_end_on(calendar: Calendar, start: str, end: str):
    assert calendar.add_workdays(day(start), 5) == day(end)


@pytest.mark.parametrize(
    "year, count",
    [
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ],
)
def test_each_year_has_its_number_of_working_days(calendar: Calendar, year: int, count: int):
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    assert sum(calendar.is_workday(first + timedelta(n)) for n in range(days)) == count


@pytest.mark.parametrize(
    "text, works",
    [
        ("2020-01-31", False),  # the Spring Festival that was prolonged by the epidemic
        ("2022-10-08", True),  # a Saturday worked for the National Day week
        ("2022-10-05", False),
        ("2022-10-15", False),
        ("2022-10-17", True),
    ],
)
def test_holidays_and_worked_weekends_are_told_apart(calendar: Calendar, text: str, works: bool):
    assert calendar.is_workday(day(text)) is works


def test_it_refuses_days_outside_the_announced_years(calendar: Calendar):
    assert not calendar.is_workday(day("2019-01-01"))
    assert calendar.is_workday(day("2026-12-31"))
    for outside in ("2018-12-31", "2027-01-01"):
        with pytest.raises(CalendarExhausted, match="known for 2019 to 2026, not for"):
            calendar.is_workday(day(outside))


def test_it_refuses_to_count_past_the_last_announced_year(calendar: Calendar):
    assert calendar.add_workdays(day("2026-12-30"), 1) == day("2026-12-31")
    with pytest.raises(CalendarExhausted):
        calendar.add_workdays(day("2026-12-30"), 2)


def test_no_days_end_on_the_start_and_negative_counts_are_refused(calendar: Calendar):
    assert calendar.add_workdays(day("2022-10-01"), 0) == day("2022-10-01")
    with pytest.raises(ValueError, match="found -1"):
        calendar.add_workdays(day("2022-10-01"), -1)


@given(
    start=st.dates(date(2019, 1, 1), date(2025, 12, 31)),
    first=st.integers(0, 60),
    then=st.integers(0, 60),
)
def test_counting_in_two_steps_ends_on_the_same_day(calendar: Calendar, start: date, first: int, then: int):
    halfway = calendar.add_workdays(start, first)
    assert calendar.add_workdays(halfway, then) == calendar.add_workdays(start, first + then)


@pytest.mark.parametrize(
    "years, problem",
    [
        ({}, "without a gap"),
        ({2021: ((), ()), 2023: ((), ())}, "without a gap"),
        ({2022: ((day("2021-10-01"),), ())}, "found 2021-10-01 in 2022"),
        ({2022: ((day("2022-10-01"),), ())}, "found 2022-10-01 in 2022"),
        ({2022: ((), (day("2022-10-10"),))}, "found 2022-10-10 in 2022"),
    ],
)
def test_a_table_with_a_gap_or_an_idle_day_is_refused(years: Any, problem: str):
    with pytest.raises(ValueError, match=problem):
        Calendar.from_years(years)
