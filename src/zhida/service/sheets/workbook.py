"""An .xlsx file as a sheet. It is looked through before anything unpacks it whole: an .xlsx is a ZIP of XML,
and may unpack to more than any memory, or say that its last cell stands in row 1,048,576."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

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

MEGABYTE = 1024 * 1024
MOST_UNPACKED = 400 * MEGABYTE
MOST_RATIO = 250
"""Sheets of equal rows shrink to a hundredth; a bomb to a thousandth."""
MOST_MEMBERS = 2_000
MOST_PART = 200 * MEGABYTE
MOST_SMALL_PART = 4 * MEGABYTE
"""Of what describes the workbook: styles, relations."""
MOST_CELLS = 8_000_000
"""Rows × columns of the rectangle around all cells: so many are held, empty or not."""
MOST_TEXT = 200 * MEGABYTE
"""Of all text cells, each counted where it stands: one long text may stand in every cell."""

WORKBOOK, RELATIONS, STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
SMALL_PARTS = (WORKBOOK, RELATIONS, "xl/styles.xml", "[Content_Types].xml")
CELL_TAGS = (b"<c ", b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r")
PREFIXED = re.compile(rb"<\w+:c[\s/>]")
CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"((?: [\w:]+="[^"<]*")*) ?/?>(?:(<f[\s/>])|<v>([^<]*)<)?')
"""A cell as Excel, WPS and LibreOffice write it: where it is, what it is, and whether it holds a formula."""
STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")

Place = tuple[int, int]


def read_workbook(path: Path) -> Sheet:
    """The first sheet of an .xlsx file. Raises FileRefused."""
    with _opened(path) as archive:
        _check_sizes(archive)
        formulas = _look_through(archive)
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise FileRefused(_("文件打不开，可能已损坏。请用 Excel 另存为 .xlsx 再上传。")) from error
    return _sheet(sheet, formulas)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefused(_("这不是一个完好的 .xlsx 文件。")) from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """What the file says that it unpacks to; `_part` sees to it that it says the truth."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > min(MOST_UNPACKED, MOST_RATIO * max(packed, MEGABYTE // 16)):
        raise FileRefused(_("文件解压后过大，未予打开。请只保留要导入的一张表再上传。"))
    if any(member.flag_bits & 1 for member in members):
        raise FileRefused(_("文件设了密码，打不开。请取消密码再上传。"))
    if WORKBOOK not in archive.namelist():
        raise FileRefused(_("这不是 Excel 工作簿（.xlsx）。"))


def _look_through(archive: zipfile.ZipFile) -> frozenset[Place]:
    """Every part that is going to be read; gives the places (row, column) of the first sheet's formulas."""
    names = archive.namelist()
    for name in SMALL_PARTS:
        if name in names and b"<!DOCTYPE" in _part(archive, name, MOST_SMALL_PART):
            raise FileRefused(_("文件里有不应有的声明，未予打开。"))
    shared = _part(archive, STRINGS, MOST_PART) if STRINGS in names else b""
    starts = [found.start() for found in STRING.finditer(shared)] + [len(shared)]
    lengths = [after - before for before, after in pairwise(starts)]
    sheet = _part(archive, _first_sheet(archive), MOST_PART)
    if b"<!" in sheet or b"<!" in shared:
        raise FileRefused(_("文件里有不应有的声明，未予打开。"))
    return _look_at_cells(sheet, lengths)


def _look_at_cells(sheet: bytes, lengths: list[int]) -> frozenset[Place]:
    """Refuses a sheet whose cells would not fit into memory, or do not say plainly where they are."""
    tags = sum(map(sheet.count, CELL_TAGS))
    if tags > MOST_CELLS:
        raise FileRefused(_too_many_rows())
    if PREFIXED.search(sheet):
        raise FileRefused(_not_plain())
    formulas, letters, lines = set(), set(), set()
    found = text = 0
    for column, line, attributes, formula, value in map(re.Match.groups, CELL.finditer(sheet)):
        found += 1
        letters.add(column)
        lines.add(line)
        if formula:
            formulas.add((int(line), column_number(column)))
        if b't="s"' in attributes:
            if value is None or not value.isdigit() or int(value) >= len(lengths):
                raise FileRefused(_not_plain())
            text += lengths[int(value)]
    if found != tags:
        raise FileRefused(_not_plain())
    _check_bounds(max(map(int, lines), default=0), max(map(column_number, letters), default=0), text)
    return frozenset(formulas)


