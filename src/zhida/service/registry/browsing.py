"""The registry as officials look through it: found, listed, opened; a person stays masked until opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zhida.decide import Outcome, build_case, decide
from zhida.decide.fact_values import Wrong, parse_fact
from zhida.guide.summary import Summary, summary_of
from zhida.guide.wording import fact_name, fact_value, region_name
from zhida.library.model import FactDef
from zhida.service.accounts.scope import within
from zhida.service.law import library
from zhida.service.registry import masking
from zhida.service.registry.models import Employer, Known, Person, Record
from zhida.service.registry.origins import origin_of
from zhida.service.registry.selectors import case_of
from zhida.service.secrecy.sealing import keyed_hash

MOST_COUNTED = 1_000
MOST_RECORDS = 50
"""Of each entity on one page."""
SEE = "see registry"


def employers(
    user: Any, words: str = "", region: str = "", industry: str = "", kind: str = ""
) -> QuerySet[Employer]:
    """Those that the user may see, by words of the name or the beginning of the number."""
    found = Employer.objects.visible_to(user, SEE).order_by("number")
    if region:
        found = found.filter(**within("region", region))
    if industry:
        found = found.filter(facts__industry__startswith=industry)
    if kind:
        found = found.filter(facts__org_type=kind)
    for word in words.split():
        beginning = word.upper()
        is_number = len(word) > 3 and beginning.isascii() and beginning.isalnum()
        found = found.filter(Q(number__startswith=beginning) if is_number else Q(name__icontains=word))
    return found


def persons(user: Any, number: str = "", region: str = "") -> QuerySet[Person]:
    """Those that the user may see; one of them by the whole identity number, never by a part of it."""
    found = Person.objects.visible_to(user, SEE).order_by("pk")
    if region:
        found = found.filter(**within("region", region))
    if number:
        found = found.filter(number_hash=keyed_hash("".join(number.split()).upper()))
    return found


def counted(found: QuerySet[Any]) -> tuple[int, bool]:
    """How many, and whether there are more than that: nothing is counted to its end."""
    number = found.order_by()[: MOST_COUNTED + 1].count()
    return min(number, MOST_COUNTED), number > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact in words, and who said it when."""

    name: str
    value: str
    department: str
    source: str
    on: date | None


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record of a list: its facts in words, whom it concerns."""

    record: Record
    person: str
    person_pk: int | None
    employer: Employer | None
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordList:
    """The records of one entity, as many as a page shows."""

    entity: str
    name: str
    lines: tuple[RecordLine, ...]
    more: bool


def fact_lines(entity: str, known: Known) -> tuple[FactLine, ...]:
    """In the order of the vocabulary."""
    facts = library().entities[entity].facts
    return tuple(_fact_line(fact, known) for fact in facts if fact.key in known.facts)


def _fact_line(fact: FactDef, known: Known) -> FactLine:
    source, on = origin_of(known.origins, fact.key) or ("", None)
    return FactLine(fact_name(fact), fact_text(fact, known.facts[fact.key]), fact.source, source, on)


def fact_text(fact: FactDef, value: Any) -> str:
    """A fact as it is stored, in words; a measure by its name."""
    if fact.key == "measure" and value in library().measures:
        return library().measures[value].definition.name
    if fact.type == "region":
        return region_name(library(), str(value))
    return fact_value(fact, _typed(fact, value))


def _typed(fact: FactDef, value: Any) -> Any:
    try:
        return parse_fact(fact, value, date.max)
    except Wrong:
        return str(value)


def record_lists(party: Employer | Person) -> Iterator[RecordList]:
    """What is known around a party, an entity at a time, the latest first."""
    for entity, definition in library().entities.items():
        if entity not in ("employer", "person", "fund", "place"):
            found = party.records.filter(entity=entity).select_related("person", "employer").order_by("-pk")
            rows = list(found[: MOST_RECORDS + 1])
            if rows:
                lines = tuple(_record_line(definition.facts, row) for row in rows[:MOST_RECORDS])
                name = definition.rows or definition.name
                yield RecordList(entity, name, lines, len(rows) > MOST_RECORDS)


def _record_line(facts: tuple[FactDef, ...], row: Record) -> RecordLine:
    told = tuple((fact_name(f), fact_text(f, row.facts[f.key])) for f in facts if f.key in row.facts)
    who = masking.name(row.person.name) if row.person is not None else ""
    return RecordLine(row, who, row.person_id, row.employer, told)


def today_for(party: Employer | Person, on: date) -> tuple[Summary, Outcome] | None:
    """What the party could get on a day, by the core; None where what is known contradicts itself."""
    data: Mapping[str, Any] = (
        case_of(employer=party, on=on) if isinstance(party, Employer) else case_of(person=party, on=on)
    )
    case, problems = build_case(library(), data)
    if case is None or problems:
        return None
    outcome = decide(library(), case)
    return summary_of(library(), outcome), outcome
