"""Steps planned from the provision's own procedure."""

from datetime import date

import pytest

from zhida.library.procedure import Procedure, Step
from zhida.service.cases.planning import deadline, plan
from zhida.service.law import library

ON = date(2022, 9, 28)


def procedure(*steps, mode="申请", publicity_days=5):
    made = tuple(Step(**step) for step in steps)
    return Procedure(mode=mode, steps=made, publicity_days=publicity_days)


APPLY = {"actor": "企业", "action": "提交材料", "tasks": ("apply",)}
REVIEW = {"actor": "县人社局", "action": "审批", "days": 5, "tasks": ("review",)}
PUBLISH = {"actor": "县人社局", "action": "公示", "tasks": ("publicity",)}
PAY = {"actor": "县财政局", "action": "拨付", "tasks": ("pay",)}
REPAY = {"actor": "个人", "action": "在截止日前补缴", "tasks": ("repay",)}


def planned(*steps, **more):
    return plan(procedure(*steps, **more), ON, library().calendar)


def test_deadlines_are_in_working_days_over_a_holiday():
    apply, review, publish, pay = planned(APPLY, REVIEW, PUBLISH, PAY)
    assert (apply.done, review.done) == (True, False)
    assert review.due_on == date(2022, 10, 10)
    assert publish.due_on == date(2022, 10, 17)
    assert pay.due_on is None


def test_after_a_step_without_a_deadline_none_is_guessed():
    *_, publish = planned(APPLY, PAY, PUBLISH)
    assert (publish.publicity_days, publish.due_on) == (5, None)


def test_what_comes_before_applying_is_done_with_it():
    first, second, third = planned(PAY, APPLY, PAY)
    assert (first.done, second.done, third.done) == (True, True, False)
    assert third.started_on == ON


def test_what_an_applicant_does_later_is_not_done():
    _, review, own = planned(APPLY, REVIEW, REPAY)
    assert (review.done, own.done, own.by_applicant) == (False, False, True)


def test_what_is_granted_without_application_begins_at_the_office():
    first, _, own, _ = planned(REVIEW, PUBLISH, APPLY, PAY, mode="免申即享")
    assert (first.done, first.started_on, own.done) == (False, ON, False)


def test_a_text_without_procedure_plans_nothing():
    assert plan(None, ON, library().calendar) == []


@pytest.mark.parametrize("days", [None, 0])
def test_no_days_no_deadline(days):
    assert deadline(library().calendar, ON, days) is None


def test_past_the_calendar_nothing_is_guessed():
    assert deadline(library().calendar, date(2026, 12, 30), 5) is None
    assert deadline(None, ON, 5) is None
