"""A simulation as an Excel workbook: an overview with charts, then a sheet for each table.

Texts are never formulas or links, ids are texts, amounts are numbers in yuan. The same simulation gives the
same bytes, so the file does not say when it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from zhida.cli.simulation_report import (
    Column,
    Report,
    bands,
    eligibility,
    law,
    payees,
    provisions,
    regions,
    sections,
    sizes,
    transitions,
)
from zhida.diagnostics import display_width
from zhida.guide import wording
from zhida.library import Library
from zhida.simulate.simulation import Simulation

WRITTEN = datetime(2000, 1, 1)
NARROWEST, WIDEST = 9, 46
BEFORE, AFTER, GAIN, LOSS = "#9AA5B1", "#1F6FB2", "#2A7F62", "#B5482F"
ROW_HEIGHT = 18
CHARTED = 10
"""Provisions in the chart: those that change most."""

PATTERNS = {
    "text": "@",
    "count": "#,##0",
    "money": "#,##0.00",
    "change": "+#,##0.00;[Red]-#,##0.00;0.00",
    "percent": "+0.0%;[Red]-0.0%;0.0%",
}
NOTES = (
    "金额单位为元。按月发的补贴只算一个月；贷款、缓缴和降费率不算费用，只在“按条款”列出。",
    "金额是适用限制和互斥之后的；一个对象的得失是各条款增减之和，不增不减的不列。",
    "笔数：一个对象在一条款下算一笔。金额未知：条件都符合，但有数字不知道，不计入金额。",
    "企业规模和行业取自人口数据；没有填写的单列，个人另列。行业门类按 GB/T 4754-2017。",
    "逐个对象的变化在 payees.parquet，逐件的在 units.parquet，两次筛查的结果在 before 和 after。",
)


def write_workbook(path: Path, library: Library, found: Simulation) -> None:
    """Write the file at `path`."""
    with Workbook(str(path), {"constant_memory": False}) as book:
        book.set_properties({"title": "政策模拟", "created": WRITTEN})
        book.set_calc_mode("auto")
        writer = _Writer(book)
        cost, band = provisions(found), bands(found)
        overview = book.add_worksheet("总览")
        _print_setup(overview)
        writer.table(law(found))
        writer.table(cost)
        for report in (eligibility(found), transitions(found)):
            writer.table(report)
        writer.table(band)
        for report in (regions(library, found), sizes(found), sections(found), payees(library, found)):
            writer.table(report)
        writer.overview(overview, library, found, cost, band)


class _Writer:
    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.formats: dict[tuple[str, ...], Any] = {}

    def table(self, report: Report) -> None:
        """A sheet with the report: a header that stays, filters, columns as wide as they need."""
        sheet = self.book.add_worksheet(report.title)
        _print_setup(sheet)
        sheet.repeat_rows(0)
        for at, column in enumerate(report.columns):
            style = "head" if column.kind == "text" else "figures"
            sheet.write_string(0, at, column.name, self.format(style, "text"))
            sheet.set_column(at, at, _width(column, [row[at] for row in report.rows]))
        for number, row in enumerate(report.rows, 1):
            style = "total" if report.total and number == len(report.rows) else "plain"
            for at, (column, value) in enumerate(zip(report.columns, row, strict=True)):
                self.cell(sheet, number, at, column, value, style)
        sheet.freeze_panes(1, 1)
        body = len(report.rows) - report.total
        if body > 0:
            sheet.autofilter(0, 0, body, len(report.columns) - 1)

    def cell(self, sheet: Worksheet, row: int, at: int, column: Column, value: Any, style: str) -> None:
        if isinstance(value, int | Decimal):
            sheet.write_number(row, at, float(value), self.format(style, column.kind))
        else:
            sheet.write_string(row, at, "" if value is None else str(value), self.format(style, "text"))

    def overview(
        self, sheet: Worksheet, library: Library, found: Simulation, cost: Report, band: Report
    ) -> None:
        """What was compared, the totals, two charts, and how to read it."""
        head = self.format("head", "text")
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 4, 20)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, "政策模拟", self.format("title", "text"))
        row = 1
        for name, text in _about(library, found):
            sheet.write_string(row, 0, name, head)
            sheet.write_string(row, 1, text, self.format("about", "text"))
            row += 1
        row = self.totals(sheet, row + 1, found)
        sheet.insert_chart(row + 2, 0, self.cost_chart(cost))
        sheet.insert_chart(row + 2, 5, self.band_chart(band))
        for offset, note in enumerate(NOTES):
            sheet.write_string(row + 25 + offset, 0, note, self.format("about", "text"))

    def totals(self, sheet: Worksheet, row: int, found: Simulation) -> int:
        total, balance = found.effects.total, found.effects.balance
        for at, name in enumerate(("", "原", "今", "增减", "增减率")):
            sheet.write_string(row, at, name, self.format("figures", "text"))
        rate = total.difference / total.before if total.before else None
        lines: list[tuple[str, Column, tuple[Any, ...]]] = [
            ("金额（元）", Column("", "money"), (total.before, total.after, total.difference, rate)),
            ("笔数", Column("", "count"), (total.awards_before, total.awards_after)),
            ("得益者", Column("", "count"), (None, balance.winners)),
            ("增加金额（元）", Column("", "money"), (None, balance.gained)),
            ("受损者", Column("", "count"), (None, balance.losers)),
            ("减少金额（元）", Column("", "money"), (None, balance.lost)),
        ]
        for name, column, values in lines:
            row += 1
            sheet.write_string(row, 0, name, self.format("plain", "text"))
            kinds = (column, column, Column("", "change"), Column("", "percent"))
            for at, (kind, value) in enumerate(zip(kinds, values, strict=False), 1):
                if value is not None:
                    self.cell(sheet, row, at, kind, value, "plain")
        return row

    def cost_chart(self, report: Report) -> Any:
        """What each provision costs before and after, those that change most on top."""
        chart = self.book.add_chart({"type": "bar"})
        columns = [column.name for column in report.columns]
        change = columns.index("增减")
        count = min(CHARTED, sum(bool(row[change]) for row in report.rows[:-1]))
        for name, colour in (("金额（原）", BEFORE), ("金额（今）", AFTER)):
            at = columns.index(name)
            chart.add_series(
                {
                    "name": name.strip("金额（）"),
                    "categories": [report.title, 1, 0, max(1, count), 0],
                    "values": [report.title, 1, at, max(1, count), at],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
        chart.set_title({"name": "各条款金额（千元）", "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis(
            {
                "num_format": "#,##0,",
                "major_gridlines": {"visible": True, "line": {"color": "#D5DBE1"}},
                "num_font": {"size": 8},
            }
        )
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 700, "height": 420})
        return chart

    def band_chart(self, report: Report) -> Any:
        """How many gain and how many lose, by how much."""
        chart = self.book.add_chart({"type": "column"})
        columns = [column.name for column in report.columns]
        last = len(report.rows) - 1
        for name, colour in (("得益者", GAIN), ("受损者", LOSS)):
            at = columns.index(name)
            chart.add_series(
                {
                    "name": name,
                    "categories": [report.title, 1, 0, last, 0],
                    "values": [report.title, 1, at, last, at],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
        chart.set_title({"name": "得益者和受损者，按得失多少", "name_font": {"size": 12}})
        grid = {"visible": True, "line": {"color": "#D5DBE1"}}
        chart.set_y_axis({"num_format": "#,##0", "major_gridlines": grid})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 620, "height": 420})
        return chart

    def format(self, style: str, kind: str) -> Any:
        if (style, kind) not in self.formats:
            look: dict[str, Any] = {"num_format": PATTERNS[kind], "valign": "top"}
            look |= {"bold": True, "bottom": 1, "bg_color": "#EEF2F6"} if style in ("head", "figures") else {}
            look |= {"align": "right"} if style == "figures" else {}
            look |= {"bold": True, "top": 1} if style == "total" else {}
            look |= {"bold": True, "font_size": 16} if style == "title" else {}
            look |= {"text_wrap": True} if style == "plain" and kind == "text" else {}
            self.formats[style, kind] = self.book.add_format(look)
        return self.formats[style, kind]


def _about(library: Library, found: Simulation) -> list[tuple[str, str]]:
    return [
        ("地区", wording.region_name(library, found.region)),
        ("日期", found.on.isoformat()),
        ("原政策库", found.before),
        ("今政策库", found.after),
        *(("假设", text) for text in found.assumptions),
    ]


def _print_setup(sheet: Worksheet) -> None:
    """Rows that Chinese fits into; on paper each sheet is as wide as a page of A4."""
    sheet.set_default_row(ROW_HEIGHT)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _width(column: Column, values: Sequence[Any]) -> int:
    """Columns of the widest text; amounts as they are shown."""
    shown = (f"{value:,.2f}" if isinstance(value, Decimal) else str(value or "") for value in values)
    lines = (line for text in shown for line in text.splitlines() or [""])
    return max(NARROWEST, min(WIDEST, max(map(display_width, [column.name, *lines])) + 3))
