"""Files of worked cases that are damaged: each damage is a diagnostic at its place, and nothing is raised."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from zhida.decide.worked import Report, run_worked_cases
from zhida.library import Library

FILE = """\
measure: hiring-subsidy
row: ZN91-002
cites: 一(一)
base:
  region: "621025"
  on: 2022-10-01
  employer: {size: 小型}
  hires: [{id: h1, contract_months: 12}]
cases:
- name: 一
  with: {employer.size: 微型}
  expect: {verdict: unknown}
"""

DAMAGES = [
    ("{employer.size: 微型}", "{hires.zz.contract_months: 1}", "case/with"),
    ("{employer.size: 微型}", "{employer.size.x: 1}", "case/with"),
    ("{employer.size: 微型}", "{hires.h1: null}", "case/with"),
    ("{employer.size: 微型}", "{hires.h1: {}}", "case/with"),
    ("{employer.size: 微型}", "{hires.h1: 3, employer: 3}", "case/with"),
    ("{employer.size: 微型}", "{employer: [1]}", "case/input"),
    ("{employer.size: 微型}", "[1]", "case/shape"),
    ("{size: 小型}", "[1]", "case/with"),
    ("[{id: h1, contract_months: 12}]", "{h1: 1}", "case/input"),
    ("[{id: h1, contract_months: 12}]", "[1]", "case/input"),
    ("{verdict: unknown}", "{verdikt: unknown}", "case/shape"),
    ("{verdict: unknown}", "{verdict: unknwon}", "case/differs"),
    ("{verdict: unknown}", "[unknown]", "case/shape"),
    ("{verdict: unknown}", "{verdict: unknown, schedule: {a: [1]}}", "case/differs"),
    ("{verdict: unknown}", "{verdict: unknown, to_become_eligible: {a: 1}}", "case/differs"),
    ("hiring-subsidy", "no-measure", "case/decision"),
    ("cases:\n", "cases: 3\nmore:\n", "case/shape"),
    (FILE, "", "case/shape"),
    (FILE, "- 1", "case/shape"),
    (FILE, "measure: {", "yaml/syntax"),
]


def run(library: Library, root: Path) -> Report:
    return run_worked_cases(replace(library, root=root))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "cases").mkdir()
    return tmp_path / "cases" / "x.yaml"


def test_the_file_is_sound_before_it_is_damaged(library: Library, path: Path) -> None:
    path.write_text(FILE, encoding="utf-8")
    report = run(library, path.parents[1])
    assert (report.passed, report.diagnostics) == (1, ())
    assert report.shown == {"hiring-subsidy": {"unknown"}}


@pytest.mark.parametrize(("old", "new", "code"), DAMAGES)
def test_a_damage_is_a_diagnostic(library: Library, path: Path, old: str, new: str, code: str) -> None:
    assert old in FILE
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    report = run(library, path.parents[1])
    assert report.passed == 0
    assert code in {d.code for d in report.diagnostics}
    assert {d.file for d in report.diagnostics} == {str(path)}


def test_a_base_that_is_no_mapping(library: Library, path: Path) -> None:
    head, _, tail = FILE.partition("base:\n")
    path.write_text(f"{head}base: [1]\ncases:{tail.partition('cases:')[2]}", encoding="utf-8")
    assert [d.code for d in run(library, path.parents[1]).diagnostics] == ["case/shape"]


def test_what_is_no_text_file_is_a_diagnostic(library: Library, path: Path) -> None:
    path.write_bytes(FILE.encode("gbk"))
    path.with_name("folder.yaml").mkdir()
    found = run(library, path.parents[1]).diagnostics
    assert {d.code for d in found} == {"file/encoding", "file/unreadable"}
