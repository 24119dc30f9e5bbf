"""A CSV file as a sheet: UTF-8, with a byte order mark or without, or GBK; commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from zhida.population.encoding import detect
from zhida.service.sheets.sheet import (
    MOST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    FileRefused,
    Sheet,
    Spoilt,
    is_empty,
)

DELIMITERS = ",;\t"
GUARDED = "=+-@\t\r"
"""Before these our own exports put an apostrophe, lest Excel takes a text for a formula."""
MOST_LINE = 1 << 20


def read_delimited(path: Path) -> Sheet:
    """The rows of a CSV file. Raises FileRefused."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        head = file.readline(MOST_LINE)
    if "\0" in head:
        raise FileRefused(_("这不是 CSV 文本文件。"))
    delimiter = max(DELIMITERS, key=head.count)
    headings = next(iter(_lines(path, encoding, delimiter)), (0, []))[1]
    if not any(headings):
        raise FileRefused(_("文件是空的：第一行应当是列名。"))

    def rows() -> Iterator[tuple[int, list[Cell]]]:
        for number, (_line, values) in enumerate(_lines(path, encoding, delimiter), start=1):
            if number == 1:
                continue
            if number > MOST_ROWS + 1:
                raise FileRefused(_("行数超过 {most} 行。请分成几个文件。").format(most=MOST_ROWS))
            cells = [_cell(value) for value in values]
            if not is_empty(cells):
                yield number, cells

    return Sheet(tuple(headings), rows, sum(1 for _row in rows()))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise FileRefused(_("文件是空的。"))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused(_("文件是 UTF-16 编码。请在 Excel 中另存为“CSV UTF-8（逗号分隔）”再上传。"))
    found = detect(path)
    if found.mixed:
        raise FileRefused(
            _("文件混用了两种编码，第 {line} 行与前面的不同。请统一编码再上传。").format(line=found.line)
        )
    if not found.name:
        raise FileRefused(_("第 {line} 行既不是 UTF-8 也不是 GBK 编码。").format(line=found.line))
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records as csv reads them, with the line on which each ends."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for values in reader:
                if len(values) > MOST_COLUMNS:
                    raise FileRefused(_("列数超过 {most} 列。").format(most=MOST_COLUMNS))
                yield reader.line_num, values
        except csv.Error as error:
            raise FileRefused(
                _("第 {line} 行的引号或分隔符不对，后面读不下去。").format(line=reader.line_num)
            ) from error


def _cell(value: str) -> Cell:
    text = value.strip(" \u3000")
    if text[:1] == "'" and text[1:2] and text[1] in GUARDED:
        text = text[1:]
    if len(text) > MOST_CELL:
        return Spoilt(_("文字太长"), text[:40] + "…")
    return text or None
