"""The steps of a case as a clerk sees them: who did what when, until when the current one is due, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.cases.models import Case, Move, Step
from zhida.service.cases.states import FINAL, State, transition
from zhida.service.casework.clocks import deadline_of_step
from zhida.service.casework.steps import current


@dataclass(frozen=True, slots=True)
class StepShown:
    """`standing`: done, now, late or todo, as the stylesheet calls them."""

    step: Step
    standing: str
    by: str
    due_on: date | None
    explanation: str


@dataclass(frozen=True, slots=True)
class MoveShown:
    move: Move
    text: str
    by: str
    state: str


def steps_shown(case: Case, steps: Sequence[Step]) -> dict[str, list[StepShown] | list[MoveShown]]:
    """The steps of the procedure, and the log under them."""
    at = None if case.state in FINAL else current(steps)
    names = _names(case, steps)
    return {
        "plan": [_step(case, step, at.step if at else None, names) for step in steps],
        "log": [_move(move, names) for move in case.moves.all()],
    }


def _names(case: Case, steps: Sequence[Step]) -> dict[str, str]:
    usernames = {step.by for step in steps} | {move.by for move in case.moves.all()}
    return dict(User.objects.filter(username__in=usernames).values_list("username", "name"))


def _step(case: Case, step: Step, now: Step | None, names: dict[str, str]) -> StepShown:
    by = names.get(step.by, "")
    if step.ended_on is not None:
        return StepShown(step, "done", by, step.due_on, "")
    if now is None or step.number != now.number:
        return StepShown(step, "todo", by, None, "")
    found = deadline_of_step(case, step)
    late = found.due_on is not None and found.due_on < clock.today()
    return StepShown(step, "late" if late else "now", by, found.due_on, found.explanation)


def _move(move: Move, names: dict[str, str]) -> MoveShown:
    try:
        text = str(transition(move.name).label) if move.name else str(State(move.to_state).label)
    except KeyError:
        text = move.name
    return MoveShown(move, text, names.get(move.by, move.by), str(State(move.to_state).label))
