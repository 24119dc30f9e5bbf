"""`zhida timeline`: a measure in a region by date, and which text changed what."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.console import Console

from zhida.cli import inputs, streams
from zhida.cli.compare import plain
from zhida.feel import UNKNOWN
from zhida.feel.nodes import Figure, Literal
from zhida.guide import wording
from zhida.guide.comparison import UNSET, regions_text
from zhida.library import Library, Rule
from zhida.library.timeline import Entry, FigureChange, StandardChange, timeline

KINDS = {"opens": "开始", "standard": "标准", "closes": "截止"}


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
    for day, same_day in groupby(entries, key=lambda entry: entry.day):
        layout.print_heading(out, day.isoformat(), "bold cyan")
        for entry in same_day:
            _print_entry(library, region, entry, out)


def _print_entry(library: Library, region: str, entry: Entry, out: Console) -> None:
    from zhida.cli import layout

    if entry.standard:
        layout.print_wrapped(out, f"{KINDS[entry.kind]}  {_standard(library, region, entry.standard)}", 2, 6)
        layout.print_wrapped(out, entry.standard.source, 8, 0, "dim")
        return
    rule = entry.rule
    assert rule is not None, "only a standard changes without a version"
    place = wording.region_name(library, rule.region).partition("（")[0]
    text = f"{KINDS[entry.kind]}  {rule.title} · {place} · {rule.document} {rule.clause}（{rule.row}）"
    layout.print_wrapped(out, text, 2, 6)
    if entry.kind == "opens":
        layout.print_wrapped(out, _window(rule), 8, 0)
        if entry.follows:
            layout.print_wrapped(out, _compared(entry), 8, 0)
        layout.print_fields(out, [_figure(change, rule) for change in entry.figures], 8)


def _window(rule: Rule) -> str:
    status = {"deferred": "暂缓执行", "draft": "征求意见稿，不能执行"}.get(rule.opening.status, "")
    waits = f"，等{rule.provision.resolves_with}" if rule.provision.resolves_with else ""
    return "；".join(part for part in (wording.opening_text(rule.opening), status + waits) if part)


def _compared(entry: Entry) -> str:
    follows = entry.follows
    assert follows is not None
    what = "以下数字不同" if entry.figures else "数字都相同"
    return f"与 {follows.document} {follows.clause} 相比，{what}："[: None if entry.figures else -1]


def _figure(change: FigureChange, rule: Rule) -> tuple[str, str]:
    after = _value(change.after)
    text = f"{_value(change.before)} → {after}" if change.before else after
    source = change.after.source
    own = (source.document, source.clause, source.row) == (rule.document, rule.clause, rule.row)
    cited = [] if own else [f"{source.document} {source.clause}".strip(), source.row]
    cited += [source.interpretation]
    shown = "，".join(part for part in cited if part)
    return change.after.name, f"{text}（{shown}）" if shown and after != UNSET else text


def _value(figure: Figure) -> str:
    unset = isinstance(figure.value, Literal) and figure.value.value is UNKNOWN
    return UNSET if unset else wording.figure_value(figure)


def _standard(library: Library, region: str, change: StandardChange) -> str:
    """What changes; where only for parts of the region or for one above it, for which."""
    after = wording.value_text(change.after, change.unit)
    unit = wording.value_text(Decimal(0), change.unit).removeprefix("0")
    before = wording.value_text(change.before, change.unit).removesuffix(unit) if change.before else ""
    codes = [code for code in change.regions if code and code != region]
    where = f"，{regions_text(library, codes)}" if codes else ""
    return f"{change.label}  {before + ' → ' if before else ''}{after}{where}"
