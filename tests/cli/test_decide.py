"""Deciding a case from the shell: JSON for programs, tables for people."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from .conftest import EXAMPLES, RESTAURANT, Run, Write


def test_json_is_the_contract_s_form(run: Run, restaurant: str) -> None:
    result = run("decide", restaurant, "--json")
    assert result.exit_code == 0
    outcome = json.loads(result.stdout)
    refund = next(d for d in outcome["decisions"] if d["measure"] == "job-retention-refund")
    assert (refund["verdict"], refund["amount"], refund["clause"]) == ("eligible", "11111.10", "一(十)")
    assert outcome["package"]["total"] == "12611.10"
    assert "能" in result.stdout  # Chinese is written as it is, not escaped
    assert result.stdout.startswith('{"library": ')  # one line for a program, indented on a terminal


def test_standard_input_is_a_case(run: Run) -> None:
    result = run("decide", "-", "--json", input=json.dumps(RESTAURANT))
    assert json.loads(result.stdout)["region"] == "621025"


def test_options_override_the_case(run: Run, restaurant: str) -> None:
    result = run("decide", restaurant, "--json", "--region", "110000", "--on", "2022-11-30")
    outcome = json.loads(result.stdout)
    assert (outcome["region"], outcome["on"]) == ("110000", "2022-11-30")
    assert (outcome["decisions"], result.exit_code) == ([], 0)


def test_measure_selects_decisions(run: Run, restaurant: str) -> None:
    chosen = ("--measure", "hiring-subsidy", "--measure", "一次性扩岗补助")
    outcome = json.loads(run("decide", restaurant, "--json", *chosen).stdout)
    assert [d["measure"] for d in outcome["decisions"]] == ["hiring-subsidy", "hiring-expansion"]


def test_tables_say_what_is_paid_given_up_and_asked_next(run: Run, restaurant: str) -> None:
    text = run("decide", restaurant).stdout
    assert "正宁县（621025） · 2022-10-01" in text
    assert "依据 正人社发〔2022〕91号，条款见表" in text
    assert "失业保险稳岗返还        11,111.10 元  一(十)" in text
    assert "一起能领 12,611.10 元" in text
    assert "放弃  一次性吸纳就业补贴" in text
    assert "下一个值得问的问题" in text


def test_tables_fit_a_hundred_columns(run: Run) -> None:
    from zhida.diagnostics import display_width

    for example in EXAMPLES:
        lines = run("decide", example).stdout.splitlines()
        assert max(map(display_width, lines)) <= 100
        assert not [line for line in lines if line.endswith(" ")]


def test_a_refusal_shows_the_smallest_change(run: Run, write: Write) -> None:
    case = copy.deepcopy(RESTAURANT)
    case["hires"][0]["contract_months"] = 11
    text = run("decide", write(case), "--measure", "hiring-subsidy").stdout
    assert "不符合：劳动合同达到规定月数" in text
    assert "只差：招用 h1 劳动合同月数由 11 个月 变为 12 个月，可得 1,000.00 元" in text


def test_a_measure_outside_its_window_says_when_it_was_open(run: Run, restaurant: str) -> None:
    text = run("decide", restaurant, "--on", "2026-01-01", "--measure", "hiring-subsidy").stdout
    assert "未开放 1 项" in text
    assert "2022-01-01至2023-01-31" in text


def test_a_region_without_documents_names_those_with(run: Run, restaurant: str) -> None:
    result = run("decide", restaurant, "--region", "110000")
    assert result.exit_code == 0
    assert "这个地区没有收录政策文件" in result.stdout
    assert "正宁县（621025）" in result.stdout


def test_a_contradiction_is_warned_about_on_stderr(run: Run, write: Write) -> None:
    case = copy.deepcopy(RESTAURANT)
    case["employer"] |= {"industry": "H62", "employees": 8, "revenue": 500000, "assets": 1, "size": "中型"}
    result = run("decide", write(case), "--json")
    assert result.exit_code == 0
    assert "employer.size: warning/contradiction: found 中型, derived 微型" in result.stderr
    json.loads(result.stdout)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_decided_without_a_warning(run: Run, example: Path) -> None:
    result = run("decide", example)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "能享受" in result.stdout
    assert example.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("on", ["1900-01-01", "1949-10-01", "2199-12-31"])
def test_distant_days_are_decided(run: Run, on: str) -> None:
    for example in EXAMPLES:
        result = run("decide", example, "--on", on, "--json")
        assert result.exit_code in (0, 2), result.output
        assert "internal error" not in result.stderr


@pytest.mark.parametrize("on", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_days_too_far_away_to_add_months_to_are_refused(run: Run, restaurant: str, on: str) -> None:
    result = run("decide", restaurant, "--on", on)
    assert result.exit_code == 2
    assert result.stderr == f"--on: date/out-of-range: found {on}, expected a day from 1900 to 2199\n"
