"""Deadlines in working days."""

from datetime import date

import pytest

from zhida.service.cases.models import Case
from zhida.service.casework.answers import supply
from zhida.service.casework.clocks import deadline_of_step
from zhida.service.casework.deadlines import Interval, deadline_of, mark_of, soon_from
from zhida.service.casework.services import perform
from zhida.service.law import library

START = date(2022, 9, 29)


def due(days, *pauses, start=START):
    return deadline_of(library().calendar, start, days, pauses)


def test_the_national_day_is_not_counted_and_its_weekend_of_work_is():
    found = due(3)
    assert found.due_on == date(2022, 10, 9)
    assert str(found) == "从 2022-09-29 的第二天起第 3 个工作日是 2022-10-09。"


def test_days_of_supplement_are_taken_out_and_said():
    found = due(3, Interval(date(2022, 9, 29), date(2022, 10, 9), "补正"))
    assert found.due_on == date(2022, 10, 12)
    assert "扣除补正 2022-09-30 至 2022-10-09（3 个工作日）" in str(found)


def test_a_clock_that_stands_still_has_no_end():
    found = due(3, Interval(date(2022, 9, 30), None, "补正"))
    assert (found.due_on, found.is_paused) == (None, True)
    assert "停止计时" in str(found)


def test_two_pauses_are_both_taken_out():
    pauses = (
        Interval(START, date(2022, 9, 30), "补正"),
        Interval(date(2022, 10, 9), date(2022, 10, 10), "公示"),
    )
    assert due(1, *pauses).due_on == date(2022, 10, 8)
    assert due(3, *pauses).due_on == date(2022, 10, 11)


def test_an_answer_on_the_same_day_takes_nothing_out():
    found = due(3, Interval(START, START, "补正"))
    assert found.due_on == date(2022, 10, 9) and "扣除" not in str(found)


def test_past_the_announced_years_nothing_is_guessed():
    found = due(5, start=date(2026, 12, 29))
    assert found.due_on is None and "以通知为准" in str(found)


def test_a_text_without_days_sets_no_deadline():
    assert due(None).due_on is None


@pytest.mark.parametrize(
    ("due_on", "mark"),
    [(date(2022, 10, 9), "overdue"), (date(2022, 10, 10), "soon"), (date(2022, 10, 12), "soon"),
     (date(2022, 10, 13), ""), (None, "")],
)  # fmt: skip
def test_marks(due_on, mark):
    today = date(2022, 10, 10)
    case = Case(state="first-review", due_on=due_on)
    assert mark_of(case, today, soon_from(library().calendar, today)) == mark
    assert mark_of(Case(state="paid", due_on=due_on), today, today) == ""


@pytest.mark.django_db
def test_a_supplement_moves_the_deadline_of_the_step(open_case, officials, applicant, settings):
    they = officials("150202")
    case = open_case("hiring-subsidy", "BT78-019", region="150202")
    step = case.steps.get(number=3)
    step.days = 5
    step.save()
    case = perform(case, "ask for more", they.intake, text="缺合同")
    settings.ZHIDA_TODAY = date(2022, 10, 14)
    case = supply(case, applicant, {})
    assert case.due_on == date(2022, 10, 21)
    found = deadline_of_step(case, case.steps.get(number=3))
    assert "扣除补正 2022-10-11 至 2022-10-14（4 个工作日）" in str(found)


@pytest.mark.django_db
def test_the_days_of_publicity_count_from_its_beginning(open_case, officials, go, settings):
    they = officials("621025")
    case = go(open_case(), ("accept", they.intake), ("pass first review", they.first_review))
    assert case.due_on is None
    settings.ZHIDA_TODAY = date(2022, 10, 12)
    case = perform(case, "publish", they.first_review)
    assert case.due_on == date(2022, 10, 19)
    assert "2022-10-19" in str(deadline_of_step(case, case.steps.get(number=3)))
