"""`zhida population`: what is wrong with the files of a population, and files to try things on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhida.cli import inputs, streams
from zhida.decide.fact_values import Wrong, parse_date
from zhida.decide.input import Problem, shown
from zhida.standards.regions import NATION, is_region_code

if TYPE_CHECKING:
    from zhida.population.making.order import Order

ERRORS = 1
MOST_EMPLOYERS = 100_000_000
MOST_HIRES = 20
LARGEST_SEED = 2**63 - 1

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Check or make the files of a population."
)

LibraryPath = Annotated[
    str | None,
    typer.Option(
        "--library", metavar="DIR", help="Policy library; else ZHIDA_LIBRARY, else the built-in one."
    ),
]


@app.command()
def check(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A folder of Parquet or CSV files.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="No event may lie after this day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    library: LibraryPath = None,
) -> None:
    """Look at every file: columns, types, ranges, duplicates, orphans, impossible values; exit 1 on any."""
    run_check(directory, on, as_json, library)


@app.command()
def make(
    employers: Annotated[int, typer.Option(metavar="N", help="How many employers.")],
    region: Annotated[str, typer.Option(metavar="CODE", help=f"Region; {NATION} is the whole nation.")],
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder to write; must not exist.")],
    seed: Annotated[int, typer.Option(metavar="S", help="Another seed, another population.")] = 1,
    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="YYYY-MM-DD", help="The day that it is seen from. [default: 2022-10-01]"
        ),
    ] = None,
    hires_per_employer: Annotated[str, typer.Option(metavar="MEAN", help="Hires of an employer.")] = "2",
    only: Annotated[
        str | None, typer.Option(metavar="FILES", help="Only these files, such as employers,hires.")
    ] = None,
    inline_persons: Annotated[
        bool,
        typer.Option(
            "--inline-persons",
            help="Write the facts of persons beside their hires, internships, placements too.",
        ),
    ] = False,
    threads: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="[default: one a processor, at most 8]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a population that DIR holds.")] = False,
    library: LibraryPath = None,
) -> None:
    """Make a plausible population, the same for the same numbers, region, seed and day."""
    from zhida.population.making.order import DEFAULT_DAY, Order
    from zhida.population.schema import population_schema

    loaded = inputs.open_library(library)
    stems = {schema.stem: entity for entity, schema in population_schema(loaded).items()}
    problems: list[Problem] = []
    day = _day(on, problems) or DEFAULT_DAY
    mean = _mean(hires_per_employer, problems)
    wanted = _entities(only, stems, problems)
    if region != NATION and not is_region_code(region):
        expected = f"six digits of GB/T 2260 such as 621025, or {NATION}"
        problems.append(Problem("--region", "region/malformed", shown(region), expected))
    for option, number, low, high in (
        ("--employers", employers, 1, MOST_EMPLOYERS),
        ("--seed", seed, 0, LARGEST_SEED),
    ):
        if not low <= number <= high:
            problems.append(
                Problem(option, "number/out-of-range", str(number), f"a number from {low} to {high:,}")
            )
    if problems:
        inputs.fail(problems)
    order = Order(employers, region, seed, day, mean, wanted, inline_persons)
    run_make(loaded, order, Path(out), force, threads)


def run_check(directory: str, on: str | None, as_json: bool, library: str | None) -> None:
    import duckdb

    from zhida.cli import layout
    from zhida.cli.population_report import print_report, to_json
    from zhida.population import PopulationError
    from zhida.population.check import check

    loaded = inputs.open_library(library)
    problems: list[Problem] = []
    day = _day(on, problems)
    if problems:
        inputs.fail(problems)
    try:
        with (
            TemporaryDirectory(prefix="zhida-check-", ignore_cleanup_errors=True) as spill,
            duckdb.connect(config={"temp_directory": spill}) as connection,
            _working() as say,
        ):
            report = check(connection, loaded, Path(directory), day, say)
    except PopulationError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(inputs.BAD_INPUT) from None
    except duckdb.Error as error:  # such as a page that is damaged, or a disk too small to sort on
        print(f"zhida: {directory}: {str(error).splitlines()[0]}", file=sys.stderr)
        raise typer.Exit(inputs.BAD_INPUT) from None
    if as_json:
        streams.write_utf8(json.dumps(to_json(report), ensure_ascii=False, indent=2) + "\n")
    else:
        print_report(layout.console(), report)
    if report.errors:
        raise typer.Exit(ERRORS)


def run_make(library: Any, order: Order, folder: Path, force: bool, threads: int | None) -> None:
    import duckdb

    from zhida.population.make import make
    from zhida.population.schema import file_stem

    try:
        with _progress("making") as progress:
            manifest = make(library, order, folder, replace=force, threads=threads, progress=progress)
    except FileExistsError as error:
        print(f"zhida: {error}", file=sys.stderr)
        raise typer.Exit(inputs.BAD_INPUT) from None
    except duckdb.Error as error:
        full = "No space left on device"  # the rest of the message is about the engine's own files
        why = full if full in str(error) else str(error).splitlines()[0]
        print(f"zhida: {folder}: {why}; nothing was written", file=sys.stderr)
        raise typer.Exit(inputs.BAD_INPUT) from None
    size = sum(file["bytes"] for file in manifest["files"])
    rows = ", ".join(f"{count:,} {file_stem(entity)}" for entity, count in manifest["rows"].items())
    print(f"{folder}: {size / 1e6:,.1f} MB: {rows}")


def _day(text: str | None, problems: list[Problem]) -> date | None:
    if text is None:
        return None
    try:
        return parse_date(text)
    except Wrong as wrong:
        problems.append(Problem("--on", wrong.code, shown(text), wrong.expected))
        return None


def _mean(text: str, problems: list[Problem]) -> Decimal:
    try:
        mean = Decimal(text)
    except InvalidOperation:
        mean = Decimal("NaN")
    if not (mean.is_finite() and 0 <= mean <= MOST_HIRES):
        expected = f"a number from 0 to {MOST_HIRES}"
        problems.append(Problem("--hires-per-employer", "number/out-of-range", shown(text), expected))
    return mean


def _entities(text: str | None, stems: dict[str, str], problems: list[Problem]) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in stems:
            problems.append(
                Problem("--only", "option/unknown-file", shown(name), f"one of {', '.join(stems)}")
            )
    return tuple(stems[name] for name in names if name in stems)


@contextmanager
def _working() -> Iterator[Callable[[str], None]]:
    """A line on a terminal's standard error that says which file is being looked at."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda name: None
        return
    with console.status("opening") as status:
        yield lambda name: status.update(f"checking {name}")


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal's standard error; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
