"""Made populations: the same for the same order, in order, consistent, and whole or not there at all."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from zhida.library import Library
from zhida.population import file_stem, open_population, population_schema
from zhida.population import make as making
from zhida.population.check import check
from zhida.population.divisions import counties
from zhida.population.make import make
from zhida.population.making import order as orders
from zhida.population.making.order import DEFAULT_DAY, Order
from zhida.standards.regions import NATION

SMALL = Order(40, "621025", seed=1)
FEW = dataclasses.replace(SMALL, only=("hire", "place"))

Rows = Callable[[Path, str], list[tuple[Any, ...]]]


@pytest.fixture
def rows(connection: duckdb.DuckDBPyConnection) -> Rows:
    """The result of a query in which `{hires}` and the like stand for files of a population."""

    def run(folder: Path, query: str) -> list[tuple[Any, ...]]:
        for entity in (
            "employer",
            "person",
            "hire",
            "internship",
            "place",
            "history",
            "loan",
            "base",
            "fund",
        ):
            stem = file_stem(entity)
            path = folder / stem / "*.parquet" if (folder / stem).is_dir() else folder / f"{stem}.parquet"
            query = query.replace(f"{{{stem}}}", f"read_parquet('{path}')")
        return connection.execute(query).fetchall()

    return run


@pytest.fixture(scope="module")
def small(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "population"
    make(library, SMALL, folder, threads=1)
    return folder


def digest(folder: Path) -> dict[str, str]:
    """Every file of a folder and the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_population_passes_its_own_check(
    library: Library, connection: duckdb.DuckDBPyConnection, made: Path
) -> None:
    report = check(connection, library, made, DEFAULT_DAY)
    assert [str(problem) for problem in (*report.errors, *report.notes)] == []
    assert {file.source.entity for file in report.files} == set(library.entities)
    assert all(file.source.rows for file in report.files)


def test_every_fact_is_given_somewhere_and_lacks_somewhere(
    library: Library, connection: duckdb.DuckDBPyConnection, made: Path
) -> None:
    """Derived facts but the size are left to their formulas; the kind of a fund and the like never lack."""
    always = {"kind", "region", "measure", "subject", "on", "amount", "period", "assessment_rank"}
    with open_population(connection, library, made) as population:
        for entity, source in population.sources.items():
            given = {f.key for f in library.entities[entity].facts if not f.derived and not f.internal}
            history = {f.key for f in library.entities[entity].facts if f.from_history}
            assert given - history - {"id"} <= set(source.columns), entity
            if source.rows < 100:
                continue  # too few rows for everything to happen
            for key in given & set(source.columns) - always - {"id"}:
                found = connection.execute(f'SELECT count("{key}"), count(*) FROM {source.scan}').fetchone()
                assert found is not None
                assert 0 < found[0] < found[1], (entity, key)


def test_the_same_order_gives_the_same_bytes(library: Library, tmp_path: Path, small: Path) -> None:
    make(library, SMALL, tmp_path / "b", threads=3)
    assert digest(tmp_path / "b") == digest(small)


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"region": "621026"}, {"employers": 41}, {"on": date(2023, 1, 1)}]
)
def test_another_order_gives_other_rows(
    library: Library, tmp_path: Path, small: Path, change: dict[str, Any]
) -> None:
    make(library, dataclasses.replace(SMALL, only=("employer",), **change), tmp_path / "b", threads=1)
    assert digest(tmp_path / "b")["employers.parquet"] != digest(small)["employers.parquet"]


