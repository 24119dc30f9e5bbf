"""`zhida screen`: every unit of a population decided at once, into a folder of tables."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from zhida.cli import inputs, layout
from zhida.cli.explain import explain_unit
from zhida.cli.inputs import Overrides
from zhida.decide import Problem
from zhida.decide.case import SINGLETONS
from zhida.decide.read import build_case
from zhida.library import Library
from zhida.population import PopulationError, open_population
from zhida.population.cases import Cases
from zhida.screen.screening import NotAScreening, screen
from zhida.screen.verdicts import VERDICTS

FAILED = 1
ENGINES = ("duckdb", "spark")
MEMORY = re.compile(r"\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)")


@dataclass(frozen=True, slots=True)
class Options:
    """`--engine`, `--master`, `--memory` and `--wide` as typed in."""

    engine: str
    master: str | None
    memory: str
    wide: bool


def run(
    population: str,
    region: str,
    on: str,
    out: str | None,
    measures: tuple[str, ...],
    options: Options,
    explained: str | None,
    directory: str | None,
) -> None:
    library = inputs.open_library(directory)
    found = inputs.read_overrides(library, region, on, measures)
    check_options(options, found)
    if (out is None) == (explained is None):
        found.refuse("out", "option/missing", "both or neither", "--out DIR, or --explain ID")
    if found.problems or found.region is None or found.on is None:
        inputs.fail(found.problems)
    try:
        if explained is not None:
            explain_row(library, Path(population), found, explained)
            return
        assert out is not None
        with deciding(options) as decider, progress_bar() as progress:
            manifest = screen(
                library,
                Path(population),
                found.region,
                found.on,
                Path(out),
                measures=found.measures,
                memory=options.memory,
                progress=progress,
                wide=options.wide,
                decider=decider,
            )
    except PopulationError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(inputs.BAD_INPUT) from None
    except NotAScreening as error:
        inputs.fail([Problem("--out", "file/exists", str(error), "a new folder, or an earlier screening")])
    except duckdb.Error as error:
        print(f"zhida: {first_line(error)}; nothing was written", file=sys.stderr)
        raise typer.Exit(FAILED) from None
    _report(library, Path(out), manifest)


def check_options(options: Options, found: Overrides) -> None:
    """Add to `found` what is wrong with engine and memory."""
    if options.engine not in ENGINES:
        found.refuse("engine", "option/unknown-engine", options.engine, f"one of {', '.join(ENGINES)}")
    if not MEMORY.fullmatch(options.memory):
        found.refuse("memory", "option/malformed", options.memory, "a size such as 8GB or 512MB")


def _report(library: Library, out: Path, manifest: dict[str, Any]) -> None:
    console = layout.console()
    console.print(summary_table(library, out))
    for closed in manifest["not_open"]:
        console.print(f"不在办理期内：{closed['name']}（{closed['document']} {closed['clause']}）")
    console.print(f"结果写在 {out}：" + "、".join(each["file"] for each in manifest["outputs"]))


def explain_row(library: Library, population: Path, found: Overrides, id: str) -> None:
    """Decide one unit again, as a case and with every reason."""
    assert found.region is not None and found.on is not None
    with duckdb.connect() as connection, open_population(connection, library, population) as files:
        cases = Cases(connection, library, files, found.region, found.on)
        kinds = [kind for kind in files.sources if kind != "history" and cases.has(kind, id)]
        if not kinds:
            inputs.fail([Problem("--explain", "id/unknown", id, "the id of a row of the population")])
        for kind in kinds:
            case, problems = build_case(library, cases.of(kind, id))
            if case is None:
                inputs.fail(problems)
            explain_unit(library, case, kind, SINGLETONS.get(kind, id), found.measures)


@contextmanager
def deciding(options: Options) -> Iterator[Any]:
    """What decides the units: None is the database that also makes the tables."""
    if options.engine == "duckdb":
        yield None
        return
    try:
        from zhida.screen.spark_engine import in_spark
    except ModuleNotFoundError:
        message = "Spark is not installed here", "pip install 'zhida[spark]', and Java 17 or newer"
        inputs.fail([Problem("--engine", "engine/missing", *message)])
    with in_spark(options.master, options.memory) as decider:
        yield decider


def first_line(error: Exception) -> str:
    """What an engine says went wrong, without its advice."""
    return str(error).strip().splitlines()[0]


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A bar on a terminal's standard error; nothing elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step, done: None
        return
    shown = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
    )
    with shown:
        task = shown.add_task("opening", total=1.0)
        yield lambda step, done: shown.update(task, description=step, completed=done)


def summary_table(library: Library, out: Path) -> Table:
    """Units and yuan by provision, of the whole region."""
    sql = (
        'SELECT measure, "row", verdict, sum(units), sum(amount) FROM read_parquet($file) '
        'GROUP BY ALL ORDER BY measure, "row"'
    )
    with duckdb.connect() as connection:
        rows = connection.execute(sql, {"file": str(out / "summary.parquet")}).fetchall()
    found: dict[tuple[str, str], dict[str, tuple[int, Any]]] = {}
    for measure, row, verdict, units, amount in rows:
        found.setdefault((measure, row), {})[verdict] = units, amount
    table = Table(box=None, pad_edge=False)
    for heading in ("政策", "条款", "能享受", "待核定", "缺信息", "不能享受", "可发金额（元）"):
        table.add_column(heading, justify="left" if heading in ("政策", "条款") else "right")
    for (measure, row), by_verdict in found.items():
        counts = [f"{by_verdict.get(verdict, (0, 0))[0]:,}" for verdict in VERDICTS]
        eligible = by_verdict.get("eligible", (0, 0))[1]
        table.add_row(library.measures[measure].definition.name, row, *counts, f"{eligible:,.2f}")
    return table
