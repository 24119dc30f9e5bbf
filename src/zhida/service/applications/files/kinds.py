"""What a file is by its content, which has to agree with what its name says."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

import filetype
from django.utils.translation import gettext as _

from zhida.service.applications.files.refusal import FileRefused

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG, ".docx": DOCX, ".xlsx": XLSX}
MAIN_PART = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
ZIP = b"PK\x03\x04"

MOST_PARTS = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 120
"""An office file that unpacks to more than this many times its size is a bomb."""


def kind_of(path: Path, name: str) -> str:
    """The media type of a file that was called `name`. Raises FileRefused."""
    expected = SUFFIXES.get(PurePosixPath(name).suffix.lower())
    if expected is None:
        raise FileRefused(_("只收 PDF、JPG、PNG、DOCX 和 XLSX 文件。"))
    if path.stat().st_size == 0:
        raise FileRefused(_("文件是空的。"))
    if expected in MAIN_PART:
        _check_office(path, expected)
    elif _guess(path) != expected:
        raise FileRefused(_("文件的内容和扩展名不一致，请重新导出后再上传。"))
    return expected


def _guess(path: Path) -> str:
    found = filetype.guess(str(path))
    return str(found.mime) if found else ""


def _check_office(path: Path, expected: str) -> None:
    """A zip with the parts of that kind, no larger than it says, without macros or passwords."""
    with path.open("rb") as file:
        if file.read(4) != ZIP:
            raise FileRefused(_("文件的内容和扩展名不一致，请重新导出后再上传。"))
    try:
        with zipfile.ZipFile(path) as office:
            parts = office.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise FileRefused(_("文件已经损坏，打不开。")) from None
    names = {part.filename for part in parts}
    if not {"[Content_Types].xml", MAIN_PART[expected]} <= names:
        raise FileRefused(_("文件的内容和扩展名不一致，请重新导出后再上传。"))
    if any("vbaproject" in name.lower() for name in names) or any(part.flag_bits & 1 for part in parts):
        raise FileRefused(_("不收带宏或密码的文件。"))
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or unpacked > MOST_RATIO * path.stat().st_size
        or any(name.startswith("/") or ".." in PurePosixPath(name).parts for name in names)
    ):
        raise FileRefused(_("文件解开后太大或结构不正常，没有接收。"))
