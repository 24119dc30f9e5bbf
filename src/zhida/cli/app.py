"""Commands and their options. Each imports what it runs, so that `zhida decide --json` starts fast."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

import zhida
from zhida.cli import population, service, streams, tokens

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(population.app, name="population")

CasePath = Annotated[
    str, typer.Argument(metavar="CASE", help="A JSON or YAML file, or - for standard input.")
]
MeasureKey = Annotated[str, typer.Argument(metavar="MEASURE", help="A measure's key, or its Chinese name.")]
Region = Annotated[
    str | None, typer.Option(metavar="CODE", help="Region, six digits; overrides that of the case.")
]
Day = Annotated[
    str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="Day of the decision; overrides the case.")
]
LibraryPath = Annotated[
    str | None,
    typer.Option(
        "--library", metavar="DIR", help="Policy library; else ZHIDA_LIBRARY, else the built-in one."
    ),
]
Folder = Annotated[
    str | None, typer.Argument(metavar="[DIR]", help="A policy library; the built-in one if left out.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command line. Whatever happens, the user sees lines, never a traceback."""
    gc.set_threshold(
        200_000
    )  # nearly all that starting up makes stays: collecting it costs a tenth of a second
    streams.prepare()
    try:
        app(prog_name="zhida")
    except BrokenPipeError:
        streams.abandon_stdout()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("ZHIDA_TRACEBACK"):
            raise
        sys.exit(130 if streams.was_interrupted(error) else streams.one_line(error))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zhida {zhida.__version__}")
        raise typer.Exit


@app.callback()
def zhida_command(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Zhida 直达: local employment-support documents as executable policy."""


@app.command()
def decide(
    case: CasePath,
    region: Region = None,
    on: Day = None,
    measure: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Decide only this measure; repeatable.")
    ] = None,
    as_json: AsJson = False,
    library: LibraryPath = None,
) -> None:
    """Decide a case: what it is entitled to, how much, why, and what is missing."""
    from zhida.cli import decide as command

    command.run(case, region, on, tuple(measure or ()), as_json, library)


@app.command()
def explain(
    case: CasePath,
    measure: MeasureKey,
    unit: Annotated[str | None, typer.Option(metavar="ID", help="Explain this unit only.")] = None,
    region: Region = None,
    on: Day = None,
    library: LibraryPath = None,
) -> None:
    """Explain a decision: every condition with its facts and figures, the amount, what limits it."""
    from zhida.cli import explain as command

    command.run(case, measure, unit, region, on, library)


@app.command()
def ask(
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="What is known already: a JSON or YAML file.")
    ] = None,
    region: Region = None,
    on: Day = None,
    save: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the answers as a case (YAML) at the end.")
    ] = None,
    library: LibraryPath = None,
) -> None:
    """Interview: ask the most useful question next, and stop when nothing more can change."""
    from zhida.cli import ask as command

    command.run(case, region, on, save, library)


@app.command()
def catalogue(
    region: Region = None,
    on: Day = None,
    search: Annotated[
        str | None, typer.Option(metavar="WORD", help="Only measures whose name, alias or occasion has it.")
    ] = None,
    library: LibraryPath = None,
) -> None:
    """List the measures of the library."""
    from zhida.cli import catalogue as command

    command.run(region, on, search, library)


@app.command()
def show(measure: MeasureKey, region: Region = None, on: Day = None, library: LibraryPath = None) -> None:
    """Show the guide to a measure: who, how much, conditions, materials, steps, office, basis."""
    from zhida.cli import show as command

    command.run(measure, region, on, library)


@app.command()
def coverage(
    ledger: Annotated[
        str | None,
        typer.Argument(metavar="[LEDGER.csv]", help="The clause ledger; the library's own if left out."),
    ] = None,
    as_json: AsJson = False,
    library: LibraryPath = None,
) -> None:
    """Check that the library represents every row of a clause ledger; exit 1 below 100 %."""
    from zhida.cli import coverage as command

    command.run(ledger, as_json, library)


@app.command()
def compare(
    measure: MeasureKey,
    region: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Region; repeatable. All that enact it if left out."),
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option(
            "--on", metavar="YYYY-MM-DD", help="Day; repeatable. Each one's own window if left out."
        ),
    ] = None,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    xlsx: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write an Excel workbook to this file.")
    ] = None,
    library: LibraryPath = None,
) -> None:
    """Compare a measure across regions and days, figure by figure, with sources."""
    from zhida.cli import compare as command

    command.run(measure, tuple(region or ()), tuple(on or ()), as_json, markdown, xlsx, library)


@app.command()
def timeline(
    measure: MeasureKey,
    region: Annotated[str, typer.Option(metavar="CODE", help="Region, six digits.")],
    as_json: AsJson = False,
    library: LibraryPath = None,
) -> None:
    """Show every version of a measure in a region by date: what changed, and which text changed it."""
    from zhida.cli import timeline as command

    command.run(measure, region, as_json, library)


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="LIBRARY_A", help="The policy library as it was.")],
    second: Annotated[str, typer.Argument(metavar="LIBRARY_B", help="The policy library as it is.")],
    region: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Only what the rules of this region say; with --on."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day of those rules; with --region.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed in the law between two libraries; exit 0 if nothing, 1 if something, 2 on trouble."""
    from zhida.cli import diff as command

    command.run(first, second, region, on, as_json)


@app.command()
def simulate(
    population: Annotated[
        str, typer.Argument(metavar="POPULATION", help="A folder of Parquet or CSV files, one per entity.")
    ],
    region: Annotated[str, typer.Option(metavar="CODE", help="Region, six digits, with all below it.")],
    on: Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help="Day of the decisions.")],
    out: Annotated[str, typer.Option(metavar="DIR", help="The folder to write the results into.")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="MEASURE.PARAMETER=VALUE", help="A figure as it shall be; repeatable."),
    ] = None,
    library: Annotated[
        str | None,
        typer.Option("--library", metavar="OTHER", help="The law as it shall be; --set changes it further."),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="The law as it is; else ZHIDA_LIBRARY, else the built-in one."),
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Only this measure; repeatable.")
    ] = None,
    engine: Annotated[str, typer.Option(metavar="duckdb|spark", help="What decides the units.")] = "duckdb",
    master: Annotated[
        str | None, typer.Option(metavar="URL", help="Of Spark; this machine if left out.")
    ] = None,
    memory: Annotated[
        str, typer.Option(metavar="8GB", help="Most memory to use; the rest goes to disk.")
    ] = "8GB",
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier simulation.")] = False,
) -> None:
    """Screen a population under the law and under another: cost, winners and losers; table, Excel, chart."""
    from zhida.cli import simulate as command
    from zhida.cli.screen import Options

    command.run(
        population,
        region,
        on,
        out,
        tuple(measure or ()),
        command.Law(tuple(settings or ()), library, baseline),
        Options(engine, master, memory, wide=False),
        force,
    )


