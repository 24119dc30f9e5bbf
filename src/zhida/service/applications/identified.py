"""The case with everybody in it named by a keyed hash, and what was granted to them before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from zhida.service.applications import drafts
from zhida.service.applications.facts import value_at
from zhida.service.applications.models import Draft
from zhida.service.audit import chain
from zhida.service.registry.models import Record
from zhida.service.secrecy.sealing import keyed_hash

MOST_GRANTS = 2_000


def identified_case(draft: Draft, kind: str) -> dict[str, Any]:
    """The draft's case; its people carry the hash of their numbers as `id`, so that limits hold for them.

    What the registry knows of former grants is added once the draft belongs to a user: nobody else may try
    other people's numbers.
    """
    case: dict[str, Any] = deepcopy(drafts.case_of(draft))
    people = {path: hash_of(who["number"]) for path, who in draft.rows.items() if who.get("number")}
    for path, hashed in people.items():
        row = value_at(case, path)
        if row is not None:
            row["person"] = {**row.get("person", {}), "id": hashed}
    number = draft.applicant.get("number", "")
    if number and kind == "person":
        case["applicant"] = {**case.get("applicant", {}), "id": hash_of(number)}
        people["applicant"] = hash_of(number)
    if draft.user_id:
        employer = number if kind == "employer" else ""
        history = list(former_grants(set(people.values()), employer))
        if history:
            case["history"] = [*case.get("history", []), *history]
    return case


def note_look(draft: Draft, case: Mapping[str, Any], actor: str) -> None:
    """Looking at somebody's former grants is a view of personal data."""
    if case.get("history"):
        detail = {"grants": len(case["history"])}
        chain.note(
            "grants looked up", actor=actor, subject=str(draft.public), region=draft.region, detail=detail
        )


def former_grants(hashes: set[str], uscc: str) -> Iterator[dict[str, Any]]:
    """What was granted to these people, and to this employer, under the names that the case has for them."""
    grants = Record.objects.filter(entity="history")
    if hashes:
        for record in grants.filter(person__number_hash__in=hashes).select_related("person")[:MOST_GRANTS]:
            assert record.person is not None
            yield {**record.facts, "subject": record.person.number_hash}
    if uscc:
        for record in grants.filter(employer__number=uscc, person=None)[:MOST_GRANTS]:
            yield {**record.facts, "subject": "employer"}


def hash_of(number: str) -> str:
    """As the registry keeps it."""
    return keyed_hash(number)
