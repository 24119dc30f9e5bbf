"""DuckDB: reads a population's files, runs statements, writes Parquet; memory bounded, spilling to disk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.population import Population, Source, verify
from zhida.screen.dialects import DUCKDB, Dialect
from zhida.screen.plan import Table

MEMORY = "8GB"


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
    for statement in DUCKDB.settings:
        connection.execute(statement)
    return connection


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
