"""One measure side by side: regions and days as columns; figures, windows, procedure and office as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.feel.nodes import Figure
from zhida.library.contents import Library
from zhida.library.procedure import Step
from zhida.library.resolve import resolve
from zhida.library.rule import Citation, Rule
from zhida.library.standards_used import Standard, readings, standards
from zhida.library.versions import enacting_regions, versions


@dataclass(frozen=True, slots=True)
class Variant:
    """One column: a region's rule, on a day or in its own window; no rule where none enacts it."""

    region: str
    on: date | None
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it stands in the rule, and what sets it where that is not the rule's own clause."""

    value: Any
    source: Citation | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing compared, under a stable key and a Chinese name; a cell is None where there is no rule."""

    group: str
    key: str
    name: str
    cells: tuple[Cell | None, ...]

    @property
    def differs(self) -> bool:
        values = [_comparable(cell.value) for cell in self.cells if cell is not None]
        return any(value != values[0] for value in values[1:])

    @property
    def empty(self) -> bool:
        return all(cell is None or cell.value in (None, "", ()) for cell in self.cells)


def _comparable(value: Any) -> Any:
    """Nothing is nothing, however it is written; a standard is its values and their days."""
    if isinstance(value, tuple) and value and isinstance(value[0], Standard):
        return {(standard.start, standard.end, standard.value) for standard in value}
    return None if value in ("", ()) else value


@dataclass(frozen=True, slots=True)
class Comparison:
    measure: str
    variants: tuple[Variant, ...]
    lines: tuple[Line, ...]


def compare(
    library: Library, measure: str, regions: Sequence[str] = (), days: Sequence[date] = ()
) -> Comparison:
    """The measure in the given regions, else in all that enact it; on the given days, else in all windows."""
    columns = tuple(
        variant
        for region in regions or enacting_regions(library, measure)
        for variant in _variants(library, measure, region, days)
    )
    lines = (
        *_windows(columns),
        *_figures(library, measure, columns),
        *_standards(library, columns),
        *_procedures(columns),
    )
    return Comparison(measure, columns, tuple(line for line in lines if not line.empty))


def _variants(library: Library, measure: str, region: str, days: Sequence[date]) -> Iterator[Variant]:
    if not days:
        rules = versions(library, measure, region)
        yield from [Variant(region, None, rule) for rule in rules] or [Variant(region, None, None)]
    for day in days:
        rules = tuple(rule for rule in resolve(library, region, day) if rule.measure == measure)
        yield from [Variant(region, day, rule) for rule in rules] or [Variant(region, day, None)]


def _line(group: str, key: str, name: str, columns: Iterable[Variant], values: Iterable[Any]) -> Line:
    """A line of plain values, one for each column that has a rule."""
    pairs = zip(columns, values, strict=True)
    return Line(group, key, name, tuple(None if v.rule is None else Cell(value) for v, value in pairs))


def _windows(columns: tuple[Variant, ...]) -> Iterator[Line]:
    rules = [variant.rule for variant in columns]
    openings = [(r.opening.start, r.opening.end) if r else None for r in rules]
    yield _line("window", "valid", "办理时间", columns, openings)
    events = [(r.provision.event.start, r.provision.event.end) if r else None for r in rules]
    yield _line("window", "event", "事情发生的时间", columns, [e if e and any(e) else None for e in events])
    graces = [r.opening.grace_end if r else None for r in rules]
    yield _line("window", "grace", "十二月的事情宽限到", columns, graces)


def _figures(library: Library, measure: str, columns: tuple[Variant, ...]) -> Iterator[Line]:
    """The measure's parameters in the order of its file, then the switches that its conditions read."""
    own = [p.name for p in library.measures[measure].definition.parameters]
    used = (name for v in columns if v.rule for name in _switches(v.rule) if name not in own)
    for name in (*own, *dict.fromkeys(used)):
        found = next((v.rule.figures[name] for v in columns if v.rule), None)
        key = found.source.key if found else name
        yield Line("figure", key, name, tuple(_figure(variant, name) for variant in columns))


def _switches(rule: Rule) -> Iterator[str]:
    expressions = [c.when for c in rule.conditions] + ([rule.amount] if rule.amount else [])
    for expression in expressions:
        yield from (figure.name for figure in expression.figures if figure.name in rule.figures)


def _figure(variant: Variant, name: str) -> Cell | None:
    if variant.rule is None:
        return None
    figure: Figure = variant.rule.figures[name]
    return Cell(figure.value, figure.source)


def _standards(library: Library, columns: tuple[Variant, ...]) -> Iterator[Line]:
    """What each dated standard says for the column's region on its day, or while its window is open."""
    found = [_standards_of(library, variant) for variant in columns]
    for label in dict.fromkeys(label for column in found for label in column):
        cells = (tuple(column.get(label, ())) for column in found)
        yield _line("standard", label, label, columns, cells)


def _standards_of(library: Library, variant: Variant) -> dict[str, list[Standard]]:
    if variant.rule is None:
        return {}
    opening = variant.rule.opening
    start, end = (variant.on, variant.on) if variant.on else (opening.start, opening.grace_end or opening.end)
    found: dict[str, list[Standard]] = {}
    for reading in readings(library, variant.rule):
        for standard in standards(reading, variant.region):
            if holds_within(standard, start, end):
                found.setdefault(standard.label, []).append(standard)
    return found


def holds_within(standard: Standard, start: date | None, end: date | None) -> bool:
    """Whether a standard holds on any day from `start` to `end`; None is open."""
    ends_before = standard.end is not None and start is not None and standard.end < start
    starts_after = standard.start is not None and end is not None and standard.start > end
    return not ends_before and not starts_after


def _procedures(columns: tuple[Variant, ...]) -> Iterator[Line]:
    rules = [variant.rule for variant in columns]
    procedures = [rule.procedure if rule else None for rule in rules]
    provisions = [rule.provision if rule else None for rule in rules]
    for key, name in (
        ("mode", "办理方式"),
        ("channel", "在哪里办"),
        ("steps", "步骤"),
        ("publicity_days", "公示工作日"),
        ("payee_account", "发到"),
    ):
        values: list[tuple[Step, ...] | str | int | None] = [getattr(p, key, None) for p in procedures]
        yield _line("procedure", key, name, columns, values)
    for group, key, name in (
        ("procedure", "materials", "材料"),
        ("procedure", "fund", "资金来源"),
        ("procedure", "permitted_use", "资金用途"),
        ("office", "office", "科室"),
        ("office", "phone", "电话"),
    ):
        yield _line(group, key, name, columns, [getattr(p, key, None) for p in provisions])
