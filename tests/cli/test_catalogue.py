"""The list of measures, and searching it."""

from __future__ import annotations

import pytest

from zhida.diagnostics import display_width

from .conftest import MEASURES, Run


def test_every_measure_is_listed_with_audience_kind_and_clause(run: Run) -> None:
    text = run("catalogue", "--region", "621025", "--on", "2022-10-01").stdout
    assert f"{len(MEASURES)} 项措施 · 2022-10-01" in text
    assert all(f"  {key}" in text for key in MEASURES)
    assert "正宁县（621025） · 正人社发〔2022〕91号" in text
    line = next(line for line in text.splitlines() if "失业保险稳岗返还" in line)
    assert line.split() == ["失业保险稳岗返还", "企业", "单位·一次性", "开放到", "2022-12-31", "一(十)"]
    assert max(map(display_width, text.splitlines())) <= 100


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("稳岗", "job-retention-refund"),  # name
        ("失业补助", "unemployment-assistance"),  # alias
        ("融资", "startup-loan-micro"),  # occasion
        ("ONE-OFF HIRING", "hiring-subsidy"),  # English, whatever its case
    ],
)
def test_search_covers_names_aliases_occasions_and_english(run: Run, word: str, found: str) -> None:
    assert found in run("catalogue", "--search", word).stdout


def test_search_without_a_hit_says_so(run: Run) -> None:
    result = run("catalogue", "--search", "飞船")
    assert (result.exit_code, result.stdout) == (0, "没有找到和“飞船”有关的措施。\n")


def test_a_closed_window_says_since_when(run: Run) -> None:
    assert "2022-12-31 已截止" in run("catalogue", "--on", "2026-01-01", "--search", "稳岗返还").stdout


def test_each_provision_of_a_measure_has_a_line(run: Run) -> None:
    options = ("--region", "621025", "--on", "2022-10-01", "--search", "pension-deferral")
    lines = run("catalogue", *options).stdout.splitlines()
    place = next(n for n, line in enumerate(lines) if "缓缴养老保险费" in line)
    assert [line.split()[-1] for line in lines[place : place + 3]] == ["一(八)"] * 3


def test_a_region_without_documents_enacts_nothing(run: Run) -> None:
    text = run("catalogue", "--region", "110000").stdout
    assert "没有文件规定" in text
    assert "开放" not in text


def test_bad_options_are_bad_input(run: Run) -> None:
    result = run("catalogue", "--region", "甘肃", "--on", "2022-02-30")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 2
