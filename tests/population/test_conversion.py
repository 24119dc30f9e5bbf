"""Physical values become logical ones exactly, or are told; one row for each kind and type."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from zhida.population.conversion import convert
from zhida.population.schema import LOGICAL_TYPES

WRONG = "wrong"


def read(connection: duckdb.DuckDBPyConnection, kind: str, physical: str, value: str) -> Any:
    """What the value becomes; WRONG where it does not fit."""
    column = f"(CAST({value} AS {physical}))"
    found = convert(kind, physical, column, "BIGINT")
    assert found is not None
    if found.fits:
        fits = connection.execute(f"SELECT coalesce({found.fits}, {column} IS NULL)").fetchone()
        if fits == (False,):
            return WRONG
    row = connection.execute(f"SELECT {found.expression}, typeof({found.expression})").fetchone()
    assert row is not None
    assert row[1] == (LOGICAL_TYPES.get(kind) or "BIGINT")
    return row[0] if isinstance(row[0], list | bool) or row[0] is None else str(row[0])


@pytest.mark.parametrize(
    ("kind", "physical", "value", "expected"),
    [
        ("money", "DECIMAL(18,2)", "12.34", "12.34"),
        ("money", "INTEGER", "7", "7.00"),
        ("money", "DECIMAL(10,1)", "7.5", "7.50"),
        ("money", "DECIMAL(18,4)", "1.2300", "1.23"),
        ("money", "DECIMAL(18,4)", "1.2345", WRONG),
        ("money", "DECIMAL(38,2)", "'99999999999999999.00'", WRONG),
        ("money", "DOUBLE", "12345.67", "12345.67"),
        ("money", "DOUBLE", "0.1", "0.10"),
        ("money", "DOUBLE", "0.105", WRONG),
        ("money", "DOUBLE", "'NaN'", WRONG),
        ("money", "DOUBLE", "'Infinity'", WRONG),
        ("money", "DOUBLE", "'-inf'", WRONG),
        ("money", "DOUBLE", "NULL", None),
        ("money", "HUGEINT", "100000000000000000", WRONG),
        ("money", "VARCHAR", "'12.30'", "12.30"),
        ("money", "VARCHAR", "' 12 '", "12.00"),
        ("money", "VARCHAR", "''", None),
        ("money", "VARCHAR", "'12.305'", WRONG),
        ("money", "VARCHAR", "'12.300'", "12.30"),
        ("money", "VARCHAR", "'1e3'", WRONG),
        ("money", "VARCHAR", "'1,000'", WRONG),
        ("money", "VARCHAR", "'NaN'", WRONG),
        ("money", "VARCHAR", "'十二'", WRONG),
        ("count", "BIGINT", "3", "3"),
        ("count", "DOUBLE", "3.0", "3"),
        ("count", "DOUBLE", "3.5", WRONG),
        ("count", "DECIMAL(18,2)", "3.00", "3"),
        ("count", "DECIMAL(18,2)", "3.01", WRONG),
        ("count", "VARCHAR", "'3'", "3"),
        ("count", "VARCHAR", "'3.0'", "3"),
        ("count", "VARCHAR", "'3.5'", WRONG),
        ("rate", "DOUBLE", "0.055", "0.055000"),
        ("rate", "DOUBLE", "1.0 / 3", WRONG),
        ("rate", "FLOAT", "0.5", "0.500000"),
        ("rate", "VARCHAR", "'0.055'", "0.055000"),
        ("number", "DECIMAL(18,6)", "2.5", "2.500000"),
        ("boolean", "BOOLEAN", "true", True),
        ("boolean", "INTEGER", "0", False),
        ("boolean", "INTEGER", "2", WRONG),
        ("boolean", "VARCHAR", "'TRUE'", True),
        ("boolean", "VARCHAR", "'否'", False),
        ("boolean", "VARCHAR", "'maybe'", WRONG),
        ("boolean", "VARCHAR", "''", None),
        ("date", "DATE", "'2022-10-01'", "2022-10-01"),
        ("date", "TIMESTAMP", "'2022-10-01 00:00:00'", "2022-10-01"),
        ("date", "TIMESTAMP", "'2022-10-01 00:00:01'", WRONG),
        ("date", "VARCHAR", "'2022-10-01'", "2022-10-01"),
        ("date", "VARCHAR", "'2022-02-29'", WRONG),
        ("date", "VARCHAR", "'2020-02-29'", "2020-02-29"),
        ("date", "VARCHAR", "'2022-13-01'", WRONG),
        ("date", "VARCHAR", "'2022/10/01'", WRONG),
        ("date", "VARCHAR", "'20221001'", WRONG),
        ("text", "VARCHAR", "'正宁'", "正宁"),
        ("region", "INTEGER", "621025", "621025"),
        ("set", "VARCHAR[]", "['农民工']", ["农民工"]),
        ("set", "VARCHAR", "'农民工; 残疾人'", ["农民工", "残疾人"]),
        ("set", "VARCHAR", "'农民工；残疾人'", ["农民工", "残疾人"]),
        ("set", "VARCHAR", "';'", []),
        ("set", "VARCHAR", "NULL", None),
        ("id", "INTEGER", "5", "5"),
        ("id", "BIGINT", "5", "5"),
    ],
)
def test_a_value_converts(
    connection: duckdb.DuckDBPyConnection, kind: str, physical: str, value: str, expected: Any
) -> None:
    assert read(connection, kind, physical, value) == expected


@pytest.mark.parametrize(
    ("kind", "physical"),
    [
        ("money", "BOOLEAN"),
        ("count", "DATE"),
        ("boolean", "DOUBLE"),
        ("date", "INTEGER"),
        ("text", "DOUBLE"),
        ("choice", "BOOLEAN"),
        ("set", "INTEGER[]"),
        ("id", "DOUBLE"),
        ("money", "STRUCT(a INTEGER)"),
    ],
)
def test_a_type_that_never_converts_is_refused(kind: str, physical: str) -> None:
    assert convert(kind, physical, '"x"') is None


@pytest.mark.parametrize(
    ("physical", "value", "expected"), [("INTEGER", "5", "5"), ("VARCHAR", "'a5'", "a5")]
)
def test_an_id_may_have_to_be_text(
    connection: duckdb.DuckDBPyConnection, physical: str, value: str, expected: str
) -> None:
    found = convert("id", physical, f"(CAST({value} AS {physical}))", "VARCHAR")
    assert found is not None
    assert connection.execute(f"SELECT {found.expression}").fetchone() == (expected,)
