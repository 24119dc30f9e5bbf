"""A measure side by side, in words."""

from __future__ import annotations

from datetime import date

from zhida.guide.comparison import ComparedLine, ComparisonText, comparison_text
from zhida.library import Library
from zhida.library.comparison import compare


def text(library: Library, measure: str, *regions: str) -> ComparisonText:
    return comparison_text(library, compare(library, measure, regions))


def line(found: ComparisonText, name: str) -> ComparedLine:
    return next(x for group in found.groups for x in group.lines if x.name == name)


def test_columns_say_place_document_and_status(library: Library) -> None:
    found = text(library, "hiring-expansion", "150200", "621025")
    assert [column.letter for column in found.columns] == ["A", "B"]
    heads = [dict(column.head) for column in found.columns]
    assert [head["地区"] for head in heads] == ["包头市", "正宁县"]
    assert heads[0]["状态"].startswith("暂缓")


def test_cells_have_their_source_and_lines_know_whether_they_differ(library: Library) -> None:
    found = text(library, "job-retention-refund", "150200", "621025")
    assert {group.name for group in found.groups} >= {"期限", "数字和范围", "办理程序"}
    assert line(found, "其他企业返还比例").differs
    assert not line(found, "办理时间").differs
    assert found.differing == sum(x.differs for group in found.groups for x in group.lines)
    cells = line(found, "裁员率上限").cells
    assert all(cell is not None and "号" in cell.source for cell in cells)


def test_a_place_without_the_measure_has_an_empty_column(library: Library) -> None:
    found = text(library, "travel-subsidy", "620800", "110000")
    assert dict(found.columns[1].head)["状态"] == "没有文件规定"
    assert all(x.cells[1] is None for group in found.groups for x in group.lines)


def test_a_day_shows_what_holds_on_it(library: Library) -> None:
    days = (date(2022, 10, 1), date(2026, 1, 1))
    found = comparison_text(library, compare(library, "hiring-subsidy", ("621025",), days))
    statuses = [dict(column.head)["状态"] for column in found.columns]
    assert statuses[0].startswith("开放到") and statuses[1].endswith("已截止")
