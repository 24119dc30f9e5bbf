"""Adding to the chain, and checking it from its first row to its last."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhida.service.audit.models import Entry, Head
from zhida.service.secrecy.sealing import chain_hash


def record(
    action: str, *, actor: str, subject: str = "", region: str = "", detail: Mapping[str, Any] | None = None
) -> Entry:
    """Add an entry in the caller's transaction: what is written and its entry stand or fall together.

    `detail` holds no personal data: names of fields, counts, hashes, public numbers.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the write it tells of; see note()")
    head = _locked_head()
    entry = Entry(
        number=head.number + 1,
        at=timezone.now(),
        actor=actor,
        region=region,
        action=action,
        subject=subject,
        detail=dict(detail or {}),
    )
    entry.link = link_of(entry, head.link)
    entry.save(force_insert=True)
    head.number, head.link = entry.number, entry.link
    head.seal = seal_of(head)
    head.save()
    return entry


def note(action: str, **what: Any) -> Entry:
    """Add an entry in a transaction of its own: an attempt, a refusal, a view of personal data, an export."""
    with transaction.atomic(durable=True):
        return record(action, **what)


def _locked_head() -> Head:
    head, _ = Head.objects.select_for_update().get_or_create(id=1)
    return head


def link_of(entry: Entry, previous: str) -> str:
    content = [
        previous,
        entry.number,
        _moment(entry.at),
        entry.actor,
        entry.region,
        entry.action,
        entry.subject,
        entry.detail,
    ]
    return chain_hash(json.dumps(content, ensure_ascii=False, sort_keys=True).encode())


def seal_of(head: Head) -> str:
    return chain_hash(f"head {head.number} {head.link}".encode())


def _moment(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
