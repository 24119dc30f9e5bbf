"""`zhida timeline`: a measure in a region by date, and which text changed what."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from rich.console import Console

from zhida.cli import inputs, streams
from zhida.cli.compare import plain
from zhida.guide import wording
from zhida.guide.timeline import Event, event_of
from zhida.library import Library, Rule
from zhida.library.timeline import Entry, FigureChange, timeline


def run(measure: str, region: str, as_json: bool, directory: str | None) -> None:
    library = inputs.open_library(directory)
    overrides = inputs.read_overrides(library, region, None)
    key = inputs.measure_key(library, measure)
    if key is None:
        hint = inputs.measure_hint(library, measure)
        overrides.refuse("MEASURE", "option/unknown-measure", measure, hint)
    if overrides.problems or key is None:
        inputs.fail(overrides.problems)
    entries = timeline(library, key, region)
    if as_json:
        found = to_json(library, key, region, entries)
        streams.write_utf8(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    else:
        _print(library, key, region, entries)


def to_json(library: Library, measure: str, region: str, entries: tuple[Entry, ...]) -> dict[str, Any]:
    return {
        "library": library.hash,
        "measure": measure,
        "name": library.measures[measure].definition.name,
        "region": region,
        "entries": [_entry_json(entry) for entry in entries],
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {"day": entry.day.isoformat(), "kind": entry.kind}
    if entry.rule:
        found |= _rule_json(entry.rule)
    if entry.kind == "opens":
        found["follows"] = _rule_json(entry.follows) if entry.follows else None
        found["figures"] = [_figure_json(change) for change in entry.figures]
    if change := entry.standard:
        found |= {
            "standard": change.label,
            "unit": change.unit,
            "before": plain(change.before),
            "after": plain(change.after),
            "source": change.source,
            "regions": [code for code in change.regions if code],
        }
    return found


def _rule_json(rule: Rule) -> dict[str, Any]:
    return {
        "region": rule.region,
        "document": rule.document,
        "clause": rule.clause,
        "row": rule.row,
        "title": rule.title,
        "status": rule.opening.status,
        "resolves_with": rule.provision.resolves_with,
    }


def _figure_json(change: FigureChange) -> dict[str, Any]:
    after, source = change.after, change.after.source
    return {
        "key": source.key,
        "name": after.name,
        "before": plain(change.before.value) if change.before else None,
        "after": plain(after.value),
        "document": source.document or None,
        "clause": source.clause or None,
        "row": source.row or None,
        "interpretation": source.interpretation or None,
    }


def _print(library: Library, measure: str, region: str, entries: tuple[Entry, ...]) -> None:
    from zhida.cli import layout

    out = layout.console()
    name = library.measures[measure].definition.name
    layout.print_heading(out, f"{name}（{measure}） · {wording.region_name(library, region)}")
    if not entries:
        out.print("收录的文件没有规定这项措施。")
    events = (event_of(library, region, entry) for entry in entries)
    for day, same_day in groupby(events, key=lambda event: event.day):
        layout.print_heading(out, day.isoformat(), "bold cyan")
        for event in same_day:
            _print_event(event, out)


def _print_event(event: Event, out: Console) -> None:
    from zhida.cli import layout

    layout.print_wrapped(out, f"{event.kind_text}  {event.text}", 2, 6)
    if event.source:
        layout.print_wrapped(out, event.source, 8, 0, "dim")
    for line in (event.window, event.compared):
        if line:
            layout.print_wrapped(out, line, 8, 0)
    layout.print_fields(out, event.figures, 8)
