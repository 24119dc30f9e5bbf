"""One case as the vocabulary knows it: entries with facts, their persons, and the history of grants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

SINGLETONS = {"employer": "employer", "person": "applicant", "place": "place", "fund": "fund"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One employer, person, hire …: its facts by key. A key that is not there was not given.

    `path` is where it stands in the case, such as `hires.h1.person`; `id` names the unit.
    """

    entity: str
    id: str
    path: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    person: Entry | None = None
    given: bool = True


@dataclass(frozen=True, slots=True)
class Grant:
    """A row of history: what was paid to whom, when and for which period."""

    measure: str
    subject: str
    on: date | None = None
    amount: Decimal | None = None
    period: str | None = None
    months: Decimal | None = None
    trade: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Facts in: one place of business, one day, and everything known about the parties.

    `entries` holds the singletons by entity; `rows` the lists by entity, None where a list is
    absent (unknown), empty where it was given as none.
    """

    region: str
    on: date
    entries: Mapping[str, Entry]
    rows: Mapping[str, tuple[Entry, ...] | None]
    history: tuple[Grant, ...] = ()

    def units(self, entity: str) -> tuple[Entry, ...] | None:
        """The award units of a rule on `entity`; None where it is unknown whether there are any."""
        if entity in SINGLETONS:
            return (self.entries[entity],)
        return self.rows.get(entity)

    def all_entries(self) -> Iterator[Entry]:
        yield from self.entries.values()
        for rows in self.rows.values():
            for row in rows or ():
                yield row
                if row.person is not None:
                    yield row.person

    def person_of(self, entry: Entry) -> Entry:
        """Whom a unit speaks of: its own person, else the applicant."""
        if entry.entity == "person":
            return entry
        return entry.person or self.entries["person"]


def identifiers(entry: Entry) -> frozenset[str]:
    """Every name under which history may know this entry."""
    names = {entry.id, *(entry.facts[k] for k in ("id", "id_number", "uscc") if k in entry.facts)}
    return frozenset(str(name) for name in names)


def person_key(person: Entry) -> str:
    """What makes two persons the same: the identity number, else the given id, else the place."""
    for key in ("id_number", "id"):
        if key in person.facts:
            return f"{key}:{person.facts[key]}"
    return person.path
