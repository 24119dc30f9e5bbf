"""`zhida compare`: what a reader sees in a terminal, in Markdown and in Excel, and what a program gets."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from tests.docs.markdown import cells

from zhida.cli.comparison_markdown import to_markdown
from zhida.cli.comparison_workbook import to_workbook
from zhida.diagnostics import display_width
from zhida.library import Library
from zhida.library.comparison import compare

from .conftest import MEASURES, ROOT, Run

TWO = ("--region", "621025", "--region", "150200")


def line_of(text: str, name: str) -> list[str]:
    return next(line.split() for line in text.splitlines() if name in line.split())


def test_differences_are_marked(run: Run) -> None:
    text = run("compare", "hiring-subsidy", *TWO).stdout
    assert line_of(text, "每人标准") == ["≠", "每人标准", "1,000", "元/人", "1,500", "元/人"]
    assert line_of(text, "最短合同月数")[0] != "≠"
    assert "一(一)（ZN91-002）" in text
    assert "包人社办发〔2022〕78号" in text


def test_the_chinese_name_will_do(run: Run) -> None:
    assert run("compare", "吸纳补贴", *TWO).stdout == run("compare", "hiring-subsidy", *TWO).stdout


def test_figures_of_another_text_have_a_note(run: Run) -> None:
    text = run("compare", "startup-grant", "--region", "621025").stdout
    assert line_of(text, "返乡人员登记起始日")[1] == "2019-04-22"
    number = line_of(text, "返乡人员登记起始日")[2]
    assert f"  {number} 甘财社〔2019〕33号\n" in text


def test_what_no_text_sets_is_pending(run: Run) -> None:
    text = run("compare", "job-retention-refund", "--region", "621025").stdout
    assert line_of(text, "其他企业返还比例") == ["其他企业返还比例", "待定"]


def test_deferred_and_draft_are_shown_as_such(run: Run) -> None:
    assert "暂缓：等" in run("compare", "hiring-expansion", "--region", "150200").stdout
    assert "征求意见稿，不能执行" in run("compare", "stay-at-work-training", "--region", "520000").stdout


def test_a_place_without_the_measure_says_so(run: Run) -> None:
    text = run("compare", "hiring-subsidy", "--region", "330000").stdout
    assert line_of(text, "状态") == ["状态", "没有文件规定"]


def test_on_a_day_the_status_says_whether_it_is_open(run: Run) -> None:
    days = ("--on", "2022-10-01", "--on", "2023-06-01")
    text = run("compare", "hiring-expansion", "--region", "621025", *days).stdout
    assert "A 621025 2022-10-01" in text and "B 621025 2023-06-01" in text
    assert line_of(text, "状态") == ["状态", "开放到", "2023-01-31", "2023-01-31", "已截止"]


@pytest.mark.parametrize("measure", MEASURES)
def test_no_line_is_wider_than_100_columns(run: Run, measure: str) -> None:
    result = run("compare", measure)
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if display_width(line) > 100] == []


def test_json_has_every_value_with_its_source(run: Run) -> None:
    found = json.loads(run("compare", "hiring-subsidy", *TWO, "--json").stdout)
    assert [v["region"] for v in found["variants"]] == ["621025", "150200"]
    first = found["variants"][0]
    assert (first["row"], first["from"], first["to"]) == ("ZN91-002", "2022-01-01", "2022-12-31")
    line = next(line for line in found["lines"] if line["key"] == "per_head")
    assert line["differs"] is True
    assert line["cells"][0] == {
        "value": "1000",
        "text": "1,000 元/人",
        "document": "正人社发〔2022〕91号",
        "clause": "一(一)",
        "row": "ZN91-002",
        "interpretation": None,
    }


def test_json_of_an_unset_figure_is_null_without_a_source(run: Run) -> None:
    found = json.loads(run("compare", "job-retention-refund", "--region", "621025", "--json").stdout)
    cell = next(line for line in found["lines"] if line["key"] == "rate_other")["cells"][0]
    assert cell == dict.fromkeys(("value", "document", "clause", "row", "interpretation")) | {"text": "待定"}


def test_markdown_is_one_table_with_sources(run: Run) -> None:
    text = run("compare", "hiring-subsidy", *TWO, "--markdown").stdout
    rows = [cells(line) for line in text.splitlines() if line.startswith("|")]
    assert {len(row) for row in rows} == {4}
    [row] = [row for row in rows if row[1] == "每人标准"]
    assert row[0] == "≠"
    assert row[2] == "1,000 元/人<br><sub>正人社发〔2022〕91号 一(一)，ZN91-002</sub>"


def with_office(library: Library, text: str) -> Library:
    """The library in which 正宁's hiring subsidy has this office."""
    [(own, source)] = [(d, s) for d, s in library.documents if d.document == "ZN91"]
    changed = [p.model_copy(update={"office": text, "phone": "0934"}) for p in own.provisions]
    others = [pair for pair in library.documents if pair[0] is not own]
    document = own.model_copy(update={"provisions": tuple(changed)})
    return replace(library, documents=[(document, source), *others], resolved={})


