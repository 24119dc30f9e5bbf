"""`zhida population`: what check prints and exits with, what make writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from zhida.population import make as making

from .conftest import Run

GOOD = "id,org_type,staff\n1,企业,5\n2,,\n"
BAD = "id,org_type,staff,colour\n1,公司,5,red\n2,企业,-1,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "population"
    path.mkdir()
    return path


def write(folder: Path, text: str, name: str = "employers.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def make(run: Run, out: Path, *options: object, employers: object = 30, region: object = "621025") -> Any:
    return run("population", "make", "--employers", employers, "--region", region, "--out", out, *options)


def test_a_good_population_is_described(run: Run, folder: Path) -> None:
    result = run("population", "check", write(folder, GOOD))
    assert result.exit_code == 0, result.stdout + result.stderr
    lines = result.stdout.splitlines()
    assert lines[1] == "employers.csv: 2 rows"
    assert lines[2].split() == ["column", "type", "given", "least", "greatest"]
    assert [line.split() for line in lines[4:7]] == [
        ["id", "VARCHAR", "100", "%"],
        ["org_type", "VARCHAR", "50", "%"],
        ["staff", "VARCHAR", "50", "%", "5", "5"],
    ]
    assert lines[-1] == "1 file, 2 rows, 0 errors"


def test_errors_are_listed_and_exit_1(run: Run, folder: Path) -> None:
    result = run("population", "check", write(folder, BAD))
    assert result.exit_code == 1
    tail = result.stdout[result.stdout.index("\nnotes") :].splitlines()
    assert tail[1:] == [
        "notes: 1",
        "  employers.csv: column colour: is not a fact of the entity",
        "",
        "errors: 2",
        "  employers.csv: column org_type: 1 value is no known choice (first: row 1: '公司')",
        "  employers.csv: column staff: 1 value is negative (first: row 2: '-1')",
        "",
        "1 file, 2 rows, 2 errors",
    ]


def test_notes_alone_exit_0(run: Run, folder: Path) -> None:
    result = run("population", "check", write(folder, "id,colour\n1,red\n"))
    assert result.exit_code == 0
    assert "notes: 1" in result.stdout


def test_json_says_the_same(run: Run, folder: Path) -> None:
    result = run("population", "check", write(folder, BAD), "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    [file] = report["files"]
    assert (file["entity"], file["rows"], file["parts"], file["unknown_columns"]) == (
        "employer",
        2,
        1,
        ["colour"],
    )
    assert file["columns"][2] == {
        "name": "staff",
        "kind": "count",
        "physical": "VARCHAR",
        "logical": "BIGINT",
        "given": 2,
        "absent": 0,
        "least": "-1",
        "greatest": "5",
    }
    assert report["errors"][1] == {
        "file": "employers.csv",
        "column": "staff",
        "code": "number/negative",
        "count": 1,
        "row": 2,
        "example": "'-1'",
        "message": "employers.csv: column staff: 1 value is negative (first: row 2: '-1')",
    }
    assert [note["code"] for note in report["notes"]] == ["column/unknown"]


def test_a_day_finds_events_after_it(run: Run, folder: Path) -> None:
    write(folder, "id,employer_id,hired_on\n1,1,2022-10-02\n", "hires.csv")
    assert run("population", "check", folder).exit_code == 0
    result = run("population", "check", folder, "--on", "2022-10-01")
    assert result.exit_code == 1
    assert "1 value is after 2022-10-01" in result.stdout


def test_files_that_cannot_be_read_exit_2(run: Run, folder: Path) -> None:
    (folder / "hires.parquet").write_bytes(b"")
    (folder / "loans.parquet").write_text("?")
    result = run("population", "check", folder, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sorted(result.stderr.splitlines()) == [
        "hires.parquet: is empty (0 bytes)",
        "loans.parquet: is not a Parquet file",
    ]


def test_a_file_damaged_in_the_middle_exits_2(run: Run, folder: Path) -> None:
    path = folder / "employers.parquet"
    duckdb.sql("SELECT i AS id, hash(i) % 1000 AS staff FROM range(5000) AS r(i)").write_parquet(str(path))
    content = bytearray(path.read_bytes())
    content[4:64] = b"\xff" * 60
    path.write_bytes(content)
    result = run("population", "check", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"zhida: {folder}: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_that_is_not_there_exits_2(run: Run, tmp_path: Path) -> None:
    result = run("population", "check", tmp_path / "nowhere")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{tmp_path / 'nowhere'}: no such folder\n"


def test_a_day_that_is_none_exits_2(run: Run, folder: Path) -> None:
    result = run("population", "check", write(folder, GOOD), "--on", "2022-02-30")
    assert result.exit_code == 2
    assert result.stderr.startswith("--on: date/no-such-day: ")


def test_a_population_is_made_and_passes_its_check(run: Run, tmp_path: Path) -> None:
    result = make(run, tmp_path / "a")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"{tmp_path / 'a'}: 0.")
    assert " MB: 30 employers, " in result.stdout
    assert run("population", "check", tmp_path / "a", "--on", "2022-10-01").exit_code == 0


def test_options_decide_what_is_made(run: Run, tmp_path: Path) -> None:
    result = make(
        run, tmp_path / "a", "--seed", 5, "--on", "2023-01-01", "--hires-per-employer", "0.5",
        "--only", "employers,hires", "--inline-persons", "--threads", 1,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters"] == {
        "employers": 30,
        "region": "621025",
        "seed": 5,
        "on": "2023-01-01",
        "hires_per_employer": "0.5",
        "only": ["employer", "hire"],
        "inline_persons": True,
    }
    assert {path.name for path in (tmp_path / "a").iterdir()} == {
        "employers.parquet",
        "hires.parquet",
        "manifest.json",
    }
    hires = duckdb.sql(f"DESCRIBE SELECT * FROM '{tmp_path / 'a' / 'hires.parquet'}'").fetchall()
    assert "person.graduated_on" in {name for name, *_ in hires}


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--region", "62102"), "--region: region/malformed: found 62102, expected six digits"),
        (("--region", "991025"), "--region: region/malformed: "),
        (
            ("--employers", 0),
            "--employers: number/out-of-range: found 0, expected a number from 1 to 100,000,000",
        ),
        (("--employers", 100_000_001), "--employers: number/out-of-range: "),
        (("--seed", -1), "--seed: number/out-of-range: "),
        (("--hires-per-employer", "-1"), "--hires-per-employer: number/out-of-range: found -1, "),
        (("--hires-per-employer", "21"), "--hires-per-employer: number/out-of-range: "),
        (("--hires-per-employer", "nan"), "--hires-per-employer: number/out-of-range: "),
        (("--hires-per-employer", "two"), "--hires-per-employer: number/out-of-range: "),
        (("--on", "tomorrow"), "--on: type/date: "),
        (("--only", "employers,cats"), "--only: option/unknown-file: found cats, expected one of "),
    ],
)
def test_options_that_make_no_sense_are_told(
    run: Run, tmp_path: Path, options: tuple[object, ...], line: str
) -> None:
    result = make(run, tmp_path / "a", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith(line)
    assert list(tmp_path.iterdir()) == []


def test_every_bad_option_is_told_at_once(run: Run, tmp_path: Path) -> None:
    result = make(run, tmp_path / "a", "--seed", -1, "--on", "x", employers=0, region="x")
    assert len(result.stderr.splitlines()) == 4


def test_a_folder_that_is_there_needs_force(run: Run, tmp_path: Path) -> None:
    few = ("--only", "places")
    assert make(run, tmp_path / "a", *few).exit_code == 0
    result = make(run, tmp_path / "a", *few)
    assert result.exit_code == 2
    assert result.stderr == f"zhida: {tmp_path / 'a'} exists; --force replaces a population\n"
    assert make(run, tmp_path / "a", "--force", *few).exit_code == 0


def test_force_replaces_nothing_but_populations(run: Run, folder: Path) -> None:
    write(folder, GOOD)
    result = make(run, folder, "--force", "--only", "places")
    assert result.exit_code == 2
    assert "nothing is replaced" in result.stderr
    assert (folder / "employers.csv").read_text(encoding="utf-8") == GOOD


def test_a_disk_that_refuses_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise duckdb.IOException("IO Error: Async write failed: No space left on device\nmore")

    monkeypatch.setattr(making, "make", full)
    result = make(run, tmp_path / "a")
    assert result.exit_code == 2
    assert result.stderr == f"zhida: {tmp_path / 'a'}: No space left on device; nothing was written\n"
