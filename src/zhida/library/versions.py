"""Every rule that a measure ever had in a region, whatever the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhida.library.contents import Library
from zhida.library.resolve import resolve
from zhida.library.rule import Rule
from zhida.standards.regions import ancestors


def versions(library: Library, measure: str, region: str) -> tuple[Rule, ...]:
    """The rules of a region for a measure, by the day on which they open.

    They are those of the nearest region, itself or above, that enacts the measure.
    """
    found: dict[tuple[str, ...], Rule] = {}
    for day in sorted(set(_days(library, measure, region))):
        for rule in resolve(library, region, day):
            if rule.measure == measure:
                found.setdefault((rule.document, rule.row, rule.clause, rule.title), rule)
    return tuple(sorted(found.values(), key=lambda rule: rule.opening.start or date.min))


def enacting_regions(library: Library, measure: str) -> tuple[str, ...]:
    """The regions whose own documents enact a measure."""
    found = {d.region for d, _ in library.documents if any(p.measure == measure for p in d.provisions)}
    return tuple(sorted(found))


def _days(library: Library, measure: str, region: str) -> Iterator[date]:
    """The first and last days of the provisions that could apply."""
    chain = ancestors(region)
    for document, _ in library.documents:
        for provision in document.provisions:
            if document.region in chain and provision.measure == measure:
                yield provision.valid.start or document.in_force
                if provision.valid.end:
                    yield provision.valid.end
