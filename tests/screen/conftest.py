"""Engines that are started once for all tests of screening."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from tests.screen import engines
from tests.screen.engines import DuckDB, Postgres, Spark

from zhida.screen.duckdb_engine import connect

COMPARED: Counter[str] = Counter()
DECIDED: Counter[str] = Counter()


@pytest.fixture(scope="session")
def compared() -> Counter[str]:
    """How many values of each engine were compared with the interpreter's; told at the end of the run."""
    return COMPARED


@pytest.fixture(scope="session")
def decided() -> Counter[str]:
    """How many units were decided by a rule on both sides, by what they are and engine; told likewise."""
    return DECIDED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for engine, count in COMPARED.items():
        terminalreporter.write_line(f"{engine}: {count:,} values equal to the interpreter's")
    for what, count in DECIDED.items():
        terminalreporter.write_line(f"{what}: {count:,} rows of units and rules equal to the interpreter's")


@pytest.fixture(scope="session")
def screening_connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The database of a screening, as screening itself opens it."""
    connection = connect("2GB", tmp_path_factory.mktemp("spill"))
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def duckdb_engine() -> DuckDB:
    return DuckDB()


@pytest.fixture(scope="session")
def spark_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    yield from engines.start_spark(tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="session")
def postgres_engine() -> Iterator[Postgres]:
    yield from engines.start_postgres()


@pytest.fixture(params=["duckdb", "spark", "postgres"])
def engine(request: pytest.FixtureRequest) -> Any:
    """Every engine in turn."""
    return request.getfixturevalue(f"{request.param}_engine")
