"""Rows to a file that people download: a text never becomes a formula or a link in their Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from zhida.diagnostics import display_width
from zhida.service.sheets.delimited import GUARDED

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXACT = 10**15
"""Excel keeps whole numbers below this; longer ones are written as text."""
NARROWEST, WIDEST = 10, 60

Format = Literal["xlsx", "csv"]
Value = str | int | Decimal | bool | date | None


def download(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], form: Format
) -> HttpResponseBase:
    """A response that saves `name`.xlsx or `name`.csv."""
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            csv_lines(headings, rows), content_type="text/csv; charset=utf-8"
        )
    else:
        file = io.BytesIO()
        write_workbook(file, headings, rows)
        file.seek(0)
        response = FileResponse(file, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{form}')}"
    response["Cache-Control"] = "no-store"
    return response


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Lines of UTF-8 CSV, with the mark by which Excel knows it."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    line.write("\ufeff")
    for row in chain((headings,), rows):
        writer.writerow([_csv_text(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def write_workbook(
    target: io.BytesIO | Path, headings: Sequence[str], rows: Iterable[Sequence[Value]], title: str = ""
) -> None:
    """One sheet, row after row: a large one takes no more memory than a small one."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(target, options) as book:
        sheet = book.add_worksheet(title or str(_("数据")))
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3EFE6"})
        guarded = book.add_format({"num_format": "@", "quote_prefix": True})
        plain = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        for column, text in enumerate(headings):
            width = max(NARROWEST, min(display_width(text) + 4, WIDEST))
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text, head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, guarded if is_guarded(value) else plain)


def _write(sheet: Any, row: int, column: int, value: Value, text_format: Any) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_string(row, column, _("是") if value else _("否"))
        case int() | Decimal() if -EXACT < value < EXACT:
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, str(value), text_format)


def is_guarded(value: Value) -> bool:
    """Whether Excel would take a text for a formula."""
    return isinstance(value, str) and value[:1] in tuple(GUARDED)


def _csv_text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("是") if value else _("否")
        case str() if is_guarded(value):
            return f"'{value}"
    return str(value)
