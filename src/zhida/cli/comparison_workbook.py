"""A comparison as an Excel workbook: each column's values with their sources beside them.

Everything is written as what it is: texts never as formulas or links, identifiers as texts, amounts as
numbers that show their unit.
"""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from zhida.diagnostics import display_width
from zhida.feel.nodes import Literal
from zhida.guide.comparison import GROUPS, NOWHERE, cell_text, head_lines, letter, source_text
from zhida.library import Library, Rule
from zhida.library.comparison import Cell, Comparison, Line

WRITTEN = datetime(2000, 1, 1)
"""The same comparison gives the same bytes, so the file does not say when it was written."""

NARROWEST, WIDEST = 8, 44
HEAD = ("地区", "文件", "条款", "名称", "状态")
FIRST = 3
"""Columns before the first variant: group, name, and whether the line differs."""


def to_workbook(library: Library, found: Comparison) -> bytes:
    """The bytes of the file."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": library.measures[found.measure].definition.name, "created": WRITTEN})
        _Sheet(library, found, book).write()
    return buffer.getvalue()


class _Sheet:
    """Writes the one sheet, and remembers how wide each column has to be."""

    def __init__(self, library: Library, found: Comparison, book: Workbook) -> None:
        self.library, self.found, self.book = library, found, book
        self.sheet: Worksheet = book.add_worksheet("比较")
        self.formats: dict[str, Any] = {}
        self.widths: dict[int, int] = {}

    def write(self) -> None:
        self.head()
        for offset, line in enumerate(self.found.lines):
            self.line(len(HEAD) + 1 + offset, line)
        self.sheet.freeze_panes(1, FIRST)
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, max(NARROWEST, min(width + 2, WIDEST)))

    def head(self) -> None:
        for column, text in enumerate(("类别", "项目", "不同")):
            self.text(0, column, text, "head")
        for index, variant in enumerate(self.found.variants):
            at = FIRST + 2 * index
            day = f" {variant.on}" if variant.on else ""
            self.text(0, at, f"{letter(index)} {variant.region}{day}", "head")
            self.text(0, at + 1, f"{letter(index)} 出处", "head")
            known = dict(head_lines(self.library, variant))
            for row, name in enumerate(HEAD, 1):
                self.text(row, 1, name)
                self.text(row, at, known.get(name, NOWHERE))

    def line(self, row: int, line: Line) -> None:
        self.text(row, 0, GROUPS[line.group])
        self.text(row, 1, line.name)
        self.text(row, 2, "≠" if line.differs else "")
        style = "differs" if line.differs else "plain"
        for index, (variant, cell) in enumerate(zip(self.found.variants, line.cells, strict=True)):
            self.cell(row, FIRST + 2 * index, variant.rule, line, cell, style)

    def cell(
        self, row: int, column: int, rule: Rule | None, line: Line, cell: Cell | None, style: str
    ) -> None:
        if rule is None or cell is None:
            self.text(row, column, NOWHERE, style)
            return
        unit = cell.source.unit if cell.source else ""
        match cell.value:
            case Literal(Decimal() as number):
                self.number(row, column, number, unit, style)
            case _:
                self.text(row, column, cell_text(self.library, cell), style)
        self.text(row, column + 1, source_text(rule, line, cell))

    def text(self, row: int, column: int, text: str, style: str = "plain") -> None:
        self.sheet.write_string(row, column, text, self.format(style))
        self.widen(column, max(map(display_width, text.splitlines()), default=0))

    def number(self, row: int, column: int, number: Decimal, unit: str, style: str) -> None:
        """A number that shows its unit; a rate shows as a percentage."""
        shown = (number * 100).normalize() if unit == "比率" else number.normalize()
        exponent = shown.as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        pattern = "#,##0" + ("." + "0" * places if places else "")
        suffix = "%" if unit == "比率" else f' "{unit}"' if unit else ""
        self.sheet.write_number(row, column, float(number), self.format(style, pattern + suffix))
        self.widen(column, len(f"{shown:,f}") + display_width(suffix))

    def widen(self, column: int, width: int) -> None:
        self.widths[column] = max(self.widths.get(column, 0), width)

    def format(self, style: str, number: str = "@") -> Any:
        key = style + number
        if key not in self.formats:
            look: dict[str, Any] = {"text_wrap": True, "valign": "top", "num_format": number}
            look |= {"bold": True, "bottom": 1} if style == "head" else {}
            look |= {"bg_color": "#FFF2CC"} if style == "differs" else {}
            look |= {"align": "left"} if number != "@" else {}
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]
