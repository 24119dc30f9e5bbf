"""`zhida coverage`: which clauses of the ledger the library represents, and which it does not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from zhida.cli import inputs, streams
from zhida.decide import Problem
from zhida.decide.input import shown
from zhida.library import Library
from zhida.library.coverage import Carrier, Coverage, Covered, coverage
from zhida.library.ledger import KINDS, NAME, LedgerRow, read_ledger

INCOMPLETE = 1
EXPECTED = "a CSV file with the columns row_id, doc_id, clause, kind"


def run(path: str | None, as_json: bool, directory: str | None) -> None:
    library = inputs.open_library(directory)
    ledger = read(path or str(library.root / NAME))
    found = coverage(library, ledger)
    if as_json:
        streams.write_utf8(json.dumps(to_json(library, found), ensure_ascii=False, indent=2) + "\n")
    else:
        _print(found)
    if not found.complete:
        raise typer.Exit(INCOMPLETE)


def read(path: str) -> tuple[LedgerRow, ...]:
    """The rows of a ledger; every problem on stderr and exit 2 where it is not one."""
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        inputs.fail([Problem(path, "file/missing", "no such file", EXPECTED)])
    except IsADirectoryError:
        inputs.fail([Problem(path, "file/directory", "a directory", EXPECTED)])
    except OSError as error:
        inputs.fail([Problem(path, "file/unreadable", error.strerror or str(error), EXPECTED)])
    rows, problems = read_ledger(content)
    if problems:
        inputs.fail(
            Problem(f"{path}:{p.line}" if p.line else path, p.code, shown(p.found), p.expected)
            for p in problems
        )
    return rows


def to_json(library: Library, found: Coverage) -> dict[str, Any]:
    table = _counts(found.rows)
    return {
        "library": library.hash,
        "rows": len(found.rows),
        "represented": sum(row.represented for row in found.rows),
        "complete": found.complete,
        "table": [
            {"document": document, "kind": kind, "rows": all_, "represented": good}
            for (document, kind), (good, all_) in table.items()
        ],
        "ledger": [_row_json(row) for row in found.rows],
        "unknown_rows": [_carrier_json(carrier) | {"row": carrier.row} for carrier in found.strangers],
    }


def _row_json(row: Covered) -> dict[str, Any]:
    own = row.ledger
    return {
        "row": own.row,
        "document": own.document,
        "clause": own.clause,
        "kind": own.kind,
        "represented": row.represented,
        "by": [_carrier_json(carrier) for carrier in row.carriers],
        "problem": row.problem or None,
    }


def _carrier_json(carrier: Carrier) -> dict[str, str]:
    return {"as": carrier.role, "what": carrier.what, "place": carrier.place}


def _counts(rows: Iterable[Covered]) -> dict[tuple[str, str], tuple[int, int]]:
    """By document and kind: represented rows, and all."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        at = (row.ledger.document, row.ledger.kind)
        good, all_ = counts.get(at, (0, 0))
        counts[at] = (good + row.represented, all_ + 1)
    return counts


def _print(found: Coverage) -> None:
    from zhida.cli import layout

    out = layout.console()
    documents = tuple(dict.fromkeys(row.ledger.document for row in found.rows))
    head = ("represented / rows", *documents, "all")
    layout.print_table(out, head, _table(found.rows, documents), right=head[1:])
    roles = Counter(row.carriers[0].role for row in found.rows if row.represented)
    out.print()
    layout.print_wrapped(out, "as " + ", ".join(f"{role} {n}" for role, n in roles.most_common()), 2, 3)
    for title, lines in (
        ("not represented", [_missing_line(row) for row in found.rows if not row.represented]),
        ("unknown to the ledger", [_stranger_line(c) for c in found.strangers]),
    ):
        if lines:
            layout.print_heading(out, f"{title}: {len(lines)}")
        for line in lines:
            layout.print_wrapped(out, line, 2, 2)
    good, all_ = sum(row.represented for row in found.rows), len(found.rows)
    out.print(f"\n{good} of {all_} rows, {_percent(good, all_)}")


def _table(rows: Iterable[Covered], documents: tuple[str, ...]) -> list[tuple[str, ...]]:
    counts = _counts(rows)
    lines = [
        (kind, *(_cell([counts.get((d, kind), (0, 0))]) for d in documents), _cell(_of_kind(counts, kind)))
        for kind in KINDS
        if _of_kind(counts, kind)
    ]
    by_document = [[count for (of, _), count in counts.items() if of == d] for d in documents]
    return [*lines, ("all", *map(_cell, by_document), _cell(list(counts.values())))]


def _of_kind(counts: dict[tuple[str, str], tuple[int, int]], kind: str) -> list[tuple[int, int]]:
    return [count for (_, of), count in counts.items() if of == kind]


def _cell(counts: list[tuple[int, int]]) -> str:
    good, all_ = (sum(column) for column in zip(*counts, strict=True))
    return f"{good}/{all_}" if all_ else "·"


def _percent(good: int, all_: int) -> str:
    """Rounded down: a hundred percent means every row."""
    return f"{good * 1000 // all_ / 10:g} %"


def _missing_line(row: Covered) -> str:
    own = row.ledger
    return f"{own.row}  {own.clause}  {own.kind}: {row.problem}"


def _stranger_line(carrier: Carrier) -> str:
    return f"{carrier.row}  {carrier.role} of {carrier.what} ({carrier.place})"
