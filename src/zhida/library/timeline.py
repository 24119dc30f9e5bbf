"""A measure in a region by date: versions that open and close, and every figure and standard that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from zhida.feel import UNKNOWN
from zhida.feel.nodes import Figure
from zhida.feel.nodes import Literal as Constant
from zhida.library.contents import Library
from zhida.library.rule import Rule
from zhida.library.standards_used import Standard, readings, region_of, standards
from zhida.library.versions import versions
from zhida.standards.regions import ancestors

ORDER = ("opens", "standard", "closes")


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that a version sets; `before` is what the version it follows had, None where there is none."""

    before: Figure | None
    after: Figure


@dataclass(frozen=True, slots=True)
class StandardChange:
    """A standard that the rule reads, from the entry's day on; `regions` are those with the same values."""

    label: str
    unit: str
    before: Any
    after: Any
    source: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happens on a day: a version opens or closes, or a standard takes another value."""

    day: date
    kind: Literal["opens", "standard", "closes"]
    rule: Rule | None = None
    follows: Rule | None = None
    figures: tuple[FigureChange, ...] = ()
    standard: StandardChange | None = None


def timeline(library: Library, measure: str, region: str) -> tuple[Entry, ...]:
    """Everything that happens to the measure in the region and above it, by day."""
    rules = [rule for code in ancestors(region) for rule in _own(library, measure, code)]
    entries = [
        *(entry for rule in rules for entry in _entries(rule, rules)),
        *_standard_entries(library, rules, region),
    ]
    return tuple(sorted(entries, key=_order))


def _order(entry: Entry) -> tuple[date, int, int]:
    """By day; what opens before what closes; the province before its cities."""
    depth = len(ancestors(entry.rule.region)) if entry.rule else 0
    return entry.day, ORDER.index(entry.kind), depth


def _own(library: Library, measure: str, code: str) -> Iterator[Rule]:
    return (rule for rule in versions(library, measure, code) if rule.region == code)


def _entries(rule: Rule, rules: Iterable[Rule]) -> Iterator[Entry]:
    follows = _predecessor(rule, rules)
    if rule.opening.start:
        figures = tuple(_figure_changes(rule, follows))
        yield Entry(rule.opening.start, "opens", rule, follows, figures)
    if end := rule.opening.grace_end or rule.opening.end:
        yield Entry(end, "closes", rule)


def _predecessor(rule: Rule, rules: Iterable[Rule]) -> Rule | None:
    """The version before this one in its region; else the one above it that held when it opened."""
    opens = rule.opening.start
    earlier = [r for r in rules if r.opening.start and opens and r.opening.start <= opens and r is not rule]
    same = [r for r in earlier if r.region == rule.region and r.opening.start != opens]
    above = [r for r in earlier if r.region != rule.region and r.region in ancestors(rule.region)]
    chosen = same or above
    nearest = [ancestors(rule.region).index(r.region) for r in chosen]
    best = [r for r, distance in zip(chosen, nearest, strict=True) if distance == min(nearest)]
    by_likeness = sorted(best, key=lambda r: (r.title == rule.title, r.opening.start or date.min))
    return by_likeness[-1] if by_likeness else None


def _figure_changes(rule: Rule, follows: Rule | None) -> Iterator[FigureChange]:
    """What is different from the version followed; all figures that are set where there is none."""
    for parameter in rule.definition.parameters:
        after = rule.figures[parameter.name]
        before = follows.figures[parameter.name] if follows else None
        if before is None and after.value == Constant(UNKNOWN):
            continue
        if before is None or before.value != after.value:
            yield FigureChange(before, after)


def _standard_entries(library: Library, rules: list[Rule], region: str) -> Iterator[Entry]:
    """Each new value of a standard while a version runs, and those that held when one opened, once."""
    found: dict[tuple[date, StandardChange], list[str]] = {}
    said: set[tuple[str, tuple[str, ...], date | None]] = set()
    for rule in sorted(rules, key=lambda r: r.opening.start or date.min):
        for reading in readings(library, rule):
            rows = list(standards(reading, region))
            for row in rows:
                key, day = (row.label, row.keys, row.start), _day(row, rule)
                if day is not None and key not in said:
                    said.add(key)
                    found.setdefault((day, _change(row, rows, day)), []).append(region_of(row))
    for (day, change), regions in found.items():
        yield Entry(day, "standard", standard=replace(change, regions=tuple(regions)))


def _change(row: Standard, rows: list[Standard], day: date) -> StandardChange:
    """What a row changes on a day, not yet with the regions that have it; nothing where it held before."""
    before = _before(row, rows) if row.start == day else None
    return StandardChange(row.label, row.reading.unit, before, row.value, row.source, ())


def _day(row: Standard, rule: Rule) -> date | None:
    """The day on which a row takes effect for a rule; None where it never does."""
    opens, until = rule.opening.start, _runs_until(rule)
    if opens is None or (row.end is not None and row.end < opens):
        return None
    day = max(row.start or opens, opens)
    return day if until is None or day <= until else None


def _before(row: Standard, rows: list[Standard]) -> Any:
    """The value that ended on the day before this one began."""
    eve = row.start - timedelta(days=1) if row.start else None
    same = (r for r in rows if r.keys == row.keys and r.end is not None and r.end == eve)
    return next((r.value for r in same), None)


def _runs_until(rule: Rule) -> date | None:
    """The last day that matters: of the window, or of a figure such as the last day of payment."""
    if rule.opening.end is None:
        return None
    named = [f.value.value for f in rule.figures.values() if isinstance(f.value, Constant)]
    days = [day for day in named if isinstance(day, date)]
    return max(rule.opening.end, rule.opening.grace_end or rule.opening.end, *days)
