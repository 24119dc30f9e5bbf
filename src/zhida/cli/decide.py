"""`zhida decide`: the contract's JSON, or tables that a citizen can read."""

from __future__ import annotations

import json
import sys

from zhida.cli import inputs, streams
from zhida.decide import Outcome, to_json, to_text
from zhida.decide.engine import decide
from zhida.library import Library
from zhida.library.cache import keep_rules


def run(
    path: str,
    region: str | None,
    on: str | None,
    measures: tuple[str, ...],
    as_json: bool,
    directory: str | None,
) -> None:
    library = inputs.open_library(directory)
    overrides = inputs.read_overrides(library, region, on, measures)
    case = inputs.read_case(library, path, overrides)
    keep_rules(library, case.region)
    outcome = decide(library, case, overrides.measures)
    print_warnings(outcome)
    if as_json:
        streams.write_utf8(_json(outcome) + "\n")
    else:
        _print_tables(library, outcome)


def _json(outcome: Outcome) -> str:
    """On one line for a program, indented for whoever reads it on a terminal."""
    if sys.stdout.isatty():
        return json.dumps(to_json(outcome), ensure_ascii=False, indent=2)
    return to_text(outcome).decode()


def _print_tables(library: Library, outcome: Outcome) -> None:
    from zhida.cli.tables import print_outcome  # rich is slow to import, and JSON does without

    print_outcome(library, outcome)


def print_warnings(outcome: Outcome) -> None:
    for warning in outcome.warnings:
        print(warning, file=sys.stderr)
