"""`zhida catalogue`: every measure, whom it is for, and where and when it is open."""

from __future__ import annotations

from datetime import date

from zhida.cli import inputs, layout, wording
from zhida.library import Library, resolve
from zhida.library.model import MeasureDef


def run(region: str | None, on: str | None, search: str | None, directory: str | None) -> None:
    library = inputs.open_library(directory)
    overrides = inputs.read_overrides(library, region, on)
    if overrides.problems:
        inputs.fail(overrides.problems)
    day = overrides.on or date.today()
    regions = [overrides.region] if overrides.region else documented_regions(library)
    found = [m.definition for m in library.measures.values() if matches(m.definition, search)]
    out = layout.console()
    if not found:
        out.print(f"没有找到和“{search}”有关的措施。")
        return
    places = "、".join(wording.region_name(library, code) for code in regions)
    numbers = sorted({d.number for d, _ in library.documents if d.region in regions})
    out.print(f"{len(found)} 项措施 · {places} · {day}")
    if len(numbers) == 1:
        out.print(f"依据 {numbers[0]}，条款见表")
    out.print()
    rows = [_row(library, measure, regions, day, len(numbers) == 1) for measure in found]
    layout.print_table(
        out, ("措施", "对象", "按", "方式", "办理时间", "条款" if len(numbers) == 1 else "依据"), rows
    )


def documented_regions(library: Library) -> list[str]:
    return sorted({document.region for document, _ in library.documents})


def matches(measure: MeasureDef, word: str | None) -> bool:
    """Whether a word occurs in the key, names, aliases, occasions or summaries."""
    texts = (
        measure.measure,
        measure.name,
        *measure.aliases,
        *measure.life_events,
        measure.audience,
        measure.english,
        measure.summary,
        measure.summary_en,
    )
    return not word or any(word.casefold() in text.casefold() for text in texts)


def _row(
    library: Library, measure: MeasureDef, regions: list[str], on: date, one_document: bool
) -> tuple[str, ...]:
    """A measure; in the last two cells a line for each provision that enacts it."""
    rules = [r for code in regions for r in resolve(library, code, on) if r.measure == measure.measure]
    status = [wording.opening_status(rule.opening, on) for rule in rules]
    basis = [rule.clause if one_document else wording.citation(rule) for rule in rules]
    return (
        f"{measure.name}\n{measure.measure}",
        measure.audience,
        library.entities[measure.unit].name,
        wording.KINDS[measure.kind],
        "\n".join(status) or "没有文件规定",
        "\n".join(basis),
    )