def _check_bounds(rows: int, columns: int, text: int) -> None:
    if columns > MOST_COLUMNS:
        raise FileRefused(_("列数超过 {most} 列。请删去表格右侧的空列。").format(most=MOST_COLUMNS))
    if rows > MOST_ROWS + 1 or rows * columns > MOST_CELLS:
        raise FileRefused(_too_many_rows())
    if text > MOST_TEXT:
        raise FileRefused(_("文件里的文字过多，未予读取。"))


def _not_plain() -> str:
    return _("文件的写法不常见，读不出来。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。")


def _too_many_rows() -> str:
    return _("行数超过 {most} 行。请分成几个文件，并删去表格下方的空行。").format(most=MOST_ROWS)


def _part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A part, whose size and checksum are what the archive says. Raises FileRefused."""
    try:
        if archive.getinfo(name).file_size > most:
            raise FileRefused(_("文件解压后过大，未予打开。请只保留要导入的一张表再上传。"))
        return archive.read(name)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused(_("文件已损坏：{part} 读不出来。").format(part=name)) from error


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The part that holds the first sheet, as the workbook and its relations say."""
    sheets = _elements(archive, WORKBOOK, "sheet")
    wanted = next((v for k, v in (sheets[0] if sheets else {}).items() if k.endswith("}id")), "")
    related = _elements(archive, RELATIONS, "Relationship")
    target = next((found.get("Target", "") for found in related if found.get("Id") == wanted), "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> list[dict[str, str]]:
    """The attributes of every element of one name in a small part, which has no document type."""
    try:
        root = ElementTree.fromstring(_part(archive, part, MOST_SMALL_PART))
    except ElementTree.ParseError as error:
        raise FileRefused(_("文件已损坏：{part} 读不出来。").format(part=part)) from error
    return [element.attrib for element in root.iter() if element.tag.rpartition("}")[2] == name]


def column_number(letters: bytes) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet(sheet: CalamineSheet, formulas: frozenset[Place]) -> Sheet:
    left = (sheet.start or (0, 0))[1]

    def lines() -> Iterator[tuple[int, list[Cell]]]:
        for number, raw in enumerate(sheet.iter_rows(), start=1):
            cells = [_cell(value) for value in raw]
            if not is_empty(cells):
                yield number, cells

    def rows() -> Iterator[tuple[int, list[Cell]]]:
        found = lines()
        next(found)
        for number, cells in found:
            for _row, column in spoilt.get(number, ()):
                at = column - left - 1
                cells[at] = Spoilt(_("是公式"), _shown(cells[at]))
            yield number, cells

    heading = next(lines(), None)
    if heading is None:
        raise FileRefused(_("文件是空的：第一张表里没有内容。"))
    spoilt: dict[int, list[Place]] = {}
    for place in formulas:
        spoilt.setdefault(place[0], []).append(place)
    return Sheet(tuple("" if c is None else _shown(c) for c in heading[1]), rows, sheet.height)


def _cell(value: Any) -> Cell:
    match value:
        case "" | None:
            return None
        case bool():
            return value
        case str():
            return _text(value)
        case int():
            return Decimal(value)
        case float():
            return Decimal(repr(value)) if value != int(value) else Decimal(int(value))
        case datetime():
            return value.date()
        case date():
            return value
    return Spoilt(_("不是文字、数字或日期"), str(value))


def _text(value: str) -> Cell:
    if ERRORS.fullmatch(value):
        return Spoilt(_("是 Excel 的错误值"), value)
    if len(value) > MOST_CELL:
        return Spoilt(_("文字太长"), value[:40] + "…")
    return value


def _shown(cell: Cell) -> str:
    return cell.shown if isinstance(cell, Spoilt) else "" if cell is None else str(cell)
