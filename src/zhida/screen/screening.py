"""A screening from a population's files to its tables: all of them, or none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import Any, Protocol, TypeVar

import duckdb

import zhida
from zhida.folder import new_folder
from zhida.library import Library, Rule
from zhida.population import Population, open_population, verify
from zhida.population.conversion import literal
from zhida.screen.awards import Awards, Provision
from zhida.screen.context import PLACES, Context, Tables
from zhida.screen.duckdb_engine import MEMORY, SHEET, DuckTables, InDuckDB, connect, setting
from zhida.screen.facts import reading
from zhida.screen.plan import Query
from zhida.screen.regions import Area, areas
from zhida.screen.sheets import Written, summary_query, units_queries
from zhida.screen.units import Judged, Sheet, sheet
from zhida.screen.worklist import worklist

MANIFEST = "manifest.json"
KIND = "zhida screening"
SHEETS = "sheets"
TABLES = ("units", "awards", "summary", "worklist")
RULES_PER_STATEMENT = 60
"""Engines plan a statement of more rules slower than two of fewer."""
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"

T = TypeVar("T")
Progress = Callable[[str, float], None]
"""Told the step and how much of the whole, from 0 to 1, is done."""


class Decider(Protocol):
    """What decides the units: an engine's own view of a population's files, and of a plan."""

    def tables(self, files: DuckTables) -> Tables: ...

    def write(self, query: Query, path: Path) -> None:
        """The rows of a plan as Parquet: a file, or a folder of parts, at `path`."""


class NotAScreening(ValueError):
    """The folder to be written holds something else than an earlier screening."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to screen: a population, the rows of `region` and below, on a day; some measures or all."""

    folder: Path
    region: str
    on: date
    measures: frozenset[str] = frozenset()
    wide: bool = False


