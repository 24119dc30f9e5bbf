"""Reading everything that was published again: lines, events, objections, rulings, and their states."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db import transaction

from zhida.service.audit import links
from zhida.service.audit.links import Head, Links
from zhida.service.audit.verification import Finding, Problem
from zhida.service.notices import events
from zhida.service.notices.models import Event, Objection, Publication, Ruling
from zhida.service.notices.states import LINE_AFTER, PUBLICATION_AFTER, EventKind, LineState

ACTIONS = (events.TOLD,)
PAGE = 2000


def findings() -> Iterator[Finding]:
    """Whatever of the publications is not as it was written. Each is locked while it is read."""
    for pk in list(Publication.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            found = list(_findings(events.locked(pk)))
        yield from found
    yield from links.gone(ACTIONS, Publication.objects.values_list("number", flat=True))


def _findings(publication: Publication) -> Iterator[Finding]:
    yield from _events(publication, links.told(publication.number, ACTIONS))
    yield from _lines(publication)
    yield from _said(publication)


def _events(publication: Publication, told: links.Told) -> Iterator[Finding]:
    head = Head(publication.count, publication.link)
    rows = partial(_rows, publication)
    yield from Links(publication.number, head, rows, events.link_of).findings(told)
    state = ""
    whole = Event.objects.filter(publication=publication, line=None).order_by("number")
    for kind in whole.values_list("kind", flat=True):
        state = PUBLICATION_AFTER.get(kind, state)
    if state != publication.state:
        yield Finding(publication.count, publication.count, Problem.STATE, publication.number)


def _rows(publication: Publication, until: int) -> Iterator[Event]:
    rows = Event.objects.filter(publication=publication, number__lte=until).order_by("number")
    return rows.iterator(PAGE)


def _lines(publication: Publication) -> Iterator[Finding]:
    """Each line against the one before, all against the first event, their states against the rest."""
    name = f"{publication.number} lines"
    lines = list(publication.lines.order_by("number").defer("publication"))
    last = Head(len(lines), lines[-1].link if lines else "")
    first = publication.events.filter(kind=EventKind.PUBLISHED).order_by("number").first()
    whole = events.digest_of_publication(publication, last.count, last.link)
    yield from Links(name, last, lambda until: lines, events.link_of_line).findings({})
    if first is not None and first.digest != whole:
        yield Finding(first.number, first.number, Problem.ALTERED, f"{publication.number} as published")
    states = _states(publication)
    for line in lines:
        if states.get(line.pk, LineState.SHOWN) != line.state:
            yield Finding(line.number, line.number, Problem.STATE, name)


def _states(publication: Publication) -> dict[int, str]:
    """The state that its events have brought each line to."""
    rows = Event.objects.filter(publication=publication, line__isnull=False).order_by("number")
    return {line: LINE_AFTER[kind] for line, kind in rows.values_list("line", "kind") if line is not None}


def _said(publication: Publication) -> Iterator[Finding]:
    """Objections and rulings against the digests of the events that tell of them."""
    told = Event.objects.filter(publication=publication, objection__isnull=False).order_by("number")
    for event in told.select_related("objection__ruling"):
        if _digest_of(event) != event.digest:
            where = f"{publication.number} objections and rulings"
            yield Finding(event.number, event.number, Problem.ALTERED, where)
    told_of = told.filter(kind=EventKind.SUSPENDED).values("objection")
    for objection in Objection.objects.filter(line__publication=publication).exclude(pk__in=told_of):
        yield Finding(
            objection.number, objection.number, Problem.INSERTED, f"{publication.number} objections"
        )


def _digest_of(event: Event) -> str:
    """Of what an event tells of, as it is now."""
    if event.kind == EventKind.SUSPENDED:
        return events.digest_of_objection(event.objection) if event.objection else ""
    ruling = Ruling.objects.filter(objection=event.objection_id).first()
    return events.digest_of_ruling(ruling) if ruling else ""
