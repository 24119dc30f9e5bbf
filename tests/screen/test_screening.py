"""A whole screening: what a population lacks, holds twice or says in another form, and what stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.conftest import POLICIES
from tests.screen import populations
from tests.screen.populations import Rows

from zhida.library import Library
from zhida.population import PopulationError
from zhida.screen import duckdb_engine, screening
from zhida.screen.screening import screen

DAY = date(2022, 10, 1)
COUNTY, CITY, GANSU, LIAONING = "621025", "620802", "620000", "210000"
TABLES = ("units", "awards", "summary", "worklist")
HIRED = {
    "hired_on": date(2022, 7, 10), "contract_months": 12, "unemployment_insured_months": 3,
    "identity_used_expansion": False,
}  # fmt: skip
GRADUATE = {"graduated_on": date(2022, 6, 30), "education": "本科", "unemployed": True}
REFUNDABLE = {
    "org_type": "企业", "size": "小型", "insured_last_year_end": 28, "layoff_rate_last_year": "0.10",
    "unemployment_contributions_last_year": "12345.67", "unemployment_contribution_months_last_year": 12,
    "seriously_dishonest": False, "labour_dispatch": False,
}  # fmt: skip
MEASURES = ("job-retention-refund", "hiring-subsidy", "hiring-expansion", "startup-loan-personal")


def town(region: str | None = COUNTY) -> Rows:
    """An employer with two hires and one without any."""
    rows = Rows()
    rows.add("employer", "1", **REFUNDABLE, insured_region=region)
    rows.add("employer", "2", **REFUNDABLE, insured_region=region)
    rows.add("person", "11", **GRADUATE)
    rows.add("hire", "21", employer_id="1", person_id="11", **HIRED)
    rows.add("hire", "22", employer_id="1", **HIRED)
    return rows


Screened = Callable[..., Path]


@pytest.fixture
def screened(library: Library, tmp_path: Path) -> Screened:
    """Writes rows, screens them, and gives the folder of the results."""

    def run(rows: Rows, region: str = COUNTY, on: date = DAY, **how: Any) -> Path:
        number = len(list(tmp_path.iterdir()))
        folder = rows.write(library, tmp_path / f"population{number}", **how)
        screen(library, folder, region, on, tmp_path / f"out{number}", MEASURES)
        return tmp_path / f"out{number}"

    return run


def units(out: Path, columns: str = "measure, unit_id, verdict") -> list[tuple[Any, ...]]:
    return duckdb.sql(f"SELECT {columns} FROM '{out}/units.parquet' ORDER BY ALL").fetchall()


def one(sql: str) -> tuple[Any, ...]:
    return duckdb.sql(sql).fetchall()[0]


def digests(out: Path) -> dict[str, str]:
    return {name: sha256((out / f"{name}.parquet").read_bytes()).hexdigest() for name in TABLES}


def manifest(out: Path) -> Any:
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


def test_employers_without_hires_and_hires_without_persons_are_decided_too(screened: Screened) -> None:
    assert units(screened(town())) == [
        ("hiring-expansion", "21", "eligible"),
        ("hiring-expansion", "22", "unknown"),
        ("hiring-subsidy", "21", "eligible"),
        ("hiring-subsidy", "22", "unknown"),
        ("job-retention-refund", "1", "eligible"),
        ("job-retention-refund", "2", "eligible"),
    ]


def test_hires_may_carry_their_persons_facts_where_there_is_no_file_of_persons(screened: Screened) -> None:
    rows = town()
    del rows.tables["person"]
    for hire in rows.tables["hire"]:
        hire |= {"person_id": None} | {f"person.{key}": value for key, value in GRADUATE.items()}
    verdicts = [row for row in units(screened(rows)) if row[0] == "hiring-subsidy"]
    assert verdicts == [("hiring-subsidy", "21", "eligible"), ("hiring-subsidy", "22", "eligible")]


def test_a_loan_is_decided_where_its_employer_is_else_its_person_else_where_it_was_asked(
    screened: Screened,
) -> None:
    rows = town()
    rows.add("employer", "3", insured_region=LIAONING)
    rows.add("person", "12", insured_region=COUNTY)
    rows.add("person", "13", insured_region="110105")
    for id, employer, person in (("a", None, None), ("b", "1", None), ("c", None, "12"), ("d", "1", "13"),
                                 ("e", "3", "12"), ("f", None, "13"), ("g", None, "11")):  # fmt: skip
        rows.add("loan", id, employer_id=employer, person_id=person)
    found = [id for measure, id, _ in units(screened(rows)) if measure == "startup-loan-personal"]
    assert found == ["a", "b", "c", "d", "g"]


def test_without_history_and_places_nothing_was_paid_and_places_are_unknown(screened: Screened) -> None:
    empty = town()
    empty.tables["history"] = []
    assert units(screened(town()), "*") == units(screened(empty), "*")


def test_rows_without_a_region_are_decided_where_the_screening_was_asked_for(screened: Screened) -> None:
    regions = {region for (region,) in units(screened(town(None)), "DISTINCT region")}
    assert regions == {COUNTY}


def test_a_province_is_screened_by_the_documents_of_each_place(library: Library, screened: Screened) -> None:
    rows = Rows()
    for number, region in enumerate((COUNTY, CITY, "620826", "620100", "210302", "621000", "150203")):
        rows.add("employer", f"{number}", **REFUNDABLE, insured_region=region)
    rows.add("employer", "nowhere", **REFUNDABLE)
    assert units(screened(rows, GANSU), "region, row") == [(COUNTY, "ZN91-030")]
    assert units(screened(rows, GANSU, date(2023, 10, 1)), "region, row") == [
        (CITY, "PL75-002"),
        ("620826", "PL75-002"),
    ]
    assert units(screened(rows, "620800", date(2023, 10, 1)), "region, row") == [
        ("620800", "PL75-002"),
        (CITY, "PL75-002"),
        ("620826", "PL75-002"),
    ]
    nation = units(screened(rows, "000000"), "region, row")
    assert nation == [("150203", "BT78-016"), (COUNTY, "ZN91-030")]


def test_on_a_day_outside_every_window_nothing_is_decided_and_the_manifest_says_why(
    screened: Screened,
) -> None:
    out = screened(town(), on=date(2019, 1, 1))
    found = manifest(out)
    assert units(out) == [] and found["provisions"] == []
    assert {rule["measure"] for rule in found["not_open"]} == set(MEASURES)
    assert [output["rows"] for output in found["outputs"]] == [0, 0, 0, 0]


def test_a_place_without_documents_has_no_units(screened: Screened) -> None:
    assert units(screened(town("110105"), "110105")) == []


def test_an_empty_file_is_a_file_without_rows(screened: Screened) -> None:
    rows = town()
    rows.tables["hire"] = []
    assert {measure for measure, _, _ in units(screened(rows))} == {"job-retention-refund"}


@pytest.mark.parametrize(("files", "encoding"), [("csv", "utf-8"), ("csv", "utf-8-sig"), ("csv", "gbk")])
def test_csv_says_the_same_as_parquet(screened: Screened, files: str, encoding: str) -> None:
    rows = town()
    rows.add("history", measure="hiring-subsidy", subject="11", on=date(2022, 2, 1), amount="1000.00")
    assert digests(screened(rows, files=files, encoding=encoding)) == digests(screened(rows))


def test_ids_may_be_integers_or_texts(screened: Screened) -> None:
    whole = town()
    for table in whole.tables.values():
        for row in table:
            row |= {k: int(v) for k, v in row.items() if k in ("id", "employer_id", "person_id") and v}
    assert units(screened(whole), "*") == units(screened(town()), "*")
    assert awards(screened(whole)) == awards(screened(town()))


def awards(out: Path) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"SELECT * FROM '{out}/awards.parquet' ORDER BY ALL").fetchall()


def test_the_summary_counts_all_units_and_the_manifest_all_rows(screened: Screened) -> None:
    out = screened(town())
    summed = one(f"SELECT sum(units), sum(amount) FROM '{out}/summary.parquet'")
    counted = one(f"SELECT count(*), sum(amount) FROM '{out}/units.parquet'")
    assert summed == counted
    told = {output["file"]: output["rows"] for output in manifest(out)["outputs"]}
    rows = {f"{n}.parquet": len(duckdb.sql(f"FROM '{out}/{n}.parquet'").fetchall()) for n in TABLES}
    assert told == rows


def test_every_yuan_of_eligible_units_is_awarded_given_up_or_barred(screened: Screened) -> None:
    out = screened(town())
    paid, lost = one(f"SELECT sum(amount), sum(given_up) FROM '{out}/awards.parquet'")
    worth = one(f"SELECT sum(amount) FROM '{out}/units.parquet' WHERE verdict = 'eligible'")
    assert worth == (paid + lost,)


@pytest.mark.parametrize("entity", ["employer", "person", "hire"])
def test_an_id_that_stands_twice_is_refused_and_nothing_is_written(
    entity: str, library: Library, screened: Screened, tmp_path: Path
) -> None:
    rows = town()
    rows.tables[entity].append(dict(rows.tables[entity][0]))
    with pytest.raises(PopulationError) as refused:
        screened(rows)
    assert [p.code for p in refused.value.problems] == ["id/duplicate"]
    assert [path.name for path in tmp_path.iterdir()] == ["population0"]


# ---- one and the same, whatever runs it


def many(library: Library, folder: Path, employers: int) -> Path:
    """A population of thousands, by arithmetic."""
    rows = Rows()
    for n in range(employers):
        facts = REFUNDABLE | {"insured_last_year_end": n % 60, "size": ("小型", "大型", "中型", None)[n % 4]}
        rows.add("employer", n, **facts, insured_region=COUNTY)
        rows.add("person", n, **GRADUATE)
        rows.add("hire", n, employer_id=n // 2, person_id=n - n % 3, **(HIRED | {"contract_months": n % 13}))
    return rows.write(library, folder)


@pytest.fixture(scope="module")
def crowd(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many(library, tmp_path_factory.mktemp("crowd"), 30_000)


def test_two_runs_write_the_same_bytes_with_any_number_of_threads(
    library: Library, crowd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(
            screening, "connect", lambda memory, spill, n=threads: duckdb_engine.connect(memory, spill, n)
        )
        screen(library, crowd, COUNTY, DAY, tmp_path / str(threads), MEASURES)
        found.append((digests(tmp_path / str(threads)), manifest(tmp_path / str(threads))))
    assert found[0] == found[1] == found[2]


RUN = """import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
import sys
from datetime import date
from pathlib import Path
from zhida.library import load
from zhida.screen.screening import screen
library, _ = load(Path(sys.argv[1]))
print("ready", flush=True)
screen(library, Path(sys.argv[2]), "621025", date(2022, 10, 1), Path(sys.argv[3]), sys.argv[4].split(","),
       progress=lambda step, done: print(step, flush=True))
