"""How many requests a minute: counted for all processes together, at the price of few writes.

A process takes a share of the minute's allowance from the database and uses it up before it asks again. So no
more than the limit ever passes; a share that a process does not use up is lost for that minute.
"""

from __future__ import annotations

import time
from threading import Lock

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When

from zhida.service.api.models import Allowance

SHARES = 20
"""Into so many parts a minute's allowance is cut."""
KEPT_MINUTES = 60
MOST_KEYS = 10_000

_lock = Lock()
_left: dict[str, tuple[int, int]] = {}


class TooManyRequests(Exception):
    """The minute's allowance is used up; `seconds` until the next."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


def take(key: str, per_minute: int) -> None:
    """Let one request through; raises TooManyRequests."""
    now = time.time()
    minute = int(now // 60)
    with _lock:
        since, left = _left.get(key, (minute, 0))
        if since == minute and left > 0:
            _left[key] = (minute, left - 1)
            return
    share = max(1, per_minute // SHARES)
    if not _take_share(key, minute, share, per_minute):
        raise TooManyRequests(int((minute + 1) * 60 - now) + 1)
    with _lock:
        if len(_left) >= MOST_KEYS:
            _left.clear()
        since, left = _left.get(key, (minute, 0))
        _left[key] = (minute, (left if since == minute else 0) + share - 1)


def _take_share(key: str, minute: int, share: int, most: int) -> bool:
    """Whether the database had a share left."""
    of_now = Q(minute=minute)
    has_room = Allowance.objects.filter(Q(minute__lt=minute) | (of_now & Q(taken__lte=most - share)), key=key)
    taken = Case(When(of_now, then=F("taken") + share), default=Value(share))
    if has_room.update(taken=taken, minute=minute):
        return True
    if Allowance.objects.filter(key=key).exists():
        return False
    return _begin(key, minute, share) or bool(has_room.update(taken=taken, minute=minute))


def _begin(key: str, minute: int, share: int) -> bool:
    """The first request under a key; what nobody has asked under for an hour goes."""
    Allowance.objects.filter(minute__lt=minute - KEPT_MINUTES).delete()
    try:
        with transaction.atomic():
            Allowance.objects.create(key=key, minute=minute, taken=share)
    except IntegrityError:
        return False
    return True


def forget() -> None:
    """What this process has in hand; for tests."""
    with _lock:
        _left.clear()
