"""What the registry knows of one party, as a case that the core decides."""

from datetime import date

import pytest

from zhida.decide import build_case
from zhida.service.law import library
from zhida.service.registry.models import Employer, Person, Record
from zhida.service.registry.selectors import case_of
from zhida.service.secrecy.sealing import keyed_hash

ON = date(2022, 10, 10)


def made_person(number="620000200001010007", **facts):
    return Person.objects.create(
        number=number, number_hash=keyed_hash(number), name="张三", region="621025", facts=facts
    )


@pytest.fixture
def employer(db):
    return Employer.objects.create(
        number="91621025MA0000001X", name="演示餐馆", region="621025", facts={"org_type": "企业"}
    )


def test_an_employer_with_hires_and_past_grants_is_a_case_without_problems(employer):
    person = made_person(education="本科")
    Record.objects.create(
        entity="hire", key="h1", employer=employer, person=person, facts={"hired_on": "2022-07-10"}
    )
    Record.objects.create(
        entity="history", key="g1", employer=employer, facts={"measure": "job-retention-refund"}
    )
    Record.objects.create(entity="history", key="g2", person=person, facts={"measure": "hiring-expansion"})
    data = case_of(employer=employer, on=ON)
    case, problems = build_case(library(), data)
    assert not problems
    assert [(grant.measure, grant.subject) for grant in case.history] == [
        ("job-retention-refund", "employer"),
        ("hiring-expansion", person.number_hash),
    ]
    assert "internships" not in data


def test_a_persons_case_holds_their_own_rows_and_no_identity_number(db):
    person = made_person(education="专科")
    Record.objects.create(entity="certificate", key="c1", person=person, facts={"level": "高级"})
    Record.objects.create(entity="history", key="g1", person=person, facts={"measure": "skill-upgrade"})
    data = case_of(person=person, on=ON)
    case, problems = build_case(library(), data)
    assert not problems
    assert person.number not in str(data)
    assert case.history[0].subject == person.number_hash
    assert [row.id for row in case.rows["certificate"]] == ["c1"]
