"""How often somebody who is not logged in may ask: counted by hash in the database, for all processes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from zhida.service import clock
from zhida.service.cases.models import Query
from zhida.service.secrecy.sealing import keyed_hash

BY_ADDRESS = (10, timedelta(minutes=15))
BY_NUMBER = (10, timedelta(days=1))
"""Wrong answers allowed from one address, and about one package: its four digits are not to be guessed."""


def is_allowed(address: str, number: str) -> bool:
    """Whether another question from this address about this package may be answered."""
    return all(
        Query.objects.filter(what=what, at__gt=clock.now() - span)[:most].count() < most
        for what, (most, span) in _counted(address, number)
    )


def count_failure(address: str, number: str) -> None:
    """Remember a wrong answer, and forget those that no longer count."""
    now = clock.now()
    with transaction.atomic():
        Query.objects.filter(at__lt=now - BY_NUMBER[1]).delete()
        Query.objects.bulk_create(Query(what=what, at=now) for what, _ in _counted(address, number))


def _counted(address: str, number: str) -> tuple[tuple[str, tuple[int, timedelta]], ...]:
    return (keyed_hash(f"address {address}"), BY_ADDRESS), (keyed_hash(f"package {number}"), BY_NUMBER)
