"""How publications come to their end: by the day that it is, line by line, or because they are withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.cases.models import Case
from zhida.service.cases.states import IN_REVIEW, State
from zhida.service.casework.services import perform
from zhida.service.notices.events import Happening, happen, is_settled, locked
from zhida.service.notices.models import Line, Objection, Publication
from zhida.service.notices.refusals import Refused
from zhida.service.notices.states import (
    PENDING,
    EventKind,
    LineState,
    ObjectionState,
    PublicationState,
)
from zhida.service.secrecy.masking import mask

AT_ONCE = 50
"""Lines that one transaction settles: what a killed worker has to do again."""
SYSTEM = ""
GONE = (State.REFUSED, State.WITHDRAWN, State.SCREENING, State.VISIT, *IN_REVIEW, State.TO_PUBLISH)
"""Where a case has come to that left its 公示 by a decision of casework."""
GONE_TEXT = "案件已不在公示环节：退回重审或不予通过"
"""Why such a line is removed; in Chinese, as everything that is kept of a case."""


def settle(publication: Publication) -> None:
    """Take every line as far as it can go today; as often as wanted, from wherever it was left.

    After the last day, lines without objection pass and their cases go on; suspended ones wait for their
    ruling. A line whose case casework has refused or reopened leaves, whatever the day.
    """
    for lines in _chunks(publication):
        _settle_some(publication, lines)
    _close(publication)


def is_over(publication: Publication) -> bool:
    return publication.closes_on < clock.today()


def _chunks(publication: Publication) -> Iterator[Sequence[int]]:
    pending = publication.lines.filter(state__in=PENDING)
    waiting = set(pending.filter(case__state__in=GONE).values_list("pk", flat=True))
    if is_over(publication):
        waiting |= set(pending.filter(state=LineState.SHOWN).values_list("pk", flat=True))
    ordered = sorted(waiting)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _settle_some(publication: Publication, pks: Sequence[int]) -> None:
    with transaction.atomic():
        cases = _locked_cases(pks)
        fresh = locked(publication.pk)
        lines = list(fresh.lines.filter(pk__in=pks, state__in=PENDING).order_by("number"))
        happenings = [found for line in lines if (found := _outcome(fresh, line, cases[line.case_id]))]
        if happenings:
            happen(fresh, happenings, by=SYSTEM)


def _locked_cases(lines: Sequence[int]) -> dict[int, Case]:
    """Cases are locked before their publication, in one order, by everybody."""
    found = Case.objects.filter(published_lines__in=lines).defer("facts", "decision").order_by("pk")
    return {case.pk: case for case in found.select_for_update(of=("self",))}


def _outcome(publication: Publication, line: Line, case: Case) -> Happening | None:
    """What becomes of a line; where it passes, its case has gone on."""
    if case.state in GONE:
        _moot(line)
        return Happening(EventKind.REMOVED, line=line, reason=GONE_TEXT)
    if line.state != LineState.SHOWN or not is_over(publication):
        return None
    if case.state == State.PUBLICITY:
        perform(case, "end publicity", None)
    return Happening(EventKind.PASSED, line=line)


def _moot(line: Line) -> None:
    line.objections.filter(state=ObjectionState.OPEN).update(state=ObjectionState.MOOT)


def _close(publication: Publication) -> None:
    """Once its last day is over and no line waits."""
    with transaction.atomic():
        fresh = locked(publication.pk)
        if fresh.state == PublicationState.OPEN and is_over(fresh) and is_settled(fresh):
            happen(fresh, [Happening(EventKind.CLOSED)], by=SYSTEM)


def withdraw(publication: Publication, user: User, reason: str) -> None:
    """Take back a publication: what waits in it goes back to review; what has passed has passed.

    Raises Refused, NotPossible (of casework).
    """
    pending = publication.lines.filter(state__in=PENDING)
    _withdraw(publication, list(pending.values_list("pk", flat=True)), user, reason, whole=True)


def withdraw_line(line: Line, user: User, reason: str) -> None:
    """Take back one line. Raises Refused, NotPossible (of casework)."""
    _withdraw(line.publication, [line.pk], user, reason, whole=False)


def _withdraw(publication: Publication, pks: Sequence[int], user: User, reason: str, *, whole: bool) -> None:
    said = mask(reason.strip())
    with transaction.atomic():
        cases = _locked_cases(pks)
        fresh = locked(publication.pk)
        if fresh.state != PublicationState.OPEN:
            raise Refused(_("这次公示已经结束或撤回。"))
        lines = list(fresh.lines.filter(pk__in=pks, state__in=PENDING).order_by("number"))
        if not whole and not lines:
            raise Refused(_("这一条已经不在公示中。"))
        for line in lines:
            _moot(line)
            if cases[line.case_id].state == State.PUBLICITY:
                perform(cases[line.case_id], "reopen", user, note=said)
        happenings = [Happening(EventKind.WITHDRAWN, line=line, reason=said) for line in lines]
        if whole:
            happenings.append(Happening(EventKind.WITHDRAWN, reason=said))
        happen(fresh, happenings, by=user.username)


def open_objections(publication: Publication) -> int:
    return Objection.objects.filter(line__publication=publication, state=ObjectionState.OPEN).count()
