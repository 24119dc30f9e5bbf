"""Checking a library: diagnostics, worked cases, what they leave untested, counts."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from .conftest import MEASURES, ROOT, Run


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The library with the worked cases of one measure only."""
    library = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", library, ignore=shutil.ignore_patterns("cases"))
    (library / "cases").mkdir()
    name = "job-retention-refund.yaml"
    shutil.copy(ROOT / "policies" / "cases" / name, library / "cases" / name)
    return library


def test_a_sound_library_is_counted(run: Run, small: Path) -> None:
    result = run("check", small)
    assert result.exit_code == 0, result.output
    counts, verdict = result.stdout.splitlines()[-2:]
    expected = (
        rf"{small}: {len(MEASURES)} measures, \d+ documents?, \d+ provisions, \d+ duties, \d+ ledger rows, "
        r"\d+ facts, \d+ tables, \d+ interpretations, \d+ worked cases passed"
    )
    assert re.fullmatch(expected, counts)
    assert verdict.startswith("0 errors, ")


def test_what_no_worked_case_shows_is_a_warning(run: Run, small: Path) -> None:
    warning = "warning[case/untested]: hiring-subsidy has no worked case that is "
    assert warning + "eligible or review, ineligible, unknown, not_open" in run("check", small).stdout


def test_a_worked_case_that_differs_is_an_error_at_its_place(run: Run, small: Path) -> None:
    path = small / "cases" / "job-retention-refund.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('amount: "11111.10"', 'amount: "11111.11"', 1), encoding="utf-8")
    result = run("check", small)
    assert result.exit_code == 1
    assert f"{path}:" in result.stdout
    assert "found 11111.10, expected 11111.11" in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("verdict: ", "verdikt: ", "case/shape"),
        ("cases:\n", "cases: [1]\nmore:\n", "case/shape"),
        ("measure: ", "measure: [", "yaml/syntax"),
    ],
)
def test_a_broken_file_of_worked_cases_is_an_error(
    run: Run, small: Path, old: str, new: str, code: str
) -> None:
    path = small / "cases" / "job-retention-refund.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = run("check", small)
    assert result.exit_code == 1
    assert f"error[{code}]" in result.stdout
    assert "internal error" not in result.output
