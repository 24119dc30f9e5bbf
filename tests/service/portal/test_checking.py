"""The pages of the self-check: starting, answering, changing, and links that open nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localtime

from zhida.service import clock
from zhida.service.applications import drafts
from zhida.service.applications.facts import value_at
from zhida.service.applications.models import Draft

pytestmark = pytest.mark.django_db
ON = date(2022, 10, 10)


@pytest.fixture
def token() -> str:
    return drafts.start("621025", ON, "employer")[1]


def draft() -> Draft:
    return Draft.objects.get()


def answered(client: Client, token: str, **answers: Any) -> Any:
    data = {key.replace("__", "."): value for key, value in answers.items()}
    return client.post(f"/check/{token}/", {"key": list(data), **data})


def test_it_starts_without_logging_in(client):
    answer = client.post("/check/", {"region": "621025", "audience": "employer"})
    assert answer.status_code == 302
    assert (draft().region, draft().on, draft().audience) == ("621025", ON, "employer")
    assert client.get(answer["Location"]).status_code == 200


def test_it_starts_on_another_day_and_elsewhere(client):
    client.post("/check/?region=150200&on=2022-07-01", {"region": "150200", "audience": "person"})
    assert (draft().region, draft().on) == ("150200", date(2022, 7, 1))


def test_it_may_be_about_one_measure_only(client):
    page = client.get("/check/?measure=skill-upgrade")
    assert "职业技能提升补贴" in page.content.decode()
    client.post("/check/?measure=skill-upgrade", {"region": "621025", "audience": "person"})
    assert draft().measures == ["skill-upgrade"]


def test_it_may_be_about_some_occasions_only(client):
    client.post("/check/", {"region": "621025", "audience": "employer", "events": ["招人"]})
    assert "hiring-subsidy" in draft().measures
    assert "pension-deferral" not in draft().measures


def test_it_does_not_start_for_nobody(client):
    page = client.post("/check/", {"region": "621025"})
    assert page.status_code == 200
    assert "请选一个" in page.content.decode()
    assert not Draft.objects.exists()


def test_an_answer_is_kept(client, token):
    answered(client, token, employer__org_type="企业")
    assert value_at(draft().facts, "employer.org_type") == "企业"


def test_what_is_left_empty_is_not_known_and_not_asked_again(client, token):
    answered(client, token, employer__org_type="")
    assert draft().refused == ["employer.org_type"]
    assert 'value="employer.org_type"' not in client.get(f"/check/{token}/").content.decode()


def test_an_answer_that_is_none_is_given_back_with_the_reason(client, token):
    page = answered(client, token, employer__insured_now="十个")
    assert page.status_code == 422
    assert "请填数字" in page.content.decode()
    assert 'value="十个"' in page.content.decode()
    assert draft().facts == {}


def test_answers_that_contradict_each_other_are_refused_at_their_field(client, token):
    answered(client, token, hires="1")
    answered(client, token, hires__h1__person__born_on="2000-01-01")
    page = answered(client, token, hires__h1__hired_on="1999-01-01")
    assert page.status_code == 422
    assert "不能早于出生日期" in page.content.decode()


@pytest.mark.parametrize("key", ["", "nonsense", "employer.nonsense", "hires.h9.hired_on", "__class__"])
def test_a_question_that_nobody_asks_is_a_bad_request(client, token, key):
    answer = client.post(f"/check/{token}/", {"key": key, key or "x": "2022-01-01"})
    assert answer.status_code == 400
    assert draft().facts == {}


def test_an_answer_can_be_changed_and_taken_back(client, token):
    answered(client, token, employer__org_type="企业")
    client.post(
        f"/check/{token}/answers/employer.org_type/",
        {"key": "employer.org_type", "employer.org_type": "机关"},
    )
    assert value_at(draft().facts, "employer.org_type") == "机关"
    client.post(f"/check/{token}/answers/employer.org_type/", {"forget": "1"})
    assert draft().facts.get("employer", {}) == {}
    assert draft().asked == []


def test_all_answers_are_listed_also_those_not_known(client, token):
    answered(client, token, employer__org_type="企业")
    answered(client, token, employer__seriously_dishonest="unknown")
    page = client.get(f"/check/{token}/answers/").content.decode()
    assert "企业" in page
    assert "不知道" in page


def test_what_was_known_from_elsewhere_is_listed_too(client):
    facts = {"employer": {"size": "小型"}, "hires": [{"id": "h1", "hired_on": "2022-07-01"}]}
    _, token = drafts.start("621025", ON, "employer", facts=facts)
    page = client.get(f"/check/{token}/answers/").content.decode()
    assert "小型" in page
    assert "第 1 名新招员工" in page


def test_the_progress_says_when_an_answer_opened_something_new(client, token):
    page = client.get(f"/check/{token}/?was=20").content.decode()
    assert "带出了新的问题" in page
    assert "带出了新的问题" not in client.get(f"/check/{token}/?was=0").content.decode()


def test_the_result_says_until_when_its_link_lasts(client, token):
    page = client.get(f"/check/{token}/result/").content.decode()
    assert f"{localtime(draft().expires_at):%Y-%m-%d}" in page


@pytest.mark.parametrize("page", ["", "answers/", "result/", "answers/employer.org_type/"])
def test_a_link_that_was_altered_or_has_expired_opens_nothing(client, token, page):
    assert client.get(f"/check/{token[:-1]}x/{page}").status_code == 404
    Draft.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    assert client.get(f"/check/{token}/{page}").status_code == 404


def test_private_pages_are_neither_kept_nor_indexed(client, token):
    answer = client.get(f"/check/{token}/result/")
    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex"' in answer.content.decode()


def test_what_was_typed_cannot_become_markup(client, token):
    page = answered(client, token, employer__insured_now="<script>alert(1)</script>")
    assert "<script>alert" not in page.content.decode()


def test_a_screen_costs_few_queries(client, token, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get(f"/check/{token}/")
    with django_assert_max_num_queries(8):
        answered(client, token, employer__org_type="企业")
    with django_assert_max_num_queries(3):
        client.get(f"/check/{token}/result/")
