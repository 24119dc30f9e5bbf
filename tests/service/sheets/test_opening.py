"""Files as people, and worse, send them: read as they are meant, or refused with the reason."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from zhida.service.sheets.opening import open_sheet
from zhida.service.sheets.sheet import MOST_BYTES, FileRefused, Spoilt

SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path, *rows) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(number, column, value, None, 2)
                else:
                    sheet.write(number, column, value)
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The same workbook with one part replaced."""
    altered = path.with_name("altered.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(altered, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return altered


def refusal(path: Path, name: str = "") -> str:
    with pytest.raises(FileRefused) as refused:
        list(open_sheet(path, name or path.name).rows())
    return str(refused.value)


def test_a_workbook_gives_texts_numbers_and_days_with_the_row_numbers_of_excel(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["名称", "人数", "日期"], [], ["餐馆", 10, date(2022, 7, 1)])
    sheet = open_sheet(path, "a.xlsx")
    assert sheet.headings == ("名称", "人数", "日期")
    assert list(sheet.rows()) == [(3, ["餐馆", Decimal(10), date(2022, 7, 1)])]
    assert list(sheet.rows()) == [(3, ["餐馆", Decimal(10), date(2022, 7, 1)])]


def test_a_formula_is_told_from_its_value_wherever_the_table_begins(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [], [None, "甲", "乙"], [None, 1, "=1+1"])
    (_, cells), *_rest = open_sheet(path, "a.xlsx").rows()
    assert cells[0] == Decimal(1)
    assert isinstance(cells[1], Spoilt)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_in_each_usual_encoding(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("名称,号码\r\n饭馆,'=1\r\n".encode(encoding))
    sheet = open_sheet(path, "a.csv")
    assert sheet.headings == ("名称", "号码")
    assert list(sheet.rows()) == [(2, ["饭馆", "=1"])]


def test_semicolons_and_tabs_separate_too(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    assert list(open_sheet(path, "a.csv").rows()) == [(2, ["1", "2"])]


def test_mixed_encodings_are_refused_with_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("名称\n正宁县饭馆\n".encode() + "正宁县商店\n".encode("gbk"))
    assert "第 3 行" in refusal(path)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", b"", "空"),
        ("a.csv", b"", "空"),
        ("a.csv", b"\n", "空"),
        ("a.xlsx", "名称\n".encode(), "内容却不是"),
        ("a.csv", b"PK\x03\x04" + bytes(40), "内容却不是"),
        ("a.xlsx", b"PK\x03\x04" + bytes(40), "完好"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(40), "xls"),
        ("a.exe", b"MZ", "只能"),
        ("a.csv", "名称\n".encode("utf-16"), "UTF-16"),
        ("a.csv", b"a\0b\n1\n", "文本"),
        ("a.csv", b'a,b\n"1,2\n', "第"),
        ("a.csv", b",".join([b"a"] * 201) + b"\n", "列数"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(tmp_path, name, content, reason):
    path = tmp_path / name
    path.write_bytes(content)
    assert reason in refusal(path)


def test_too_many_rows_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a\n" + "1\n" * 100_001, encoding="utf-8")
    assert "行数" in refusal(path)


def test_a_file_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert "MB" in refusal(path)


def test_a_zip_bomb_is_refused_by_what_it_says_and_by_what_it_is(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["a"], [1])
    assert "过大" in refusal(with_part(path, SHEET, b" " * 40_000_000))

    content = with_part(path, SHEET, b" " * 10_000_000).read_bytes()
    lying = tmp_path / "lying.xlsx"
    lying.write_bytes(content.replace((10_000_000).to_bytes(4, "little"), (9).to_bytes(4, "little")))
    assert "损坏" in refusal(lying)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (b'<c r="XFD2"><v>1</v></c>', "列数"),
        (b'<c r="A1048576"><v>1</v></c>', "行数"),
        (b"<c><v>1</v></c>", "另存"),
        (b'<x:c r="XFD1048576"><x:v>1</x:v></x:c>', "另存"),
        (b'<c t="s" r="XFD1048576"><v>0</v></c>', "另存"),
        (b'<c r="A2" t="s"><v>99</v></c>', "另存"),
        (b'<!-- <c r="A1"/> --><c><v>1</v></c>', "声明"),
    ],
)
def test_cells_that_would_not_fit_into_memory_are_refused_before_they_are_read(tmp_path, cells, reason):
    path = workbook(tmp_path / "a.xlsx", ["a"], [1])
    sheet = b'<worksheet><sheetData><row r="2">' + cells + b"</row></sheetData></worksheet>"
    assert reason in refusal(with_part(path, SHEET, sheet))


def test_a_long_text_in_every_cell_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["甲" * 30_000], *(["甲" * 30_000] * 100 for _ in range(40)))
    assert "文字过多" in refusal(path)


def test_a_document_type_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["a"], [1])
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'
    assert "声明" in refusal(with_part(path, "xl/workbook.xml", bomb))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "a")
    path = tmp_path / "a.xlsx"
    path.write_bytes(file.getvalue())
    assert "工作簿" in refusal(path)
