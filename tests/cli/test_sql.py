"""`zhida sql` prints what screening runs."""

from __future__ import annotations

import duckdb
import pytest

from zhida.library import load
from zhida.population import LOGICAL_TYPES, file_stem, population_schema

from .conftest import ROOT, Run


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "postgres"])
def test_each_dialect_reads_the_population_s_tables(run: Run, dialect: str):
    result = run("sql", "稳岗返还", "--region", "621025", "--dialect", dialect)
    assert result.exit_code == 0, result.stderr
    quote = "`" if dialect == "spark" else '"'
    assert f"FROM {quote}employers{quote}" in result.stdout
    assert "-- 失业保险稳岗返还: 正人社发〔2022〕91号 一(十) (ZN91-030), 621025, 2022-12-31" in result.stdout


def test_every_region_that_enacts_a_measure_has_its_statement(run: Run):
    found = run("sql", "job-retention-refund").stdout
    assert [region in found for region in ("621025", "620800", "150200", "210000")] == [
        True,
        True,
        True,
        False,
    ]  # 辽宁 waits for a text


def test_the_statement_runs_over_an_empty_population(run: Run):
    sql = run("sql", "稳岗返还", "--region", "621025").stdout
    with duckdb.connect() as connection:
        for entity, schema in population_schema(load(ROOT / "policies")[0]).items():
            kinds = {name: LOGICAL_TYPES.get(field.kind, "VARCHAR") for name, field in schema.fields.items()}
            columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
            connection.execute(f'CREATE TABLE "{file_stem(entity)}" ({columns})')
        assert connection.execute(sql.rstrip().rstrip(";")).fetchall() == []


def test_a_measure_that_is_closed_is_said_to_be(run: Run):
    result = run("sql", "稳岗返还", "--region", "621025", "--on", "2030-01-01")
    assert result.exit_code == 2
    assert result.stderr.startswith("MEASURE: measure/not-open")


def test_an_unknown_dialect_is_refused(run: Run):
    result = run("sql", "稳岗返还", "--dialect", "oracle")
    assert result.exit_code == 2
    assert result.stderr.startswith("--dialect: option/unknown-dialect")
