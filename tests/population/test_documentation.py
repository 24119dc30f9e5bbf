"""docs/populations.md names every file, every kind of fact with its type, and every option of the command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from zhida.cli import population
from zhida.library import Library
from zhida.population import LOGICAL_TYPES, population_schema

PAGE = Path(__file__).parents[2] / "docs" / "populations.md"


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    """The cells of every row of every table."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def test_every_file_is_described_with_its_ids(library: Library, rows: list[list[str]]) -> None:
    described = {row[0].strip("`"): set(re.findall(r"`(\w*id)`", row[2])) for row in rows if len(row) == 3}
    for schema in population_schema(library).values():
        assert schema.stem in described
        assert described[schema.stem] <= set(schema.fields)


def test_every_kind_of_fact_has_its_type(rows: list[list[str]]) -> None:
    described = {row[0]: row[1] for row in rows if len(row) == 3}
    assert {kind: described.get(kind) for kind in LOGICAL_TYPES} == dict(LOGICAL_TYPES)


def test_every_option_of_make_is_described(rows: list[list[str]]) -> None:
    described = {row[0].strip("`") for row in rows if row[0].startswith("`--")}
    command = typer.main.get_command(population.app)
    make = command.commands["make"]  # type: ignore[attr-defined]
    assert described == {option for parameter in make.params for option in parameter.opts}
