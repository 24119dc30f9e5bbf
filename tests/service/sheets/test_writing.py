"""What we give out does nothing in Excel, and comes back as it went."""

import io
import zipfile
from decimal import Decimal

import pytest

from zhida.service.sheets.opening import open_sheet
from zhida.service.sheets.writing import csv_lines, download, write_workbook

HEADINGS = ("名称", "金额", "号码")
ROWS = [
    ("=cmd|' /C calc'!A0", Decimal("-5.5"), "620000199001010000"),
    ("@a", True, None),
    ("<script>", 3, ""),
]


def test_csv_texts_that_excel_would_compute_begin_with_an_apostrophe_and_numbers_do_not():
    text = "".join(csv_lines(HEADINGS, iter(ROWS)))
    assert text.startswith("\ufeff名称,金额,号码\r\n'=cmd")
    assert ",-5.5," in text
    assert "\r\n'@a,是,\r\n" in text


def test_a_workbook_holds_texts_and_no_formula():
    file = io.BytesIO()
    write_workbook(file, HEADINGS, ROWS)
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"hyperlink" not in sheet


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_written_is_read_again_as_it_was(tmp_path, form):
    response = download("单位", HEADINGS, ROWS, form)
    path = tmp_path / f"a.{form}"
    path.write_bytes(b"".join(response.streaming_content))
    rows = [cells for _, cells in open_sheet(path, path.name).rows()]
    assert [row[0] for row in rows] == ["=cmd|' /C calc'!A0", "@a", "<script>"]
    assert rows[0][2] == "620000199001010000"
    assert "filename*=UTF-8''%E5%8D%95" in response["Content-Disposition"]
