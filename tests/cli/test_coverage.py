"""`zhida coverage`: the table, what is missing, and the exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .conftest import ROOT, Run

LEDGER = ROOT / "policies" / "ledger.csv"
HEAD = "row_id,doc_id,clause,kind\n"


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "ledger.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_librarys_own_ledger_is_covered(run: Run) -> None:
    result = run("coverage")
    assert result.exit_code == 0, result.stdout
    assert result.stdout.splitlines()[-1] == "221 of 221 rows, 100 %"
    [procedures] = [line for line in result.stdout.splitlines() if line.startswith("  procedure ")]
    assert procedures.split() == ["procedure", "19/19", "·", "·", "·", "19/19", "2/2", "40/40"]


def test_naming_the_ledger_gives_the_same(run: Run) -> None:
    assert run("coverage", LEDGER).stdout == run("coverage").stdout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_ledger_from_excel_is_read(run: Run, tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, LEDGER.read_text(encoding="utf-8").replace("\n", "\r\n"), encoding)
    assert run("coverage", path).exit_code == 0


def test_a_row_without_anything_is_listed_and_exits_1(run: Run, tmp_path: Path) -> None:
    more = "ZN91-099,ZN91,四(一),benefit rule\n"
    result = run("coverage", write(tmp_path, LEDGER.read_text(encoding="utf-8") + more))
    assert result.exit_code == 1
    assert "\nnot represented: 1\n  ZN91-099  四(一)  benefit rule: nothing names it\n" in result.stdout
    assert result.stdout.endswith("\n221 of 222 rows, 99.5 %\n")


def test_a_row_that_is_something_else_is_listed(run: Run, tmp_path: Path) -> None:
    text = LEDGER.read_text(encoding="utf-8")
    wrong = text.replace("ZN91-002,ZN91,一(一),benefit rule", "ZN91-002,ZN91,一(一),procedure of")
    assert run("coverage", write(tmp_path, wrong)).exit_code == 2
    wrong = text.replace("ZN91-055,ZN91,三(一),staff or publicity duty", "ZN91-055,ZN91,三(一),benefit rule")
    result = run("coverage", write(tmp_path, wrong))
    assert result.exit_code == 1
    assert "ZN91-055  三(一)  benefit rule: found publicity as duty: publicity" in result.stdout


def test_rows_that_the_ledger_does_not_know_exit_1(run: Run, tmp_path: Path) -> None:
    text = "".join(
        line
        for line in LEDGER.read_text(encoding="utf-8").splitlines(True)
        if not line.startswith("ZN91-058,")
    )
    result = run("coverage", write(tmp_path, text))
    assert result.exit_code == 1
    assert "unknown to the ledger: 1\n  ZN91-058  document of the document" in result.stdout


def test_json_says_what_represents_each_row(run: Run, tmp_path: Path) -> None:
    found = json.loads(run("coverage", "--json").stdout)
    assert (found["rows"], found["represented"], found["complete"]) == (221, 221, True)
    assert found["unknown_rows"] == []
    row = next(row for row in found["ledger"] if row["row"] == "ZN91-004")
    assert row["kind"] == "procedure" and row["represented"] and row["problem"] is None
    [carrier] = row["by"]
    assert (carrier["as"], carrier["what"]) == ("procedure", "hiring-subsidy")
    cell = {"document": "BT78", "kind": "procedure", "rows": 19, "represented": 19}
    assert cell in found["table"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a,b\n1,2\n", ":1: ledger/columns: found a、b, expected a column row_id, doc_id, clause, kind"),
        (HEAD, ": ledger/empty: found no rows, expected a row for each clause"),
        (HEAD + "X-1,X,一,rule\n", ":2: ledger/kind: found rule, expected one of "),
        (HEAD + "X-1,X,,procedure\n", ":2: ledger/cell: found nothing, expected a clause"),
    ],
)
def test_what_is_no_ledger_exits_2(run: Run, tmp_path: Path, text: str, error: str) -> None:
    path = write(tmp_path, text)
    result = run("coverage", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{path}{error}")


def test_every_problem_is_said_at_once(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "X-1,X,一,rule\n,X,一,procedure\nX-1,X,二,procedure\n")
    lines = run("coverage", path).stderr.splitlines()
    assert [line.removeprefix(str(path)).split()[0] for line in lines] == [":2:", ":3:", ":4:"]


def test_no_file_and_a_folder_exit_2(run: Run, tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.csv", "file/missing"), (tmp_path, "file/directory")):
        result = run("coverage", path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"{path}: {code}: found ")


def test_a_library_without_a_ledger_says_so(run: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "policies", tmp_path / "p", ignore=shutil.ignore_patterns("cases", "ledger.csv"))
    result = run("coverage", "--library", tmp_path / "p")
    assert result.exit_code == 2
    assert "ledger.csv: file/missing" in result.stderr
