"""A simulation on a terminal: the law, the cost, who gains and who loses, and where."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rich.console import Console

from zhida.cli import layout
from zhida.cli.simulation_report import (
    Column,
    Report,
    bands,
    eligibility,
    law,
    provisions,
    regions,
    sections,
    sizes,
)
from zhida.guide import wording
from zhida.library import Library
from zhida.simulate.simulation import Simulation

MOST = 12
"""Rows of a long table on a terminal; the workbook has all. There are few sizes and industries."""
LONG = ("法律变化", "按条款", "资格变化", "按地区")

SHOWN = {
    "按条款": ("措施", "依据", "金额（原）", "金额（今）", "增减", "增减率"),
    "资格变化": ("措施", "编号", "新获资格", "失去资格", "变为还差信息", "不再差信息"),
    "得失分档": ("每个对象的得失", "得益者", "增加金额", "受损者", "减少金额"),
    "按地区": ("地区", "金额（原）", "金额（今）", "增减", "得益者", "受损者"),
    "按规模": ("企业规模", "金额（原）", "金额（今）", "增减", "得益者", "受损者"),
    "按行业": ("行业门类", "金额（原）", "金额（今）", "增减", "得益者", "受损者"),
    "法律变化": ("名称", "依据", "项目", "原", "今"),
}
"""The columns that fit, by table."""


def print_simulation(library: Library, found: Simulation, out: str) -> None:
    console = layout.console()
    console.print(f"{wording.region_name(library, found.region)} · {found.on}")
    console.print(f"原 政策库 {found.before[:12]} · 今 政策库 {found.after[:12]}")
    for text in found.assumptions:
        layout.print_wrapped(console, f"假设  {text}", 0, 6)
    _print(console, law(found))
    _print(console, changed_only(provisions(found)))
    _print(console, eligibility(found))
    _print(console, bands(found))
    _print(console, changed_only(regions(library, found)))
    _print(console, sizes(found))
    _print(console, sections(found))
    console.print()
    console.print(f"逐个对象和逐件的变化、Excel、图：{out}")


def changed_only(report: Report) -> Report:
    """Without the rows in which the amount stays; the total stays."""
    at = [column.name for column in report.columns].index("增减")
    body, total = report.rows[:-1], report.rows[-1:]
    kept = sorted((row for row in body if row[at]), key=lambda row: -abs(row[at]))
    title = report.title + (f"（{len(body) - len(kept)} 项没有变化）" if len(kept) < len(body) else "")
    return Report(title, report.columns, (*kept, *total), report.total)


def _print(console: Console, report: Report) -> None:
    title = report.title.partition("（")[0]
    names = SHOWN[title]
    at = [[column.name for column in report.columns].index(name) for name in names]
    columns = [report.columns[i] for i in at]
    body = report.rows[:-1] if report.total else report.rows
    total = report.rows[-1:] if report.total else ()
    most = MOST if title in LONG else len(body)
    rows = [*body[:most], *total]
    layout.print_heading(console, report.title)
    if not report.rows:
        console.print("  没有变化。")
        return
    cells = [[cell_text(column, row[i]) for column, i in zip(columns, at, strict=True)] for row in rows]
    right = [column.name for column in columns if column.kind != "text"]
    layout.print_table(console, names, cells, right)
    if len(body) > most:
        console.print(f"  …… 另有 {len(body) - most} 行，见工作簿的“{title}”。")


def cell_text(column: Column, value: Any) -> str:
    match column.kind, value:
        case _, None:
            return "—"
        case "count", int():
            return f"{value:,}"
        case "money", Decimal():
            return f"{value:,.2f}"
        case "change", Decimal():
            return f"{value:+,.2f}" if value else "0.00"
        case "percent", Decimal():
            return f"{value * 100:+.1f}%"
    return str(value)
