"""For whom somebody acts: nothing is seen or prefilled before it is verified."""

import pytest
from tests.service.registry.conftest import id_number, uscc

from zhida.service.accounts.models import ExternalIdentity
from zhida.service.registry.models import Employer, Representation
from zhida.service.registry.representing import NotPossible, claim, end, refuse, verify
from zhida.service.registry.selectors import represented


@pytest.fixture
def employer(db):
    return Employer.objects.create(number=uscc(1), name="登记的餐馆", region="621025")


def claimed(user, number=None, kind="employer", region="621025"):
    return claim(user, kind, number or uscc(1), "某餐馆", region)


def test_a_claim_shows_nothing_of_the_registry_and_gives_nothing(client_of, applicant, employer):
    client = client_of(applicant)
    asked = {"kind": "employer", "number": uscc(1).lower(), "name": "某餐馆", "region": "621025"}
    assert client.post("/account/represented/", asked).status_code == 302
    text = client.get("/account/represented/").content.decode()
    assert "某餐馆" in text and "登记的餐馆" not in text
    held = Representation.objects.get()
    assert (held.state, held.employer, held.number) == ("claimed", None, uscc(1))
    assert not represented(applicant)
    assert not Employer.objects.visible_to(applicant, "apply")


def test_a_wrong_number_is_refused_with_the_reason(client_of, applicant):
    asked = {"kind": "person", "number": "62102519900101001", "name": "张三", "region": "621025"}
    text = client_of(applicant).post("/account/represented/", asked).content.decode()
    assert "应为 18 位" in text
    assert not Representation.objects.exists()


def test_an_official_of_the_region_verifies_and_then_it_counts(client_of, applicant, intake, employer):
    held = claimed(applicant)
    client = client_of(intake)
    assert "某餐馆" in client.get("/registry/representations/").content.decode()
    assert "登记的餐馆" in client.get(f"/registry/representations/{held.pk}/").content.decode()
    client.post(f"/registry/representations/{held.pk}/verify/")
    assert represented(applicant).get().employer == employer
    assert list(Employer.objects.visible_to(applicant, "apply")) == [employer]


def test_officials_elsewhere_cannot_verify_what_is_not_theirs(
    applicant, intake_elsewhere, employer, client_of
):
    held = claimed(applicant, region="150202")
    client = client_of(intake_elsewhere)
    client.post(f"/registry/representations/{held.pk}/verify/")
    held.refresh_from_db()
    assert (held.state, held.employer) == ("claimed", None)


def test_an_unknown_employer_is_registered_when_verified(applicant, intake):
    held = claimed(applicant, uscc(9))
    verify(held, intake, "621025")
    assert represented(applicant).get().employer.name == "某餐馆"


def test_a_refusal_says_why_and_a_new_claim_is_possible(client_of, applicant, intake):
    held = claimed(applicant)
    assert client_of(intake).post(f"/registry/representations/{held.pk}/refuse/", {}).status_code == 422
    refuse(held, intake, "请带营业执照")
    assert "请带营业执照" in client_of(applicant).get("/account/represented/").content.decode()
    claimed(applicant)


def test_the_same_number_twice_and_too_many_at_once_are_refused(applicant):
    claimed(applicant)
    with pytest.raises(NotPossible, match="登记过"):
        claimed(applicant)
    for number in range(2, 11):
        claimed(applicant, uscc(number))
    with pytest.raises(NotPossible, match="太多"):
        claimed(applicant, uscc(11))


def test_what_the_identity_provider_vouches_for_counts_at_once(applicant, employer):
    ExternalIdentity.objects.create(
        user=applicant, issuer="https://id.example", subject="1", person_number=id_number(1),
        employer_number=uscc(1),
    )  # fmt: skip
    assert claimed(applicant).employer == employer
    assert claimed(applicant, id_number(1), "person").person.number == id_number(1)
    assert claimed(applicant, uscc(2)).state == "claimed"


def test_what_has_ended_gives_nothing_any_more(applicant, intake, employer):
    held = claimed(applicant)
    verify(held, intake, "621025")
    end(held, applicant)
    assert not represented(applicant)
    assert not Employer.objects.visible_to(applicant, "apply")
