"""Adding to the chain: who did what to what, in the transaction of the write itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhida.service import clock
from zhida.service.audit.models import Entry, Head
from zhida.service.secrecy.masking import mask
from zhida.service.secrecy.sealing import chain_hash

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Event:
    """What an entry will say; `actor` is a username, or empty for the public."""

    action: str
    actor: str
    subject: str = ""
    region: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(
    action: str, *, actor: str, subject: str = "", region: str = "", detail: Mapping[str, Any] | None = None
) -> Entry:
    """Add an entry in the caller's transaction: what is written and its entry stand or fall together.

    `detail` holds no personal data: names of fields, counts, hashes, public numbers; no floats, which two
    databases write differently (TypeError). The head of the chain stays locked until the transaction
    ends: record as the last thing in it.
    """
    return record_many([Event(action, actor, subject, region, detail or {})])[0]


def record_many(events: Iterable[Event]) -> list[Entry]:
    """Add many entries in the caller's transaction, in their order, the head locked once."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the write it tells of; see note()")
    head, _ = Head.objects.select_for_update().get_or_create(id=1)
    entries = Entry.objects.bulk_create(_entries(events, head), batch_size=BATCH)
    if entries:
        head.seal = seal_of(head)
        head.save()
    return entries


def note(action: str, **what: Any) -> Entry:
    """Add an entry in a transaction of its own: an attempt, a refusal, a view of personal data, an export."""
    with transaction.atomic(durable=True):
        return record(action, **what)


def _entries(events: Iterable[Event], head: Head) -> Iterator[Entry]:
    for event in events:
        entry = Entry(
            number=head.number + 1,
            # The true moment, also where the day of the site is held still.
            at=timezone.now(),
            actor=_storable(event.actor),
            region=event.region,
            action=event.action,
            subject=_storable(event.subject),
            detail={key: _plain(value) for key, value in event.detail.items()},
        )
        entry.digest = digest_of(entry)
        entry.link = link_of(entry, head.link)
        head.number, head.link = entry.number, entry.link
        yield entry


def digest_of(entry: Entry) -> str:
    said = [clock.exact(entry.at), entry.actor, entry.region, entry.action, entry.subject, entry.detail]
    return chain_hash(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


def link_of(entry: Entry, previous: str) -> str:
    return chain_hash(f"link {previous} {entry.number} {entry.digest}".encode())


def seal_of(head: Head) -> str:
    return chain_hash(f"head {head.number} {head.link}".encode())


def _plain(value: Any) -> Any:
    """The value as both databases give it back, without what looks like personal data."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, str):
        return mask(_storable(value))
    if value is None or isinstance(value, int):
        return value
    raise TypeError(f"detail: found {type(value).__name__}, expected text, whole numbers, lists of them")


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL, neither database a lone surrogate."""
    return str(text).replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
