"""The outcome of one case as tables: one for each verdict, then the package and what to do next."""

from __future__ import annotations

from rich.console import Console

from zhida.cli import layout
from zhida.decide import Outcome
from zhida.guide import wording
from zhida.guide.catalogue import documented_regions
from zhida.guide.summary import LeftOut, PackageText, VerdictGroup, summary_of
from zhida.library import Library

STYLES = {
    "eligible": "bold green",
    "review": "bold yellow",
    "unknown": "bold cyan",
    "ineligible": "bold red",
    "not_open": "bold dim",
}


def print_outcome(library: Library, outcome: Outcome) -> None:
    console, summary = layout.console(), summary_of(library, outcome)
    console.print(f"{summary.place} · {summary.on} · 政策库 {outcome.library[:12]}")
    if not outcome.decisions:
        named = "、".join(wording.region_name(library, code) for code in documented_regions(library))
        console.print(f"这个地区没有收录政策文件。已收录：{named}。")
        return
    one_document = len(summary.documents) == 1
    if one_document:
        console.print(f"依据 {summary.documents[0]}，条款见表")
    for group in summary.groups:
        _print_group(console, group, one_document)
    _print_left_out(console, summary.left_out)
    if summary.package:
        _print_package(console, summary.package)
    _print_question(console, outcome)


def _print_group(console: Console, group: VerdictGroup, one_document: bool) -> None:
    """One table. The document stands in its rows only where there are several."""
    amount = ("金额",) if group.has_amounts else ()
    rows = [
        (
            line.title,
            *((line.amount,) if group.has_amounts else ()),
            line.clause if one_document else line.basis,
            "\n".join(line.details),
        )
        for line in group.lines
    ]
    layout.print_heading(console, f"{group.text} {len(group.lines)} 项", STYLES[group.verdict])
    columns = ("措施", *amount, "条款" if one_document else "依据", group.column)
    layout.print_table(console, columns, rows, right=amount)


def _print_left_out(console: Console, left_out: tuple[LeftOut, ...]) -> None:
    if left_out:
        count = sum(len(found.titles) for found in left_out)
        layout.print_heading(console, f"没有填写，因此没有判断 {count} 项", STYLES["unknown"])
        layout.print_fields(console, [(found.subject, "、".join(found.titles)) for found in left_out])


def _print_package(console: Console, package: PackageText) -> None:
    rows = [("领", g.name, g.unit, g.amount, g.because) for g in package.taken]
    rows += [("放弃", g.name, g.unit, g.amount, g.because) for g in package.given_up]
    heading = f"一起能领 {package.total}（不含贷款、缓缴、降费率和待核定的）"
    layout.print_heading(console, heading, "bold green")
    columns = ("", "措施", "对象", "金额", "原因" if package.given_up else "")
    layout.print_table(console, columns, rows, right=("金额",))


def _print_question(console: Console, outcome: Outcome) -> None:
    question = outcome.next_question
    if question is None:
        return
    layout.print_heading(console, "下一个值得问的问题", "bold cyan")
    concerns = f"{question.fact}，关系到 {len(question.would_settle)} 项"
    layout.print_wrapped(console, f"{question.text}（{concerns}）", indent=2)
