"""The end of a 公示: lines pass by the day, suspended ones wait, withdrawal is written down."""

from __future__ import annotations

import pytest
from tests.service.notices.conftest import LAST, said
from tests.service.notices.test_objecting import GROUNDS, states

from zhida.service.audit.verification import verify
from zhida.service.cases.models import Case, Move
from zhida.service.casework.services import perform
from zhida.service.notices import closing, jobs
from zhida.service.notices.closing import settle, withdraw, withdraw_line
from zhida.service.notices.models import Event, Publication
from zhida.service.notices.objecting import object_to, rule
from zhida.service.notices.publishing import publish
from zhida.service.notices.refusals import Refused
from zhida.service.work.models import Job

pytestmark = pytest.mark.django_db


def work(kind):
    """Do the jobs of a kind that wait, as a worker would."""
    for job in Job.objects.filter(kind=kind, state="waiting").order_by("pk"):
        {jobs.DAILY: jobs.daily, jobs.SETTLE: jobs.settle_one}[kind](job.payload)
        Job.objects.filter(pk=job.pk).update(state="done")


def state_of(publication):
    return Publication.objects.get(pk=publication.pk).state


def test_on_the_last_day_nothing_ends_yet(publication, settings):
    settings.ZHIDA_TODAY = LAST
    settle(publication)
    assert states(publication) == ["shown"] * 3
    assert state_of(publication) == "open"


def test_the_day_after_every_line_passes_and_every_case_goes_on(publication, tomorrow_of):
    tomorrow_of(LAST)
    settle(publication)
    assert states(publication) == ["passed"] * 3
    assert {case.state for case in Case.objects.all()} == {"payable"}
    assert state_of(publication) == "closed"
    assert list(verify()) == []


def test_doing_it_again_changes_nothing(publication, tomorrow_of):
    tomorrow_of(LAST)
    settle(publication)
    before = Event.objects.count(), Move.objects.count()
    settle(publication)
    assert (Event.objects.count(), Move.objects.count()) == before


@pytest.mark.parametrize("writes", range(1, 4))
def test_killed_between_lines_it_goes_on_where_it_was(publication, tomorrow_of, monkeypatch, writes):
    """Each chunk is a transaction: what was not finished is as if it had not begun."""
    monkeypatch.setattr(closing, "AT_ONCE", 1)
    tomorrow_of(LAST)
    true_perform, done = perform, []

    def killed(case, *arguments):
        done.append(case)
        if len(done) == writes:
            raise SystemExit
        return true_perform(case, *arguments)

    monkeypatch.setattr(closing, "perform", killed)
    with pytest.raises(SystemExit):
        settle(publication)
    assert states(publication) == ["passed"] * (writes - 1) + ["shown"] * (4 - writes)
    monkeypatch.setattr(closing, "perform", true_perform)
    settle(publication)
    assert states(publication) == ["passed"] * 3
    assert Move.objects.filter(name="end publicity").count() == 3
    assert list(verify()) == []


def test_a_suspended_line_waits_for_its_ruling_and_the_others_do_not(publication, officials, tomorrow_of):
    objection = object_to(publication.lines.get(number=2), said())
    tomorrow_of(LAST)
    settle(publication)
    assert states(publication) == ["passed", "suspended", "passed"]
    assert state_of(publication) == "open"
    rule(objection, officials.second_review, "rejected", GROUNDS)
    work(jobs.SETTLE)
    assert states(publication) == ["passed"] * 3
    assert state_of(publication) == "closed"
    assert list(verify()) == []


def test_an_upheld_objection_lets_the_publication_end_without_the_line(publication, officials, tomorrow_of):
    objection = object_to(publication.lines.get(number=2), said())
    tomorrow_of(LAST)
    rule(objection, officials.second_review, "reopen", GROUNDS)
    work(jobs.SETTLE)
    assert states(publication) == ["passed", "removed", "passed"]
    assert state_of(publication) == "closed"


def test_the_daily_work_looks_after_open_publications_and_comes_again(publication, tomorrow_of):
    assert Job.objects.filter(kind=jobs.DAILY).count() == 1
    tomorrow_of(LAST)
    work(jobs.DAILY)
    work(jobs.SETTLE)
    assert state_of(publication) == "closed"
    work(jobs.DAILY)
    assert Job.objects.filter(kind=jobs.SETTLE).count() == 1


def test_a_case_that_casework_refuses_leaves_the_publication(publication, officials):
    line = publication.lines.get(number=1)
    why = {"clause": "三", "reason": "不符", "remedy": "可以申请行政复议"}
    perform(line.case, "refuse", officials.first_review, **why)
    settle(publication)
    assert states(publication) == ["removed", "shown", "shown"]
    assert list(verify()) == []


def test_a_withdrawn_publication_keeps_its_lines_and_says_why(publication, officials):
    objection = object_to(publication.lines.get(number=2), said())
    withdraw(publication, officials.first_review, "名单有误，电话 13987654321")
    assert states(publication) == ["withdrawn"] * 3
    assert state_of(publication) == "withdrawn"
    assert {case.state for case in Case.objects.all()} == {"first-review"}
    last = publication.events.order_by("number").last()
    assert (last.kind, last.line, last.reason) == ("withdrawn", None, "名单有误，电话 [masked]")
    objection.refresh_from_db()
    assert objection.state == "moot"
    with pytest.raises(Refused, match="已经结束或撤回"):
        withdraw(publication, officials.first_review, "再一次")
    assert list(verify()) == []


def test_one_line_is_withdrawn_and_its_case_can_be_published_again(publication, officials):
    line = publication.lines.get(number=3)
    withdraw_line(line, officials.first_review, "金额有误")
    assert states(publication) == ["shown", "shown", "withdrawn"]
    perform(line.case, "pass first review", officials.first_review)
    again = publish(officials.first_review, [line.case_id], "", "again")
    assert again.number == "GS621025-2022-002"
    with pytest.raises(Refused, match="不在公示中"):
        withdraw_line(line, officials.first_review, "再一次")


def test_nothing_is_withdrawn_by_another_county(publication, appoint):
    with pytest.raises(RuntimeError):
        withdraw(publication, appoint("first-review", "150202"), "不归我管")
    assert states(publication) == ["shown"] * 3