"""


def start(crowd: Path, out: Path, *measures: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", RUN, str(POLICIES), str(crowd), str(out), ",".join(measures)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, start_new_session=True)


def test_ctrl_c_stops_a_run_at_once_and_leaves_nothing(crowd: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(crowd, out, *MEASURES)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("deciding"):
            os.kill(process.pid, signal.SIGINT)
            break
    process.wait(timeout=60)
    process.stdout.close()
    assert process.returncode not in (0, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["reading the rules", "deciding: hire", "units", "awards"])
def test_a_killed_run_leaves_the_screening_before_it_and_the_next_one_cleans_up(
    step: str, library: Library, crowd: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    screen(library, crowd, COUNTY, DAY, out, ["hiring-subsidy"])
    before = digests(out), manifest(out)
    process = start(crowd, out, *MEASURES)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(step):
            time.sleep(0.02)
            os.kill(process.pid, signal.SIGKILL)
            break
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    assert (digests(out), manifest(out)) == before
    screen(library, crowd, COUNTY, DAY, out, ["hiring-expansion"])
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["manifest.json", *(f"{n}.parquet" for n in TABLES)]
    )


def test_with_little_memory_it_finishes_or_says_that_there_is_too_little(
    library: Library, crowd: Path, tmp_path: Path
) -> None:
    screen(library, crowd, COUNTY, DAY, tmp_path / "much", MEASURES)
    screen(library, crowd, COUNTY, DAY, tmp_path / "little", MEASURES, memory="100MB")
    assert digests(tmp_path / "little") == digests(tmp_path / "much")
    with pytest.raises(duckdb.OutOfMemoryException):
        screen(library, crowd, COUNTY, DAY, tmp_path / "none", MEASURES, memory="2MB")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["little", "much"]


def test_a_population_in_tests_is_one_that_can_be_checked(library: Library, tmp_path: Path) -> None:
    assert populations.id_number(7) != populations.id_number(8)
    folder = town().write(library, tmp_path / "population")
    assert sorted(path.name for path in folder.iterdir()) == [
        "employers.parquet",
        "hires.parquet",
        "persons.parquet",
    ]
