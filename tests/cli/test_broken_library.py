"""A library with errors is not decided with: place, line, caret and hint, and exit 1."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhida.cli import inputs
from zhida.diagnostics import display_width

from .conftest import ROOT, Run


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the library in which one condition names a fact that does not exist."""
    library = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", library)
    path = library / "measures" / "hiring-subsidy.yaml"
    text = path.read_text(encoding="utf-8")
    assert "招用.劳动合同月数 >= 最短合同月数" in text
    path.write_text(text.replace("招用.劳动合同月数 >=", "招用.劳动合同年数 >="), encoding="utf-8")
    return library


def test_the_caret_stands_under_the_wrong_name(run: Run, broken: Path, restaurant: str) -> None:
    result = run("decide", restaurant, "--library", broken)
    assert (result.exit_code, result.stdout) == (inputs.BROKEN_LIBRARY, "")
    place, line, caret, hint = result.stderr.splitlines()[:4]
    file = broken / "measures" / "hiring-subsidy.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(n for n, text in enumerate(lines, 1) if "劳动合同年数" in text)
    column = lines[number - 1].index("招用.") + 1
    assert place == f"{file}:{number}:{column}: error[feel/unknown-fact]: unknown fact '劳动合同年数'"
    assert line == f"  {lines[number - 1]}"
    assert caret.rstrip("^") == " " * (2 + column - 1)  # nothing wide stands before the name
    assert caret.count("^") == display_width("招用.劳动合同年数")
    assert hint.startswith("  hint: ")


@pytest.mark.parametrize("command", [("catalogue",), ("show", "hiring-subsidy"), ("ask",)])
def test_no_command_uses_a_broken_library(run: Run, broken: Path, command: tuple[str, ...]) -> None:
    result = run(*command, "--library", broken)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "hiring-subsidy.yaml:" in result.stderr


def test_check_prints_the_error_and_counts_it(run: Run, broken: Path) -> None:
    result = run("check", broken)
    assert result.exit_code == 1
    assert "hiring-subsidy.yaml:" in result.stdout
    assert "\n1 error," in result.stdout


def test_a_folder_that_is_no_library_is_said_to_be_none(run: Run, tmp_path: Path, restaurant: str) -> None:
    result = run("decide", restaurant, "--library", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "no policy library here" in result.stderr


def test_the_environment_names_a_library(
    run: Run, broken: Path, restaurant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIDA_LIBRARY", str(broken))
    assert run("decide", restaurant).exit_code == 1
