"""Submitting a draft."""

from decimal import Decimal

import pytest

from zhida.service.applications import drafts
from zhida.service.applications.review import review_of
from zhida.service.applications.services import Changed, KeyUsed, NotReady, submit
from zhida.service.audit.models import Entry
from zhida.service.cases.models import Case, Package
from zhida.service.law import library
from zhida.service.registry.models import Person, Record
from zhida.service.secrecy.sealing import keyed_hash

pytestmark = pytest.mark.django_db


def submitted(draft, user, key="k1"):
    return submit(draft, user, review_of(draft).commitment, key)


def test_one_package_with_a_case_for_each_provision(start, applicant):
    draft, _ = start(applicant)
    package = submitted(draft, applicant)
    cases = list(package.cases.all())
    assert [case.number for case in cases] == [f"{package.number}-{n:02}" for n in range(1, len(cases) + 1)]
    assert {case.measure for case in cases} == {"job-retention-refund", "hiring-expansion"}
    assert {case.state for case in cases} == {"submitted"}
    assert [case.amount for case in cases if case.measure == "hiring-expansion"] == [Decimal("1500.00")]


def test_what_pays_less_than_its_rival_is_not_submitted_and_says_why(start, applicant):
    draft, _ = start(applicant)
    (left,) = review_of(draft).left_out
    assert left.decision.rule.measure == "hiring-subsidy"
    assert left.because
    package = submitted(draft, applicant)
    assert not package.cases.filter(measure="hiring-subsidy").exists()
    assert package.combination["given_up"][0]["measure"] == "hiring-subsidy"


def test_a_case_pins_the_law_the_facts_and_the_whole_trace(start, applicant):
    draft, _ = start(applicant)
    case = submitted(draft, applicant).cases.get(measure="job-retention-refund")
    assert case.library == library().hash
    assert case.facts["employer"]["insured_last_year_end"] == "10"
    assert case.decision["verdict"] == case.verdict == "eligible"
    assert {c["id"] for c in case.decision["conditions"]} >= {"layoff-rate"}


def test_people_are_named_by_a_hash_in_the_facts_and_by_name_beside_them(start, applicant):
    draft, _ = start(applicant)
    package = submitted(draft, applicant)
    number = draft.rows["hires.h1"]["number"]
    assert package.rows["hires.h1"] == {"name": "张三", "number": number, "hash": keyed_hash(number)}
    facts = package.cases.first().facts
    assert facts["hires"][0]["person"]["id"] == keyed_hash(number)
    assert number not in str(facts)


def test_former_grants_of_the_same_person_are_counted(start, applicant):
    draft, _ = start(applicant)
    number = draft.rows["hires.h1"]["number"]
    person = Person.objects.create(number=number, number_hash=keyed_hash(number), region="621025")
    facts = {"measure": "hiring-expansion", "on": "2022-08-01", "amount": "1500"}
    Record.objects.create(entity="history", key="g1", person=person, region="621025", facts=facts)
    draft.refresh_from_db()
    found = {item.decision.rule.measure: item for item in review_of(draft).items}
    assert not found["hiring-expansion"].is_submitted


def test_former_grants_are_not_told_to_somebody_who_is_not_logged_in(start):
    draft, _ = start()
    number = draft.rows["hires.h1"]["number"]
    person = Person.objects.create(number=number, number_hash=keyed_hash(number), region="621025")
    facts = {"measure": "hiring-expansion", "on": "2022-08-01", "amount": "1500"}
    Record.objects.create(entity="history", key="g1", person=person, region="621025", facts=facts)
    assert "hiring-expansion" in {item.decision.rule.measure for item in review_of(draft).submitted}


def test_submitting_again_gives_the_same_package(start, applicant):
    draft, _ = start(applicant)
    first = submitted(draft, applicant)
    again = drafts.Draft.objects.get(pk=draft.pk)
    assert submit(again, applicant, "whatever", "another key") == first
    assert (Package.objects.count(), Case.objects.count()) == (1, first.cases.count())


def test_a_key_is_for_one_draft(start, applicant):
    submitted(start(applicant)[0], applicant)
    with pytest.raises(KeyUsed):
        submitted(start(applicant)[0], applicant)


def test_submission_and_cases_are_audited_without_personal_data(start, applicant):
    package = submitted(start(applicant)[0], applicant)
    entries = list(Entry.objects.filter(action__in=("package submitted", "case opened")))
    assert [e.subject for e in entries] == [package.number, *(c.number for c in package.cases.all())]
    assert {e.actor for e in entries} == {applicant.username}
    assert "张三" not in str([e.detail for e in entries])


def test_all_that_is_missing_is_said_at_once_and_nothing_is_written(start, applicant):
    draft, _ = start(applicant, applicant={"name": "好味", "number": "1"}, rows={})
    with pytest.raises(NotReady) as found:
        submitted(draft, applicant)
    assert [fault.field for fault in found.value.faults] == [
        "who:number",
        "who:contact",
        "who:phone",
        "row:hires.h1:number",
    ]
    assert not Package.objects.exists()


def test_only_its_user_submits_a_draft(start, applicant, other_applicant):
    draft, _ = start(applicant)
    with pytest.raises(drafts.NoDraft):
        submitted(draft, other_applicant)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(start, applicant):
    draft, _ = start(applicant)
    seen = review_of(draft)
    drafts.answer(draft, "employer.insured_last_year_end", 9)
    with pytest.raises(Changed):
        submit(draft, applicant, seen.commitment, "k1", seen.seen)
    with pytest.raises(Changed):
        submit(draft, applicant, "another promise", "k1")


def test_a_submitted_draft_no_longer_changes(start, applicant):
    draft, _ = start(applicant)
    submitted(draft, applicant)
    with pytest.raises(drafts.Submitted):
        drafts.answer(draft, "employer.size", "中型")


def test_if_the_audit_cannot_be_written_nothing_is(start, applicant, monkeypatch):
    draft, _ = start(applicant)

    def fail(*args, **kwargs):
        raise OSError("full")

    monkeypatch.setattr("zhida.service.cases.services.chain.record", fail)
    with pytest.raises(OSError, match="full"):
        submitted(draft, applicant)
    assert not Package.objects.exists()
    assert not Case.objects.exists()
