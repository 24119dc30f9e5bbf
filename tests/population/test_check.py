"""The whole look at a population: what it has, and what only a thorough look finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from zhida.library import Library
from zhida.population.check import Report, check

from .conftest import Csv, Parquet

Look = Callable[..., Report]


@pytest.fixture
def look(connection: duckdb.DuckDBPyConnection, library: Library, folder: Path) -> Look:
    def run(on: date | None = None) -> Report:
        return check(connection, library, folder, on)

    return run


def lines(report: Report) -> list[str]:
    return [str(problem) for problem in report.errors]


def test_columns_are_described(csv: Csv, look: Look) -> None:
    csv("employers", "id,staff,established_on,org_type 1,5,2020-01-01,企业 2,7,, 3,,2019-01-01,企业")
    [file] = look().files
    found = {c.column.name: (c.given, str(c.least), str(c.greatest)) for c in file.columns}
    assert found == {
        "id": (3, "None", "None"),
        "staff": (2, "5", "7"),
        "established_on": (2, "2019-01-01", "2020-01-01"),
        "org_type": (2, "None", "None"),
    }


def test_values_that_do_not_fit_do_not_count(csv: Csv, look: Look) -> None:
    csv("employers", "id,staff 1,5 2,many")
    report = look()
    [file] = report.files
    assert [(c.given, c.greatest) for c in file.columns] == [(2, None), (1, 5)]
    assert len(report.errors) == 1


def test_wrong_check_characters_are_told(csv: Csv, look: Look) -> None:
    csv("employers", "id,uscc 1,91621025607557171D 2,91621025607557171E 3,")
    csv("persons", "id,id_number 1,210702196908227529 2,210702196908227520")
    assert lines(look()) == [
        "employers.csv: column uscc: 1 value is wrong by their length, characters or check character "
        "(GB 32100) (first: row 2: '91621025607557171E')",
        "persons.csv: column id_number: 1 value is wrong by their length, characters, birth date or check "
        "character (GB 11643) (first: row 2: '210702196908227520')",
    ]


def test_an_identity_number_of_somebody_not_yet_born_is_told(csv: Csv, look: Look) -> None:
    csv("persons", "id,id_number 1,210702196908227529")
    assert lines(look(date(1969, 8, 22))) == []
    [line] = lines(look(date(1969, 8, 21)))
    assert "birth date after 1969-08-21" in line


@pytest.mark.parametrize("bad", ["a.b", "x" * 101])
def test_ids_that_no_case_could_have_are_told(csv: Csv, look: Look, bad: str) -> None:
    csv("employers", f"id 1 {bad}")
    [line] = lines(look())
    assert "column id: 1 value is blank, longer than 100 bytes or contain a dot" in line


def test_text_of_any_length_is_told(csv: Csv, look: Look) -> None:
    csv("employers", f"id,name 1,{'名' * 200} 2,{'名' * 201}")
    [line] = lines(look())
    assert "column name: 1 value" in line
    assert "row 2" in line


@pytest.mark.parametrize("beside", [False, True])
def test_events_before_birth_are_told(parquet: Parquet, look: Look, beside: bool) -> None:
    """Boundary: somebody hired on the day of birth is strange, but not impossible."""
    born = "DATE '2000-01-02'"
    beside_it = f""", {born} AS "person.born_on" """ if beside else ""
    hires = ", ".join(f"({n}, 1, 5, DATE '{day}')" for n, day in ((1, "2000-01-02"), (2, "2000-01-01")))
    parquet(
        "hires",
        f"SELECT *{beside_it} FROM (VALUES {hires}) AS h(id, employer_id, person_id, hired_on)",
    )
    if not beside:
        parquet("persons", f"SELECT 5 AS id, {born} AS born_on")
    assert lines(look()) == [
        "hires.parquet: column hired_on: 1 value is before the birth of the person (first: id '2')"
    ]


def test_nobody_graduates_before_birth(csv: Csv, look: Look) -> None:
    csv("persons", "id,born_on,graduated_on 1,2000-01-01,1999-06-30 2,2000-01-01,2022-06-30 3,,1990-01-01")
    assert lines(look()) == [
        "persons.csv: column graduated_on: 1 value is before the birth of the person (first: id '1')"
    ]


def test_duplicates_and_orphans_are_told(csv: Csv, look: Look) -> None:
    csv("employers", "id 1 1")
    csv("hires", "id,employer_id 1,1 2,2")
    assert [problem.code for problem in look().errors] == ["id/duplicate", "id/orphan"]


def test_parents_without_a_file_are_noted(csv: Csv, look: Look) -> None:
    csv("hires", "id,employer_id,person_id,person.education 1,1,1,本科")
    report = look()
    assert lines(report) == []
    assert [str(note) for note in report.notes] == [
        "hires.csv: column employer_id: names rows of employers, of which there is no file"
    ]
