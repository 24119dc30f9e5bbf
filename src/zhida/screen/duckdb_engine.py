"""DuckDB: reads a population's files, runs statements, writes Parquet; memory bounded, spilling to disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.population import Population, Source, verify
from zhida.population.conversion import literal
from zhida.screen.dialects import DUCKDB, Dialect
from zhida.screen.plan import Query, Table, statement

MEMORY = "8GB"
SHEET = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880"

KEEPS_SIDES = "build_side_probe_side"
"""A join whose sides are swapped gives its rows in any order: each run in another."""


def connect(memory: str, spill: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory that keeps below `memory` (such as 8GB) and spills into the folder `spill`."""
    settings: dict[str, Any] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        settings["threads"] = threads
    connection = duckdb.connect(":memory:", config=settings)
    for setting in DUCKDB.settings:
        connection.execute(setting)
    return connection


@contextmanager
def setting(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> Iterator[None]:
    """While a statement runs, one of the database's settings."""
    [before] = connection.execute(f"SELECT current_setting('{name}')").fetchall()[0]
    connection.execute(f"SET {name} = {literal(value)}")
    try:
        yield
    finally:
        connection.execute(f"SET {name} = {literal(str(before))}")


@dataclass(slots=True)
class DuckTables:
    """A population's files as DuckDB reads them; `read` are the columns that were asked for."""

    connection: duckdb.DuckDBPyConnection
    population: Population
    known: dict[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)

    @property
    def dialect(self) -> Dialect:
        return DUCKDB

    @property
    def entities(self) -> Collection[str]:
        return self.population.sources

    def source(self, entity: str) -> Source | None:
        return self.population.sources.get(entity)

    def columns(self, entity: str) -> Collection[str] | None:
        source = self.source(entity)
        return None if source is None else source.columns

    def table(self, entity: str) -> Table:
        return Table(exp.Var(this=self.population.sources[entity].scan))

    def value(self, entity: str, column: str) -> Expr:
        self.read.setdefault(entity, set()).add(column)
        return exp.Var(this=self.population.sources[entity].columns[column].expression)

    def distinct(self, entity: str, column: str) -> tuple[Any, ...]:
        """The different values of a column that are not NULL, sorted."""
        if (entity, column) not in self.known:
            verify(self.connection, self.population, {entity: {column}})
            source = self.population.sources[entity]
            value = source.columns[column].expression
            sql = f"SELECT DISTINCT {value} AS v FROM {source.scan} WHERE {value} IS NOT NULL ORDER BY v"
            self.known[entity, column] = tuple(row[0] for row in self.connection.execute(sql).fetchall())
        return self.known[entity, column]


@dataclass(frozen=True, slots=True)
class InDuckDB:
    """Decides the units in the same database that reads the files."""

    connection: duckdb.DuckDBPyConnection

    def tables(self, files: DuckTables) -> DuckTables:
        return files

    def write(self, query: Query, path: Path) -> None:
        """One file, its rows in the order of the population's."""
        sql = DUCKDB.sql(statement(query))
        with setting(self.connection, "disabled_optimizers", KEEPS_SIDES):
            self.connection.execute(f"COPY ({sql}) TO {literal(str(path))} ({SHEET})")