def test_markdown_keeps_bars_and_marks_of_a_text(library: Library) -> None:
    changed = with_office(library, "甲|乙 *丙* <丁>")
    text = to_markdown(changed, compare(changed, "hiring-subsidy", ["621025"]))
    assert r"甲\|乙 \*丙\* &lt;丁>" in text


def sheet(content: bytes, tmp_path: Path) -> tuple[str, str]:
    """The XML of the one sheet and of the texts that it shares."""
    path = tmp_path / "c.xlsx"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        parts = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")
        first, second = (archive.read(part).decode() for part in parts)
    return first, second


def test_excel_never_sees_a_formula_or_a_link(library: Library, tmp_path: Path) -> None:
    changed = with_office(library, '=HYPERLINK("http://x","y")')
    content = to_workbook(changed, compare(changed, "hiring-subsidy", ["621025"]))
    cells_, texts = sheet(content, tmp_path)
    assert "<f>" not in cells_ and "<hyperlink" not in cells_
    assert '=HYPERLINK("http://x","y")' in texts
    assert "<t>621025</t>" not in texts and "A 621025</t>" in texts
    assert "<t>0934</t>" in texts


def test_excel_has_numbers_frozen_heads_and_widths(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "compare.xlsx"
    result = run("compare", "hiring-subsidy", *TWO, "--xlsx", path)
    assert (result.exit_code, result.stdout) == (0, "")
    cells_, texts = sheet(path.read_bytes(), tmp_path)
    assert "<v>1000</v>" in cells_ and "<v>1500</v>" in cells_
    assert 'xSplit="3" ySplit="1"' in cells_ and 'state="frozen"' in cells_
    assert cells_.count("customWidth") == 3 + 2 * 2
    assert "正人社发〔2022〕91号 一(一)，ZN91-002" in texts


def test_the_same_comparison_gives_the_same_workbook(library: Library) -> None:
    found = compare(library, "hiring-subsidy")
    assert to_workbook(library, found) == to_workbook(library, found)


def test_a_file_that_cannot_be_written_is_a_problem(run: Run, tmp_path: Path) -> None:
    result = run("compare", "hiring-subsidy", "--xlsx", tmp_path / "none" / "c.xlsx")
    assert result.exit_code == 2
    assert result.stderr.startswith("--xlsx: file/unwritable: found ")


def test_every_wrong_option_is_said_at_once(run: Run) -> None:
    result = run("compare", "none", "--region", "1", "--on", "2022-13-01", "--json", "--markdown")
    assert (result.exit_code, result.stdout) == (2, "")
    codes = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert codes == ["option/exclusive", "region/malformed", "date/no-such-day", "option/unknown-measure"]


def test_check_warns_of_a_city_that_exceeds_its_province(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", root, ignore=shutil.ignore_patterns("cases"))
    (root / "cases").mkdir()
    path = root / "documents" / "210300" / "AS3.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("    延长月数: 3\n", "    延长月数: 8\n"), encoding="utf-8")
    result = run("check", root)
    assert result.exit_code == 0
    expected = "warning[document/conflict]: 延长月数 is 8, but 辽政办发〔2020〕25号 三(七) allows at most 6"
    assert re.search(rf"{path}:\d+:11: {re.escape(expected)}\n", result.stdout)
    assert "document/conflict" not in run("check", ROOT / "policies").stdout
