"""The tutorial is carried out as it is written: a new document, decided without a line of code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.markdown import DOCS, ROOT, Block, blocks

PAGE = DOCS / "tutorials" / "add-a-document.md"
LIBRARY = "my-policies"
CASE = "case.yaml"
MAY_FIND_FAULT = ("format my-policies --check", "coverage --library my-policies")
"""Commands that speak of the whole library; other tests look at what they say of the new document."""
_HASH = re.compile(r"政策库 [0-9a-f]{12}")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the library, and in it every file that the page tells to write."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "policies", folder / LIBRARY, ignore=shutil.ignore_patterns("cases"))
    for block in blocks(PAGE, "yaml"):
        path = folder / (CASE if block.label == CASE else f"{LIBRARY}/{block.label}")
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    [rows] = blocks(PAGE, "csv")
    with (folder / LIBRARY / rows.label).open("a", encoding="utf-8") as ledger:
        ledger.write(rows.text)
    return folder


def consoles(label: str) -> list[Block]:
    found = [block for block in blocks(PAGE, "console") if block.label == label]
    assert found
    return found


def command(block: Block) -> list[str]:
    first = block.text.splitlines()[0]
    assert first.startswith("$ zhida "), first
    return first.removeprefix("$ zhida ").split()


def zhida(desk: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zhida", *arguments],
        cwd=desk,
        env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_page_writes_a_document_a_case_worked_cases_and_ledger_rows():
    labels = [block.label for block in blocks(PAGE, "yaml")]
    assert labels == ["documents/620300/JC1.yaml", CASE, "cases/hiring-subsidy-jc1.yaml"]


def test_the_region_has_no_document_of_its_own():
    assert not (ROOT / "policies" / "documents" / "620300").exists()


def test_the_library_with_the_new_document_is_sound_and_its_worked_cases_pass(desk: Path):
    run = zhida(desk, "check", LIBRARY)
    assert run.returncode == 0, run.stdout
    assert "\n0 errors" in run.stdout
    assert "3 worked cases passed" in run.stdout


def test_the_files_are_written_in_their_canonical_form(desk: Path):
    named = zhida(desk, "format", LIBRARY, "--check").stdout
    assert "JC1" not in named and "jc1" not in named


@pytest.mark.parametrize("block", consoles(""), ids=lambda block: f"line {block.line}")
def test_every_other_command_runs(desk: Path, block: Block):
    lines = [line for line in block.text.splitlines() if line.startswith("$ zhida ")]
    assert lines
    for line in lines:
        run = zhida(desk, *line.removeprefix("$ zhida ").split())
        assert run.returncode in (0, 1) if line.endswith(MAY_FIND_FAULT) else run.returncode == 0, run.stderr
        assert run.stdout or "format" in line


def test_the_measure_is_found_by_its_name(desk: Path):
    first = consoles("")[0]
    assert "catalogue" in command(first)
    assert "hiring-subsidy" in zhida(desk, *command(first)).stdout


def test_the_example_is_decided_as_shown(desk: Path):
    [block] = consoles("output")
    printed = _HASH.sub("政策库 …", zhida(desk, *command(block)).stdout)
    assert block.text.partition("\n")[2] == "\n".join(line.rstrip() for line in printed.splitlines()) + "\n"


def test_the_explanation_names_clause_and_document(desk: Path):
    shown = zhida(desk, "explain", CASE, "hiring-subsidy", "--library", LIBRARY).stdout
    assert "金人社示例〔2024〕1号 一" in shown


def test_the_mistake_is_reported_as_shown(desk: Path, tmp_path: Path):
    [block] = consoles("mistake")
    shutil.copytree(desk / LIBRARY, tmp_path / LIBRARY)
    path = tmp_path / LIBRARY / "documents" / "620300" / "JC1.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("每人标准: 800", "每人补贴: 800"), encoding="utf-8")
    run = zhida(tmp_path, *command(block))
    assert run.returncode == 1
    assert block.text.partition("\n")[2].rstrip("\n") in run.stdout


def test_every_row_of_the_document_is_represented(desk: Path):
    found = json.loads(zhida(desk, "coverage", "--json", "--library", LIBRARY).stdout)
    rows = [row for row in found["ledger"] if row["document"] == "JC1"]
    assert len(rows) == 4
    assert all(row["represented"] for row in rows), rows
    assert not found["unknown_rows"]


def test_the_comparison_shows_that_only_figures_differ(desk: Path):
    [block] = consoles("excerpt")
    rest = zhida(desk, *command(block)).stdout
    for part in block.text.partition("\n")[2].split("…\n"):
        assert part in rest, part
        rest = rest.partition(part)[2]
