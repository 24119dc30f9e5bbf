"""A file to a sheet: what it is, is told by its first bytes, and has to agree with its name."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from zhida.service.sheets.delimited import read_delimited
from zhida.service.sheets.sheet import MOST_BYTES, FileRefused, Sheet
from zhida.service.sheets.workbook import read_workbook

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BINARY = (
    ZIP,
    OLD_EXCEL,
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc",
)


def open_sheet(path: Path, name: str) -> Sheet:
    """The rows of an uploaded file that was called `name`. Raises FileRefused."""
    if path.stat().st_size > MOST_BYTES:
        raise FileRefused(too_large())
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise FileRefused(_("文件是空的。"))
    match Path(name).suffix.lower():
        case ".xlsx":
            if not start.startswith(ZIP):
                raise FileRefused(_("文件名是 .xlsx，内容却不是。请在 Excel 中另存为 .xlsx 再上传。"))
            return read_workbook(path)
        case ".csv":
            if start.startswith(BINARY):
                raise FileRefused(_("文件名是 .csv，内容却不是文本。请另存为 CSV 再上传。"))
            return read_delimited(path)
        case ".xls":
            raise FileRefused(_("旧格式 .xls 不能导入。请在 Excel 中另存为 .xlsx 再上传。"))
    raise FileRefused(_("只能导入 .xlsx 和 .csv 文件。"))


def too_large() -> str:
    return _("文件超过 {most} MB。请分成几个文件再上传。").format(most=MOST_BYTES // 1024 // 1024)
