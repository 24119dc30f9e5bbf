"""A line of a list of cases: how old it is, until when, what it waits for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from zhida.service import clock
from zhida.service.cases.models import Case
from zhida.service.cases.states import FINAL, State
from zhida.service.casework.deadlines import Mark, mark_of, soon_from
from zhida.service.law import library


@dataclass(frozen=True, slots=True)
class Line:
    """`age` is in days since submission, `mark` how it stands to its deadline."""

    case: Case
    state: str
    age: int
    mark: Mark
    is_closed: bool


def lines_of(cases: Iterable[Case]) -> list[Line]:
    today = clock.today()
    soon = soon_from(library().calendar, today)
    return [
        Line(
            case=case,
            state=str(State(case.state).label),
            age=(today - timezone.localdate(case.opened_at)).days,
            mark=mark_of(case, today, soon, paused=case.state == State.SUPPLEMENT),
            is_closed=case.state in FINAL,
        )
        for case in cases
    ]
