"""What is wrong with a population, as values: file, column, row and count in one line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file, or with a column of it, however many rows it concerns.

    `row` counts data rows from 1 across the parts of a file; `example` is the first value.
    """

    file: str
    code: str
    message: str
    column: str = ""
    count: int = 0
    row: int | None = None
    example: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}: column {self.column}" if self.column else self.file
        text = f"{where}: {self.message}"
        first = [f"row {self.row}"] if self.row is not None else []
        first += [self.example] if self.example is not None else []
        return " ".join(f"{text} (first: {': '.join(first)})".split()) if first else text


class PopulationError(Exception):
    """A population that cannot be read, or holds values that do not fit: every problem of it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
