"""The clock of a case's current step: when it stands still, when it goes on, until when."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from zhida.service.cases.models import Case, Step
from zhida.service.cases.states import FINAL, State, transition
from zhida.service.casework.deadlines import Deadline, Interval, deadline_of
from zhida.service.casework.models import Pause
from zhida.service.casework.steps import Position, tasks_of
from zhida.service.law import library

ENDS_SUPPLEMENT = frozenset({"supply", "not accept", "deem withdrawn", "withdraw"})


def turn(case: Case, name: str, at: Position | None, today: date) -> None:
    """Stop the clock where the applicant has to answer, let it go on where they have."""
    if name == "ask for more":
        number = at.step.number if at is not None else 0
        Pause.objects.create(case=case, step=number, kind=Pause.Kind.SUPPLEMENT, since=today)
    elif name in ENDS_SUPPLEMENT:
        _close(case, Pause.Kind.SUPPLEMENT, today)
        if at is not None and transition(name).target not in FINAL:
            case.due_on = set_deadline(case, at.step)
    elif name in ("end publicity", "reopen", "refuse"):
        _close(case, Pause.Kind.PUBLICITY, today)
        if name == "end publicity" and at is not None and not at.is_last_of_step:
            case.due_on = set_deadline(case, at.step)


def begin_publicity(case: Case, at: Position, today: date) -> None:
    """The 公示 has its own days; those of a step that does more than publish stand still meanwhile."""
    step = at.step
    if len(tasks_of(step)) > 1 and step.days:
        Pause.objects.create(case=case, step=step.number, kind=Pause.Kind.PUBLICITY, since=today)
    else:
        step.started_on = today
    step.due_on = deadline_of(library().calendar, today, step.publicity_days).due_on
    step.save(update_fields=["started_on", "due_on"])
    case.due_on = step.due_on


def set_deadline(case: Case, step: Step) -> date | None:
    """Count the deadline of a step that has begun, and keep it."""
    step.due_on = deadline_of_step(case, step).due_on
    step.save(update_fields=["started_on", "due_on"])
    return step.due_on


def deadline_of_step(case: Case, step: Step) -> Deadline:
    """The deadline with its explanation; of a 公示 that is going on, that of the 公示."""
    calendar = library().calendar
    if case.state == State.PUBLICITY and case.moved_at is not None:
        return deadline_of(calendar, timezone.localdate(case.moved_at), step.publicity_days)
    pauses = [
        Interval(pause.since, pause.until, pause.get_kind_display())
        for pause in case.pauses.all()
        if pause.step == step.number
    ]
    return deadline_of(calendar, step.started_on, step.days, pauses)


def _close(case: Case, kind: str, today: date) -> None:
    Pause.objects.filter(case=case, kind=kind, until=None).update(until=today)
