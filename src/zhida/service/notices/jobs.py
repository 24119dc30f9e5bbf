"""Work in the background: publications are looked at every day, and where a ruling lets a line go on."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhida.service.notices.closing import settle
from zhida.service.notices.models import Publication
from zhida.service.notices.states import PublicationState
from zhida.service.work.handlers import handles
from zhida.service.work.queue import enqueue

DAILY, SETTLE = "notices of the day", "settle a notice"
AFTER_MIDNIGHT = time(0, 5)
"""Objections that came before midnight and wait for a lock have been written by then."""


def advance(publication: Publication) -> None:
    """Called in the transaction of a ruling: what it frees goes on, if the time is over."""
    enqueue(
        SETTLE, f"{SETTLE} {publication.number} after {publication.count}", {"publication": publication.pk}
    )


@handles(DAILY)
def daily(payload: dict[str, Any]) -> None:
    """Look after every open publication, each by a job of its own; and tomorrow again, while there are any.

    Days are the machine's: a demonstration whose day is held still has mornings too.
    """
    pending = Publication.objects.filter(state=PublicationState.OPEN)
    with transaction.atomic():
        if pending.exists():
            look_tomorrow()
    day = timezone.localdate().isoformat()
    for pk, number in pending.values_list("pk", "number"):
        enqueue(SETTLE, f"{SETTLE} {number} on {day}", {"publication": pk})


@handles(SETTLE)
def settle_one(payload: dict[str, Any]) -> None:
    settle(Publication.objects.get(pk=payload["publication"]))


def look_tomorrow() -> None:
    """Called in the transaction that publishes: from tomorrow somebody looks after it."""
    day = timezone.localdate() + timedelta(days=1)
    due_at = timezone.make_aware(datetime.combine(day, AFTER_MIDNIGHT))
    enqueue(DAILY, f"{DAILY} {day}", due_at=due_at)
