"""Two who publish, objectors and the end of the last day: on a real server at the same moment."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.service.applications.test_concurrency import at_once
from tests.service.notices.conftest import LAST, said

from zhida.service.audit.verification import verify
from zhida.service.cases.models import Case, Move
from zhida.service.notices.closing import settle, withdraw
from zhida.service.notices.models import Event, Line, Objection, Publication
from zhida.service.notices.objecting import object_to
from zhida.service.notices.publishing import publish
from zhida.service.notices.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def tried(work):
    """What came of it: the sentence where it was refused."""
    try:
        return work()
    except Refused as reason:
        return str(reason)


def test_a_double_click_publishes_once(approved, officials):
    cases = [approved().pk for _ in range(3)]
    numbers = at_once(lambda _: publish(officials.first_review, cases, "", "key").number)
    assert set(numbers) == {"GS621025-2022-001"}
    assert (Publication.objects.count(), Line.objects.count(), Event.objects.count()) == (1, 3, 1)


def test_the_same_cases_in_several_windows_are_published_once(approved, officials):
    cases = [approved().pk for _ in range(3)]
    came = at_once(lambda n: tried(lambda: publish(officials.first_review, cases, "", f"key{n}").number))
    assert sorted(came)[0] == "GS621025-2022-001" and Publication.objects.count() == 1
    assert Move.objects.filter(name="publish").count() == 3
    assert list(verify()) == []


def test_objections_at_once_are_all_kept_in_one_chain(publication):
    line = publication.lines.get(number=1)
    at_once(lambda n: object_to(line, said(n)))
    assert sorted(Objection.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert list(publication.events.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert list(verify()) == []


def test_closing_objecting_and_withdrawing_at_once_leave_one_story(publication, officials, tomorrow_of):
    """Whoever comes first wins; nothing passes twice, nothing is lost, the chain is whole."""
    tomorrow_of(LAST)
    evening = datetime(2022, 10, 17, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    lines = list(publication.lines.order_by("number"))
    works = (
        lambda: settle(publication),
        lambda: object_to(lines[2], said(1), at=evening),
        lambda: withdraw(publication, officials.first_review, "名单有误"),
        lambda: settle(publication),
    )
    at_once(lambda n: tried(works[n]))
    settle(publication)
    assert list(verify()) == []
    assert Publication.objects.get().state in ("closed", "withdrawn", "open")
    for line in Line.objects.all():
        case = Case.objects.get(pk=line.case_id)
        expected = {"passed": "payable", "withdrawn": "first-review", "suspended": "publicity"}
        assert case.state == expected[line.state]
        assert Move.objects.filter(case=case, name="end publicity").count() == (line.state == "passed")
