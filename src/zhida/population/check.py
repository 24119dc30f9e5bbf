"""Everything to be said about a population before it is used: columns, types, ranges, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from zhida.library import Library
from zhida.population.births import before_birth, safe
from zhida.population.opening import open_population
from zhida.population.problems import Problem
from zhida.population.schema import REFERENCES, file_stem
from zhida.population.source import Column, Population, Source
from zhida.population.verify import identity_problems, value_problems

RANGED = frozenset({"money", "count", "number", "rate", "date"})

Progress = Callable[[str], None]
"""Called with the name of the file that is looked at next."""


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """`given` rows have a value that fits; `least` and `greatest` are those of numbers and dates."""

    column: Column
    given: int
    least: Any = None
    greatest: Any = None


@dataclass(frozen=True, slots=True)
class FileReport:
    source: Source
    columns: tuple[ColumnReport, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """`errors` would make a screening wrong or impossible; `notes` are worth knowing."""

    folder: Path
    files: tuple[FileReport, ...]
    errors: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def check(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    folder: Path,
    on: date | None = None,
    progress: Progress | None = None,
) -> Report:
    """Look at every value of every file. `on`: no event may lie after that day.

    Raises PopulationError where files cannot be read at all.
    """
    with open_population(connection, library, folder) as population:
        files: list[FileReport] = []
        errors: list[Problem] = []
        for entity, source in population.sources.items():
            if progress:
                progress(source.name)
            errors += value_problems(connection, source, population.facts, source.columns, on, thorough=True)
            errors += identity_problems(connection, population, [entity])
            errors += before_birth(connection, population, source)
            files.append(_file_report(connection, source))
        notes = (*population.notes, *_absent_parents(population))
    return Report(folder, tuple(files), tuple(errors), notes)


def _file_report(connection: duckdb.DuckDBPyConnection, source: Source) -> FileReport:
    columns = list(source.columns.values())
    items = ["count(*)"]
    for column in columns:
        value = safe(column)
        items.append(f"count({value})")
        items += [f"{name}({value}) " if column.kind in RANGED else "NULL" for name in ("min", "max")]
    row = connection.execute(f"SELECT {', '.join(items)} FROM {source.scan}").fetchone() or ()
    reports = [
        ColumnReport(column, *row[1 + 3 * number : 4 + 3 * number]) for number, column in enumerate(columns)
    ]
    return FileReport(source, tuple(reports))


def _absent_parents(population: Population) -> list[Problem]:
    """Columns that name rows of a file that is not there: the facts of those rows are unknown."""
    notes = []
    for source in population.sources.values():
        for name, entity in REFERENCES.items():
            if name in source.columns and entity not in population.sources:
                inline = any(column.entity == entity for column in source.columns.values())
                if not inline:
                    message = f"names rows of {file_stem(entity)}, of which there is no file"
                    notes.append(Problem(source.name, "file/absent", message, name))
    return notes
