"""Runs, candidates and blocks for the pages of one object, as access_objects.py wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.service.proactive.registry import MEASURE, PAID, employer

from zhida.service import clock
from zhida.service.law import library
from zhida.service.proactive.models import Block, Candidate, Run
from zhida.service.proactive.sealing import digest_of, link_of
from zhida.service.registry.models import Representation
from zhida.service.secrecy.sealing import keyed_hash


def a_run(world: Any) -> Run:
    """A list of one employer, which `world.owner` represents and which lacks an account."""
    party = employer(1, account="")
    Representation.objects.create(
        user=world.owner, kind="employer", number=party.number, number_hash=keyed_hash(party.number),
        name=party.name, region=world.region, state="verified", employer=party,
    )  # fmt: skip
    run = Run.objects.create(
        measure=MEASURE, region=world.region, on=clock.today(), library=library().hash, state="frozen",
        expected=1, count=1, frozen_at=clock.now(), started_by="reviewer",
    )  # fmt: skip
    facts = {"region": world.region, "on": clock.today().isoformat(), "employer": PAID, "history": []}
    line = Candidate(
        run=run, number=1, employer=party, unit=f"employer:{party.number}", row="ZN91-030",
        region=world.region, verdict="eligible", amount="4374.00", facts=facts, state="blocked",
    )  # fmt: skip
    line.digest = digest_of(line)
    line.link = run.link = link_of(line, "")
    line.save()
    run.save()
    Block.objects.create(candidate=line, kind="account", key="account", reason="没有收款账户", owner="本单位")
    return run


def _candidate(world: Any) -> int:
    return a_run(world).candidates.get().pk


def _block(world: Any) -> int:
    a_run(world)
    return Block.objects.get().pk


def proactive() -> Mapping[str, Callable[[Any], Mapping[str, Any]]]:
    """The kinds of access.csv."""
    return {
        "proactive run": lambda world: {"pk": a_run(world).pk},
        "proactive run to open": lambda world: {"pk": a_run(world).pk, "what": "open"},
        "proactive run to export": lambda world: {"pk": a_run(world).pk, "what": "blocks"},
        "candidate": lambda world: {"pk": _candidate(world)},
        "candidate to exclude": lambda world: {"pk": _candidate(world), "what": "exclude"},
        "proactive block": lambda world: {"pk": _block(world)},
    }
