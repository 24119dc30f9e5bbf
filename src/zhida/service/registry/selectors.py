"""What the registry knows, read: of one party, as the case that the core decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zhida.service.law import library
from zhida.service.registry.models import Employer, Person, Record, Representation
from zhida.standards.regions import ancestors

NESTED = frozenset({"hire", "internship", "placement"})
"""Entities whose rows hold their person; that of the others is the applicant."""
MOST_ROWS = 20_000
"""Of each list in one case, as the core allows."""


def case_of(*, employer: Employer | None = None, person: Person | None = None, on: date) -> dict[str, Any]:
    """What is known of one party, in the form of a case: its facts, its rows, and what was granted before.

    A list of which the registry has no row is left out: nobody said that there are none. Persons go by the
    keyed hash of their number, wherever they come from: so limits that are counted per person hold.
    """
    region = (employer or person).region  # type: ignore[union-attr]
    case: dict[str, Any] = {"region": region, "on": on.isoformat()}
    if employer is not None:
        case["employer"] = employer.facts | {"uscc": employer.number, "name": employer.name}
    if person is not None:
        case["applicant"] = person.facts | {"id": person.number_hash}
    place = _place(region)
    if place is not None:
        case["place"] = place.facts
    rows = list(_records(employer, person))
    for row in rows:
        if row.entity != "history":
            case_key = library().entities[row.entity].case_key
            case.setdefault(case_key, []).append(_element(row))
    case["history"] = list(_history(case, rows, employer))
    return case


def _records(employer: Employer | None, person: Person | None) -> QuerySet[Record]:
    mine = Q(employer=employer) if employer is not None else Q()
    if person is not None:
        mine |= Q(person=person)
        if employer is None:
            # Whom an employer hired is the employer's matter, unless the person asks: then only their own.
            mine &= ~Q(entity__in=NESTED)
    return Record.objects.filter(mine).select_related("person").order_by("id")[:MOST_ROWS]


def _place(region: str) -> Record | None:
    """The nearest place of which something is known: the county, its prefecture, the province."""
    above = ancestors(region)
    found = Record.objects.filter(entity="place", key__in=above)
    return min(found, key=lambda row: above.index(row.key), default=None)


def _element(row: Record) -> dict[str, Any]:
    element = row.facts | {"id": row.key}
    if row.entity in NESTED and row.person is not None:
        element["person"] = row.person.facts | {"id": row.person.number_hash}
    return element


def _history(
    case: dict[str, Any], rows: Iterable[Record], employer: Employer | None
) -> Iterable[dict[str, Any]]:
    """Past grants to anyone in the case, each under the name by which the case knows them.

    To the employer, to those it hired, and to its legal representative, whatever employer that was for.
    """
    names = set(_names(case))
    people = [row.person_id for row in rows if row.entity in NESTED and row.person_id]
    own = [row for row in rows if row.entity == "history"]
    around = Q(person__in=people)
    if representative := case.get("employer", {}).get("legal_representative_id"):
        around |= Q(facts__subject=str(representative))
    others = Record.objects.filter(around, entity="history")
    seen = set()
    for row in [*own, *(others.select_related("person") if employer is not None else ())]:
        if row.pk in seen:
            continue
        seen.add(row.pk)
        subject = row.facts.get("subject")
        if subject not in names:
            subject = row.person.number_hash if row.person is not None else "employer"
        yield row.facts | {"subject": subject}


def _names(case: dict[str, Any]) -> Iterable[str]:
    representative = case.get("employer", {}).get("legal_representative_id")
    if representative:
        yield str(representative)
    for rows in case.values():
        if isinstance(rows, list):
            yield from (row["id"] for row in rows)


def represented(user: Any) -> QuerySet[Representation]:
    """For whom the user may act: verified ones only."""
    return Representation.objects.filter(user=user, state=Representation.State.VERIFIED).select_related(
        "employer", "person"
    )
