"""Objections suspend one line, in time until midnight; rulings by another let it go on or take it out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.service.notices.conftest import LAST, said

from zhida.service.audit.verification import verify
from zhida.service.cases.models import Case
from zhida.service.casework.models import Refusal
from zhida.service.notices.models import Objection, Publication, Ruling
from zhida.service.notices.objecting import object_to, receipt_of, rule
from zhida.service.notices.refusals import Refused

pytestmark = pytest.mark.django_db
GROUNDS = {"reason": "核实招用属实", "clause": "甘人社通〔2022〕1号第三条", "remedy": "可以申请行政复议"}


@pytest.fixture
def line(publication):
    return publication.lines.get(number=2)


def states(publication):
    return list(publication.lines.order_by("number").values_list("state", flat=True))


def state_of(line):
    return Case.objects.get(pk=line.case_id).state


def test_an_objection_suspends_its_line_only(publication, line):
    objection = object_to(line, said())
    assert states(publication) == ["shown", "suspended", "shown"]
    assert receipt_of(objection) == "GS621025-2022-001-2-1"
    assert state_of(line) == "publicity"
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        (datetime(2022, 10, 17, 15, 59, 59, 999999, tzinfo=UTC), True),  # 23:59:59.999999 in China
        (datetime(2022, 10, 17, 16, 0, tzinfo=UTC), False),
        (datetime(2022, 10, 9, 15, 59, 59, tzinfo=UTC), False),  # the evening before it opened
        (datetime(2022, 10, 9, 16, 0, tzinfo=UTC), True),
    ],
)
def test_the_last_day_ends_at_midnight_in_china(line, settings, monkeypatch, moment, taken):
    settings.ZHIDA_TODAY = None
    monkeypatch.setattr(timezone, "now", lambda: moment)
    if taken:
        object_to(line, said())
        return
    with pytest.raises(Refused, match="公示期已满"):
        object_to(line, said())
    assert not Objection.objects.exists()


def test_who_came_before_midnight_and_had_to_wait_is_in_time(line, tomorrow_of):
    tomorrow_of(LAST)
    object_to(line, said(), at=datetime(2022, 10, 17, 15, 59, 59, tzinfo=UTC))


def test_the_same_person_is_heard_once_while_it_waits(line):
    object_to(line, said())
    with pytest.raises(Refused, match="已经收到"):
        object_to(line, said())
    object_to(line, said(2))
    assert Objection.objects.count() == 2


def test_names_and_texts_are_sealed_in_the_database(line, django_assert_num_queries):
    object_to(line, said())
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, identity, text FROM notices_objection")
        row = cursor.fetchone()
    assert all(text not in "".join(row) for text in ("王大明", "13811112222", "没有招过"))


def test_a_rejected_objection_lets_the_line_go_on(publication, line, officials):
    objection = object_to(line, said())
    rule(objection, officials.second_review, "rejected", GROUNDS)
    assert states(publication) == ["shown"] * 3
    assert state_of(line) == "publicity"
    assert list(verify()) == []


def test_another_objection_keeps_the_line_suspended(publication, line, officials):
    first, second = object_to(line, said(1)), object_to(line, said(2))
    rule(first, officials.second_review, "rejected", GROUNDS)
    assert states(publication) == ["shown", "suspended", "shown"]
    rule(second, officials.second_review, "rejected", GROUNDS)
    assert states(publication) == ["shown"] * 3
    kinds = list(publication.events.values_list("kind", flat=True))
    assert kinds == ["published", "suspended", "suspended", "dismissed", "restored"]


def test_an_upheld_objection_sends_the_case_back_to_review(publication, line, officials):
    first, second = object_to(line, said(1)), object_to(line, said(2))
    rule(first, officials.second_review, "reopen", GROUNDS)
    assert states(publication) == ["shown", "removed", "shown"]
    case = Case.objects.get(pk=line.case_id)
    assert (case.state, case.approved_at) == ("first-review", None)
    second.refresh_from_db()
    assert second.state == "moot"
    with pytest.raises(Refused, match="不用再裁定"):
        rule(second, officials.second_review, "rejected", GROUNDS)
    assert list(verify()) == []


def test_an_upheld_objection_can_refuse_the_case_with_its_grounds(publication, line, officials):
    rule(object_to(line, said()), officials.second_review, "refuse", GROUNDS)
    assert state_of(line) == "refused"
    assert Refusal.objects.get().clause == GROUNDS["clause"]


def test_who_published_never_rules(line, officials):
    objection = object_to(line, said())
    with pytest.raises(Refused, match="另一个人裁定"):
        rule(objection, officials.first_review, "rejected", GROUNDS)
    assert not Ruling.objects.exists()


def test_not_even_behind_the_service(line, officials):
    objection = object_to(line, said())
    with pytest.raises(IntegrityError, match="ruling_by_another"), transaction.atomic():
        Ruling.objects.create(
            objection=objection, outcome="rejected", reason="r", clause="c", by="a", publisher="a",
            at=objection.at,
        )  # fmt: skip


def test_a_ruling_that_casework_refuses_changes_nothing(publication, line, officials, appoint):
    objection = object_to(line, said())
    with pytest.raises(RuntimeError):
        rule(objection, appoint("finance"), "reopen", GROUNDS)
    assert states(publication) == ["shown", "suspended", "shown"]
    assert not Ruling.objects.exists()


def test_what_is_settled_cannot_be_objected_to(publication, line, officials):
    rule(object_to(line, said(1)), officials.second_review, "reopen", GROUNDS)
    with pytest.raises(Refused, match="已经不在公示中"):
        object_to(line, said(2))
    Publication.objects.update(state="withdrawn")
    with pytest.raises(Refused):
        object_to(publication.lines.get(number=1), said(3))
