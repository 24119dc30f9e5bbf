"""The steps of a case, planned from the provision's own procedure, with deadlines in working days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from zhida.library.procedure import Procedure
from zhida.standards.workdays import Calendar, CalendarExhausted

OWN = frozenset({"apply", "confirm", "train", "repay"})
"""Tasks that are the applicant's."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step; `done` where it lies behind an applicant who has just submitted."""

    number: int
    actor: str
    action: str
    by_applicant: bool
    days: int | None
    publicity: bool
    publicity_days: int | None
    tasks: tuple[str, ...]
    started_on: date | None
    due_on: date | None
    done: bool


def plan(procedure: Procedure | None, submitted_on: date, calendar: Calendar | None) -> list[PlannedStep]:
    """The steps as they stand on the day of submission; none where the text has no procedure.

    What comes up to the applicant's own steps of applying is done by submitting. The next one begins; later
    ones have deadlines as long as each before them has one.
    """
    return list(_plan(procedure, submitted_on, calendar)) if procedure else []


def _plan(procedure: Procedure, on: date, calendar: Calendar | None) -> Iterator[PlannedStep]:
    applied = _last_done(procedure)
    begins: date | None = on
    for place, step in enumerate(procedure.steps):
        done = place <= applied
        publicity_days = procedure.publicity_days if step.publicity else None
        due = None if done else deadline(calendar, begins, step.days or publicity_days)
        yield PlannedStep(
            number=place + 1,
            actor=step.actor,
            action=step.action,
            by_applicant=OWN.issuperset(step.tasks),
            days=step.days,
            publicity=step.publicity,
            publicity_days=publicity_days,
            tasks=step.tasks,
            started_on=on if done or place == applied + 1 else None,
            due_on=due,
            done=done,
        )
        begins = on if done else due


def _last_done(procedure: Procedure) -> int:
    """The place of the last step that is behind somebody who has applied; -1 where none is.

    免申即享 waits for no application: its first office begins.
    """
    applying = [step.tasks == ("apply",) for step in procedure.steps]
    if procedure.mode == "免申即享" or True not in applying:
        return -1
    first = applying.index(True)
    return first + sum(1 for _ in takewhile(bool, applying[first:])) - 1


def deadline(calendar: Calendar | None, begins: date | None, days: int | None) -> date | None:
    """The last of so many working days after `begins`; None where nobody can say.

    Past the last year that the State Council has announced nothing is guessed.
    """
    if calendar is None or begins is None or not days:
        return None
    try:
        return calendar.add_workdays(begins, days)
    except CalendarExhausted:
        return None