def test_parts_hold_the_rows_of_their_employers_in_order(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    monkeypatch.setattr(orders, "PART", 25)
    make(library, dataclasses.replace(SMALL, employers=60, only=("hire",)), tmp_path / "a")
    names = sorted(path.name for path in (tmp_path / "a" / "hires").iterdir())
    assert names == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    for number, (first, last) in enumerate([(1, 25), (26, 50), (51, 60)]):
        part = tmp_path / "a" / "hires" / names[number]
        [(least, greatest)] = rows(part, f"SELECT min(employer_id), max(employer_id) FROM '{part}'")
        assert first <= least <= greatest <= last


def test_parts_hold_the_same_rows_as_a_whole(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: Rows, small: Path
) -> None:
    order = dataclasses.replace(SMALL, only=("employer", "person", "hire", "loan", "history"))
    monkeypatch.setattr(orders, "PART", 21)
    make(library, order, tmp_path / "parts")
    for stem in ("employers", "persons", "hires", "loans", "history"):
        query = f"SELECT * FROM {{{stem}}}"
        assert rows(tmp_path / "parts", query) == rows(small, query), stem


@pytest.mark.parametrize("stem", ["employers", "persons", "hires", "internships", "loans", "bases"])
def test_rows_stand_in_the_order_of_their_ids(made: Path, rows: Rows, stem: str) -> None:
    ids = [id for (id,) in rows(made, f"SELECT id FROM {{{stem}}}")]
    assert ids == sorted(set(ids))
    assert ids


def test_ids_of_different_files_are_different(made: Path, rows: Rows) -> None:
    stems = ("employers", "persons", "hires", "internships", "loans", "bases", "funds")
    ids = [id for stem in stems for (id,) in rows(made, f"SELECT id FROM {{{stem}}}")]
    assert len(ids) == len(set(ids))


def test_employers_are_numbered_from_one(made: Path, rows: Rows) -> None:
    assert rows(made, "SELECT min(id), max(id), count(*) FROM {employers}") == [(1, 1000, 1000)]


def test_facts_of_persons_beside_their_hires_are_those_of_their_own_file(
    library: Library, tmp_path: Path, rows: Rows
) -> None:
    only = ("hire", "internship", "person")
    make(library, dataclasses.replace(SMALL, inline=True, only=only), tmp_path / "a")
    keys = [
        field.key
        for field in population_schema(library)["person"].fields.values()
        if field.fact is not None and field.entity == "person"
    ]
    written = {name for (name, *_) in rows(tmp_path / "a", "DESCRIBE SELECT * FROM {persons}")}
    columns = [key for key in keys if key in written]
    assert len(columns) > 20
    for stem in ("hires", "internships"):
        beside = ", ".join(f'h."person.{key}"' for key in columns)
        own = ", ".join(f'p."{key}"' for key in columns)
        query = (
            "SELECT {} FROM {{" + stem + "}} AS h JOIN {{persons}} AS p ON p.id = h.person_id ORDER BY h.id"
        )
        found = rows(tmp_path / "a", query.format(beside))
        assert found == rows(tmp_path / "a", query.format(own))
        assert found


def test_only_the_files_asked_for_are_written(library: Library, tmp_path: Path) -> None:
    manifest = make(library, dataclasses.replace(SMALL, only=("hire", "place")), tmp_path / "a")
    assert set(digest(tmp_path / "a")) == {"hires.parquet", "places.parquet", "manifest.json"}
    assert set(manifest["rows"]) == {"hire", "place"}


def test_the_manifest_says_what_was_made(library: Library, tmp_path: Path) -> None:
    manifest = make(library, FEW, tmp_path / "a")
    assert json.loads((tmp_path / "a" / "manifest.json").read_text(encoding="utf-8")) == manifest
    assert manifest["parameters"]["employers"] == 40
    assert manifest["versions"]["library"] == library.hash
    found = {file["name"]: file["sha256"] for file in manifest["files"]}
    assert found == {name: hash for name, hash in digest(tmp_path / "a").items() if name != "manifest.json"}
    assert manifest["rows"] == {"hire": manifest["files"][0]["rows"], "place": 3}


@pytest.mark.parametrize("mean", ["0", "0.5", "2", "5"])
def test_an_employer_has_as_many_hires_as_asked_on_average(
    library: Library, tmp_path: Path, mean: str
) -> None:
    order = Order(4000, "621025", seed=1, hires=Decimal(mean), only=("hire",))
    found = make(library, order, tmp_path / "a")["rows"]["hire"] / 4000
    assert abs(found - float(mean)) <= 0.06 * float(mean)


def test_every_county_of_a_region_has_employers(made: Path, rows: Rows) -> None:
    found = {code for (code,) in rows(made, "SELECT DISTINCT insured_region FROM {employers}")}
    assert found - {None} == set(counties("621000"))


def test_counties_stand_one_after_the_other(made: Path, rows: Rows) -> None:
    codes = [code for (code,) in rows(made, "SELECT insured_region FROM {employers}") if code]
    assert codes == sorted(codes)


def test_a_nation_has_employers_everywhere(library: Library, tmp_path: Path, rows: Rows) -> None:
    make(library, Order(25_000, NATION, seed=1, only=("employer", "place", "fund")), tmp_path / "a")
    found = {code for (code,) in rows(tmp_path / "a", "SELECT DISTINCT insured_region FROM {employers}")}
    assert found - {None} <= set(counties(NATION))
    assert len(found) > 0.99 * len(counties(NATION))


def test_a_region_that_is_not_listed_is_one_place(library: Library, tmp_path: Path, rows: Rows) -> None:
    make(library, Order(30, "150271", seed=1, only=("employer", "place")), tmp_path / "a")
    assert rows(
        tmp_path / "a", "SELECT DISTINCT insured_region FROM {employers} WHERE insured_region IS NOT NULL"
    ) == [("150271",)]
    assert [id for (id,) in rows(tmp_path / "a", "SELECT id FROM {places}")] == ["150000", "150200", "150271"]


def test_identifiers_are_nobody_elses(made: Path, rows: Rows) -> None:
    for query in (
        "SELECT count(uscc), count(DISTINCT uscc) FROM {employers}",
        "SELECT count(id_number), count(DISTINCT id_number) FROM {persons}",
    ):
        [(all, distinct)] = rows(made, query)
        assert all == distinct > 900


def test_a_birth_date_is_that_of_the_identity_number(made: Path, rows: Rows) -> None:
    query = """
        SELECT count(*), count(*) FILTER (WHERE substr(id_number, 7, 8) = strftime(born_on, '%Y%m%d'))
        FROM {persons} WHERE id_number IS NOT NULL AND born_on IS NOT NULL"""
    [(all, same)] = rows(made, query)
    assert all == same > 900


def test_some_are_hired_twice(library: Library, tmp_path: Path, rows: Rows) -> None:
    make(library, Order(4000, "621025", seed=1, only=("hire", "person")), tmp_path / "a")
    [(twice,)] = rows(
        tmp_path / "a",
        "SELECT count(*) FROM (SELECT person_id FROM {hires} GROUP BY ALL HAVING count(*) > 1)",
    )
    assert 10 < twice < 200
    assert rows(
        tmp_path / "a", "SELECT count(*) FROM {hires} WHERE person_id NOT IN (SELECT id FROM {persons})"
    ) == [(0,)]


def test_a_folder_that_is_there_is_left_alone(library: Library, tmp_path: Path) -> None:
    make(library, FEW, tmp_path / "a")
    before = digest(tmp_path / "a")
    with pytest.raises(FileExistsError, match="--force"):
        make(library, dataclasses.replace(FEW, seed=2), tmp_path / "a")
    assert digest(tmp_path / "a") == before


def test_a_population_is_replaced_where_asked_for(library: Library, tmp_path: Path) -> None:
    make(library, FEW, tmp_path / "a")
    before = digest(tmp_path / "a")
    make(library, dataclasses.replace(FEW, seed=2), tmp_path / "a", replace=True)
    assert digest(tmp_path / "a") != before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("content", [None, "{}", "[]", "?"])
def test_something_else_is_never_replaced(library: Library, tmp_path: Path, content: str | None) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "thesis.docx").touch()
    if content is not None:
        (folder / "manifest.json").write_text(content)
    with pytest.raises(FileExistsError, match="nothing is replaced"):
        make(library, FEW, folder, replace=True)
    assert (folder / "thesis.docx").exists()


def test_an_empty_folder_is_filled(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    make(library, FEW, tmp_path / "a")
    assert (tmp_path / "a" / "manifest.json").exists()


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError("disk full")])
def test_what_ends_early_leaves_nothing(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    monkeypatch.setattr(orders, "PART", 10)

    def stop(done: int, total: int) -> None:
        assert done < total
        if done == 3:
            raise kind

    with pytest.raises(BaseException) as caught:
        make(library, FEW, tmp_path / "a", progress=stop)
    assert isinstance(caught.value, KeyboardInterrupt | OSError)
    assert list(tmp_path.iterdir()) == []


def test_what_ends_early_leaves_what_was_there(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(library, FEW, tmp_path / "a")
    before = digest(tmp_path / "a")

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(making, "_manifest", full)
    with pytest.raises(OSError, match="disk full"):
        make(library, dataclasses.replace(FEW, seed=2), tmp_path / "a", replace=True)
    assert digest(tmp_path / "a") == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_progress_counts_the_files(library: Library, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    make(library, FEW, tmp_path / "a", progress=lambda done, total: seen.append((done, total)))
    files = len(digest(tmp_path / "a")) - 1
    assert seen == [(number, files) for number in range(1, files + 1)]
