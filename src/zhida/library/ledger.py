"""The clause ledger: a CSV file with a row for each clause of the documents and what kind of thing it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhida.library.yaml_source import decode

NAME = "ledger.csv"
COLUMNS = ("row_id", "doc_id", "clause", "kind")
KINDS = (
    "document metadata",
    "benefit rule",
    "procedure",
    "fund or subsidy-sharing rule",
    "staff or publicity duty",
    "quantitative target",
    "assessment rule",
    "service standard (deadline)",
    "report figure",
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One clause of one document."""

    row: str
    document: str
    clause: str
    kind: str


@dataclass(frozen=True, slots=True)
class LedgerProblem:
    """One thing wrong with a ledger; `line` counts from 1, 0 is the whole file."""

    line: int
    code: str
    found: str
    expected: str


def read_ledger(content: bytes) -> tuple[tuple[LedgerRow, ...], list[LedgerProblem]]:
    """The rows of a ledger in UTF-8 or GBK, with or without BOM, and everything that is wrong with it."""
    text = decode(content)
    if text is None:
        return (), [LedgerProblem(0, "file/encoding", "unreadable bytes", "UTF-8 or GBK")]
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    problems: list[LedgerProblem] = []
    try:
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            found = "、".join(name for name in reader.fieldnames or () if name) or "nothing"
            return (), [LedgerProblem(1, "ledger/columns", found, f"a column {', '.join(missing)}")]
        rows = tuple(_rows(reader, problems))
    except csv.Error as error:
        return (), [*problems, LedgerProblem(reader.reader.line_num, "ledger/csv", str(error), "CSV")]
    if not rows and not problems:
        problems.append(LedgerProblem(0, "ledger/empty", "no rows", "a row for each clause"))
    return rows, problems


def _rows(reader: csv.DictReader[str], problems: list[LedgerProblem]) -> Iterator[LedgerRow]:
    seen: set[str] = set()
    for cells in reader:
        values = [(cells[name] or "").strip() for name in COLUMNS]
        found = list(_row_problems(reader.line_num, values, seen))
        problems += found
        seen.add(values[0])
        if not found:
            yield LedgerRow(*values)


def _row_problems(line: int, values: list[str], seen: Iterable[str]) -> Iterator[LedgerProblem]:
    for name, value in zip(COLUMNS, values, strict=True):
        if not value:
            yield LedgerProblem(line, "ledger/cell", "nothing", f"a {name}")
    row, *_, kind = values
    if row and row in seen:
        yield LedgerProblem(line, "ledger/duplicate", f"{row} twice", "each row once")
    if kind and kind not in KINDS:
        yield LedgerProblem(line, "ledger/kind", kind, f"one of {', '.join(KINDS)}")
