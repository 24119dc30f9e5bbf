"""`zhida catalogue`: every measure, whom it is for, and where and when it is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import zip_longest

from rich.console import Console

from zhida.cli import inputs, layout
from zhida.guide import wording
from zhida.guide.catalogue import documented_regions
from zhida.guide.search import search as find
from zhida.library import Library, Rule, resolve
from zhida.library.model import MeasureDef

COLUMNS = ("措施", "对象", "方式", "办理时间")


def run(region: str | None, on: str | None, search: str | None, directory: str | None) -> None:
    library = inputs.open_library(directory)
    overrides = inputs.read_overrides(library, region, on)
    if overrides.problems:
        inputs.fail(overrides.problems)
    day = overrides.on or date.today()
    regions = [overrides.region] if overrides.region else documented_regions(library)
    keys = set(find(library, search or ""))
    found = [m.definition for key, m in library.measures.items() if key in keys]
    out = layout.console()
    if not found:
        out.print(f"没有找到和“{search}”有关的措施。")
        return
    out.print(f"{len(found)} 项措施 · {day}")
    enacted: set[str] = set()
    for code in regions:
        rules = resolve(library, code, day)
        enacted |= {rule.measure for rule in rules}
        _print_region(library, out, code, rules, found, day)
    _print_others(out, [m for m in found if m.measure not in enacted])


def _print_region(
    library: Library,
    out: Console,
    code: str,
    rules: Iterable[Rule],
    measures: Iterable[MeasureDef],
    on: date,
) -> None:
    """A table of the measures that one region enacts; the document in each row where there are several."""
    rules = list(rules)
    numbers = {rule.document for rule in rules}
    entries = [(m, [r for r in rules if r.measure == m.measure]) for m in measures]
    rows = [row for m, own in entries if own for row in _rows(library, m, own, on, len(numbers) == 1)]
    if not rows:
        return
    basis = f" · {numbers.pop()}" if len(numbers) == 1 else ""
    layout.print_heading(out, f"{wording.region_name(library, code)}{basis}", "bold cyan")
    layout.print_table(out, (*COLUMNS, "条款" if basis else "依据"), rows)


def _rows(
    library: Library, measure: MeasureDef, rules: list[Rule], on: date, one_document: bool
) -> Iterator[tuple[str, ...]]:
    """The name with its key under it, beside a line for each provision."""
    kind = "·".join(dict.fromkeys((library.entities[measure.unit].name, wording.KINDS[measure.kind])))
    heads = ((measure.name, measure.audience, kind), (f"  {measure.measure}", "", ""))
    for head, rule in zip_longest(heads, rules):
        status = wording.opening_status(rule.opening, on) if rule else ""
        basis = "" if rule is None else rule.clause if one_document else wording.citation(rule)
        yield (*(head or ("", "", "")), status, basis)


def _print_others(out: Console, measures: list[MeasureDef]) -> None:
    if measures:
        layout.print_heading(out, "没有文件规定")
        layout.print_fields(out, ((m.measure, m.name) for m in measures))
