"""A database for each test, and populations of a few lines: `csv("hires", …)`, `parquet("hires", query)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from zhida.library import Library
from zhida.population import Population, PopulationError, open_population
from zhida.population.make import make
from zhida.population.making.order import Order

Csv = Callable[..., Path]
Parquet = Callable[..., Path]
Open = Callable[[], Population]
Refused = Callable[[], list[str]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "population"
    path.mkdir()
    return path


@pytest.fixture
def csv(folder: Path) -> Csv:
    """Write a CSV file; rows of the text stand between blanks or line ends."""

    def write(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = folder / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes("".join(f"{line}\n" for line in text.split()).encode(encoding))
        return path

    return write


@pytest.fixture
def parquet(folder: Path, connection: duckdb.DuckDBPyConnection) -> Parquet:
    """Write the result of a query as Parquet."""

    def write(name: str, query: str) -> Path:
        path = folder / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        return path

    return write


@pytest.fixture
def opened(connection: duckdb.DuckDBPyConnection, library: Library, folder: Path) -> Iterator[Open]:
    """Open the population in `folder`; closed after the test."""
    populations: list[Population] = []

    def open_it() -> Population:
        populations.append(open_population(connection, library, folder))
        return populations[-1]

    yield open_it
    for population in populations:
        population.close()


@pytest.fixture
def refused(opened: Open) -> Refused:
    """What is said when the population in `folder` cannot be opened."""

    def open_it() -> list[str]:
        with pytest.raises(PopulationError) as caught:
            opened()
        assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
        return [str(problem) for problem in caught.value.problems]

    return open_it


@pytest.fixture(scope="session")
def made(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand employers of 庆阳, made once."""
    folder = tmp_path_factory.mktemp("made") / "population"
    make(library, Order(1000, "621000", seed=7), folder)
    return folder
