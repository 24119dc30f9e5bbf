"""Two clerks, one case, one moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from zhida.service.cases.models import Case
from zhida.service.cases.states import NotPossible
from zhida.service.casework.services import perform

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """What each came to, all begun together: the new state, or the name of the refusal."""
    together = Barrier(len(acts))

    def run(act):
        together.wait()
        try:
            return str(act().state)
        except NotPossible as refused:
            return type(refused).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_clerks_accept_one_case_once(open_case, officials, appoint):
    case, clerks = open_case(), [officials("621025").intake, appoint("intake"), appoint("intake")]
    results = at_once(*(lambda c=c: perform(case, "accept", c, seen=case.revision) for c in clerks))
    assert results == ["Stale", "Stale", "first-review"]
    assert [m.name for m in Case.objects.get().moves.all()] == ["", "accept"]


def test_one_passes_and_one_refuses_and_only_one_of_them_counts(open_case, officials, appoint):
    they = officials("621025")
    case = perform(open_case(), "accept", they.intake)
    why = {"clause": "一(一)", "reason": "x", "remedy": "y"}
    other = appoint("first-review")
    results = at_once(
        lambda: perform(case, "pass first review", they.first_review),
        lambda: perform(case, "refuse", other, **why),
    )
    assert results in (["Refused", "to-publish"], ["refused", "to-publish"], ["Refused", "refused"])
    fresh = Case.objects.get()
    assert fresh.moves.count() == fresh.revision
    assert hasattr(fresh, "refusal") == (fresh.state == "refused")


def test_a_double_click_moves_a_case_once(open_case, officials):
    they, case = officials("621025"), open_case()
    results = at_once(*(lambda: perform(case, "accept", they.intake, seen=case.revision) for _ in range(4)))
    assert results == ["Stale", "Stale", "Stale", "first-review"]
