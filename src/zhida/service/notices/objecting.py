"""Objecting to a line, and ruling upon it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.audit import chain
from zhida.service.cases.models import Case
from zhida.service.casework.services import perform
from zhida.service.notices import jobs
from zhida.service.notices.events import (
    Happening,
    digest_of_objection,
    digest_of_ruling,
    happen,
    locked,
)
from zhida.service.notices.models import Line, Objection, Publication, Ruling
from zhida.service.notices.refusals import Refused
from zhida.service.notices.states import PENDING, EventKind, ObjectionState, PublicationState
from zhida.service.secrecy.sealing import keyed_hash

MOST_A_LINE = 50
"""Objections that wait at one line: more would be a flood, and the line is suspended already."""
Outcome = Ruling.Outcome


@dataclass(frozen=True, slots=True)
class Said:
    """What an objector wrote."""

    name: str
    phone: str
    identity: str
    text: str


def is_in_time(publication: Publication, at: datetime) -> bool:
    """Until the end of the last day, in China."""
    return (
        publication.state == PublicationState.OPEN
        and publication.opens_on <= timezone.localdate(at) <= publication.closes_on
    )


def can_object(line: Line) -> bool:
    return line.state in PENDING and is_in_time(line.publication, clock.now())


def object_to(line: Line, said: Said, *, at: datetime | None = None) -> Objection:
    """Take an objection that came at a moment; the line waits until it is ruled upon.

    Raises Refused where it is late, the line is settled, or the same person's waits already.
    """
    arrived = at or clock.now()
    with transaction.atomic():
        publication = locked(line.publication_id)
        fresh = Line.objects.get(pk=line.pk)
        if not is_in_time(publication, arrived):
            raise Refused(_("公示期已满或公示已结束，不能再提异议。"))
        if fresh.state not in PENDING:
            raise Refused(_("这一条已经不在公示中。"))
        objection = _write(fresh, said, arrived)
        reached = Happening(
            EventKind.SUSPENDED, line=fresh, objection=objection, digest=digest_of_objection(objection)
        )
        happen(publication, [reached], by="")
    return objection


def _write(line: Line, said: Said, at: datetime) -> Objection:
    identity_hash = keyed_hash(said.identity)
    waiting = line.objections.filter(state=ObjectionState.OPEN)
    if waiting.filter(identity_hash=identity_hash).exists():
        raise Refused(_("您对这一条提出的异议已经收到，正在处理。"))
    if waiting.count() >= MOST_A_LINE:
        raise Refused(_("这一条已经暂停，收到的异议很多。请直接与经办科室联系。"))
    return Objection.objects.create(
        line=line,
        number=line.objections.count() + 1,
        name=said.name,
        phone=said.phone,
        identity=said.identity,
        identity_hash=identity_hash,
        text=said.text,
        at=at,
    )


def receipt_of(objection: Objection) -> str:
    """What an objector can refer to."""
    line = objection.line
    return f"{line.publication.number}-{line.number}-{objection.number}"


def rule(objection: Objection, user: User, outcome: str, why: Mapping[str, str]) -> Ruling:
    """Decide an objection: the line goes on, or leaves the 公示 and its case is reopened or refused.

    `why`: `reason`, `clause`; `remedy` too for a refusal. Raises Refused, NotPossible (of casework).
    """
    line = objection.line
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).defer("facts", "decision").get(pk=line.case_id)
        publication = locked(line.publication_id)
        fresh = Objection.objects.select_related("line").get(pk=objection.pk)
        _check(fresh, publication, user)
        ruling = Ruling.objects.create(
            objection=fresh,
            outcome=outcome,
            reason=why["reason"],
            clause=why["clause"],
            by=user.username,
            publisher=publication.published_by,
            at=clock.now(),
        )
        jobs.advance(publication)
        is_rejected = outcome == Outcome.REJECTED
        kind = _reject(fresh) if is_rejected else _uphold(fresh, case, user, outcome, why)
        digest = digest_of_ruling(ruling)
        happen(
            publication, [Happening(kind, line=fresh.line, objection=fresh, digest=digest)], by=user.username
        )
    return ruling


def _check(objection: Objection, publication: Publication, user: User) -> None:
    if objection.state != ObjectionState.OPEN:
        raise Refused(_("这项异议已经裁定过，或不用再裁定。"))
    if publication.published_by == user.username:
        raise Refused(_("这次公示是您发布的，异议要由另一个人裁定。"))


def _reject(objection: Objection) -> EventKind:
    _end(objection, ObjectionState.REJECTED)
    others = objection.line.objections.filter(state=ObjectionState.OPEN)
    return EventKind.DISMISSED if others.exists() else EventKind.RESTORED


def _uphold(objection: Objection, case: Case, user: User, outcome: str, why: Mapping[str, str]) -> EventKind:
    """The line leaves; whatever else was said against it needs no ruling any more."""
    _end(objection, ObjectionState.UPHELD)
    objection.line.objections.filter(state=ObjectionState.OPEN).update(state=ObjectionState.MOOT)
    if outcome == Outcome.REOPEN:
        perform(case, "reopen", user, note=why["reason"])
    else:
        said = {name: why.get(name, "") for name in ("clause", "reason", "remedy")}
        perform(case, "refuse", user, seen=None, **said)
    return EventKind.REMOVED


def _end(objection: Objection, state: ObjectionState) -> None:
    objection.state = state
    objection.save(update_fields=["state"])


def note_refused(publication: Publication, why: str) -> None:
    """An objection that was not taken: how often that happens is for the audit to see, not from whom."""
    chain.note(
        "objection refused",
        actor="",
        subject=publication.number,
        region=publication.region,
        detail={"why": why},
    )
