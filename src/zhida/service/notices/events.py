"""Adding events to a publication that is locked: each linked to the one before, all told to the audit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhida.service import clock
from zhida.service.audit import chain
from zhida.service.notices.models import Event, Line, Objection, Publication, Ruling
from zhida.service.notices.states import LINE_AFTER, LINE_BEFORE, PUBLICATION_AFTER, EventKind, LineState
from zhida.service.secrecy.sealing import chain_hash

TOLD = "notice moved"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to add: to a line, or to the publication as a whole."""

    kind: EventKind
    line: Line | None = None
    objection: Objection | None = None
    reason: str = ""
    digest: str = ""


class Impossible(RuntimeError):
    """An event that cannot happen to a line in its state: the caller did not look."""


def locked(pk: int) -> Publication:
    """The publication, nobody else's until the transaction ends. Its cases are locked before it."""
    return Publication.objects.select_for_update(of=("self",)).get(pk=pk)


def happen(publication: Publication, happenings: Sequence[Happening], *, by: str) -> None:
    """Write the events and the states they lead to, in the caller's transaction, as its last writes."""
    at = clock.now()
    rows = []
    for happening in happenings:
        _change(publication, happening)
        publication.count += 1
        event = Event(
            publication=publication,
            number=publication.count,
            kind=happening.kind,
            line=happening.line,
            objection=happening.objection,
            reason=happening.reason,
            by=by,
            at=at,
            digest=happening.digest,
        )
        event.link = publication.link = link_of(event, publication.link)
        rows.append(event)
    Event.objects.bulk_create(rows, batch_size=500)
    Line.objects.bulk_update([h.line for h in happenings if h.line is not None], ["state"], batch_size=500)
    publication.save(update_fields=["state", "count", "link"])
    kinds = dict(Counter(str(happening.kind) for happening in happenings))
    chain.record(
        TOLD,
        actor=by,
        subject=publication.number,
        region=publication.region,
        detail={"to": publication.count, "link": publication.link, "kinds": kinds},
    )


def _change(publication: Publication, happening: Happening) -> None:
    line, kind = happening.line, happening.kind
    if line is None:
        publication.state = PUBLICATION_AFTER[kind]
        return
    if line.state not in LINE_BEFORE[kind]:
        raise Impossible(f"{kind}: line {line.number} of {publication.number} is {line.state}")
    line.state = LINE_AFTER[kind]


def link_of(event: Event, previous: str) -> str:
    content = [
        previous,
        event.publication_id,
        event.number,
        str(event.kind),
        event.line_id,
        event.objection_id,
        event.reason,
        event.by,
        clock.exact(event.at),
        event.digest,
    ]
    return _hashed(content)


def link_of_line(line: Line, previous: str) -> str:
    return _hashed([previous, line.number, line.case_id, line.shown])


def digest_of_publication(publication: Publication, lines: int, last_link: str) -> str:
    """All that was published: what the page says, and the chain of its lines."""
    return _hashed(
        [
            publication.number,
            publication.region,
            publication.title,
            publication.measure,
            publication.measure_name,
            publication.document,
            publication.clause,
            publication.office,
            publication.phone,
            publication.library,
            publication.days,
            publication.opens_on.isoformat(),
            publication.closes_on.isoformat(),
            publication.key,
            publication.published_by,
            clock.exact(publication.published_at),
            lines,
            last_link,
        ]
    )


def digest_of_objection(objection: Objection) -> str:
    return _hashed(
        [
            objection.line_id,
            objection.number,
            objection.name,
            objection.phone,
            objection.identity,
            objection.identity_hash,
            objection.text,
            clock.exact(objection.at),
        ]
    )


def digest_of_ruling(ruling: Ruling) -> str:
    return _hashed(
        [
            ruling.objection_id,
            str(ruling.outcome),
            ruling.reason,
            ruling.clause,
            ruling.by,
            ruling.publisher,
            clock.exact(ruling.at),
        ]
    )


def _hashed(content: list[Any]) -> str:
    return chain_hash(json.dumps(content, ensure_ascii=False, sort_keys=True).encode())


def is_settled(publication: Publication) -> bool:
    """Whether no line of it waits any more."""
    pending = (LineState.SHOWN, LineState.SUSPENDED)
    return not publication.lines.filter(state__in=pending).exists()
