"""The ledger covered row by row: what a row of each kind needs, and that a name alone is not enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zhida.library import Library
from zhida.library.coverage import FITS, Covered, coverage
from zhida.library.ledger import COLUMNS, KINDS, LedgerRow, read_ledger
from zhida.library.model import DocumentDef, Window

LEDGER = Path(__file__).parents[2] / "policies" / "ledger.csv"
Edit = Callable[[DocumentDef], dict[str, Any]]


@pytest.fixture(scope="module")
def ledger() -> tuple[LedgerRow, ...]:
    rows, problems = read_ledger(LEDGER.read_bytes())
    assert not problems
    return rows


def edited(library: Library, key: str, edit: Edit) -> Library:
    """The library with one document changed."""
    documents = [
        (document.model_copy(update=edit(document)) if document.document == key else document, source)
        for document, source in library.documents
    ]
    return replace(library, documents=documents, resolved={})


def provisions(row: str, /, **changes: Any) -> Edit:
    """Changes every provision of a row, or that carries it."""

    def edit(document: DocumentDef) -> dict[str, Any]:
        wanted = [p for p in document.provisions if row == p.row or row in p.also]
        assert wanted, row
        new = [p.model_copy(update=changes) if p in wanted else p for p in document.provisions]
        return {"provisions": tuple(new)}

    return edit


def duties(row: str, /, **changes: Any) -> Edit:
    def edit(document: DocumentDef) -> dict[str, Any]:
        assert any(d.row == row for d in document.duties), row
        new = [d.model_copy(update=changes) if d.row == row else d for d in document.duties]
        return {"duties": tuple(new)}

    return edit


def row_of(library: Library, ledger: tuple[LedgerRow, ...], row: str) -> Covered:
    return next(found for found in coverage(library, ledger).rows if found.ledger.row == row)


def test_every_row_of_the_ledger_is_represented(library: Library, ledger: tuple[LedgerRow, ...]):
    found = coverage(library, ledger)
    assert len(found.rows) == 221
    assert [f"{row.ledger.row}: {row.problem}" for row in found.rows if not row.represented] == []
    assert not found.strangers
    assert found.complete


def test_the_ledger_has_the_rows_of_five_documents_and_one_enclosed(ledger: tuple[LedgerRow, ...]):
    counts = Counter(row.document for row in ledger)
    assert counts == {"ZN91": 58, "PL75": 41, "AS3": 9, "LN25": 25, "BT78": 59, "GZR": 29}
    assert {row.kind for row in ledger} == set(KINDS) == set(FITS)


@pytest.mark.parametrize(
    ("row", "edit", "problem"),
    [
        ("ZN91-002", provisions("ZN91-002", row="ZN91-002x"), "nothing names it"),
        ("ZN91-002", provisions("ZN91-002", clause="一（一）"), "found clause 一（一）"),
        ("ZN91-002", provisions("ZN91-002", figures={}, valid=Window(), event=Window()), "no figures"),
        ("ZN91-004", provisions("ZN91-004", procedure=None), "no procedure"),
        ("ZN91-005", provisions("ZN91-005", also={"ZN91-005": "procedure"}), "as procedure"),
        ("ZN91-003", provisions("ZN91-003", fund="", permitted_use=()), "no fund"),
        ("ZN91-055", duties("ZN91-055", text=" "), "no text"),
        ("ZN91-055", duties("ZN91-055", kind="assessment"), "expected duty: staff or duty: publicity"),
        ("ZN91-024", duties("ZN91-024", row="ZN91-055"), "no duty of this row"),
        ("ZN91-001", lambda d: {"issuer": ""}, "no issuer"),
        ("ZN91-001", lambda d: {"rows": ("ZN91-058",)}, "nothing names it"),
        ("ZN91-030", lambda d: {"document": "ZN92"}, "found in ZN92"),
    ],
)
def test_what_only_names_a_row_does_not_represent_it(
    library: Library, ledger: tuple[LedgerRow, ...], row: str, edit: Edit, problem: str
):
    found = row_of(edited(library, "ZN91", edit), ledger, row)
    assert not found.represented
    assert problem in found.problem


def test_a_target_needs_its_number(library: Library, ledger: tuple[LedgerRow, ...]):
    assert row_of(library, ledger, "PL75-028").represented
    without = edited(library, "PL75", duties("PL75-028", number=None))
    assert "no number" in row_of(without, ledger, "PL75-028").problem


def test_a_deferred_benefit_says_what_it_waits_for(library: Library, ledger: tuple[LedgerRow, ...]):
    own = row_of(library, ledger, "BT78-018")
    assert [carrier.role for carrier in own.carriers] == ["deferred"]
    silent = edited(library, "BT78", provisions("BT78-018", resolves_with=None))
    assert "no resolves_with" in row_of(silent, ledger, "BT78-018").problem


def test_a_procedure_without_steps_counts_only_where_nobody_has_to_act(
    library: Library, ledger: tuple[LedgerRow, ...]
):
    document = next(d for d, _ in library.documents if d.document == "ZN91")
    procedure = next(p.procedure for p in document.provisions if "ZN91-004" in p.also)
    assert procedure is not None
    for mode, represented in (("申请", False), ("免申即享", True)):
        bare = procedure.model_copy(update={"steps": (), "mode": mode})
        found = row_of(edited(library, "ZN91", provisions("ZN91-004", procedure=bare)), ledger, "ZN91-004")
        assert found.represented is represented


def test_a_draft_and_a_clarification_are_called_what_they_are(
    library: Library, ledger: tuple[LedgerRow, ...]
):
    assert [c.role for c in row_of(library, ledger, "GZR-014").carriers] == ["draft"]
    assert [c.role for c in row_of(library, ledger, "GZR-010").carriers] == ["clarification"]


def test_a_row_that_the_ledger_does_not_know_is_found(library: Library, ledger: tuple[LedgerRow, ...]):
    found = coverage(library, [row for row in ledger if row.row != "ZN91-011"])
    assert all(row.represented for row in found.rows)
    assert {carrier.row for carrier in found.strangers} == {"ZN91-011"}
    assert {carrier.role for carrier in found.strangers} == {"provision", "figure"}
    assert not found.complete


def lines(*rows: str) -> str:
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_ledger_is_read_in_the_encodings_that_excel_writes(encoding: str, newline: str):
    text = lines("X-1,X,一(一),benefit rule", 'X-2,X,"二,三",procedure').replace("\n", newline)
    rows, problems = read_ledger(text.encode(encoding))
    assert not problems
    assert rows == (
        LedgerRow("X-1", "X", "一(一)", "benefit rule"),
        LedgerRow("X-2", "X", "二,三", "procedure"),
    )


def test_columns_may_be_more_and_in_any_order():
    rows, problems = read_ledger("title,kind,clause,doc_id,row_id\n标题,procedure,一,X,X-1\n".encode())
    assert (rows, problems) == ((LedgerRow("X-1", "X", "一", "procedure"),), [])


@pytest.mark.parametrize(
    ("content", "places"),
    [
        (b"", [(1, "ledger/columns")]),
        (b"a,b\n1,2\n", [(1, "ledger/columns")]),
        (lines().encode(), [(0, "ledger/empty")]),
        (b"\xff\xfe\x00", [(0, "file/encoding")]),
        (lines("X-1,X,一,rule").encode(), [(2, "ledger/kind")]),
        (lines("X-1,X,一,procedure", "X-1,X,二,procedure").encode(), [(3, "ledger/duplicate")]),
        (lines(",X,一,procedure", "X-2,X").encode(), [(2, "ledger/cell"), (3, "ledger/cell")]),
        (lines('X-1,X,"一,procedure').encode(), [(2, "ledger/csv")]),
    ],
)
def test_everything_that_is_wrong_with_a_ledger_is_said(content: bytes, places: list[tuple[int, str]]):
    problems = read_ledger(content)[1]
    assert list(dict.fromkeys((p.line, p.code) for p in problems)) == places
