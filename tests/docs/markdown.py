"""Markdown as the tests of the documentation read it: fenced blocks, tables, and parts that are generated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```(\S*)(?: +(\S[^\n]*))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, what else stands on its first line, its text and line number."""

    language: str
    label: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """A line `expression → value` and where it stands."""

    expression: str
    value: str
    place: str

    def __str__(self) -> str:
        return f"{self.place} {self.expression}"


def blocks(path: Path, language: str) -> list[Block]:
    """The fenced blocks of one language."""
    text = path.read_text(encoding="utf-8")
    return [
        Block(found[1], found[2] or "", found[3], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
        if found[1] == language
    ]


def examples(path: Path, language: str) -> list[Example]:
    """Every line of the blocks of one language as `expression → value`; empty lines part groups."""
    found = []
    for block in blocks(path, language):
        for offset, line in enumerate(block.text.splitlines(), block.line + 1):
            if line.strip():
                expression, arrow, value = line.rpartition(" → ")
                assert arrow, f"{path.name}:{offset}: no arrow in {line}"
                found.append(Example(expression.strip(), value.strip(), f"{path.name}:{offset}"))
    return found


def generated(text: str, name: str) -> str:
    """What stands between `<!-- name -->` and `<!-- end of name -->`."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end of {name} -->", text, re.DOTALL)
    assert found, f"no part named {name}"
    return found[1].strip()


def cells(line: str) -> list[str]:
    """The cells of a table row; `\\|` is a bar inside one."""
    return [cell.strip().replace(r"\|", "|") for cell in _CELL.split(line.strip())[1:-1]]


def table_after(text: str, marker: str) -> list[list[str]]:
    """The rows of the first table after `marker`, without its head."""
    assert marker in text, f"no {marker}"
    return list(_rows(text.partition(marker)[2]))


def _rows(text: str) -> Iterator[list[str]]:
    seen = 0
    for line in text.splitlines():
        if line.startswith("|"):
            seen += 1
            if seen > 2:
                yield cells(line)
        elif seen:
            return


def write_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