def screen(
    library: Library,
    folder: Path,
    region: str,
    on: date,
    out: Path,
    measures: Collection[str] = (),
    memory: str = MEMORY,
    progress: Progress | None = None,
    wide: bool = False,
    decider: Decider | None = None,
) -> dict[str, Any]:
    """Screen a population into the folder `out`, and give its manifest.

    An earlier screening in `out` is replaced once the new one stands; until then, and whatever goes
    wrong, it stays. `wide` keeps the sheets, one row per unit, in place of the units; `decider` is what
    decides the units, DuckDB by default. Raises PopulationError for bad input, NotAScreening,
    duckdb.Error, OSError.
    """
    refuse(out)
    request = Request(folder, region, on, frozenset(measures), wide)
    with new_folder(out, replace=True) as partial:
        spill = partial / ".spill"
        spill.mkdir()
        connection = connect(memory, spill)
        try:
            run = _Run(
                library, request, partial, connection, progress or _silent, decider or InDuckDB(connection)
            )
            manifest = _interruptible(connection, run.tables)
        finally:
            connection.close()
        shutil.rmtree(spill)
        if not wide:
            shutil.rmtree(partial / SHEETS, ignore_errors=True)
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        (partial / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def _interruptible(connection: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """What `work` gives. A thread of its own does it, so that Ctrl-C reaches this one at once: while a
    query runs, Python hears of it only now and then."""
    with ThreadPoolExecutor(1) as worker:
        result = worker.submit(work)
        try:
            return result.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise


def refuse(out: Path) -> None:
    """Raise NotAScreening where `out` holds something that a screening must not replace."""
    if not out.exists():
        return
    try:
        kind = json.loads((out / MANIFEST).read_text(encoding="utf-8")).get("kind")
    except (OSError, ValueError, AttributeError):
        kind = None
    if kind != KIND and (not out.is_dir() or any(out.iterdir())):
        raise NotAScreening(f"{out}: holds something other than a screening; name another folder")


@dataclass(slots=True)
class _Run:
    """One screening in one database, writing into `folder`."""

    library: Library
    request: Request
    folder: Path
    connection: duckdb.DuckDBPyConnection
    progress: Progress
    decider: Decider

    def tables(self) -> dict[str, Any]:
        """Write every table but the manifest, which is returned."""
        request = self.request
        with open_population(self.connection, self.library, request.folder) as population:
            files = DuckTables(self.connection, population)
            tables = self.decider.tables(files)
            self.progress("reading the rules", 0.0)
            present = places(tables, request.region)
            found = list(areas(self.library, request.region, request.on, present))
            context = Context(self.library, request.on, request.region, tables, present)
            sheets = [s for area in found for s in sheets_of(context, area, request.measures)]
            self.progress("checking the values that the rules read", 0.02)
            verify(self.connection, population, files.read, ids=True)
            written = [self.write(sheet, n, len(sheets)) for n, sheet in enumerate(sheets)]
            inputs = [_hashed(path, request.folder) for s in population.sources.values() for path in s.files]
            self.results(written, _numbers(population))
        closed = [
            rule for area in found for rule in _wanted(area, request) if not rule.opening.is_open(request.on)
        ]
        return self.manifest(written, closed, inputs)

    def write(self, sheet: Sheet, number: int, of: int) -> Written:
        """Decide every unit of a sheet."""
        self.progress(f"deciding: {sheet.kind}, {sheet.area.region}", 0.05 + 0.6 * number / of)
        path = self.folder / SHEETS / f"{number:03d}-{sheet.kind}.parquet"
        path.parent.mkdir(exist_ok=True)
        self.decider.write(sheet.query, path)
        return Written(sheet.kind, path, sheet.judged, frozenset(sheet.query.columns), sheet.constants)

    def results(self, sheets: Sequence[Written], persons: str | None) -> None:
        """The contract's tables out of the sheets."""
        if not self.request.wide:
            self.progress("units", 0.65)
            self.units(sheets)
        self.progress("awards", 0.85)
        provisions = [(sheet, judged) for sheet in sheets for judged in sheet.judged]
        awards = Awards(
            self.connection, [Provision(n, *provision) for n, provision in enumerate(provisions)], persons
        )
        self.copy(awards.query(), "awards")
        self.progress("summary", 0.95)
        self.copy(summary_query(sheets), "summary")
        self.copy(worklist(self.library, self.connection, sheets).query(), "worklist")

    def units(self, sheets: Sequence[Written]) -> None:
        """Sheet by sheet, then all as one file, on one thread: several hold back whole row groups for each
        other, which takes ten times the memory, and one alone does not keep the order of a union."""
        parts = self.folder / SHEETS / "units"
        parts.mkdir(parents=True)
        with setting(self.connection, "threads", "1"):
            for number, query in enumerate(units_queries(sheets)):
                path = parts / f"{number:03d}.parquet"
                self.connection.execute(f"COPY (\n{query}\n) TO {literal(str(path))} ({SHEET})")
            self.copy(f"SELECT * FROM read_parquet({literal(str(parts / '*.parquet'))})", "units")

    def copy(self, query: str, table: str) -> None:
        path = self.folder / f"{table}.parquet"
        self.connection.execute(f"COPY (\n{query}\n) TO {literal(str(path))} ({PARQUET})")

    def manifest(
        self, sheets: Sequence[Written], closed: Sequence[Rule], inputs: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        """What was asked, with which law and data, and what came out: no clock, no path of this machine."""
        request = self.request
        return {
            "kind": KIND,
            "request": {
                "region": request.region,
                "on": request.on.isoformat(),
                "measures": sorted(request.measures) or None,
            },
            "versions": {
                "zhida": zhida.__version__,
                "library": self.library.hash,
                "duckdb": duckdb.__version__,
            },
            "inputs": list(inputs),
            "provisions": [
                {
                    "unit": sheet.kind,
                    **_told(judged.rule),
                    **(_columns(sheet, judged) if request.wide else {}),
                }
                for sheet in sheets
                for judged in sheet.judged
            ],
            "not_open": [_told(rule) for rule in closed],
            "outputs": [
                *(_hashed(sheet.path, self.folder) for sheet in sheets if request.wide),
                *(self.output(name) for name in TABLES if not (request.wide and name == "units")),
            ],
        }

    def output(self, table: str) -> dict[str, Any]:
        """Rows and yuan of a table, and what it is byte for byte."""
        path = self.folder / f"{table}.parquet"
        sql = f"SELECT count(*), sum(amount) FROM read_parquet({literal(str(path))})"
        rows, amount = self.connection.execute(sql).fetchone() or (0, None)
        return {**_hashed(path, self.folder), "rows": rows, "amount": None if amount is None else str(amount)}


def sheets_of(context: Context, area: Area, measures: Collection[str]) -> Iterator[Sheet]:
    """The sheets of one area: a kind of unit each, of at most so many rules."""
    by_kind: dict[str, list[Rule]] = {}
    for rule in area.rules:
        wanted = not measures or rule.measure in measures
        if wanted and rule.opening.is_open(context.on) and context.has(rule.unit):
            by_kind.setdefault(rule.unit, []).append(rule)
    for kind, rules in by_kind.items():
        for start in range(0, len(rules), RULES_PER_STATEMENT):
            yield sheet(reading(context), area, kind, rules[start : start + RULES_PER_STATEMENT])


def places(tables: Tables, region: str) -> tuple[str, ...]:
    """Every place that some row may be decided in: what the files say, and where rows that do not are."""
    said = {region}
    for holder in tables.entities:
        for entity, keys in PLACES.items():
            for key in keys:
                column = key if holder == entity else f"{entity}.{key}"
                if column in (tables.columns(holder) or ()):
                    said.update(map(str, tables.distinct(holder, column)))
    return tuple(sorted(said))


def _wanted(area: Area, request: Request) -> Iterator[Rule]:
    return (rule for rule in area.rules if not request.measures or rule.measure in request.measures)


def _numbers(population: Population) -> str | None:
    """The identity numbers of persons by their ids."""
    source = population.sources.get("person")
    if source is None or "id_number" not in source.columns:
        return None
    id, number = source.columns["id"].expression, source.columns["id_number"].expression
    return f"SELECT {id} AS id, {number} AS number FROM {source.scan} WHERE {number} IS NOT NULL"


def _told(rule: Rule) -> dict[str, str]:
    return {
        "measure": rule.measure,
        "row": rule.row,
        "name": rule.title,
        "document": rule.document,
        "clause": rule.clause,
        "region": rule.region,
    }


def _columns(sheet: Written, judged: Judged) -> dict[str, Any]:
    """Where a sheet has a rule's columns, and what their numbers stand for."""
    return {
        "sheet": sheet.path.name,
        "label": judged.label,
        "fails": [condition.id for condition in judged.rule.conditions],
        "missing": list(judged.keys),
    }


def _hashed(path: Path, below: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"file": path.relative_to(below).as_posix(), "sha256": file_digest(file, "sha256").hexdigest()}


def _silent(step: str, done: float) -> None:
    """The progress of who does not ask for it."""