@app.command()
def screen(
    population: Annotated[
        str, typer.Argument(metavar="POPULATION", help="A folder of Parquet or CSV files.")
    ],
    region: Annotated[str, typer.Option(metavar="CODE", help="Screen the rows of this region and below.")],
    on: Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help="Day of the decisions.")],
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder to write; an earlier screening is replaced.")
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Screen only this measure; repeatable.")
    ] = None,
    engine: Annotated[str, typer.Option(metavar="NAME", help="duckdb or spark.")] = "duckdb",
    master: Annotated[
        str | None, typer.Option(metavar="URL", help="Spark's master. [default: all processors here]")
    ] = None,
    memory: Annotated[str, typer.Option(metavar="SIZE", help="Beyond it, work spills to disk.")] = "8GB",
    wide: Annotated[
        bool, typer.Option("--wide", help="Keep sheets, one row per unit, in place of units.parquet.")
    ] = False,
    explain: Annotated[
        str | None, typer.Option(metavar="ID", help="Write nothing; explain the decisions on this unit.")
    ] = None,
    library: LibraryPath = None,
) -> None:
    """Screen a population: every unit of a region decided at once, into a folder of tables."""
    from zhida.cli import screen as command

    options = command.Options(engine, master, memory, wide)
    command.run(population, region, on, out, tuple(measure or ()), options, explain, library)


@app.command()
def sql(
    measure: MeasureKey,
    dialect: Annotated[str, typer.Option(metavar="NAME", help="duckdb, spark or postgres.")] = "duckdb",
    region: Annotated[
        str | None, typer.Option(metavar="CODE", help="Region; all that enact it if left out.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="Day; the last open one if left out.")
    ] = None,
    library: LibraryPath = None,
) -> None:
    """Print the SQL that screening runs for a measure."""
    from zhida.cli import sql as command

    command.run(measure, dialect, region, on, library)


@app.command("format")
def format_(
    directory: Folder = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if a file differs.")] = False,
) -> None:
    """Write policy files in their canonical form, so that a diff reads as an amendment."""
    from zhida.cli import format as command

    command.run(directory, check)


@app.command()
def check(directory: Folder = None) -> None:
    """Validate a policy library and run its worked cases."""
    from zhida.cli import check as command

    command.run(directory)


@app.command()
def tck(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="The DMN TCK, or one folder of it.")],
    as_json: AsJson = False,
) -> None:
    """Run DMN conformance tests and print how many pass."""
    from zhida.cli import tck as command

    command.run(directory, as_json)


service.add_to(app)
app.add_typer(tokens.app, name="token")
