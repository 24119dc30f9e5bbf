"""Spark: the units of a population decided by a cluster, or by all processors of one machine.

Spark reads the population's files and decides every unit; DuckDB, on the machine that drives it, checks
the files before and makes the tables afterwards. Both must reach the population and the output folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyspark.sql import SparkSession
from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.population import Column, Source
from zhida.population.conversion import literal
from zhida.screen.dialects import SPARK, Dialect
from zhida.screen.duckdb_engine import SHEET, DuckTables
from zhida.screen.plan import Query, Table, statement
from zhida.screen.syntax import cast
from zhida.screen.syntax import column as reference

LOCAL = "local[*]"
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    # A plan's levels compute what is shared once; merged into one they would compute it again and again.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
    "spark.sql.constraintPropagation.enabled": "false",
}
PLAIN = ("INTEGER", "SMALLINT", "TINYINT", "BIGINT", "BOOLEAN", "DATE", "DECIMAL", "VARCHAR")
"""Physical types that Spark reads as DuckDB does."""


@contextmanager
def in_spark(master: str | None, memory: str) -> Iterator[SparkDecider]:
    """A decider over a Spark of its own, or over `master`; `memory` is what its driver may take."""
    builder = SparkSession.builder.appName("zhida").master(master or LOCAL)
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    session = builder.config(
        "spark.driver.memory", memory.lower().replace("b", "").replace("i", "")
    ).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield SparkDecider(session)
    finally:
        session.stop()


@dataclass(slots=True)
class SparkDecider:
    """Decides units in a session that somebody else starts and stops."""

    session: Any
    files: DuckTables | None = None

    def tables(self, files: DuckTables) -> SparkTables:
        for setting in SPARK.settings:
            self.session.sql(setting)
        self.files = files
        return SparkTables(self.session, files)

    def write(self, query: Query, path: Path) -> None:
        """One file, its rows in the order of their ids: the parts that Spark writes have none."""
        assert self.files is not None, "a plan is made of tables"
        parts = path.with_suffix(".parts")
        self.session.sql(SPARK.sql(statement(query))).write.parquet(parts.as_uri())
        scan = f"read_parquet({literal(str(parts / '*.parquet'))})"
        self.files.connection.execute(
            f"COPY (SELECT * FROM {scan} ORDER BY unit) TO {literal(str(path))} ({SHEET})"
        )
        shutil.rmtree(parts)


@dataclass(slots=True)
class SparkTables:
    """A population's files as Spark reads them: each a view. What Spark would read otherwise than DuckDB
    (CSV, text that stands for something else) is written as typed Parquet first."""

    session: Any
    files: DuckTables
    views: dict[str, str] = field(default_factory=dict)
    typed: TemporaryDirectory[str] | None = None

    @property
    def dialect(self) -> Dialect:
        return SPARK

    @property
    def entities(self) -> Collection[str]:
        return self.files.entities

    def columns(self, entity: str) -> Collection[str] | None:
        return self.files.columns(entity)

    def distinct(self, entity: str, column: str) -> tuple[Any, ...]:
        return self.files.distinct(entity, column)

    def table(self, entity: str) -> Table:
        if entity not in self.views:
            self.views[entity] = f"population_{entity}"
            paths = self._paths(self.files.population.sources[entity])
            frame = self.session.read.option("mergeSchema", "true").parquet(*paths)
            frame.createOrReplaceTempView(self.views[entity])
        return Table(exp.Table(this=exp.to_identifier(self.views[entity], quoted=True)))

    def value(self, entity: str, column: str) -> Expr:
        source = self.files.population.sources[entity]
        self.files.value(entity, column)  # so that it is verified
        found = source.columns[column]
        name = reference(column)
        return name if found.physical == found.logical or not _is_plain(source) else cast(name, found.logical)

    def _paths(self, source: Source) -> list[str]:
        """The files themselves, or a typed copy."""
        if _is_plain(source):
            return [path.absolute().as_uri() for path in source.readable]
        if self.typed is None:
            self.typed = TemporaryDirectory(prefix="zhida-typed-", ignore_cleanup_errors=True)
        path = Path(self.typed.name) / f"{source.entity}.parquet"
        sql = source.select(source.columns)
        self.files.connection.execute(f"COPY ({sql}) TO {literal(str(path))} ({SHEET})")
        return [path.as_uri()]


def _is_plain(source: Source) -> bool:
    return source.format == "parquet" and all(map(_reads_alike, source.columns.values()))


def _reads_alike(column: Column) -> bool:
    """Whether a cast in Spark gives what DuckDB's expression for the column gives."""
    if column.physical == column.logical:
        return True
    return column.physical.startswith(PLAIN) and column.physical != "VARCHAR" and column.logical != "BOOLEAN"
