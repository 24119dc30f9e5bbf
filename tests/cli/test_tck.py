"""Conformance figures from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n" id="d">
<decision name="二" id="a"><variable name="二"/>
<literalExpression><text>1 + 1</text></literalExpression></decision>
</definitions>"""

TESTS = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName>
<testCase id="1"><resultNode name="二" type="decision"><expected>
<value xsi:type="xsd:decimal">2</value></expected></resultNode></testCase>
<testCase id="2"><resultNode name="二" type="decision"><expected>
<value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase>
</testCases>"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "0001-sum"
    folder.mkdir()
    (folder / "m.dmn").write_text(MODEL, encoding="utf-8")
    (folder / "m-test.xml").write_text(TESTS, encoding="utf-8")
    return tmp_path


def test_json_gives_figures_by_folder_and_in_total(run: Run, suite: Path) -> None:
    result = run("tck", suite, "--json")
    figures = {"passed": 1, "failed": 1, "value_expected": {"passed": 1, "failed": 1}}
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"directories": {"0001-sum": figures}, "total": figures}


def test_text_lists_failures_and_figures(run: Run, suite: Path) -> None:
    lines = run("tck", suite).stdout.splitlines()
    assert lines[0].startswith("0001-sum/2: 二: expected")
    assert lines[-1].split() == ["total", "1", "1", "1", "1"]


def test_a_missing_folder_is_bad_input(run: Run, tmp_path: Path) -> None:
    result = run("tck", tmp_path / "nowhere", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("DIR: file/missing: found no folder")


def test_an_empty_folder_has_no_tests(run: Run, tmp_path: Path) -> None:
    assert json.loads(run("tck", tmp_path, "--json").stdout)["total"]["passed"] == 0
    assert run("tck", tmp_path).exit_code == 0
