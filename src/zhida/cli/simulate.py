"""`zhida simulate`: what another law would cost one and the same population, and who gains and loses."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import typer
import xlsxwriter

from zhida.cli import inputs
from zhida.cli.screen import FAILED, Options, check_options, deciding, first_line, progress_bar
from zhida.cli.simulation_chart import to_svg
from zhida.cli.simulation_table import print_simulation
from zhida.cli.simulation_workbook import write_workbook
from zhida.decide import Problem
from zhida.folder import FolderExists, new_folder
from zhida.library import Library
from zhida.library.assumed import AssumptionError, assume, read_assumptions
from zhida.population import PopulationError
from zhida.screen.duckdb_engine import connect
from zhida.screen.screening import screen
from zhida.simulate.amendments import amendments
from zhida.simulate.simulation import (
    BEFORE,
    KIND,
    Screener,
    Simulation,
    Where,
    provisions_of,
    simulate,
    write_manifest,
)
from zhida.simulate.statements import statements

WORKBOOK, CHART = "simulation.xlsx", "simulation.svg"


@dataclass(frozen=True, slots=True)
class Law:
    """`--set`, `--library` and `--baseline` as typed in."""

    settings: tuple[str, ...]
    library: str | None
    baseline: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """What to simulate: both laws, checked, and where and when."""

    before: Library
    after: Library
    where: Where
    settings: tuple[str, ...]
    measures: tuple[str, ...]
    options: Options


def run(
    population: str,
    region: str,
    on: str,
    out: str,
    measures: tuple[str, ...],
    law: Law,
    options: Options,
    force: bool,
) -> None:
    before = inputs.open_library(law.baseline)
    after = inputs.open_library(law.library) if law.library else before
    found = inputs.read_overrides(after, region, on, measures)
    check_options(options, found)
    if not (law.settings or law.library):
        nothing = "neither --set nor --library"
        found.problems.append(Problem("options", "option/missing", nothing, "another law to compare with"))
    if found.problems or found.region is None or found.on is None:
        inputs.fail(found.problems)
    after = _assumed(after, law.settings, found.region)
    where = Where(Path(population), found.region, found.on)
    task = Task(before, after, where, law.settings, found.measures, options)
    try:
        with (
            new_folder(Path(out), force and is_simulation(Path(out))) as folder,
            screening(task) as screener,
        ):
            simulation = write(task, folder, screener)
    except FolderExists:
        expected = "a new folder" if force else "a new folder, or --force and a simulation to replace"
        inputs.fail([Problem("--out", "file/exists", f"{out}, which is there already", expected)])
    except PopulationError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(inputs.BAD_INPUT) from None
    except duckdb.Error as error:
        print(f"zhida: {first_line(error)}; nothing was written", file=sys.stderr)
        raise typer.Exit(FAILED) from None
    print_simulation(after, simulation, out)


def is_simulation(folder: Path) -> bool:
    """Whether a folder holds what this command writes: nothing else is ever replaced."""
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("kind") == KIND


def write(task: Task, folder: Path, screener: Screener) -> Simulation:
    """Simulate, and write everything into `folder`."""
    where = task.where
    spill = folder / ".spill"
    with closing(connect(task.options.memory, spill)) as connection:
        effects = simulate(task.before, task.after, where, folder, screener, connection)
    shutil.rmtree(spill, ignore_errors=True)
    sides = (statements(library, where.region) for library in (task.before, task.after))
    simulation = Simulation(
        where.region,
        where.on,
        task.before.hash,
        task.after.hash,
        task.settings,
        amendments(*sides),
        provisions_of(task.before, task.after),
        effects,
    )
    write_workbook(folder / WORKBOOK, task.after, simulation)
    (folder / CHART).write_text(to_svg(task.after, simulation), encoding="utf-8")
    write_manifest(folder, simulation, {"xlsxwriter": xlsxwriter.__version__, "engine": task.options.engine})
    return simulation


@contextmanager
def screening(task: Task) -> Iterator[Screener]:
    """What screens a side; the bar goes once from left to right for both."""
    where = task.where
    with deciding(task.options) as decider, progress_bar() as progress:

        def screener(library: Library, out: Path) -> None:
            first = out.name == BEFORE
            screen(
                library,
                where.population,
                where.region,
                where.on,
                out,
                measures=task.measures,
                memory=task.options.memory,
                progress=lambda step, done: progress(f"{out.name}: {step}", (done + (not first)) / 2),
                decider=decider,
            )

        yield screener


def _assumed(library: Library, settings: tuple[str, ...], region: str) -> Library:
    if not settings:
        return library
    try:
        return assume(library, read_assumptions(library, settings), region)
    except AssumptionError as error:
        inputs.print_diagnostics(error.diagnostics)
        raise typer.Exit(inputs.BAD_INPUT) from None
