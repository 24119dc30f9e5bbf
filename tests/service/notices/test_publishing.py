"""From approved cases to a 公示, whole, once, and only what belongs together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.notices.conftest import LAST, ON

from zhida.service.audit.models import Entry
from zhida.service.audit.verification import verify
from zhida.service.cases.models import Case
from zhida.service.law import library
from zhida.service.notices.models import Event, Line, Publication
from zhida.service.notices.publishing import closing_day, groups, preview, publish
from zhida.service.notices.refusals import Refused
from zhida.service.work.models import Job

pytestmark = pytest.mark.django_db


def test_cases_are_published_for_five_working_days(publication):
    assert publication.number == "GS621025-2022-001"
    assert (publication.opens_on, publication.closes_on, publication.days) == (ON, LAST, 5)
    assert publication.document and publication.clause
    assert [line.number for line in publication.lines.all()] == [1, 2, 3]
    assert {case.state for case in Case.objects.all()} == {"publicity"}
    assert [event.kind for event in publication.events.all()] == ["published"]
    assert list(verify()) == []


def test_the_same_key_publishes_once(publication, officials):
    cases = list(publication.lines.values_list("case", flat=True))
    again = publish(officials.first_review, cases, "", "a key")
    assert again == publication
    assert (Publication.objects.count(), Line.objects.count(), Event.objects.count()) == (1, 3, 1)


def test_the_same_key_for_other_cases_is_refused(publication, approved, officials):
    with pytest.raises(Refused, match="别的案件"):
        publish(officials.first_review, [approved().pk], "", "a key")


def test_a_published_case_cannot_be_published_again(publication, officials):
    with pytest.raises(Refused, match="不在待公示状态"):
        publish(officials.first_review, list(Case.objects.values_list("pk", flat=True)), "", "another key")


def test_only_cases_of_one_provision_are_published_together(approved, officials):
    cases = [approved(), approved()]
    Case.objects.filter(pk=cases[0].pk).update(clause="二(三)")
    assert [group["count"] for group in groups(officials.first_review)] == [1, 1]
    with pytest.raises(Refused, match="同一条款"):
        publish(officials.first_review, [case.pk for case in cases], "", "key")


def test_nothing_is_published_where_one_case_cannot_be(approved, officials):
    cases = [approved(), approved()]
    Case.objects.filter(pk=cases[1].pk).update(state="refused", closed_at="2022-10-10T00:00Z")
    with pytest.raises(Refused):
        publish(officials.first_review, [case.pk for case in cases], "", "key")
    assert Case.objects.get(pk=cases[0].pk).state == "to-publish"
    assert not Publication.objects.exists() and not Job.objects.filter(kind__startswith="notice").exists()


def test_officials_of_another_county_cannot_publish_them(approved, appoint):
    case, other = approved(), appoint("first-review", "150202")
    assert list(groups(other)) == []
    with pytest.raises(Refused):
        publish(other, [case.pk], "", "key")


def test_nobody_publishes_their_own(approved, appoint, applicant):
    case = approved()
    mine = appoint("first-review")
    Case.objects.get(pk=case.pk).package.__class__.objects.update(user=mine)
    assert list(groups(mine)) == []


def test_a_preview_shows_what_will_be_published(approved, officials):
    case = approved("好味餐厅")
    shown = preview(officials.first_review, [case.pk])
    published = publish(officials.first_review, [case.pk], "", "key")
    assert [line.shown for line in published.lines.all()] == list(shown.rows)
    assert published.closes_on == shown.closes_on


def test_past_the_announced_calendar_nothing_is_published(approved, officials, settings):
    case = approved()
    settings.ZHIDA_TODAY = date(library().calendar.last_year, 12, 28)
    with pytest.raises(Refused, match="还没有公布"):
        preview(officials.first_review, [case.pk])


def test_the_publication_is_in_the_audit_with_its_link(publication):
    entry = Entry.objects.get(action="notice moved")
    assert (entry.subject, entry.detail["link"]) == (publication.number, publication.link)


@given(st.dates(date(2019, 1, 1), date(2026, 12, 1)), st.integers(1, 15))
def test_a_publication_has_as_many_working_days_as_it_says(day, days):
    calendar = library().calendar
    try:
        last = closing_day(calendar, day, days)
    except Refused:
        assert day.year == calendar.last_year
        return
    after = [date.fromordinal(n) for n in range(day.toordinal() + 1, last.toordinal() + 1)]
    assert sum(map(calendar.is_workday, after)) == days
    assert calendar.is_workday(last)
