"""The steps of a case, read and written: those of its provision, or the usual ones where it has none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from zhida.service.cases.models import Case, Step
from zhida.service.cases.states import FINAL, TRANSITIONS, State
from zhida.service.casework.steps import Position, tasks_of

UNPAID = ("deferral", "rate", "loan")
"""Schedules of decisions after which no money moves through this service."""
USUAL = (("intake", "受理"), ("first-review", "初审"), ("final-review", "终审"), ("pay", "拨付"))
"""Where a text has no procedure; in Chinese, like the steps of the texts."""


def steps_of(case: Case) -> list[Step]:
    """The steps in order; a case whose text has none gets the usual ones, once. The case is locked."""
    found = list(case.steps.all())
    return found or _usual(case)


def _usual(case: Case) -> list[Step]:
    decision = Case.objects.values_list("decision", flat=True).get(pk=case.pk)
    kind = (decision.get("schedule") or {}).get("kind", "")
    wanted = [(task, action) for task, action in USUAL if task != "pay" or kind not in UNPAID]
    actor = case.office_name or "经办机构"
    return Step.objects.bulk_create(
        Step(
            case=case,
            number=number,
            actor=actor,
            action=f"{action}（文件没有写明步骤，按通行做法）",
            tasks=[task],
            started_on=timezone.localdate(case.opened_at) if number == 1 else None,
        )
        for number, (task, action) in enumerate(wanted, 1)
    )


def finish(at: Position, *, by: str, on: date) -> None:
    """The task is done, of another body all of its step; so is the step with the last of them."""
    step = at.step
    step.tasks_done = len(tasks_of(step)) if at.is_outside else at.index + 1
    if step.started_on is None:
        step.started_on = on
    if step.tasks_done >= len(tasks_of(step)):
        step.ended_on, step.by = on, by
    step.save(update_fields=["tasks_done", "started_on", "ended_on", "by"])


def reopen(steps: Sequence[Step], to: Position) -> None:
    """The task is to do again, and everything behind it."""
    for step in steps:
        if step.number >= to.step.number:
            step.tasks_done = to.index if step.number == to.step.number else 0
            step.started_on = step.due_on = step.ended_on = None
            step.by = ""
    later = [step for step in steps if step.number >= to.step.number]
    Step.objects.bulk_update(later, ["tasks_done", "started_on", "due_on", "ended_on", "by"])


def forward_name(state: str, outside: bool) -> str | None:
    if state in FINAL or state == State.SUPPLEMENT:
        return None
    if state in (State.SUBMITTED, State.INTAKE):
        return "accept"
    if outside:
        return "record"
    if state == State.TO_PUBLISH:
        return "publish"
    own = (move for move in TRANSITIONS if move.fulfils and not move.outside and state in move.sources)
    return next((move.name for move in own), None)
