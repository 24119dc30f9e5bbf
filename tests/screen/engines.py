"""The engines that screening's SQL is run on: DuckDB in process, a local Spark, a PostgreSQL server.

An engine that cannot be started skips its tests, with the reason; under CI it fails them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
import pyarrow as arrow
import pyarrow.parquet as parquet
from tests import postgresql
from tests.postgresql import missing, postgresql_server

from zhida.screen.dialects import DIALECTS, Dialect

COMPILED = (("spark.sql.codegen.wholeStage", "true"), ("spark.sql.codegen.factoryMode", "FALLBACK"))
INTERPRETED = (("spark.sql.codegen.wholeStage", "false"), ("spark.sql.codegen.factoryMode", "NO_CODEGEN"))
"""How Spark runs expressions; to compile them takes seconds for each statement."""


class Engine(Protocol):
    dialect: Dialect

    def load(self, name: str, table: arrow.Table) -> None:
        """Make `table` known as `name`."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]: ...


@dataclass
class DuckDB:
    connection: Any = field(default_factory=duckdb.connect)
    dialect: Dialect = DIALECTS["duckdb"]

    def __post_init__(self) -> None:
        for setting in self.dialect.settings:
            self.connection.execute(setting)

    def load(self, name: str, table: arrow.Table) -> None:
        self.connection.register("loaded", table)
        self.connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM loaded')
        self.connection.unregister("loaded")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found


@dataclass
class Spark:
    session: Any
    folder: Path
    dialect: Dialect = DIALECTS["spark"]
    loaded: int = 0

    def __post_init__(self) -> None:
        for setting in self.dialect.settings:
            self.session.sql(setting)

    def load(self, name: str, table: arrow.Table) -> None:
        self.loaded += 1
        path = self.folder / f"{self.loaded}.parquet"
        parquet.write_table(table, path)
        self.session.read.parquet(str(path)).createOrReplaceTempView(f"`{name}`")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def configure(self, settings: Iterable[tuple[str, str]]) -> None:
        for key, value in settings:
            self.session.conf.set(key, value)


@dataclass
class Postgres:
    connection: Any
    dialect: Dialect = DIALECTS["postgres"]

    def __post_init__(self) -> None:
        for setting in self.dialect.settings:
            self.connection.execute(setting)

    def load(self, name: str, table: arrow.Table) -> None:
        columns = ", ".join(f'"{f.name}" {_postgres_type(f.type)}' for f in table.schema)
        self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        self.connection.execute(f'CREATE TABLE "{name}" ({columns})')
        with self.connection.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
            for row in table.to_pylist():
                copy.write_row(tuple(row.values()))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found


def _postgres_type(kind: arrow.DataType) -> str:
    if arrow.types.is_list(kind):
        return "TEXT[]"
    if arrow.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    names = {arrow.int64(): "BIGINT", arrow.bool_(): "BOOLEAN", arrow.date32(): "DATE"}
    return names.get(kind, "TEXT")


def start_spark(folder: Path) -> Iterator[Spark]:
    """One local session: little memory, one partition, no web page."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        missing("pyspark is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        missing("Spark needs Java 17")
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        # quick to start rather than quick to run: each statement runs once, over few rows
        **dict(INTERPRETED),
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.log.level": "OFF",
    }
    builder = SparkSession.builder.master("local[1]").appName("zhida")
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # whatever kind: the Java side raises its own
        missing(f"Spark does not start: {error}")
    yield Spark(session, folder)
    session.stop()


def start_postgres() -> Iterator[Postgres]:
    with postgresql_server() as folder:
        known = {"host": str(folder), "user": postgresql.USER, "dbname": "postgres"}
        with psycopg.connect(**known, autocommit=True) as connection:
            yield Postgres(connection)
