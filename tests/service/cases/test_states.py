"""The table of states and transitions."""

import pytest
from django.db import IntegrityError, transaction

from zhida.service.cases.states import FINAL, TRANSITIONS, State, can


def test_every_state_is_reached_from_submission():
    reached = {State.SUBMITTED}
    for _ in TRANSITIONS:
        reached |= {move.target for move in TRANSITIONS if move.sources & reached}
    assert reached == set(State)


def test_nothing_leads_out_of_a_final_state_and_everything_else_leads_somewhere():
    left = set().union(*(move.sources for move in TRANSITIONS))
    assert left == set(State) - FINAL


def test_names_are_unique_and_somebody_may_do_each():
    names = [move.name for move in TRANSITIONS]
    assert len(names) == len(set(names))
    assert all(move.roles for move in TRANSITIONS)


@pytest.mark.parametrize("state", ["publicity", "payable", "paid", "refused", "withdrawn", "not-accepted"])
def test_a_case_is_not_withdrawn_from(state):
    assert not can("withdraw", state)
    assert can("withdraw", "supplement")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"state": "nothing"}, {"state": "paid"}, {"verdict": "ineligible"}, {"amount": "-1.00"}]
)
def test_the_database_refuses_what_must_never_be(case, change):
    for name, value in change.items():
        setattr(case, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        case.save()
