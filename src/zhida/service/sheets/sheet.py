"""What a file of rows is to the rest: a heading and rows of cells, with the numbers people see in Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_BYTES = 20 * 1024 * 1024
"""Below what a request may hold at all (ZHIDA_UPLOAD_MOST)."""
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CELL = 2_000
"""Characters in one cell."""


class FileRefused(Exception):
    """The whole file cannot be taken; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A cell whose value cannot be trusted: a formula, an error of Excel's. `shown` is what it looks like."""

    reason: str
    shown: str = ""


Cell = str | Decimal | bool | date | Spoilt | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet: its headings, and its rows as (row number, cells); empty rows are left out.

    `rows` may be called again. `count` is how many there are at most.
    """

    headings: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, list[Cell]]]]
    count: int


def is_empty(cells: list[Cell]) -> bool:
    return all(cell is None or cell == "" for cell in cells)
