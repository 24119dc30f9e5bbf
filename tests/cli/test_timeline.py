"""`zhida timeline`: versions, figures and standards by date."""

from __future__ import annotations

import json
from datetime import date

import pytest

from zhida.diagnostics import display_width

from .conftest import MEASURES, Run


def test_a_standard_that_rises_inside_the_window_is_an_entry_with_its_source(run: Run) -> None:
    text = run("timeline", "失业补助金", "--region", "621025").stdout
    rise = text.partition("\n2022-07-01\n")[2].splitlines()
    assert rise[0] == "  标准  失业保险金.月标准（标准）  1,323 → 1,503 元/月"
    assert rise[1].strip() == "甘肃 2022 年 7 月 1 日起的标准（同上）"


def test_the_first_version_lists_its_figures_with_sources(run: Run) -> None:
    text = run("timeline", "unemployment-assistance", "--region", "621025").stdout
    assert "开始  失业补助金 · 正宁县 · 正人社发〔2022〕91号 二(四)（ZN91-049）" in text
    assert "满一年缴费月数          12 个月（人社部发〔2020〕40号）" in text
    assert "\n2022-12-31\n  截止  失业补助金" in text


def test_a_city_says_what_it_sets_differently_from_its_province(run: Run) -> None:
    text = run("timeline", "flexible-insurance-subsidy", "--region", "210300").stdout
    assert text.index("辽宁省") < text.index("与 辽政办发〔2020〕25号 三(七) 相比，以下数字不同：")
    assert "延长月数  6 个月 → 3 个月" in text


def test_a_deferred_version_says_what_it_waits_for(run: Run) -> None:
    text = run("timeline", "hiring-expansion", "--region", "150200").stdout
    assert "；暂缓执行，等自治区一次性扩岗补助操作流程" in "".join(line.strip() for line in text.splitlines())


def test_a_draft_is_called_one(run: Run) -> None:
    text = run("timeline", "stay-at-work-training", "--region", "520000").stdout
    assert "征求意见稿，不能执行" in text


def test_nothing_to_show_is_said(run: Run) -> None:
    result = run("timeline", "hiring-subsidy", "--region", "330000")
    assert result.exit_code == 0
    assert result.stdout.endswith("收录的文件没有规定这项措施。\n")


def test_json(run: Run) -> None:
    found = json.loads(run("timeline", "unemployment-assistance", "--region", "621025", "--json").stdout)
    opens, before, rise, closes = found["entries"]
    assert [e["kind"] for e in found["entries"]] == ["opens", "standard", "standard", "closes"]
    assert (opens["day"], opens["row"], opens["follows"]) == ("2022-01-01", "ZN91-049", None)
    figure = next(f for f in opens["figures"] if f["name"] == "失业保险金比例")
    assert (figure["before"], figure["after"], figure["clause"]) == (None, "0.8", "二(四)")
    assert (before["before"], before["after"]) == (None, "1323")
    assert (rise["day"], rise["before"], rise["after"], rise["regions"]) == (
        "2022-07-01",
        "1323",
        "1503",
        ["621025"],
    )
    assert closes["day"] == "2022-12-31"


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_a_timeline_that_fits(run: Run, measure: str) -> None:
    result = run("timeline", measure, "--region", "210300")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if display_width(line) > 100] == []
    days = [
        e["day"]
        for e in json.loads(run("timeline", measure, "--region", "620821", "--json").stdout)["entries"]
    ]
    assert days == sorted(days) and all(map(date.fromisoformat, days))


def test_a_region_is_required_and_has_six_digits(run: Run) -> None:
    assert run("timeline", "hiring-subsidy").exit_code == 2
    result = run("timeline", "none", "--region", "12")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "region/malformed" in result.stderr and "option/unknown-measure" in result.stderr
