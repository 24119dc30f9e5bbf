"""Values that do not fit their facts, told by file, column, row and count."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

import duckdb
import pytest

from zhida.population import PopulationError, verify

from .conftest import Csv, Open, Parquet

Wrong = Callable[..., list[str]]


@pytest.fixture
def wrong(opened: Open, connection: duckdb.DuckDBPyConnection) -> Wrong:
    """The lines that `verify` says about the population in `folder`."""

    def run(
        columns: Mapping[str, Collection[str]] | None = None, ids: bool = False, on: date | None = None
    ) -> list[str]:
        try:
            verify(connection, opened(), columns, ids=ids, on=on)
        except PopulationError as error:
            return [str(problem) for problem in error.problems]
        return []

    return run


def test_what_fits_is_silent(csv: Csv, wrong: Wrong) -> None:
    csv(
        "employers",
        "id,org_type,revenue,seriously_dishonest,established_on,region "
        "1,企业,1.50,true,2020-01-01,621025 2,,,,,",
    )
    csv("hires", "id,employer_id,contract_months h1,1,12")
    assert wrong(ids=True, on=date(2022, 10, 1)) == []


def test_a_line_names_file_column_count_row_and_value(csv: Csv, wrong: Wrong) -> None:
    rows = " ".join(f"{n},1,2022-03-01" for n in range(1, 17))
    csv("hires", f"id,employer_id,hired_on {rows} 17,1,2022-13-01 18,1,x 19,1,2022-02-30")
    assert wrong() == ["hires.csv: column hired_on: 3 values are not dates (first: row 17: '2022-13-01')"]


def test_one_value_is_told_in_the_singular(csv: Csv, wrong: Wrong) -> None:
    csv("hires", "id,employer_id,hired_on 1,1,x")
    assert wrong() == ["hires.csv: column hired_on: 1 value is not a date (first: row 1: 'x')"]


@pytest.mark.parametrize(
    ("column", "bad", "message"),
    [
        ("revenue", "12.345", "is not a number, too large or finer than the column's decimals"),
        ("revenue", "abc", "is not a number, too large or finer than the column's decimals"),
        ("revenue", "NaN", "is not a number, too large or finer than the column's decimals"),
        ("revenue", "inf", "is not a number, too large or finer than the column's decimals"),
        ("revenue", "-0.01", "is negative"),
        ("revenue", "1000000000000000", "is 1000000000000000 or more"),
        ("staff", "1.5", "is not a number, too large or not whole"),
        ("operating_months", "2401", "is over 2400 月"),
        ("benefit_recipients_last_year", "-1", "is negative"),
        ("layoff_rate_last_year", "1.01", "is over 1 (a rate is a share: 10 % is 0.1)"),
        ("org_type", "公司", "is no known choice"),
        ("founder_groups", "农民工;瞎", "holds an unknown choice"),
        ("seriously_dishonest", "?", "is neither true nor false"),
        ("region", "62102", "is not six digits of GB/T 2260"),
        ("region", "991025", "is not six digits of GB/T 2260"),
        ("industry", "Z01", "is no code of GB/T 4754-2017 (a letter A to T and up to four digits)"),
        ("established_on", "1899-12-31", "is not from 1900 to 2199"),
        ("established_on", "2200-01-01", "is not from 1900 to 2199"),
    ],
)
def test_a_value_out_of_its_limits_is_told(
    csv: Csv, wrong: Wrong, column: str, bad: str, message: str
) -> None:
    csv("employers", f"id,{column} 1, 2,{bad}")
    [line] = wrong()
    assert line == f"employers.csv: column {column}: 1 value {message} (first: row 2: '{bad}')"


@pytest.mark.parametrize(
    ("column", "good"),
    [
        ("revenue", "0"),
        ("revenue", "999999999999999.99"),
        ("operating_months", "2400"),
        ("layoff_rate_last_year", "1"),
        ("layoff_rate_last_year", "-0.5"),
        ("founder_groups", ";"),
        ("industry", "H"),
        ("industry", "L7291"),
        ("established_on", "1900-01-01"),
        ("established_on", "2199-12-31"),
    ],
)
def test_a_value_at_its_limit_fits(csv: Csv, wrong: Wrong, column: str, good: str) -> None:
    csv("employers", f"id,{column} 1,{good}")
    assert wrong() == []


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("revenue", "'NaN'::DOUBLE", "is NaN, infinite, too large or finer than the column's decimals"),
        ("revenue", "'-inf'::DOUBLE", "is NaN, infinite, too large or finer than the column's decimals"),
        ("revenue", "-1::DECIMAL(18,2)", "is negative"),
        ("staff", "2.5::DOUBLE", "is NaN, infinite, too large or not whole"),
        ("org_type", "'公司'", "is no known choice"),
        ("org_type", "''", "is no known choice"),
        ("founder_groups", "['瞎']", "holds an unknown choice"),
        ("founder_groups", "[NULL]::VARCHAR[]", "holds an unknown choice"),
        ("region", "'621 25'", "is not six digits of GB/T 2260"),
        ("established_on", "DATE '1066-10-14'", "is not from 1900 to 2199"),
        ("established_on", "TIMESTAMP '2020-01-01 10:00:00'", "has a time of day"),
    ],
)
def test_parquet_is_looked_at_like_csv(
    parquet: Parquet, wrong: Wrong, column: str, value: str, message: str
) -> None:
    parquet("employers", f"SELECT 1 AS id, NULL AS {column} UNION ALL SELECT 2, {value}")
    [line] = wrong()
    assert line.startswith(f"employers.parquet: column {column}: 1 value {message} (first: row 2: '")


def test_the_first_row_is_told_with_its_part(parquet: Parquet, wrong: Wrong) -> None:
    parquet("employers/part-0", "SELECT i AS id, 1 AS staff FROM range(5) AS r(i)")
    parquet("employers/part-1", "SELECT 5 + i AS id, -i AS staff FROM range(5) AS r(i)")
    assert wrong() == ["employers/part-1.parquet: column staff: 4 values are negative (first: row 2: '-1')"]


def test_only_the_columns_that_are_read_are_looked_at(csv: Csv, wrong: Wrong) -> None:
    csv("employers", "id,staff,revenue 1,x,y")
    assert wrong({"employer": ["staff"]}) == [
        "employers.csv: column staff: 1 value is not a number, too large or not whole (first: row 1: 'x')"
    ]
    assert wrong({}) == []
    assert wrong({"hire": ["hired_on"], "employer": ["no such column"]}) == []


def test_an_event_after_the_day_is_told_where_a_day_is_given(csv: Csv, wrong: Wrong) -> None:
    csv("hires", "id,employer_id,hired_on 1,1,2022-10-01 2,1,2022-10-02")
    assert wrong() == []
    assert wrong(on=date(2022, 10, 1)) == [
        "hires.csv: column hired_on: 1 value is after 2022-10-01 (first: row 2: '2022-10-02')"
    ]


def test_a_day_that_is_no_event_may_come_later(csv: Csv, wrong: Wrong) -> None:
    csv("loans", "id,matures_on 1,2030-01-01")
    assert wrong(on=date(2022, 10, 1)) == []


def test_a_row_without_its_id_or_employer_is_told(parquet: Parquet, wrong: Wrong) -> None:
    parquet("hires", "SELECT 1 AS id, 7 AS employer_id UNION ALL SELECT NULL, NULL")
    assert wrong() == [
        "hires.parquet: column id: 1 value is missing (first: row 2)",
        "hires.parquet: column employer_id: 1 value is missing (first: row 2)",
    ]


@pytest.mark.parametrize("text", [False, True])
def test_duplicates_are_told_where_asked_for(parquet: Parquet, wrong: Wrong, text: bool) -> None:
    kind = "VARCHAR" if text else "INTEGER"
    parquet("employers", f"SELECT unnest([1, 2, 2, 3, 3, 3])::{kind} AS id")
    assert wrong() == []
    assert wrong(ids=True) == [
        "employers.parquet: column id: 2 ids stand more than once (up to 3 times) (first: '2')"
    ]


def test_ids_in_any_order_may_be_unique(parquet: Parquet, wrong: Wrong) -> None:
    parquet("employers", "SELECT unnest([3, 1, 2]) AS id")
    assert wrong(ids=True) == []


@pytest.mark.parametrize("ids", ["[1, 2, 3]", "[1, 3, 5]", "[3, 1, 2]", "['1', '2', '3']"])
def test_orphans_are_told_whatever_the_ids_are_like(parquet: Parquet, wrong: Wrong, ids: str) -> None:
    parquet("employers", f"SELECT unnest({ids}) AS id")
    parquet("hires", "SELECT i AS id, CASE WHEN i = 2 THEN 9 ELSE 1 END AS employer_id FROM range(4) AS r(i)")
    assert wrong(ids=True) == [
        "hires.parquet: column employer_id: 1 value names no row of employers.parquet (first: '9')"
    ]


def test_no_orphan_is_told_where_every_parent_is_known(parquet: Parquet, wrong: Wrong) -> None:
    parquet("employers", "SELECT unnest([1, 3, 5]) AS id")
    parquet("persons", "SELECT 1 AS id, NULL::INTEGER AS employer_id")
    parquet("hires", "SELECT 1 AS id, 5 AS employer_id, 1 AS person_id")
    assert wrong(ids=True) == []


def test_a_parent_without_file_makes_no_orphans(parquet: Parquet, wrong: Wrong) -> None:
    parquet("hires", "SELECT 1 AS id, 5 AS employer_id, 1 AS person_id")
    assert wrong(ids=True) == []


def test_files_are_looked_at_for_identity_only_where_they_are_read(parquet: Parquet, wrong: Wrong) -> None:
    parquet("employers", "SELECT unnest([1, 1]) AS id")
    parquet("hires", "SELECT 1 AS id, 1 AS employer_id")
    assert wrong({"hire": ["id"]}, ids=True) == []


def test_everything_wrong_is_told_at_once(csv: Csv, wrong: Wrong) -> None:
    csv("employers", "id,staff,revenue,org_type 1,x,y,企业 1,2,3,公司")
    csv("hires", "id,employer_id,hired_on 1,8,2022-03-01 2,1,never")
    assert len(wrong(ids=True)) == 6


def test_a_long_or_strange_value_is_shown_short(csv: Csv, wrong: Wrong) -> None:
    csv("employers", f"id,staff 1,{'9' * 100}x")
    assert wrong()[0].endswith(f"(first: row 1: '{'9' * 59}…')")
