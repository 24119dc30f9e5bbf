"""Opening cases, their office, their numbers and their progress."""

import re

import pytest

from zhida.service.accounts.models import Agency, Office
from zhida.service.cases.models import Case, Move, Package
from zhida.service.cases.numbers import package_number, tidy
from zhida.service.cases.progress import case_progress
from zhida.service.cases.selectors import packages_of
from zhida.service.cases.services import withdraw
from zhida.service.cases.states import NotPossible

pytestmark = pytest.mark.django_db


def test_numbers_can_be_read_and_not_be_counted_through(case):
    assert re.fullmatch(r"621025-221010-[2-9A-HJ-NP-Z]{8}-01", case.number)
    numbers = {package_number("621025", case.on) for _ in range(100)}
    assert len(numbers) == 100


@pytest.mark.parametrize(
    "text", ["621025-221010-k7mq2xrd", " 621025 221010 K7MQ2XRD", "６２１０２５221010K7MQ2XRD"]
)
def test_a_number_is_read_as_people_type_it(text):
    assert tidy(text) == "621025-221010-K7MQ2XRD"


def test_what_is_no_number_is_none():
    assert tidy("621025-221010-K7MQ0XRD") == tidy("") == ""


def test_the_registered_office_has_the_case(open_case):
    wrong = Agency.objects.create(name="正宁县人社局", region="621025", phone="0934-1")
    Office.objects.create(agency=wrong, name="基数核定股", phone="0934-2")
    agency = Agency.objects.create(name="正宁县社会保险事业局", region="621025", phone="0934-3")
    office = Office.objects.create(agency=agency, name="基数核定股", phone="0934-4")
    case = open_case()
    assert case.office == office
    assert (case.office_name, case.phone) == ("正宁县社会保险事业局基数核定股", "0934-4")


def test_without_one_the_document_says_whom_to_call(case):
    assert case.office is None
    assert (case.office_name, case.phone) == ("县社保局基数核定股", "0934-6121329")


def test_facts_and_trace_are_sealed_in_the_database(case):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT facts, decision FROM cases_case")
        assert not any("H62" in column for column in cursor.fetchone())


def test_progress_says_what_to_do_and_until_when(open_case):
    shown = case_progress(open_case("hiring-subsidy", region="150202"))
    assert [step.standing for step in shown.steps][:3] == ["done", "done", "current"]
    assert shown.to_do
    publicity = next(step for step in shown.steps if "公示" in step.action)
    assert publicity.deadline == "上一步办完后 5 个工作日内"
    assert "调休" in publicity.counting


def test_a_deadline_is_said_with_how_it_was_counted(open_case):
    case = open_case()
    step = case.steps.get(number=2)
    step.days, step.due_on = 5, "2022-10-17"
    step.save()
    shown = case_progress(Case.objects.get())
    assert shown.steps[1].deadline == "不晚于 2022-10-17（5 个工作日）"
    assert shown.steps[1].counting.startswith("从 2022-10-10 的第二天起数")


def test_the_applicants_own_step_is_said(case):
    case.steps.filter(number=1).update(ended_on=None)
    assert case_progress(Case.objects.get()).to_do.startswith("轮到您")


def test_a_withdrawn_case_is_closed_and_drops_its_steps(case, applicant):
    withdraw(applicant, case, "重复提交")
    again = Case.objects.get()
    assert again.closed_at is not None
    assert [m.to_state for m in Move.objects.all()] == ["submitted", "withdrawn"]
    assert case_progress(again).steps[1].standing == "dropped"
    with pytest.raises(NotPossible):
        withdraw(applicant, again)


def test_only_its_applicant_withdraws_a_case(case, other_applicant):
    with pytest.raises(Case.DoesNotExist):
        withdraw(other_applicant, case)


def test_the_list_reads_no_facts_and_no_trace(case, applicant):
    (package,) = packages_of(applicant)
    assert {"facts", "decision"} <= package.cases.all()[0].get_deferred_fields()


def test_what_an_office_began_needs_no_submitter(case):
    Package.objects.create(
        number="x",
        origin="proactive",
        applicant_name="a",
        applicant_number="b",
        applicant_hash="c",
        region="621025",
        on=case.on,
        submitted_at=case.opened_at,
        key="k",
    )
