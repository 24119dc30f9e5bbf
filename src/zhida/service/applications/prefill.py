"""What the registry knows of the party that an applicant verifiably acts for, put into their draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from zhida.service.applications import drafts
from zhida.service.applications.facts import keys_of
from zhida.service.applications.models import Draft
from zhida.service.applications.needs import IDENTITY
from zhida.service.audit import chain
from zhida.service.law import library
from zhida.service.registry.models import Known, Record, Representation
from zhida.service.registry.selectors import NESTED, case_of, represented

AROUND = frozenset({"region", "on", "history"})


def parties(user: Any, kind: str) -> list[Representation]:
    """For whom the user may fill in a form for an employer, or for a person."""
    return [held for held in represented(user) if held.kind == kind] if user.is_authenticated else []


def prefill(draft: Draft, held: Representation) -> None:
    """Put what is registered and was not said otherwise; lists that were filled in stay as they are.

    Raises drafts.Submitted.
    """
    employer, person = held.employer, held.person
    known = case_of(employer=employer, person=person, on=draft.on)
    facts = {key: value for key, value in known.items() if key not in AROUND}
    values = _values(draft, facts)
    sources = _sources(employer or person, facts)
    applicant, rows = _applicant(held), _rows(draft, held)
    drafts.prefill(
        draft,
        values,
        {key: sources.get(key) or gettext("登记信息") for key in values},
        employer=employer,
        person=person,
        applicant={**applicant, **{k: v for k, v in draft.applicant.items() if v}},
        rows={**rows, **draft.rows},
    )
    chain.note(
        "registry used for a form",
        actor=held.user.username,
        subject=str(draft.public),
        region=draft.region,
        detail={"facts": len(values)},
    )


def _values(draft: Draft, facts: Mapping[str, Any]) -> dict[str, Any]:
    """By dotted key; a list whole, and only where the draft has none."""
    values = {
        key: value for key, value in facts.items() if isinstance(value, list) and key not in draft.facts
    }
    single = {key: value for key, value in facts.items() if isinstance(value, dict)}
    for key in keys_of(single):
        head, _dot, last = key.rpartition(".")
        if last not in IDENTITY:
            values[key] = single[head][last]
    return values


def _sources(party: Known | None, facts: Mapping[str, Any]) -> dict[str, str]:
    """Who told each fact of the party."""
    head = "employer" if "employer" in facts else "applicant"
    told = party.origins if party is not None else []
    return {f"{head}.{key}": origin.get("source", "") for origin in told for key in origin.get("keys", ())}


def _applicant(held: Representation) -> dict[str, str]:
    party: Any = held.employer or held.person
    found = {"name": party.name, "number": party.number, "phone": party.phone, "account": party.bank_account}
    if held.employer is not None:
        found["contact"] = held.employer.contact
    return {key: value for key, value in found.items() if value}


def _rows(draft: Draft, held: Representation) -> dict[str, dict[str, str]]:
    """Whom the registered rows are about, by `hires.<key>`."""
    if held.employer is None:
        return {}
    of_people = Record.objects.filter(employer=held.employer, person__isnull=False, entity__in=NESTED)
    records = of_people.select_related("person")
    found = {}
    for record in records:
        case_key = library().entities[record.entity].case_key
        if record.person is not None and case_key not in draft.facts:
            found[f"{case_key}.{record.key}"] = {"name": record.person.name, "number": record.person.number}
    return found
