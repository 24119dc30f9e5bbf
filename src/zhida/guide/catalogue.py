"""Every measure as an entry: what it is called, whom it is for, when one needs it, which places have it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhida.guide import wording
from zhida.library import Library
from zhida.library.model import MeasureDef
from zhida.library.versions import enacting_regions


@dataclass(frozen=True, slots=True)
class Place:
    """A region of the library."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One measure. `regions` are those whose own documents enact it; places below a region have it too."""

    measure: str
    name: str
    aliases: tuple[str, ...]
    english: str
    summary: str
    audience: str
    life_events: tuple[str, ...]
    unit: str
    payee: str
    kind: str
    regions: tuple[Place, ...]


def catalogue(library: Library) -> tuple[CatalogueEntry, ...]:
    """All measures, in the order of their keys."""
    return tuple(entry_of(library, measure.definition) for measure in library.measures.values())


def entry_of(library: Library, measure: MeasureDef) -> CatalogueEntry:
    return CatalogueEntry(
        measure.measure,
        measure.name,
        measure.aliases,
        measure.english,
        measure.summary,
        measure.audience,
        measure.life_events,
        library.entities[measure.unit].name,
        wording.PAYEES[measure.payee],
        wording.KINDS[measure.kind],
        tuple(place(library, code) for code in enacting_regions(library, measure.measure)),
    )


def place(library: Library, code: str) -> Place:
    return Place(code, wording.place_name(library, code))


def documented_regions(library: Library) -> list[str]:
    """The regions that have documents of their own."""
    return sorted({document.region for document, _ in library.documents})


def life_events(entries: Iterable[CatalogueEntry]) -> tuple[tuple[str, int], ...]:
    """The occasions on which one looks for a measure, and for how many: the most frequent first."""
    counts: dict[str, int] = {}
    for entry in entries:
        for event in entry.life_events:
            counts[event] = counts.get(event, 0) + 1
    return tuple(sorted(counts.items(), key=lambda item: -item[1]))
