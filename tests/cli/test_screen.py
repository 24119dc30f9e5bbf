"""`zhida screen` from files to tables, and every way in which it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from .conftest import Run

PLACE = ("--region", "621025", "--on", "2022-10-01")
REFUND = (*PLACE, "--measure", "稳岗返还")
ROWS = (
    # id, region, size, layoff rate, insured, contributions, dishonest
    (1, "621025", "微型", "0.01", 20, "1000.00", False),
    (2, "621025", "大型", "0.01", 2000, "50000.00", False),
    (3, "621025", "小型", "0.10", 100, "8000.00", False),
    (4, "621025", "小型", None, 100, "3000.00", False),
    (5, "330106", "小型", "0.01", 100, "3000.00", False),
    (6, None, "小型", "0.2", 30, "0.05", False),
)
EMPLOYERS = """
    id BIGINT, insured_region VARCHAR, size VARCHAR, layoff_rate_last_year DECIMAL(7,6),
    insured_last_year_end BIGINT, unemployment_contributions_last_year DECIMAL(18,2),
    seriously_dishonest BOOLEAN
"""


@pytest.fixture
def population(tmp_path: Path) -> Path:
    """Of 1, 2 and 6 all is known, 6 is wherever one looks; 3 laid off too many; 5 is elsewhere."""
    folder = tmp_path / "population"
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE employers ({EMPLOYERS})")
        connection.executemany("INSERT INTO employers VALUES (?, ?, ?, ?, ?, ?, ?)", ROWS)
        given = (
            "'企业' AS org_type, 12 AS unemployment_contribution_months_last_year, false AS labour_dispatch"
        )
        connection.execute(f"COPY (SELECT *, {given} FROM employers) TO '{folder / 'employers.parquet'}'")
    return folder


def table(folder: Path, name: str, columns: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM '{folder / name}.parquet'").fetchall()


def test_every_employer_of_the_county_is_decided_and_no_other(run: Run, population: Path, tmp_path: Path):
    out = tmp_path / "out"
    result = run("screen", population, *REFUND, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert table(out, "units", "unit_id, verdict, reason, missing, CAST(amount AS VARCHAR)") == [
        ("1", "eligible", None, [], "900.00"),
        ("2", "eligible", None, [], "25000.00"),
        ("3", "ineligible", "layoff-rate", [], "0.00"),
        ("4", "unknown", None, ["employer.layoff_rate_last_year", "employer.insured_last_year_start"], None),
        ("6", "eligible", None, [], "0.05"),  # 0.045, rounded half up
    ]
    assert "失业保险稳岗返还" in result.stdout and "25,900.05" in result.stdout


def test_the_tables_agree_with_each_other(run: Run, population: Path, tmp_path: Path):
    out = tmp_path / "out"
    run("screen", population, *REFUND, "--out", out)
    assert table(out, "summary", "verdict, units, CAST(amount AS VARCHAR)") == [
        ("eligible", 3, "25900.05"),
        ("unknown", 1, "0.00"),
        ("ineligible", 1, "0.00"),
    ]
    assert table(out, "awards", "payee_id, units, CAST(amount AS VARCHAR)") == [
        ("1", 1, "900.00"),
        ("2", 1, "25000.00"),
        ("6", 1, "0.05"),
    ]
    # 90 % of what a small employer paid is the most that the fourth can get; its rate would settle it,
    # and so would the one number that the rate cannot be computed without
    assert table(out, "worklist", "fact, source, units, CAST(amount AS VARCHAR)") == [
        ("employer.insured_last_year_start", "社保经办机构", 1, "2700.00"),
        ("employer.layoff_rate_last_year", "社保经办机构", 1, "2700.00"),
    ]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [(o["file"], o["rows"]) for o in manifest["outputs"]] == [
        ("units.parquet", 5),
        ("awards.parquet", 3),
        ("summary.parquet", 3),
        ("worklist.parquet", 2),
    ]


def test_a_second_run_replaces_the_first_with_the_same_bytes(run: Run, population: Path, tmp_path: Path):
    out = tmp_path / "out"
    run("screen", population, *REFUND, "--out", out)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert run("screen", population, *REFUND, "--out", out).exit_code == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_sheets_can_be_kept_in_place_of_units(run: Run, population: Path, tmp_path: Path):
    out = tmp_path / "out"
    assert run("screen", population, *REFUND, "--out", out, "--wide").exit_code == 0
    assert not (out / "units.parquet").exists()
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (provision,) = manifest["provisions"]
    label = provision["label"]
    sheet = f"sheets/{provision['sheet'].removesuffix('.parquet')}"
    failing = provision["fails"].index("layoff-rate")
    lacks = sum(
        1 << provision["missing"].index(f"employer.{key}")
        for key in ("layoff_rate_last_year", "insured_last_year_start")
    )
    rows = table(out, sheet, f'unit, "{label}.fails", "{label}.missing"')
    assert rows == [(1, 99, 0), (2, 99, 0), (3, failing, 0), (4, 99, lacks), (6, 99, 0)]


def test_one_row_is_explained_as_a_case(run: Run, population: Path):
    result = run("screen", population, *REFUND, "--explain", "3")
    assert result.exit_code == 0
    assert "✗ 上年度未裁员或裁员率不高于控制目标" in result.stdout


def test_a_day_outside_every_window_gives_no_units_and_says_so(run: Run, population: Path, tmp_path: Path):
    later = ("--region", "621025", "--on", "2030-01-01", "--measure", "稳岗返还")
    result = run("screen", population, *later, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "不在办理期内：失业保险稳岗返还" in result.stdout
    assert table(tmp_path / "out", "units", "*") == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--out", "o", "--engine", "hive"), "--engine: option/unknown-engine"),
        (("--out", "o", "--memory", "much"), "--memory: option/malformed"),
        (("--out", "o", "--measure", "稳岗返环"), "--measure: option/unknown-measure"),
        ((), "--out: option/missing"),
        (("--out", "o", "--explain", "3"), "--out: option/missing"),
        (("--explain", "77"), "--explain: id/unknown"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    run: Run, population: Path, options: tuple[str, ...], told: str
):
    result = run("screen", population, *PLACE, *options)
    assert result.exit_code == 2
    assert result.stderr.startswith(told)
    assert result.stdout == ""


def test_another_folder_is_never_replaced(run: Run, population: Path, tmp_path: Path):
    out = tmp_path / "letters"
    out.mkdir()
    (out / "letter.txt").write_text("dear", encoding="utf-8")
    result = run("screen", population, *REFUND, "--out", out)
    assert result.exit_code == 2
    assert "file/exists" in result.stderr
    assert [path.name for path in out.iterdir()] == ["letter.txt"]


def test_a_value_that_does_not_fit_is_told_and_the_earlier_results_stay(
    run: Run, population: Path, tmp_path: Path
):
    out = tmp_path / "out"
    run("screen", population, *REFUND, "--out", out)
    before = (out / "units.parquet").read_bytes()
    employers = "id,org_type,size\n1,企业,小型\n2,企业,很小\n"
    (population / "employers.parquet").unlink()
    (population / "employers.csv").write_text(employers, encoding="utf-8")
    result = run("screen", population, *REFUND, "--out", out)
    assert result.exit_code == 2
    assert result.stderr.startswith("employers.csv: column size: 1 value is no known choice")
    assert "很小" in result.stderr
    assert (out / "units.parquet").read_bytes() == before


def test_a_folder_that_is_not_there_is_told(run: Run, tmp_path: Path):
    result = run("screen", tmp_path / "nowhere", *REFUND, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert not (tmp_path / "out").exists()
