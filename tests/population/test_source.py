"""A folder becomes sources; what cannot be read is told file by file before any value is looked at."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from zhida.library import Library
from zhida.population import PopulationError, open_population

from .conftest import Csv, Open, Parquet, Refused

HIRES = "SELECT 1 AS id, 7 AS employer_id, 9 AS person_id, DATE '2022-03-01' AS hired_on"


def test_a_column_of_the_right_type_is_read_as_it_is(parquet: Parquet, opened: Open) -> None:
    parquet("hires", HIRES)
    column = opened().sources["hire"].columns["hired_on"]
    assert (column.expression, column.physical, column.logical, column.fits) == (
        '"hired_on"',
        "DATE",
        "DATE",
        "",
    )


def test_only_the_columns_asked_for_are_read(
    parquet: Parquet, opened: Open, connection: duckdb.DuckDBPyConnection
) -> None:
    parquet("hires", f"{HIRES}, 12 AS contract_months")
    query = opened().sources["hire"].select(["contract_months"], "hired_on >= DATE '2022-01-01'")
    plan = connection.execute(f"EXPLAIN {query}").fetchall()[0][1]
    assert "contract_months" in plan
    assert "person_id" not in plan
    assert connection.execute(query).fetchall() == [(12,)]


def test_an_unknown_column_cannot_be_asked_for(parquet: Parquet, opened: Open) -> None:
    parquet("hires", HIRES)
    with pytest.raises(KeyError):
        opened().sources["hire"].select(["colour"])


def test_facts_of_the_person_may_stand_in_the_row(parquet: Parquet, opened: Open) -> None:
    parquet("hires", f"""{HIRES}, '本科' AS "person.education" """)
    column = opened().sources["hire"].columns["person.education"]
    assert (column.entity, column.key, column.kind) == ("person", "education", "choice")


def test_an_entity_without_a_file_has_no_source(parquet: Parquet, opened: Open) -> None:
    parquet("hires", HIRES)
    assert list(opened().sources) == ["hire"]


def test_only_the_entities_asked_for_are_opened(
    csv: Csv, library: Library, connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    csv("employers", "id 1")
    (folder / "hires.csv").write_bytes(b"")
    with open_population(connection, library, folder, ["employer"]) as population:
        assert list(population.sources) == ["employer"]


@pytest.mark.parametrize("spelling", ["hires", "hires.parquet"])
def test_a_file_may_be_a_folder_of_parts(
    parquet: Parquet, opened: Open, connection: duckdb.DuckDBPyConnection, folder: Path, spelling: str
) -> None:
    parquet(f"{spelling}/part-1", HIRES)
    parquet(f"{spelling}/part-0", HIRES.replace("1 AS id", "0 AS id"))
    (folder / spelling / "_SUCCESS").touch()
    source = opened().sources["hire"]
    assert [path.name for path in source.files] == ["part-0.parquet", "part-1.parquet"]
    assert (source.rows, source.name) == (2, spelling)
    assert connection.execute(source.select(["id"])).fetchall() == [(0,), (1,)]


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_parts_may_have_different_columns(
    parquet: Parquet, csv: Csv, opened: Open, connection: duckdb.DuckDBPyConnection, kind: str
) -> None:
    if kind == "parquet":
        parquet("hires/a", HIRES)
        parquet("hires/b", "SELECT 2 AS id, 7 AS employer_id, 12 AS contract_months")
    else:
        csv("hires/a", "id,employer_id,hired_on 1,7,2022-03-01")
        csv("hires/b", "id,contract_months,employer_id 2,12,7")
    source = opened().sources["hire"]
    assert source.rows == 2
    found = connection.execute(source.select(["hired_on", "contract_months"])).fetchall()
    assert [months for _, months in found] == [None, 12]
    assert str(found[0][0]) == "2022-03-01"


def test_parts_with_different_types_are_refused(parquet: Parquet, refused: Refused) -> None:
    parquet("hires/a", HIRES)
    parquet("hires/b", HIRES.replace("DATE '2022-03-01'", "'2022-03-01'"))
    assert refused() == ["hires: column hired_on: has 2 different types in the parts of the folder"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_is_read_in_the_encodings_that_people_send(
    csv: Csv, opened: Open, connection: duckdb.DuckDBPyConnection, encoding: str
) -> None:
    csv("employers", "id,org_type,revenue a1,企业,12.50 a2,,", encoding)
    population = opened()
    source = population.sources["employer"]
    found = connection.execute(source.select(["id", "org_type", "revenue"])).fetchall()
    assert [(id, kind, revenue and str(revenue)) for id, kind, revenue in found] == [
        ("a1", "企业", "12.50"),
        ("a2", None, None),
    ]
    assert source.files[0].read_bytes().decode(encoding).startswith("id")


def test_copies_of_gbk_files_go_when_the_population_is_closed(csv: Csv, opened: Open) -> None:
    csv("employers", "id,name 1,正宁", "gbk")
    population = opened()
    [copy] = population.sources["employer"].readable
    assert copy.exists()
    population.close()
    assert not copy.exists()


def test_blanks_around_values_of_csv_do_not_matter(
    csv: Csv, opened: Open, connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    (folder / "employers.csv").write_text("id,org_type,staff\n 1 ,　企业, 5\n2,  , \n", encoding="utf-8")
    query = opened().sources["employer"].select(["id", "org_type", "staff"])
    assert connection.execute(query).fetchall() == [("1", "企业", 5), ("2", None, None)]


@pytest.mark.parametrize(
    ("employer", "hire", "expected"),
    [("1::INTEGER", "1::BIGINT", "BIGINT"), ("1", "'1'", "VARCHAR"), ("'1'", "1", "VARCHAR")],
)
def test_ids_are_numbers_where_all_files_agree(
    parquet: Parquet, opened: Open, employer: str, hire: str, expected: str
) -> None:
    parquet("employers", f"SELECT {employer} AS id")
    parquet("hires", f"SELECT 1 AS id, {hire} AS employer_id")
    sources = opened().sources
    assert sources["employer"].columns["id"].logical == expected
    assert sources["hire"].columns["employer_id"].logical == expected


def test_a_place_is_named_by_the_text_of_its_code(parquet: Parquet, opened: Open) -> None:
    parquet("places", "SELECT 621025 AS id")
    assert opened().sources["place"].columns["id"].logical == "VARCHAR"


def test_paths_with_wildcards_are_only_paths(
    library: Library, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "a[1]*?'x"
    folder.mkdir()
    (folder / "employers.csv").write_text("id\n1\n")
    connection.execute(
        "COPY (SELECT 1 AS id, 1 AS employer_id) TO $1 (FORMAT parquet)", [str(folder / "hires.parquet")]
    )
    with open_population(connection, library, folder) as population:
        assert [source.rows for source in population.sources.values()] == [1, 1]


def test_unknown_columns_and_files_are_noted(csv: Csv, opened: Open, folder: Path) -> None:
    csv("employers", "id,colour 1,red")
    (folder / "readme.txt").touch()
    (folder / "manifest.json").touch()
    (folder / ".hidden").touch()
    population = opened()
    assert [str(note) for note in population.notes] == [
        "employers.csv: column colour: is not a fact of the entity",
        "readme.txt: belongs to no entity and is not read",
    ]
    assert population.sources["employer"].unknown == ("colour",)


def test_a_file_of_headers_alone_has_no_rows(csv: Csv, opened: Open) -> None:
    csv("employers", "id,name")
    assert opened().sources["employer"].rows == 0


def test_a_folder_that_is_not_there_is_told(
    library: Library, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(PopulationError, match="nowhere: no such folder"):
        open_population(connection, library, tmp_path / "nowhere")


def test_a_file_instead_of_a_folder_is_told(
    library: Library, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "hires.csv").touch()
    with pytest.raises(PopulationError, match="a file; expected a folder"):
        open_population(connection, library, tmp_path / "hires.csv")


def test_an_empty_folder_is_told(refused: Refused) -> None:
    [line] = refused()
    assert "holds none of the files" in line
    assert "hires" in line


def test_a_file_of_no_bytes_is_told(refused: Refused, folder: Path) -> None:
    (folder / "hires.parquet").touch()
    (folder / "employers.csv").touch()
    assert sorted(refused()) == ["employers.csv: is empty (0 bytes)", "hires.parquet: is empty (0 bytes)"]


def test_a_file_that_is_no_parquet_is_told(refused: Refused, folder: Path) -> None:
    (folder / "hires.parquet").write_text("id,employer_id\n1,2\n")
    assert refused() == ["hires.parquet: is not a Parquet file"]


def test_a_parquet_file_named_csv_is_told(parquet: Parquet, refused: Refused, folder: Path) -> None:
    parquet("hires", HIRES).rename(folder / "hires.csv")
    assert refused() == ["hires.csv: is a Parquet file named .csv"]


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_parquet_file_cut_off_is_told(parquet: Parquet, refused: Refused, kept: float) -> None:
    path = parquet("hires", HIRES)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert refused() == ["hires.parquet: is cut off: the end of the Parquet file is missing"]


def test_a_parquet_file_damaged_inside_is_told(parquet: Parquet, refused: Refused) -> None:
    path = parquet("hires", HIRES)
    content = bytearray(path.read_bytes())
    content[-60:-10] = b"\xff" * 50
    path.write_bytes(content)
    [line] = refused()
    assert line.startswith("hires.parquet: ")


def test_two_files_for_one_entity_are_told(parquet: Parquet, csv: Csv, refused: Refused) -> None:
    parquet("hires", HIRES)
    csv("hires", "id,employer_id 1,2")
    assert refused() == ["hires.parquet: 2 files for the same entity (hires.parquet, hires.csv); keep one"]


def test_a_folder_and_a_file_for_one_entity_are_told(parquet: Parquet, refused: Refused) -> None:
    parquet("hires", HIRES)
    parquet("hires/part-0", HIRES)
    assert refused() == ["hires.parquet: 2 files for the same entity (hires.parquet, hires); keep one"]


def test_mixed_encodings_are_told_with_their_line(refused: Refused, folder: Path) -> None:
    (folder / "employers.csv").write_bytes("id,name\n1,正宁\n".encode() + "2,庆阳\n".encode("gbk"))
    assert refused() == ["employers.csv: mixes UTF-8 and GBK, found at line 3; save it in one encoding"]


def test_a_column_that_stands_twice_is_told(csv: Csv, refused: Refused) -> None:
    csv("employers", "id,staff,Staff 1,2,3")
    assert refused() == [
        "employers.csv: column Staff: stands twice in the header",
        "employers.csv: column staff: stands twice in the header",
    ]


def test_a_csv_file_without_header_is_told(refused: Refused, folder: Path) -> None:
    (folder / "employers.csv").write_text("\n\n")
    assert refused() == ["employers.csv: has no header line"]


def test_a_row_with_too_many_values_is_told(csv: Csv, refused: Refused) -> None:
    csv("employers", "id,staff 1,2 2,3,4")
    assert refused() == ["employers.csv: line 3 has not as many values as the header has names (2)"]


def test_a_row_with_too_few_values_is_told_with_its_part(csv: Csv, refused: Refused) -> None:
    csv("employers/a", "id,staff 1,2")
    csv("employers/b", "id,staff 2")
    assert refused() == ["employers/b.csv: line 2 has not as many values as the header has names (2)"]


def test_a_quotation_mark_that_is_not_closed_is_told(csv: Csv, refused: Refused) -> None:
    csv("employers", 'id,name 1,"abc 2,x')
    assert refused() == ['employers.csv: line 2: a " is not closed']


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(
    opened: Open, connection: duckdb.DuckDBPyConnection, folder: Path, end: str
) -> None:
    (folder / "employers.csv").write_bytes(f"id,staff{end}1,5{end}2,6{end}".encode())
    assert connection.execute(opened().sources["employer"].select(["id", "staff"])).fetchall() == [
        ("1", 5),
        ("2", 6),
    ]


def test_a_comma_at_the_end_of_lines_is_a_column_without_name(
    opened: Open, connection: duckdb.DuckDBPyConnection, csv: Csv
) -> None:
    csv("employers", "id,staff, 1,5, 2,6,")
    source = opened().sources["employer"]
    assert source.unknown == ("column 3",)
    assert connection.execute(source.select(["id", "staff"])).fetchall() == [("1", 5), ("2", 6)]


def test_a_column_of_the_wrong_type_is_told(parquet: Parquet, refused: Refused) -> None:
    parquet("employers", "SELECT 1 AS id, true AS revenue, 1.5 AS established_on")
    assert refused() == [
        "employers.parquet: column revenue: is BOOLEAN, expected a decimal, an integer, a double or text",
        "employers.parquet: column established_on: is DECIMAL(2,1), expected a date, a timestamp or text",
    ]


@pytest.mark.parametrize(
    ("name", "columns", "missing"),
    [("employers", "name", "id"), ("hires", "id", "employer_id"), ("bases", "id", "employer_id")],
)
def test_a_column_that_nothing_works_without_is_told(
    csv: Csv, refused: Refused, name: str, columns: str, missing: str
) -> None:
    csv(name, f"{columns} 1")
    assert refused() == [f"{name}.csv: column {missing}: is missing"]


def test_history_needs_no_ids(csv: Csv, opened: Open) -> None:
    csv("history", "measure,subject,on job-retention-refund,1,2022-01-01")
    assert opened().sources["history"].rows == 1


def test_everything_wrong_is_told_at_once(csv: Csv, refused: Refused, folder: Path) -> None:
    (folder / "persons.parquet").touch()
    csv("hires", "x 1")
    (folder / "loans.parquet").write_text("?")
    assert len(refused()) == 2
