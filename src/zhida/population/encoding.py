"""CSV files in UTF-8 or in GBK (GB 18030): which one, and a UTF-8 copy of the latter."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

CHUNK = 1 << 20
BOM = codecs.BOM_UTF8
MOST_HEADER = 1 << 20
"""Bytes: a first line longer than this is no header."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """`utf-8`, `gb18030`, or neither: then `line` is the first that does not fit, and `mixed` says why."""

    name: Literal["utf-8", "gb18030", ""]
    line: int = 0
    mixed: bool = False


def detect(path: Path) -> Encoding:
    """The encoding of a text file. Reads all of it once, or twice where it is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _by_line(path)
    return Encoding("utf-8")


def _by_line(path: Path) -> Encoding:
    """Lines that are not UTF-8 exist: either all are GB 18030, or the file mixes encodings.

    A GBK line of few characters may happen to be UTF-8 of two bytes each (联通); one with a valid
    sequence of three bytes and nothing wrong is UTF-8.
    """
    surely: dict[str, int] = {}
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            kind = _kind(line.removeprefix(BOM))
            if kind == "neither":
                return Encoding("", number)
            if kind:
                surely.setdefault(kind, number)
            if len(surely) == 2:
                return Encoding("", max(surely.values()), mixed=True)
    return Encoding("gb18030")


def _kind(line: bytes) -> Literal["utf-8", "gb18030", "neither", ""]:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        try:
            line.decode("gb18030")
        except UnicodeDecodeError:
            return "neither"
        return "gb18030"
    return "utf-8" if any(ord(character) > 0x7FF for character in text) else ""


def copy_as_utf8(path: Path, target: Path) -> None:
    """Write `path`, which is GB 18030, as UTF-8."""
    with (
        path.open(encoding="gb18030", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while chunk := source.read(CHUNK):
            copy.write(chunk)


def header(path: Path, encoding: str) -> tuple[str, ...]:
    """The column names in the first line of a CSV file; empty where there is none.

    A column without a name, as a comma at the end of lines makes one, is called by its number.
    """
    with path.open("rb") as file:
        first = file.readline(MOST_HEADER).removeprefix(BOM)
    lines = first.decode(encoding, errors="replace").splitlines()[:1]
    names = [name.strip() for name in next(csv.reader(lines), [])]
    return tuple(name or f"column {n}" for n, name in enumerate(names, 1)) if any(names) else ()
