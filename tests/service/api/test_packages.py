"""A package over the API is a package of the site: same review, same commitment, same cases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from tests.service.applications.conftest import APPLICANT, CHOSEN, RESTAURANT, ROWS

from zhida.service.applications.models import Draft
from zhida.service.audit.models import Entry
from zhida.service.cases.models import Case, Package

APPLICATION = {
    "case": {"region": "621025", "on": "2022-10-10", **RESTAURANT},
    "applicant": APPLICANT,
    "people": ROWS,
    "provisions": CHOSEN,
}
KEY = "payroll-2022-10"


@pytest.fixture
def submit(ask, token):
    """`submit(**changes)`: reviewed, agreed to and sent."""

    def submitted(key: str = KEY, seen: str = "", **changes: Any) -> Any:
        application = {**APPLICATION, **changes}
        review = ask("POST", "packages/review", application, token).json()
        body = {**application, "commitment": review["commitment"], "seen": seen or review["seen"]}
        return ask("POST", "packages", body, token, HTTP_IDEMPOTENCY_KEY=key)

    return submitted


@pytest.mark.django_db
def test_a_review_says_what_goes_and_keeps_nothing(ask, token):
    review = ask("POST", "packages/review", APPLICATION, token).json()
    assert {p["provision"] for p in review["provisions"]} == set(CHOSEN)
    assert {p["provision"]: p["is_submitted"] for p in review["provisions"]}["hiring-expansion:ZN91-006"]
    assert review["commitment"].startswith("正宁县好味餐厅申请办理") and review["in_the_way"] == []
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_a_package_is_submitted_and_followed(ask, token, submit, applicant):
    answer = submit()
    assert answer.status_code == 201, answer.content
    package = Package.objects.get()
    told = answer.json()
    assert told["number"] == package.number and package.user == applicant
    assert [case["number"] for case in told["cases"]] == [case.number for case in package.cases.all()]
    assert told["cases"][0]["state"] == "submitted" and told["cases"][0]["steps"]
    assert ask("GET", f"packages/{package.number}", token=token).json() == told
    assert Entry.objects.filter(action="package submitted", actor=applicant.username).exists()


@pytest.mark.django_db
def test_the_same_key_again_is_the_same_package(submit):
    first, second = submit(), submit()
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Package.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_is_one_package(ask, token):
    review = ask("POST", "packages/review", APPLICATION, token).json()
    body = {**APPLICATION, "commitment": review["commitment"], "seen": review["seen"]}

    def send(_: int) -> tuple[int, str]:
        try:
            answer = ask("POST", "packages", body, token, HTTP_IDEMPOTENCY_KEY=KEY)
            return answer.status_code, answer.json()["number"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 201]
    assert len({number for _, number in answers}) == 1
    assert Case.objects.count() == sum(item["is_submitted"] for item in review["provisions"])


@pytest.mark.django_db
def test_what_was_not_reviewed_is_not_submitted(submit):
    answer = submit(seen="something else")
    assert answer.status_code == 409
    assert not Package.objects.exists() and not Draft.objects.exists()


@pytest.mark.django_db
def test_what_lacks_is_told_by_its_path(submit):
    answer = submit(applicant={"name": "正宁县好味餐厅"}, people={})
    assert answer.status_code == 422
    assert {p["path"] for p in answer.json()["problems"]} == {
        "applicant.number", "applicant.contact", "applicant.phone", "people.hires.h1.number",
    }  # fmt: skip
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_everything_wrong_with_an_application_is_told_at_once(ask, token):
    wrong = {
        **APPLICATION,
        "applicant": {"name": "好味\u202e餐厅", "number": "1", "phone": "12", "fax": "1"},
        "people": {"hires.h2": {"name": "x"}, "hires.h1": {"number": "2"}},
        "provisions": ["hiring-subsidy:ZN91-002", "nothing:ZN91-001", "x"],
    }
    answer = ask("POST", "packages/review", wrong, token)
    assert answer.status_code == 422
    assert sorted((p["path"], p["code"]) for p in answer.json()["problems"]) == [
        ("applicant.fax", "key/unknown"),
        ("applicant.number", "value/invalid"),
        ("applicant.phone", "value/invalid"),
        ("people.hires.h1.number", "value/invalid"),
        ("people.hires.h2", "id/unknown"),
        ("provisions", "provision/unknown"),
        ("provisions", "provision/unknown"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [{}, {"case": 1, "applicant": [], "people": 2, "provisions": "all", "more": 1},
             {**APPLICATION, "provisions": [1]}, {**APPLICATION, "applicant": {"name": "x" * 201}},
             {**APPLICATION, "people": {"hires.h1": []}}]
)  # fmt: skip
def test_what_is_no_application_is_told_so(ask, token, body):
    assert ask("POST", "packages/review", body, token).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "short", "with space in it", "名字名字名字名字", "x" * 65])
def test_a_key_that_cannot_be_one_is_refused(submit, key: str):
    answer = submit(key=key.encode().decode("latin-1"))
    assert (answer.status_code, answer.json()["problems"][0]["path"]) == (422, "Idempotency-Key")


@pytest.mark.django_db
def test_somebody_else_s_package_is_not_there(ask, submit, other_applicant, token_of):
    number = submit().json()["number"]
    answers = [ask("GET", f"packages/{n}", token=token_of(other_applicant)) for n in (number, "nothing")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.django_db
def test_an_official_s_token_applies_for_nobody(ask, intake, token_of):
    assert ask("POST", "packages/review", APPLICATION, token_of(intake)).status_code == 403


@pytest.mark.django_db
def test_a_token_for_deciding_neither_submits_nor_follows(ask, applicant, token_of):
    token = token_of(applicant, "decide")
    assert ask("POST", "packages/review", APPLICATION, token).status_code == 403
    assert ask("POST", "packages", APPLICATION, token, HTTP_IDEMPOTENCY_KEY=KEY).status_code == 403
    assert ask("GET", "packages/621025-221010-K7MQ2XRD", token=token).status_code == 403
