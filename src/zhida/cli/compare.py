"""`zhida compare`: one measure in several regions or on several days, with what differs marked."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhida.cli import inputs, streams
from zhida.decide import Problem
from zhida.feel import UNKNOWN
from zhida.feel.nodes import Figure, List, Literal, Node
from zhida.guide import wording
from zhida.guide.comparison import cell_text, is_default, is_unset
from zhida.library import Library, Rule
from zhida.library.comparison import Cell, Comparison, Line, Variant, compare
from zhida.library.procedure import Step
from zhida.library.rule import Citation
from zhida.library.standards_used import Standard, region_of


def run(
    measure: str,
    regions: tuple[str, ...],
    days: tuple[str, ...],
    as_json: bool,
    markdown: bool,
    xlsx: str | None,
    directory: str | None,
) -> None:
    library = inputs.open_library(directory)
    problems: list[Problem] = []
    if as_json + markdown + (xlsx is not None) > 1:
        several = "more than one of --json, --markdown and --xlsx"
        problems.append(Problem("options", "option/exclusive", several, "one of them"))
    codes, dates = _options(library, regions, days, problems)
    key = inputs.measure_key(library, measure)
    if key is None:
        hint = inputs.measure_hint(library, measure)
        problems.append(Problem("MEASURE", "option/unknown-measure", measure, hint))
    if problems or key is None:
        inputs.fail(problems)
    found = compare(library, key, codes, dates)
    if as_json:
        streams.write_utf8(json.dumps(to_json(library, found), ensure_ascii=False, indent=2) + "\n")
    elif markdown:
        from zhida.cli.comparison_markdown import to_markdown

        streams.write_utf8(to_markdown(library, found))
    elif xlsx is not None:
        _write(xlsx, library, found)
    else:
        from zhida.cli.comparison_table import print_comparison

        print_comparison(library, found)


def _options(
    library: Library, regions: tuple[str, ...], days: tuple[str, ...], problems: list[Problem]
) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """Regions and days as typed, each once and in that order; what is wrong with them goes to `problems`."""
    codes, dates = [], []
    for region in dict.fromkeys(regions):
        found = inputs.read_overrides(library, region, None)
        problems += found.problems
        codes += [found.region] if found.region else []
    for day in dict.fromkeys(days):
        found = inputs.read_overrides(library, None, day)
        problems += found.problems
        dates += [found.on] if found.on else []
    return tuple(codes), tuple(dates)


def _write(path: str, library: Library, found: Comparison) -> None:
    from zhida.cli.comparison_workbook import to_workbook

    content = to_workbook(library, found)
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        inputs.fail([Problem("--xlsx", "file/unwritable", f"{path}: {reason}", "a file that can be written")])


def to_json(library: Library, found: Comparison) -> dict[str, Any]:
    return {
        "library": library.hash,
        "measure": found.measure,
        "name": library.measures[found.measure].definition.name,
        "variants": [_variant_json(library, variant) for variant in found.variants],
        "lines": [_line_json(library, found, line) for line in found.lines],
    }


def _variant_json(library: Library, variant: Variant) -> dict[str, Any]:
    place = {
        "region": variant.region,
        "region_name": wording.region_name(library, variant.region),
        "on": variant.on.isoformat() if variant.on else None,
    }
    rule = variant.rule
    if rule is None:
        return place | {"enacted": False}
    opening = rule.opening
    return place | {
        "enacted": True,
        "enacted_in": rule.region,
        "document": rule.document,
        "clause": rule.clause,
        "row": rule.row,
        "title": rule.title,
        "status": opening.status,
        "resolves_with": rule.provision.resolves_with,
        "from": _iso(opening.start),
        "to": _iso(opening.end),
        "open": opening.is_open(variant.on) if variant.on else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _line_json(library: Library, found: Comparison, line: Line) -> dict[str, Any]:
    return {
        "group": line.group,
        "key": line.key,
        "name": line.name,
        "differs": line.differs,
        "cells": [
            None if cell is None or variant.rule is None else _cell_json(library, variant.rule, line, cell)
            for variant, cell in zip(found.variants, line.cells, strict=True)
        ],
    }


def _cell_json(library: Library, rule: Rule, line: Line, cell: Cell) -> dict[str, Any]:
    shown: dict[str, Any] = {"value": plain(cell.value), "text": cell_text(library, cell)}
    if line.group != "figure":
        return shown
    source = cell.source
    if source is None or is_unset(cell) or is_default(rule, line.name, source):
        return shown | {"document": None, "clause": None, "row": None, "interpretation": None}
    return shown | {
        "document": source.document or None,
        "clause": source.clause or None,
        "row": source.row or None,
        "interpretation": source.interpretation or None,
    }


def plain(value: Any) -> Any:
    """A cell's value in JSON: numbers as texts, a fraction as it is written, unknown as null."""
    match value:
        case Literal(inner):
            return plain(inner)
        case List(items):
            return [plain(item) for item in items]
        case Node():
            return wording.figure_value(Figure("", value, Citation("", "", "")))
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Step():
            return _step(value)
        case Standard():
            span = {"from": _iso(value.start), "to": _iso(value.end)}
            return span | {"value": plain(value.value), "region": region_of(value), "source": value.source}
        case tuple() | list():
            return [plain(item) for item in value]
    return None if value is UNKNOWN else value


def _step(step: Step) -> dict[str, Any]:
    """A step as it is printed, without what the text does not say."""
    printed = ("actor", "action", "days", "publicity", "interpretation")
    return {name: value for name in printed if (value := getattr(step, name))}
