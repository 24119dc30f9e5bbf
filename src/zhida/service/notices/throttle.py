"""How many objections one address may send: counted by hash in the database, for all processes."""

from __future__ import annotations

from datetime import timedelta

from zhida.service import clock
from zhida.service.cases.models import Query
from zhida.service.secrecy.sealing import keyed_hash

BY_ADDRESS = ((6, timedelta(minutes=10)), (30, timedelta(days=1)))
"""An agency's own terminal, at which people of a village object one after the other, stays below this."""


def is_allowed(address: str) -> bool:
    now, sent = clock.now(), Query.objects.filter(what=_name_of(address))
    return all(sent.filter(at__gt=now - span)[:most].count() < most for most, span in BY_ADDRESS)


def count(address: str) -> None:
    Query.objects.create(what=_name_of(address), at=clock.now())


def _name_of(address: str) -> str:
    return keyed_hash(f"objections from {address}")
