"""Make a population: part after part, each by one thread, into a folder that appears when all is done."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any

import duckdb

import zhida
from zhida.folder import new_folder
from zhida.library import Library
from zhida.population.conversion import literal
from zhida.population.making.industry_mix import slots
from zhida.population.making.order import Order, county_ranges
from zhida.population.making.queries import MADE, ONCE, entities, issuing_places, once_query, part_query
from zhida.population.schema import FileSchema, population_schema

MANIFEST = "manifest.json"
KIND = "zhida population"
"""What the manifest of a population says that it is of."""
MEMORY = "1200MB"
"""Of one thread; a part needs a third of it."""
MOST_THREADS = 8
"""Unless more are asked for: more would rather wait for the disk."""
OPTIONS = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
SCRATCH = ".scratch"

Progress = Callable[[int, int], None]
"""Called with the number of files written and that of all."""


def make(
    library: Library,
    order: Order,
    folder: Path,
    *,
    replace: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write the population that `order` describes to `folder`, and return its manifest.

    Whatever ends it early leaves `folder` as it was. `replace`: a population that is there already gives
    way at the end. Raises FileExistsError where something else is there, OSError and duckdb.Error where
    the disk refuses.
    """
    refuse(folder, replace)
    with new_folder(folder, replace=True) as partial:
        files = _Maker(library, order, partial).run(
            threads or min(os.cpu_count() or 1, MOST_THREADS), progress
        )
        shutil.rmtree(partial / SCRATCH, ignore_errors=True)
        manifest = _manifest(library, order, files)
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        (partial / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def refuse(folder: Path, replace: bool) -> None:
    """FileExistsError where `folder` may not be written: only a population is ever replaced."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not replace:
        raise FileExistsError(f"{folder} exists; --force replaces a population")
    if not _is_population(folder):
        raise FileExistsError(f"{folder} holds something other than a made population; nothing is replaced")


def _is_population(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == KIND


@dataclass(frozen=True, slots=True)
class _Job:
    entity: str
    path: Path
    query: str


@dataclass(frozen=True, slots=True)
class _Written:
    entity: str
    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(slots=True)
class _Maker:
    library: Library
    order: Order
    folder: Path
    schemas: Mapping[str, FileSchema] = field(init=False)

    def __post_init__(self) -> None:
        self.schemas = population_schema(self.library)

    def jobs(self) -> list[_Job]:
        """Every file and the query that makes it, part by part."""
        wanted = entities(self.schemas, self.order)
        jobs = [
            _Job(entity, self.path(entity, None), once_query(self.library, self.schemas[entity], self.order))
            for entity in wanted
            if entity in ONCE
        ]
        parts = self.order.parts()
        for number, (first, last) in enumerate(parts):
            for entity in wanted:
                if entity not in ONCE:
                    path = self.path(entity, number if len(parts) > 1 else None)
                    jobs.append(_Job(entity, path, part_query(self.schemas[entity], self.order, first, last)))
        return jobs

    def path(self, entity: str, part: int | None) -> Path:
        stem = self.schemas[entity].stem
        return self.folder / (f"{stem}.parquet" if part is None else f"{stem}/part-{part:05}.parquet")

    def run(self, threads: int, progress: Progress | None) -> list[_Written]:
        """Write every file; the first failure or an interrupt stops all threads."""
        jobs = self.jobs()
        waiting = list(reversed(jobs))
        connections = [self.connect() for _ in range(max(1, min(threads, len(jobs))))]
        idle = list(connections)
        running: dict[Future[_Written], duckdb.DuckDBPyConnection] = {}
        written: list[_Written] = []
        pool = ThreadPoolExecutor(len(connections))
        try:
            while waiting or running:
                while waiting and idle:
                    connection = idle.pop()
                    running[pool.submit(self.write, connection, waiting.pop())] = connection
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    idle.append(running.pop(future))
                    written.append(future.result())
                    if progress:
                        progress(len(written), len(jobs))
        finally:
            while running and wait(running, timeout=0.05).not_done:
                for connection in running.values():
                    connection.interrupt()
            pool.shutdown()
            for connection in connections:
                connection.close()
        return sorted(written, key=lambda file: file.name)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A database of one thread, so that its files are the same whatever runs beside it."""
        scratch = self.folder / SCRATCH
        connection = duckdb.connect(
            config={"threads": 1, "memory_limit": MEMORY, "temp_directory": str(scratch)}
        )
        connection.execute(
            "CREATE TABLE county_ranges (first_id BIGINT, last_id BIGINT, county VARCHAR, "
            "county_name VARCHAR, neighbour VARCHAR, county_sum BIGINT)"
        )
        _insert(connection, "county_ranges", list(county_ranges(self.order)))
        for name, values in (
            ("industry_slots", list(slots(self.library))),
            ("issuing_places", list(issuing_places())),
        ):
            connection.execute(f"SET VARIABLE {name} = ?", [values])
        return connection

    def write(self, connection: duckdb.DuckDBPyConnection, job: _Job) -> _Written:
        job.path.parent.mkdir(exist_ok=True)
        result = connection.execute(f"COPY ({job.query}) TO {literal(str(job.path))} ({OPTIONS})").fetchone()
        with job.path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        name = job.path.relative_to(self.folder).as_posix()
        return _Written(job.entity, name, result[0] if result else 0, job.path.stat().st_size, digest)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """One statement of many rows: thousands of single ones would take a second."""
    texts = ", ".join("(" + ", ".join(map(_sql, row)) + ")" for row in rows)
    connection.execute(f"INSERT INTO {table} VALUES {texts}")


def _sql(value: Any) -> str:
    return literal(value) if isinstance(value, str) else str(value)


def _manifest(library: Library, order: Order, files: list[_Written]) -> dict[str, Any]:
    made = {file.entity for file in files}
    rows = {e: sum(f.rows for f in files if f.entity == e) for e in MADE if e in made}
    return {
        "kind": KIND,
        "parameters": {
            "employers": order.employers,
            "region": order.region,
            "seed": order.seed,
            "on": order.on.isoformat(),
            "hires_per_employer": str(order.hires),
            "only": list(order.only) if order.only is not None else None,
            "inline_persons": order.inline,
        },
        "versions": {"zhida": zhida.__version__, "duckdb": duckdb.__version__, "library": library.hash},
        "rows": rows,
        "files": [
            {"name": file.name, "rows": file.rows, "bytes": file.bytes, "sha256": file.sha256}
            for file in files
        ],
    }
