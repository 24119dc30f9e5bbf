"""The only clock of the service: everything below it takes its day as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day in China; `ZHIDA_TODAY` holds it still for a demonstration or a test."""
    return settings.ZHIDA_TODAY or timezone.localdate()


def now() -> datetime:
    """This moment, with its zone; on the day that `today` says."""
    moment = timezone.localtime()
    day = today()
    return moment.replace(year=day.year, month=day.month, day=day.day)


def exact(at: datetime) -> str:
    """A moment as text that both databases give back alike, for the links of chains."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
