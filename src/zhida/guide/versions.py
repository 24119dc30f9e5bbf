"""Where else and when else a measure is enacted: one line for each version that ever was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhida.guide import wording
from zhida.guide.catalogue import Place, place
from zhida.guide.comparison import status
from zhida.library import Library, Rule
from zhida.library.rule import Opening
from zhida.library.versions import enacting_regions, versions


@dataclass(frozen=True, slots=True)
class Version:
    """One provision of a measure. `day` is the day nearest to the one asked for that lies in its window:
    its guide, on that day, is the guide to this version."""

    place: Place
    document: str
    clause: str
    row: str
    title: str
    window: str
    status: str
    is_open: bool
    day: date


def versions_of(library: Library, measure: str, on: date) -> tuple[Version, ...]:
    """Every version of a measure: by place, and in a place by the day on which it opens."""
    return tuple(
        _version(library, rule, on)
        for region in enacting_regions(library, measure)
        for rule in versions(library, measure, region)
    )


def _version(library: Library, rule: Rule, on: date) -> Version:
    return Version(
        place(library, rule.region),
        rule.document,
        rule.clause,
        rule.row,
        rule.title,
        wording.opening_text(rule.opening),
        status(rule, on),
        rule.opening.is_open(on),
        _nearest(rule.opening, on),
    )


def _nearest(opening: Opening, on: date) -> date:
    return min(max(on, opening.start or on), opening.end or date.max)
