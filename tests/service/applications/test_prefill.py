"""Filling a form in from the registry."""

import pytest

from zhida.service.applications.models import Draft
from zhida.service.applications.review import review_of
from zhida.service.applications.services import submit
from zhida.service.audit.models import Entry
from zhida.service.registry.models import Employer, Person, Record, Representation
from zhida.service.secrecy.sealing import keyed_hash
from zhida.standards.identifiers import uscc_check_character

pytestmark = pytest.mark.django_db
OTHER = "91621025MA7YYYYY0" + uscc_check_character("91621025MA7YYYYY0")
ORIGINS = [{"source": "社保经办机构", "on": "2022-09-30", "keys": ["insured_now", "insured_last_year_end"]}]


@pytest.fixture
def employer(db):
    employer = Employer.objects.create(
        number="91621025MA7XXXXX0M",
        name="正宁县好味餐厅",
        region="621025",
        phone="13900001234",
        facts={"insured_now": "11", "insured_last_year_end": "10", "size": "小型"},
        origins=ORIGINS,
    )
    number = "621025199907020012"
    person = Person.objects.create(
        number=number,
        number_hash=keyed_hash(number),
        name="张三",
        region="621025",
        facts={"education": "本科"},
    )
    Record.objects.create(
        entity="hire",
        key="r1",
        employer=employer,
        person=person,
        region="621025",
        facts={"contract_months": "12"},
    )
    return employer


@pytest.fixture
def represent(employer, applicant):
    def represented(state):
        party = {"employer": employer} if state == "verified" else {}
        return Representation.objects.create(
            user=applicant,
            kind="employer",
            number=employer.number,
            number_hash=keyed_hash(employer.number),
            name=employer.name,
            region="621025",
            state=state,
            **party,
        )

    return represented


def filled(client, token, held):
    return client.post(f"/apply/{token}/fill/", {"party": held.pk})


def test_what_is_registered_is_filled_in_and_marked(client_of, start, applicant, represent):
    _, token = start(applicant, facts={"employer": {"insured_now": "9"}}, applicant={}, rows={})
    client, held = client_of(applicant), represent("verified")
    assert "按“正宁县好味餐厅”的登记填入" in client.get(f"/apply/{token}/form/").content.decode()
    filled(client, token, held)
    draft = Draft.objects.get()
    assert draft.facts["employer"] == {"insured_now": "9", "insured_last_year_end": "10", "size": "小型"}
    assert draft.facts["hires"][0]["contract_months"] == "12"
    assert draft.rows == {"hires.r1": {"name": "张三", "number": "621025199907020012"}}
    assert draft.applicant["name"] == "正宁县好味餐厅"
    assert draft.origins["employer.insured_last_year_end"] == "社保经办机构"
    assert "employer.insured_now" not in draft.origins
    page = client.get(f"/apply/{token}/form/").content.decode()
    assert "来自社保经办机构的登记，请核对。" in page
    assert Entry.objects.filter(action="registry used for a form").count() == 1


def test_a_value_that_is_changed_no_longer_comes_from_the_registry(client_of, start, applicant, represent):
    from zhida.service.applications import drafts

    _, token = start(applicant, facts={})
    filled(client_of(applicant), token, represent("verified"))
    draft = Draft.objects.get()
    drafts.answer(draft, "employer.insured_now", 12)
    assert "employer.insured_now" not in draft.origins
    assert "employer.insured_last_year_end" in draft.origins


def test_the_package_knows_the_party_that_its_user_is_verified_for_and_no_other(
    start, applicant, represent, employer
):
    represent("verified")
    for number, known in ((employer.number, employer), (OTHER, None)):
        who = {"name": "好味", "number": number, "contact": "李梅", "phone": "13900001234"}
        draft, _ = start(applicant, applicant=who)
        package = submit(draft, applicant, review_of(draft).commitment, number)
        assert package.employer == known


@pytest.mark.parametrize("state", ["claimed", "refused"])
def test_nothing_is_filled_in_for_a_party_that_is_not_verified(client_of, start, applicant, represent, state):
    _, token = start(applicant, facts={})
    assert filled(client_of(applicant), token, represent(state)).status_code == 404
    assert Draft.objects.get().facts == {}


def test_nothing_is_filled_in_for_somebody_else(client_of, start, other_applicant, represent):
    _, token = start(other_applicant, facts={})
    assert filled(client_of(other_applicant), token, represent("verified")).status_code == 404
    assert Draft.objects.get().facts == {}
