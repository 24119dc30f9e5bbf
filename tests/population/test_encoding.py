"""CSV files in UTF-8, in GBK, and in both by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhida.population.encoding import Encoding, copy_as_utf8, detect, header


def file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Encoding("utf-8")),
        (b"id\n1\n", Encoding("utf-8")),
        ("id\n正宁\n".encode(), Encoding("utf-8")),
        ("\ufeffid\n正宁\n".encode(), Encoding("utf-8")),
        ("id\n正宁\n".encode("gbk"), Encoding("gb18030")),
        ("id\n𠮷\n".encode("gb18030"), Encoding("gb18030")),
        ("id\n联通\n正宁\n".encode("gbk"), Encoding("gb18030")),
        ("id\n正宁\n".encode() + "庆阳\n".encode("gbk"), Encoding("", 3, mixed=True)),
        ("id\n正宁\n".encode("gbk") + "庆阳\n".encode(), Encoding("", 3, mixed=True)),
        (b"id\n1\n\xff\xff\n", Encoding("", 3)),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, content: bytes, expected: Encoding) -> None:
    assert detect(file(tmp_path, content)) == expected


def test_a_character_split_between_two_reads_is_whole(tmp_path: Path) -> None:
    assert detect(file(tmp_path, b"x" * ((1 << 20) - 1) + "正".encode())) == Encoding("utf-8")


def test_a_copy_is_utf8(tmp_path: Path) -> None:
    text = "id,名称\r\n1,正宁县\r\n"
    copy_as_utf8(file(tmp_path, text.encode("gbk")), tmp_path / "copy.csv")
    assert (tmp_path / "copy.csv").read_bytes() == text.encode()


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"id,hired_on\n1,2\n", ("id", "hired_on")),
        (b"\xef\xbb\xbfid, hired_on \r\n", ("id", "hired_on")),
        (b'"id","a,b"\n', ("id", "a,b")),
        (b"\n1\n", ()),
        (b"", ()),
    ],
)
def test_the_first_line_names_the_columns(tmp_path: Path, content: bytes, names: tuple[str, ...]) -> None:
    assert header(file(tmp_path, content), "utf-8") == names
