"""Rewriting policy files, or only saying which differ."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import ROOT, Run


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The library with the worked cases of one measure only."""
    copy = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", copy, ignore=shutil.ignore_patterns("cases"))
    (copy / "cases").mkdir()
    name = "job-retention-refund.yaml"
    shutil.copy(ROOT / "policies" / "cases" / name, copy / "cases" / name)
    return copy


def test_formatting_is_done_once(run: Run, library: Path) -> None:
    assert run("format", library).exit_code == 0
    result = run("format", library)
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("format", "--check", library).exit_code == 0
    assert not list(library.rglob("*.new"))


def test_check_lists_files_that_differ_and_changes_nothing(run: Run, library: Path) -> None:
    run("format", library)
    path = library / "measures" / "hiring-subsidy.yaml"
    untidy = path.read_text(encoding="utf-8").replace("name: 一次性", "name:   一次性")
    path.write_text(untidy, encoding="utf-8")
    result = run("format", "--check", library)
    assert result.exit_code == 1
    assert result.stdout == f"would reformat {path}\n"
    assert path.read_text(encoding="utf-8") == untidy


def test_formatting_changes_no_decision(run: Run, library: Path, restaurant: str) -> None:
    run("format", library)
    before, after = run("decide", restaurant), run("decide", restaurant, "--library", library)
    assert before.stdout.splitlines()[1:] == after.stdout.splitlines()[1:]


def test_a_file_that_cannot_be_formatted_is_left_alone(run: Run, library: Path) -> None:
    path = library / "measures" / "hiring-subsidy.yaml"
    commented = "# why\n" + path.read_text(encoding="utf-8")
    path.write_text(commented, encoding="utf-8")
    result = run("format", library)
    assert result.exit_code == 1
    assert f"{path}:1:1: error[format/comment]" in result.stderr
    assert path.read_text(encoding="utf-8") == commented


def test_a_missing_folder_is_bad_input(run: Run, tmp_path: Path) -> None:
    result = run("format", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "file/missing" in result.stderr


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("名称: 补贴\n".encode("gbk"), "file/encoding"),
        (b"[1, 2]\n", "shape/value"),
        (b"[]\n", "shape/value"),
        (b"3\n", "shape/value"),
        (None, "file/unreadable"),
    ],
)
@pytest.mark.parametrize("folder", ["standards", "cases"])
def test_what_holds_no_mapping_is_a_diagnostic(
    run: Run, library: Path, folder: str, content: bytes | None, code: str
) -> None:
    path = library / folder / "broken.yaml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    result = run("format", library)
    assert result.exit_code == 1
    assert f"error[{code}]" in result.stderr.splitlines()[0]
    assert result.stderr.startswith(str(path))
    assert content is None or path.read_bytes() == content
