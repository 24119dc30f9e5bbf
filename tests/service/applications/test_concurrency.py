"""Two windows, two tabs, a double click: on a real server at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from zhida.service.applications import drafts
from zhida.service.applications.review import review_of
from zhida.service.applications.services import submit
from zhida.service.audit.models import Entry
from zhida.service.cases.models import Case, Package

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def at_once(work):
    """What each of several threads, each with its own connection, brings back."""
    barrier = Barrier(AT_ONCE)

    def run(number):
        try:
            barrier.wait(timeout=20)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_submitted_several_times_at_once_it_is_one_package(start, applicant):
    draft, _ = start(applicant)
    text = review_of(draft).commitment

    def press(number):
        return submit(drafts.Draft.objects.get(pk=draft.pk), applicant, text, draft.public.hex).number

    assert len(set(at_once(press))) == 1
    package = Package.objects.get()
    assert (
        Entry.objects.filter(action="case opened").count()
        == Case.objects.filter(package=package).count()
        == 2
    )


def test_answers_given_at_once_are_all_kept(start):
    draft, _ = start()
    keys = ["employer.revenue", "employer.employees", "employer.assets", "employer.insured_now"]

    def say(number):
        drafts.answer(drafts.Draft.objects.get(pk=draft.pk), keys[number], number + 1)

    at_once(say)
    facts = drafts.Draft.objects.get().facts["employer"]
    assert [facts[key.partition(".")[2]] for key in keys] == [1, 2, 3, 4]


def test_a_package_and_a_change_at_once_do_not_mix(start, applicant):
    draft, _ = start(applicant)
    text = review_of(draft).commitment

    def work(number):
        mine = drafts.Draft.objects.get(pk=draft.pk)
        try:
            if number % 2:
                submit(mine, applicant, text, draft.public.hex)
            else:
                drafts.answer(mine, "employer.insured_now", 20 + number)
        except drafts.Submitted:
            return

    at_once(work)
    facts = Package.objects.get().cases.first().facts
    decision = Package.objects.get().cases.get(measure="job-retention-refund").decision
    told = {k: v for c in decision["conditions"] for k, v in c["facts"].items()}
    if "employer.insured_now" in told:
        assert told["employer.insured_now"] == str(facts["employer"]["insured_now"])
