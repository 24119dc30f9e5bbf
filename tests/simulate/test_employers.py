"""Employers are sized as a rule would size them, for grouping."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from zhida.library import Library
from zhida.population import open_population
from zhida.simulate.employers import employers_query

AUTUMN = date(2022, 10, 1)
COLUMNS = "id BIGINT, region VARCHAR, industry VARCHAR, size VARCHAR, employees BIGINT, revenue DECIMAL(18,2)"


@pytest.fixture
def sized(library: Library, tmp_path: Path):
    def run(*rows: tuple[object, ...], region: str = "621025", columns: str = COLUMNS):
        path = tmp_path / "employers.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE t ({columns})")
            connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", rows)
            connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
            with open_population(connection, library, tmp_path) as population:
                query = employers_query(connection, library, population, region, AUTUMN)
                assert query is not None
                return connection.execute(f"SELECT id, size, industry FROM ({query}) ORDER BY id").fetchall()

    return run


def test_a_given_size_is_kept(sized):
    assert sized((1, "621025", "C13", "中型", 5, 100)) == [(1, "中型", "C13")]


def test_a_size_that_is_not_given_is_derived(sized):
    rows = [(1, "621025", "C13", None, 20, 3_000_000), (2, "621025", "C13", None, 19, 3_000_000)]
    assert sized(*rows) == [(1, "小型", "C13"), (2, "微型", "C13")]


def test_what_cannot_be_derived_is_unknown(sized):
    assert sized((1, "621025", "C13", None, None, 3_000_000)) == [(1, None, "C13")]


def test_industries_without_a_standard_have_no_size(sized):
    assert sized((1, "621025", "P83", None, 20, 3_000_000)) == [(1, "未划型", "P83")]


def test_only_employers_of_the_region_are_there(sized):
    rows = [
        (1, "621025", "C13", "微型", 1, 1),
        (2, "621026", "C13", "微型", 1, 1),
        (3, None, None, "微型", 1, 1),
    ]
    assert [row[0] for row in sized(*rows)] == [1, 3]
    assert [row[0] for row in sized(*rows, region="621000")] == [1, 2, 3]


def test_columns_may_lack(sized):
    assert sized((1,), columns="id BIGINT") == [(1, None, None)]
