"""Two documents of one region that enact the same measure at the same time."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import POLICIES

from zhida.library import Library, load, resolve
from zhida.library.conflicts import conflicts

NOTICE = """\
document: T99
number: 正人社发〔2022〕99号
title: 吸纳就业补贴调整通知
issuer: 正宁县人力资源和社会保障局
region: "{region}"
issued: 2022-06-01
in_force: 2022-06-01
provisions:
- clause: 一
  row: T99-001
  measure: hiring-subsidy
  status: {status}
  valid: {{from: {start}, to: {end}}}
  figures:
    每人标准: 2000
"""
"""A second notice; 正宁's first one is open from 2022-01-01 to 2022-12-31."""


def with_notice(
    tmp_path: Path,
    start: str,
    end: str = "2023-06-30",
    region: str = "621025",
    status: str = "in-force",
) -> Library:
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    text = NOTICE.format(region=region, status=status, start=start, end=end)
    (root / "documents" / "T99.yaml").write_text(text, encoding="utf-8")
    library, diagnostics = load(root)
    assert not diagnostics, "\n".join(map(str, diagnostics))
    return library


def rate(library: Library, on: date) -> str:
    [rule] = [r for r in resolve(library, "621025", on) if r.measure == "hiring-subsidy"]
    return rule.document


def test_the_last_day_shared_is_told_at_the_later_provision(tmp_path: Path) -> None:
    [warning] = conflicts(with_notice(tmp_path, "2022-12-31"))
    assert (warning.code, warning.severity) == ("document/overlap", "warning")
    assert warning.file.endswith("T99.yaml")
    assert warning.source_line.strip() == "measure: hiring-subsidy"
    assert "正人社发〔2022〕91号 一(一)" in warning.message
    assert "from 2022-12-31 to 2022-12-31" in warning.message


def test_one_that_follows_the_other_is_no_conflict(tmp_path: Path) -> None:
    assert not list(conflicts(with_notice(tmp_path, "2023-01-01")))


@pytest.mark.parametrize(
    ("region", "status"), [("621000", "in-force"), ("621025", "deferred"), ("621025", "draft")]
)
def test_another_place_or_what_is_not_in_force_is_no_conflict(
    tmp_path: Path, region: str, status: str
) -> None:
    assert not list(conflicts(with_notice(tmp_path, "2022-07-01", region=region, status=status)))


def test_the_later_decides_while_both_are_open(tmp_path: Path) -> None:
    library = with_notice(tmp_path, "2022-07-01", "2022-07-31")
    assert rate(library, date(2022, 6, 30)) == "正人社发〔2022〕91号"
    assert rate(library, date(2022, 7, 1)) == "正人社发〔2022〕99号"
    assert rate(library, date(2022, 7, 31)) == "正人社发〔2022〕99号"
    assert rate(library, date(2022, 8, 1)) == "正人社发〔2022〕91号"


@pytest.mark.parametrize(
    ("on", "documents"),
    [
        (date(2022, 12, 31), ["正人社发〔2022〕91号"]),
        (date(2023, 1, 1), ["正人社发〔2022〕91号", "正人社发〔2022〕99号"]),
        (date(2023, 1, 31), ["正人社发〔2022〕91号", "正人社发〔2022〕99号"]),
        (date(2023, 2, 1), ["正人社发〔2022〕99号"]),
    ],
)
def test_in_its_days_of_grace_a_document_stays_beside_its_successor(
    tmp_path: Path, on: date, documents: list[str]
) -> None:
    library = with_notice(tmp_path, "2023-01-01")
    found = {r.document for r in resolve(library, "621025", on) if r.measure == "hiring-subsidy"}
    assert sorted(found) == documents


def test_the_project_documents_are_free_of_it(library: Library) -> None:
    assert not list(conflicts(library))
