"""Drafts: answers behind a private link."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.accounts.permissions import LoginRequired
from zhida.service.applications import drafts
from zhida.service.applications.models import Draft

pytestmark = pytest.mark.django_db
ON = date(2022, 10, 10)
NOBODY = AnonymousUser()


def started(**what):
    return drafts.start("621025", ON, "employer", **what)


def test_the_link_opens_the_draft_and_only_its_hash_is_kept():
    draft, token = started()
    assert drafts.find(token, NOBODY) == draft
    assert token not in str(Draft.objects.values().get())


@pytest.mark.parametrize("alter", [lambda t: t[:-1], lambda t: t + "A", lambda t: "x" * 43, lambda t: ""])
def test_an_altered_link_opens_nothing(alter):
    _, token = started()
    with pytest.raises(drafts.NoDraft):
        drafts.find(alter(token), NOBODY)


def test_an_expired_link_opens_nothing():
    draft, token = started()
    Draft.objects.filter(pk=draft.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(drafts.NoDraft):
        drafts.find(token, NOBODY)


def test_using_a_draft_keeps_it_longer_but_not_for_ever():
    _, token = started()
    now = clock.now()
    Draft.objects.update(created_at=now - timedelta(days=70), expires_at=now + timedelta(days=2))
    assert drafts.find(token, NOBODY).expires_at == now - timedelta(days=70) + drafts.KEPT_AT_MOST


def test_facts_are_sealed_in_the_database():
    draft, _ = started()
    drafts.answer(draft, "employer.name", "正宁县好味餐厅")
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM applications_draft")
        assert "好味" not in cursor.fetchone()[0]
    assert Draft.objects.get().facts == {"employer": {"name": "正宁县好味餐厅"}}


def test_answers_are_kept_in_their_order_and_can_be_changed_refused_and_forgotten():
    draft, _ = started()
    drafts.answer(draft, "employer.org_type", "企业")
    drafts.refuse(draft, "employer.size")
    drafts.answer(draft, "employer.org_type", "个体工商户")
    assert (draft.asked, draft.refused) == (["employer.org_type", "employer.size"], ["employer.size"])
    drafts.answer(draft, "employer.size", "小型")
    assert draft.refused == []
    drafts.forget(draft, "employer.org_type")
    assert draft.facts == {"employer": {"size": "小型"}}
    assert draft.asked == ["employer.size"]


def test_rows_are_counted_and_keep_their_facts():
    draft, _ = started()
    drafts.answer(draft, "hires", 2)
    drafts.answer(draft, "hires.h1.hired_on", date(2022, 7, 10))
    drafts.answer(draft, "hires.h1.person.education", "本科")
    drafts.answer(draft, "hires", 3)
    assert [row["id"] for row in draft.facts["hires"]] == ["h1", "h2", "h3"]
    assert draft.facts["hires"][0] == {
        "id": "h1",
        "hired_on": "2022-07-10",
        "person": {"education": "本科"},
    }
    drafts.answer(draft, "hires", 0)
    assert draft.facts == {"hires": []}


def test_an_answer_that_contradicts_another_is_refused_and_changes_nothing():
    draft, _ = started()
    drafts.answer(draft, "hires", 1)
    with pytest.raises(drafts.Contradiction) as found:
        drafts.answer(draft, "hires.h1.hired_on", date(2022, 12, 1))
    assert [problem.path for problem in found.value.problems] == ["hires.h1.hired_on"]
    assert draft.facts == Draft.objects.get().facts == {"hires": [{"id": "h1"}]}


def test_two_windows_do_not_undo_each_other():
    draft, token = started()
    other = drafts.find(token, NOBODY)
    drafts.answer(draft, "employer.size", "小型")
    drafts.answer(other, "employer.org_type", "企业")
    assert other.facts == {"employer": {"size": "小型", "org_type": "企业"}}


def test_an_adopted_draft_opens_for_its_user_alone_by_link_and_by_number():
    draft, token = started()
    owner, other = (User.objects.create_user(name, name) for name in ("li", "wang"))
    drafts.adopt(draft, owner)
    assert drafts.find(token, owner) == drafts.find(str(draft.public), owner) == draft
    for way in (token, str(draft.public)):
        with pytest.raises(drafts.NoDraft):
            drafts.find(way, other)
        with pytest.raises(LoginRequired):
            drafts.find(way, NOBODY)


def test_a_draft_of_nobody_opens_by_its_link_alone():
    draft, _ = started()
    for who in (NOBODY, User.objects.create_user("li", "li")):
        with pytest.raises(drafts.NoDraft):
            drafts.find(str(draft.public), who)


def test_what_is_decided_is_what_the_core_decides():
    draft, _ = started(facts={"employer": {"org_type": "企业", "size": "小型"}})
    outcome = drafts.decide(draft)
    assert (outcome.region, outcome.on) == ("621025", ON)
    assert {d.rule.payee for d in outcome.decisions} == {"employer"}
