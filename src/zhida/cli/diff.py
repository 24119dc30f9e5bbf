"""`zhida diff`: what changed in the law between two policy folders, whatever their formatting."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer

from zhida.cli import inputs, streams
from zhida.decide import Problem
from zhida.feel import UNKNOWN
from zhida.feel.nodes import Literal, Node
from zhida.feel.printer import to_feel
from zhida.library import Library
from zhida.simulate.amendments import Amendment, Change, amendments
from zhida.simulate.rule_statements import rule_statements
from zhida.simulate.statements import Statement, statements

SAME, DIFFERENT, TROUBLE = 0, 1, 2


def run(first: str, second: str, region: str | None, on: str | None, as_json: bool) -> None:
    folders = [
        Problem(name, "file/missing", f"no folder {path}", "a policy library")
        for name, path in (("LIBRARY_A", first), ("LIBRARY_B", second))
        if not Path(path).is_dir()
    ]
    if folders:
        inputs.fail(folders)
    before, after = (inputs.open_library(path, broken=TROUBLE) for path in (first, second))
    overrides = inputs.read_overrides(after, region, on)
    if (region is None) != (on is None):
        given = "--region" if on is None else "--on"
        overrides.problems.append(
            Problem("options", "option/incomplete", f"{given} alone", "--region with --on")
        )
    if overrides.problems:
        inputs.fail(overrides.problems)
    found = changed(before, after, overrides.region, overrides.on)
    if as_json:
        text = json.dumps(
            to_json(before, after, overrides.region, overrides.on, found), ensure_ascii=False, indent=2
        )
        streams.write_utf8(text + "\n")
    else:
        from zhida.cli.diff_wording import print_amendments

        print_amendments(after, overrides.region, overrides.on, found)
    raise typer.Exit(DIFFERENT if found else SAME)


def changed(
    before: Library, after: Library, region: str | None = None, on: date | None = None
) -> tuple[Amendment, ...]:
    """What `after` says otherwise: in all, or by the rules of one region on one day."""
    if region is None or on is None:
        return amendments(statements(before), statements(after))
    return amendments(*rule_statements(before, after, region, on))


def to_json(
    before: Library, after: Library, region: str | None, on: date | None, found: tuple[Amendment, ...]
) -> dict[str, Any]:
    return {
        "before": before.hash,
        "after": after.hash,
        "region": region,
        "on": on.isoformat() if on else None,
        "equal": not found,
        "amendments": [amendment_json(amendment) for amendment in found],
    }


def amendment_json(amendment: Amendment) -> dict[str, Any]:
    subject = amendment.subject
    return {
        "group": subject.group,
        "key": subject.key,
        "name": subject.name,
        "place": subject.place or None,
        "kind": amendment.kind,
        "changes": [_change_json(change) for change in amendment.changes],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "path": list(change.path),
        "name": change.label or None,
        "kind": change.kind,
        "before": _statement_json(change.before),
        "after": _statement_json(change.after),
    }


def _statement_json(statement: Statement | None) -> dict[str, Any] | None:
    if statement is None:
        return None
    return {
        "value": plain(statement.value),
        "unit": statement.unit or None,
        "source": statement.source or None,
    }


def plain(value: Any) -> Any:
    """A statement's value in JSON: numbers as texts, expressions as canonical FEEL, unknown as null."""
    match value:
        case Literal(inner):
            return plain(inner)
        case Node():
            return to_feel(value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case timedelta():
            return str(value)
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case frozenset():
            return sorted(value)
        case tuple() | list():
            return [plain(item) for item in value]
    return None if value is UNKNOWN else value
