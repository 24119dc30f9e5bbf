"""`zhida diff`: what a policy officer reads, what a program gets, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

from tests.simulate.changed import DEARER, POLICIES, RETENTION, edited

from zhida.cli.diff_wording import FIELDS, LISTS, TASKS
from zhida.diagnostics import display_width
from zhida.library import Library
from zhida.library.procedure import Task
from zhida.simulate.statements import statements

from .conftest import Run

STRICTER = (RETENTION, "单位.上年度裁员率 <= 裁员率上限\n", "单位.上年度裁员率 < 裁员率上限\n")


def test_equal_libraries_exit_0(run: Run) -> None:
    result = run("diff", POLICIES, POLICIES)
    assert (result.exit_code, result.stdout.strip()) == (0, "没有不同。")


def test_a_changed_figure_is_one_line_and_exit_1(run: Run, tmp_path: Path) -> None:
    result = run("diff", POLICIES, edited(tmp_path, DEARER))
    assert result.exit_code == 1
    assert (
        "  一次性吸纳就业补贴（ZN91/ZN91-002/hiring-subsidy） · 正人社发〔2022〕91号 一(一)\n"
        in result.stdout
    )
    assert "    ~ 数字 每人标准（per_head）  1,000 元/人 → 1,200 元/人\n" in result.stdout
    assert result.stdout.endswith("条款 修改 1 项\n")


def test_a_changed_condition_is_shown_before_and_after(run: Run, tmp_path: Path) -> None:
    text = run("diff", POLICIES, edited(tmp_path, STRICTER)).stdout
    assert "~ 条件 上年度未裁员或裁员率不高于控制目标（layoff-rate）" in text
    assert "原  单位.上年度裁员率 <= 裁员率上限 or" in text
    assert "今  单位.上年度裁员率 < 裁员率上限 or" in text


def test_steps_are_listed_one_by_one(run: Run, tmp_path: Path) -> None:
    edit = ("documents/621025/ZN91.yaml", "action: 审核材料，确认人员和企业规模", "action: 审核材料")
    text = run("diff", POLICIES, edited(tmp_path, edit)).stdout
    assert "            2. 县人社局就业股：审核材料，确认人员和企业规模\n" in text
    assert "            2. 县人社局就业股：审核材料\n" in text
    assert "            3. 县人社局：公示审核结果（公示）\n" in text


def test_of_a_record_only_what_differs_is_shown(run: Run, tmp_path: Path) -> None:
    edit = ("interpretations/interpretations.yaml", "default: 终身", "default: 年度")
    text = run("diff", POLICIES, edited(tmp_path, edit)).stdout
    assert '    ~ 口径选择 身份使用范围  默认值："终身" → 默认值："年度"\n' in text


def test_a_new_document_is_told_in_full_and_an_old_one_by_name(run: Run, tmp_path: Path) -> None:
    lesser = edited(tmp_path, without=["documents/210300"])
    added, removed = run("diff", lesser, POLICIES).stdout, run("diff", POLICIES, lesser).stdout
    assert "    + 文号  鞍促就组发〔2020〕3号\n" in added
    assert "    + 数字 延长月数（extension_months）  3 个月\n" in added
    assert "删除 关于转发" in removed and "延长月数" not in removed


def test_with_a_region_and_a_day_only_its_rules(run: Run, tmp_path: Path) -> None:
    other = edited(tmp_path, DEARER)
    here = run("diff", POLICIES, other, "--region", "621025", "--on", "2022-10-01")
    assert here.exit_code == 1
    assert here.stdout.startswith("正宁县（621025） · 2022-10-01\n")
    there = run("diff", POLICIES, other, "--region", "150200", "--on", "2022-10-01")
    assert there.exit_code == 0 and there.stdout.endswith("没有不同。\n")


def test_json_has_values_units_and_sources(run: Run, tmp_path: Path) -> None:
    options = ("--region", "621025", "--on", "2022-10-01", "--json")
    result = run("diff", POLICIES, edited(tmp_path, DEARER, STRICTER), *options)
    found = json.loads(result.stdout)
    assert (result.exit_code, found["equal"]) == (1, False)
    assert found["before"] != found["after"]
    subsidy, refund = found["amendments"]
    assert (subsidy["key"], subsidy["kind"]) == ("hiring-subsidy", "changed")
    [change] = subsidy["changes"]
    source = "正人社发〔2022〕91号 一(一) ZN91-002"
    assert change == {
        "path": ["figures", "per_head"],
        "name": "每人标准",
        "kind": "changed",
        "before": {"value": "1000", "unit": "元/人", "source": source},
        "after": {"value": "1200", "unit": "元/人", "source": source},
    }
    [change] = refund["changes"]
    assert change["after"]["value"].startswith("单位.上年度裁员率 < 裁员率上限 or (if ")


def test_json_of_equal_libraries(run: Run) -> None:
    result = run("diff", POLICIES, POLICIES, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["equal"], found["amendments"]) == (0, True, [])


def test_everything_fits_into_100_columns(run: Run, tmp_path: Path) -> None:
    text = run("diff", edited(tmp_path, without=["documents/210000", "documents/210300"]), POLICIES).stdout
    assert len(text.splitlines()) > 200
    assert [line for line in text.splitlines() if display_width(line) > 100] == []


def test_every_field_has_a_chinese_name(library: Library) -> None:
    named = set()
    for statement in statements(library):
        parts = statement.path
        named |= {
            p for i, p in enumerate(parts) if i == 0 or (parts[i - 1] not in LISTS and parts[0] != "rows")
        }
        if isinstance(statement.value, dict) and parts[0] != "rows":
            named |= set(statement.value)
    assert named - set(FIELDS) == set(), "to be named in zhida/cli/diff_wording.py"


def test_trouble_is_exit_2(run: Run, tmp_path: Path) -> None:
    broken = edited(tmp_path, (RETENTION, "when: not(单位.严重失信)", "when: not(单位.没有)"))
    result = run("diff", POLICIES, broken)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "job-retention-refund.yaml:" in result.stderr and "没有" in result.stderr
    result = run("diff", tmp_path / "none", tmp_path / "neither")
    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["LIBRARY_A", "LIBRARY_B"]


def test_a_region_needs_a_day_and_a_day_a_region(run: Run) -> None:
    for option in (("--region", "621025"), ("--on", "2022-10-01")):
        result = run("diff", POLICIES, POLICIES, *option)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"found {option[0]} alone" in result.stderr
    result = run("diff", POLICIES, POLICIES, "--region", "12", "--on", "2022-02-30")
    assert result.exit_code == 2 and len(result.stderr.splitlines()) == 2


def test_a_step_of_which_only_the_tasks_differ_is_shown_with_them(run: Run, tmp_path: Path) -> None:
    zhengning = "documents/621025/ZN91.yaml"
    edit = (zhengning, "确认人员和企业规模, tasks: [review]", "确认人员和企业规模, tasks: [final-review]")
    text = run("diff", POLICIES, edited(tmp_path, edit)).stdout
    assert "            2. 县人社局就业股：审核材料，确认人员和企业规模（审核）\n" in text
    assert "            2. 县人社局就业股：审核材料，确认人员和企业规模（终审）\n" in text


def test_every_task_has_a_chinese_name() -> None:
    assert set(TASKS) == set(get_args(Task))
