"""`zhida simulate` from end to end: real screenings of small populations, compared."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.simulate.changed import DEARER, RETENTION, edited

from zhida.cli import simulate as command

from .conftest import Run

EMPLOYERS = """
    id BIGINT, insured_region VARCHAR, industry VARCHAR, size VARCHAR, org_type VARCHAR,
    layoff_rate_last_year DECIMAL(7,6), insured_last_year_end BIGINT,
    unemployment_contribution_months_last_year BIGINT,
    unemployment_contributions_last_year DECIMAL(18,2), seriously_dishonest BOOLEAN, labour_dispatch BOOLEAN
"""
ROWS = (
    (1, "621025", "H62", "微型", "企业", "0.01", 20, 12, "1000.00", False, False),
    (2, "621025", "C13", "大型", "企业", "0.01", 2000, 12, "50000.00", False, False),
    (3, "621025", "C13", "小型", "企业", "0.10", 100, 12, "8000.00", False, False),
    (4, "621025", "F52", "小型", "企业", None, 100, 12, "3000.00", False, False),
    (5, "330106", "F52", "小型", "企业", "0.01", 100, 12, "3000.00", False, False),
)
REFUND = ("--region", "621025", "--on", "2022-10-01", "--measure", "稳岗返还")


@pytest.fixture
def population(tmp_path: Path) -> Path:
    """Employers 1 and 2 are eligible, 3 laid off too many, of 4 that is unknown; 5 is elsewhere."""
    folder = tmp_path / "population"
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t ({EMPLOYERS})")
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(ROWS[0]))})", ROWS)
        connection.execute(f"COPY t TO '{folder}/employers.parquet' (FORMAT parquet)")
    return folder


def read(path: Path, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM '{path}'").fetchall()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_lower_rate_costs_less_and_its_payees_lose(run: Run, population: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("simulate", population, *REFUND, "--set", "稳岗返还.rate_small=60%", "--out", out)
    assert result.exit_code == 0, result.stderr
    columns = "payee_id, size, section, amount_before, amount_after, difference"
    assert read(out / "payees.parquet", columns) == [
        ("1", "微型", "H", Decimal("900.00"), Decimal("600.00"), Decimal("-300.00"))
    ]
    figures = json.loads((out / "manifest.json").read_text())["figures"]
    assert figures["cost"]["before"] == "25900.00" and figures["cost"]["after"] == "25600.00"
    assert (figures["balance"]["winners"], figures["balance"]["losers"]) == (0, 1)
    assert "90%" in result.stdout and "60%（假设（--set））" in result.stdout
    assert "-300.00" in result.stdout


def test_a_wider_condition_makes_newly_eligible(run: Run, population: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("simulate", population, *REFUND, "--set", "稳岗返还.裁员率上限=10%", "--out", out)
    assert result.exit_code == 0, result.stderr
    columns = "unit_id, verdict_before, verdict_after, reason_before, reason_after, amount_after"
    assert read(out / "units.parquet", columns) == [
        ("3", "ineligible", "eligible", "layoff-rate", None, Decimal("7200.00"))
    ]
    assert [line.split()[-4:] for line in result.stdout.splitlines() if "ZN91" in line] == [
        ["1", "0", "0", "0"]
    ]


def test_an_unknown_stays_unknown(run: Run, population: Path, tmp_path: Path) -> None:
    run("simulate", population, *REFUND, "--set", "稳岗返还.裁员率上限=10%", "--out", tmp_path / "out")
    for side in ("before", "after"):
        rows = read(tmp_path / "out" / side / "units.parquet", "unit_id, verdict")
        assert ("4", "unknown") in rows and "5" not in dict(rows)


def test_another_library_is_the_law_after(run: Run, population: Path, tmp_path: Path) -> None:
    text = "not(单位.严重失信)"
    other = edited(tmp_path, (RETENTION, text, f'{text} and 单位.企业规模 != "大型"'))
    out = tmp_path / "out"
    result = run("simulate", population, *REFUND, "--library", other, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert read(out / "payees.parquet", "payee_id, difference") == [("2", Decimal("-25000.00"))]
    assert "条件 没有严重失信记录" in result.stdout


def test_settings_change_the_other_library_further(run: Run, population: Path, tmp_path: Path) -> None:
    other, out = edited(tmp_path, DEARER), tmp_path / "out"
    options = ("--library", other, "--set", "稳岗返还.rate_large=0", "--out", out)
    result = run("simulate", population, *REFUND, *options)
    assert result.exit_code == 0, result.stderr
    assert "1,000 元/人" in result.stdout and "0%（假设（--set））" in result.stdout
    assert read(out / "payees.parquet", "payee_id, difference") == [("2", Decimal("-25000.00"))]


def test_the_law_as_it_is_can_be_another_too(run: Run, population: Path, tmp_path: Path) -> None:
    base, out = edited(tmp_path, DEARER), tmp_path / "out"
    options = ("--baseline", base, "--set", "稳岗返还.rate_large=0", "--out", out)
    result = run("simulate", population, *REFUND, *options)
    assert result.exit_code == 0, result.stderr
    assert "1,000 元/人" not in result.stdout


def test_everything_is_written_and_named_with_its_hash(run: Run, population: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("simulate", population, *REFUND, "--set", "稳岗返还.rate_small=60%", "--out", out)
    assert sorted(os.listdir(out)) == [
        "after",
        "before",
        "manifest.json",
        "payees.parquet",
        "simulation.svg",
        "simulation.xlsx",
        "units.parquet",
    ]
    manifest = json.loads((out / "manifest.json").read_text())
    assert set(manifest["files"]) == set(contents(out)) - {"manifest.json"}
    assert manifest["assumptions"] == ["稳岗返还.rate_small=60%"]
    assert sorted(os.listdir(tmp_path)) == ["out", "population"]


def test_the_same_again_is_the_same_byte_for_byte(run: Run, population: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("simulate", population, *REFUND, "--set", "稳岗返还.rate_small=60%", "--out", tmp_path / name)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_folder_that_is_there_is_kept_unless_it_may_be_replaced(
    run: Run, population: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ("simulate", population, *REFUND, "--set", "稳岗返还.rate_small=60%", "--out", out)
    assert run(*arguments).exit_code == 0
    before = contents(out)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("--out: file/exists: ")
    assert contents(out) == before
    assert run(*arguments, "--force").exit_code == 0
    assert contents(out) == before


def test_what_is_no_simulation_is_never_replaced(run: Run, population: Path, tmp_path: Path) -> None:
    options = ("--set", "稳岗返还.rate_small=60%", "--out", population, "--force")
    result = run("simulate", population, *REFUND, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert os.listdir(population) == ["employers.parquet"]


def test_an_interruption_leaves_nothing(
    run: Run, population: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "write_workbook", interrupted)
    run("simulate", population, *REFUND, "--set", "稳岗返还.rate_small=60%", "--out", tmp_path / "out")
    assert os.listdir(tmp_path) == ["population"]


def test_everything_wrong_with_the_options_is_said_at_once(
    run: Run, population: Path, tmp_path: Path
) -> None:
    options = ("--region", "12", "--on", "2022-02-30", "--measure", "none", "--engine", "none")
    result = run("simulate", population, *options, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (2, "")
    codes = {line.split(": ")[1] for line in result.stderr.splitlines()}
    assert codes == {
        "region/malformed",
        "date/no-such-day",
        "option/unknown-measure",
        "option/unknown-engine",
        "option/missing",
    }


@pytest.mark.parametrize(
    "setting, words",
    [
        ("稳岗返还.rate_small=1.2", "expected a rate from 0 to 1"),
        ("稳岗返还.nothing=1", "has no parameter nothing"),
        ("nothing.rate=1", "unknown measure nothing"),
        ("rate=1", "expected MEASURE.PARAMETER=VALUE"),
        ("ecommerce-subsidy.amount=1", "is enacted neither in 621025 nor below it"),
    ],
)
def test_what_cannot_be_assumed_is_refused(
    run: Run, population: Path, tmp_path: Path, setting: str, words: str
) -> None:
    result = run("simulate", population, *REFUND, "--set", setting, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr and "--set " + setting.partition("=")[0] in result.stderr
    assert os.listdir(tmp_path) == ["population"]


def test_a_population_that_is_not_there_is_bad_input(run: Run, tmp_path: Path) -> None:
    options = ("--set", "稳岗返还.rate_small=60%", "--out", tmp_path / "out")
    result = run("simulate", tmp_path / "none", *REFUND, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1 and "none" in result.stderr
    assert os.listdir(tmp_path) == []


def test_too_little_memory_is_one_line(run: Run, population: Path, tmp_path: Path) -> None:
    options = ("--set", "稳岗返还.rate_small=60%", "--out", tmp_path / "out", "--memory", "much")
    result = run("simulate", population, *REFUND, *options)
    assert result.exit_code in (1, 2) and result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert os.listdir(tmp_path) == ["population"]
