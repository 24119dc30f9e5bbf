"""A comparison on a terminal: as many columns at a time as are readable, sources as numbered notes."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from zhida.cli import layout
from zhida.guide.comparison import GROUPS, NOWHERE, cell_text, head_lines, is_default, is_unset, letter
from zhida.library import Library, Rule
from zhida.library.comparison import Cell, Comparison, Line

COLUMN_WIDTH = 26
NAME_WIDTH = 22
DIFFERS = "≠"


def print_comparison(library: Library, found: Comparison) -> None:
    """Blocks of columns, one under the other; then the notes and how much differs."""
    out = layout.console()
    measure = library.measures[found.measure].definition
    layout.print_heading(out, f"{measure.name}（{found.measure}）")
    if not found.variants:
        out.print("收录的文件没有规定这项措施。")
        return
    notes = _Notes()
    size = max(1, (out.width - NAME_WIDTH) // COLUMN_WIDTH)
    for start in range(0, len(found.variants), size):
        out.print()
        _print_block(library, found, range(start, min(start + size, len(found.variants))), notes, out)
    _print_notes(found, notes, out)


def _print_block(library: Library, found: Comparison, block: range, notes: _Notes, out: Console) -> None:
    head = ["", "", *(_title(found, i) for i in block)]
    rows = [*_head_rows(library, found, block), *_rows(library, found, block, notes)]
    layout.print_table(out, head, rows)


def _title(found: Comparison, index: int) -> str:
    variant = found.variants[index]
    return " ".join([letter(index), variant.region, variant.on.isoformat() if variant.on else ""]).strip()


def _head_rows(library: Library, found: Comparison, block: range) -> Iterator[list[str]]:
    heads = [dict(head_lines(library, found.variants[i])) for i in block]
    for name in ("地区", "文件", "条款", "名称", "状态"):
        yield ["", name, *(head.get(name, NOWHERE) for head in heads)]


def _rows(library: Library, found: Comparison, block: range, notes: _Notes) -> Iterator[list[str]]:
    group = ""
    for line in found.lines:
        if line.group != group:
            group = line.group
            yield ["", f"〔{GROUPS[group]}〕", *("" for _ in block)]
        cells = [_cell(library, found.variants[i].rule, line, line.cells[i], notes) for i in block]
        yield [DIFFERS if line.differs else "", line.name, *cells]


def _cell(library: Library, rule: Rule | None, line: Line, cell: Cell | None, notes: _Notes) -> str:
    if rule is None or cell is None:
        return NOWHERE
    note = notes.mark(rule, line, cell)
    return f"{cell_text(library, cell)} {note}".rstrip()


class _Notes:
    """The sources of cells that the column's own clause does not set, numbered as they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def mark(self, rule: Rule, line: Line, cell: Cell) -> str:
        text = self.text(rule, line, cell)
        return f"[{self.numbers.setdefault(text, len(self.numbers) + 1)}]" if text else ""

    def text(self, rule: Rule, line: Line, cell: Cell) -> str:
        if line.group == "standard":
            return "；".join(dict.fromkeys(standard.source for standard in cell.value or ()))
        source = cell.source
        if source is None or is_unset(cell):
            return ""
        if is_default(rule, line.name, source):
            return "默认值，文件没有另外规定"
        own = (source.document, source.clause, source.row) == (rule.document, rule.clause, rule.row)
        place = "" if own else f"{source.document} {source.clause}".strip()
        row = f"（{source.row}）" if source.row and not own else ""
        silent = f"口径 {source.interpretation}" if source.interpretation else ""
        return "，".join(part for part in (place + row, silent) if part)


def _print_notes(found: Comparison, notes: _Notes, out: Console) -> None:
    out.print()
    for text, number in notes.numbers.items():
        layout.print_wrapped(out, f"[{number}] {text}", 2, 4)
    differing = sum(line.differs for line in found.lines)
    if notes.numbers:
        layout.print_wrapped(out, "没有注明的，出自本列的条款。", 2)
    if len(found.variants) > 1:
        out.print(f"  {DIFFERS} 不同 {differing} 项，相同 {len(found.lines) - differing} 项")
