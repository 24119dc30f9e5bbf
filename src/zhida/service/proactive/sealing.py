"""Frozen lists as chains: each line's digest and link, and reading them again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from zhida.service.audit import links
from zhida.service.audit.links import Head, Links
from zhida.service.audit.verification import Finding
from zhida.service.proactive.models import Candidate, Run
from zhida.service.secrecy.sealing import chain_hash

ACTIONS = ("candidates frozen",)
PAGE = 2000


def digest_of(candidate: Candidate) -> str:
    """Of what was decided, for whom, on which facts."""
    amount = None if candidate.amount is None else str(candidate.amount)
    said: list[Any] = [candidate.run_id, candidate.number, candidate.unit, candidate.row, candidate.region]
    said += [candidate.verdict, amount, candidate.missing, candidate.facts]
    return chain_hash(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


def link_of(candidate: Candidate, before: str) -> str:
    return chain_hash(f"candidate {before} {candidate.number} {candidate.digest}".encode())


def checked_link_of(candidate: Candidate, before: str) -> str:
    """The link that the line should have, its content read anew."""
    return chain_hash(f"candidate {before} {candidate.number} {digest_of(candidate)}".encode())


def findings() -> Iterator[Finding]:
    """Whatever of the frozen lists is not as it was written."""
    for pk in list(Run.objects.order_by("pk").values_list("pk", flat=True)):
        count, link = Run.objects.values_list("count", "link").get(pk=pk)
        told = links.told(f"proactive:{pk}", ACTIONS)
        yield from Links(f"proactive:{pk}", Head(count, link), partial(_rows, pk), checked_link_of).findings(
            told
        )
    runs = Run.objects.values_list("pk", flat=True)
    yield from links.gone(ACTIONS, (f"proactive:{pk}" for pk in runs))


def _rows(run: int, until: int) -> Iterator[Candidate]:
    return Candidate.objects.filter(run=run, number__lte=until).order_by("number").iterator(PAGE)
