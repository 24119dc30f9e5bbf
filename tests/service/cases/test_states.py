"""The table of states and transitions."""

import pytest
from django.db import IntegrityError, transaction

from zhida.service.cases.states import FINAL, REVIEWS, TASKS, TRANSITIONS, State, Whither, can


def test_every_state_is_reached_from_submission():
    reached = {State.SUBMITTED}
    for _ in TRANSITIONS:
        reached |= {state for move in TRANSITIONS if move.sources & reached for state in targets(move)}
    assert reached == set(State)


def targets(move):
    """What a transition may lead to: the plan goes on to any task, to its end, or back to a review."""
    if move.target is Whither.NEXT:
        return {task.state for task in TASKS.values()} | {State.PAID, State.DONE}
    if move.target is Whither.BACK:
        return {TASKS[review].state for review in REVIEWS}
    return {move.target}


def test_every_task_is_fulfilled_by_one_transition_of_its_own():
    for task in TASKS.values():
        if task.state not in (State.SUBMITTED, State.TO_PUBLISH):
            own = [m for m in TRANSITIONS if m.fulfils and not m.outside and task.state in m.sources]
            assert len(own) == 1


def test_nothing_leads_out_of_a_final_state_and_everything_else_leads_somewhere():
    left = set().union(*(move.sources for move in TRANSITIONS))
    assert left == set(State) - FINAL


def test_names_are_unique_and_somebody_may_do_each():
    names = [move.name for move in TRANSITIONS]
    assert len(names) == len(set(names))
    for move in TRANSITIONS:
        assert all(move.roles_at(state) for state in move.sources), move.name


@pytest.mark.parametrize(
    "state", ["publicity", "to-publish", "payable", "paid", "refused", "withdrawn", "not-accepted"]
)
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
