"""One population screened under two versions of the law, and the two results compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

import zhida
from zhida.library import Library
from zhida.population import open_population
from zhida.simulate.amendments import Amendment
from zhida.simulate.effects import effects
from zhida.simulate.employers import employers_query
from zhida.simulate.outcome import Effects, Grant

KIND = "zhida simulation"
BEFORE, AFTER = "before", "after"
"""The folders of the two screenings."""

ProvisionKey = tuple[str, str]
"""(measure, row)."""

Screener = Callable[[Library, Path], None]
"""Screens the population under a library and writes the result into a folder that is not there yet."""


@dataclass(frozen=True, slots=True)
class Where:
    """Whom both laws are applied to: the rows of a population folder in `region` and below, on a day."""

    population: Path
    region: str
    on: date


@dataclass(frozen=True, slots=True)
class Provision:
    """What to call a provision."""

    name: str
    document: str
    clause: str
    kind: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """Both laws, what is different between them, and what that does.

    `assumptions` are the figures that `--set` gave, as they were written.
    """

    region: str
    on: date
    before: str
    after: str
    assumptions: tuple[str, ...]
    amendments: tuple[Amendment, ...]
    provisions: Mapping[ProvisionKey, Provision]
    effects: Effects


def simulate(
    before: Library,
    after: Library,
    where: Where,
    out: Path,
    screener: Screener,
    connection: duckdb.DuckDBPyConnection,
) -> Effects:
    """Screen under both laws into `out/before` and `out/after`; write what is different into `out`.

    `connection` bounds the memory of the comparison. Raises PopulationError, and what `screener` raises.
    """
    for library, name in ((before, BEFORE), (after, AFTER)):
        screener(library, out / name)
    grants = tuple(grants_of(before, after).values())
    with open_population(connection, after, where.population) as found:
        employers = employers_query(connection, after, found, where.region, where.on)
        return effects(connection, employers, out / BEFORE, out / AFTER, grants, out)


def grants_of(before: Library, after: Library) -> dict[str, Grant]:
    """Every measure of either library; where both have it, as `after` has it."""
    measures = before.measures | after.measures
    return {
        key: Grant(key, measure.definition.kind, measure.definition.payee)
        for key, measure in measures.items()
    }


def provisions_of(before: Library, after: Library) -> dict[ProvisionKey, Provision]:
    """Every provision of either library by measure and row."""
    return {
        (provision.measure, provision.row): Provision(
            provision.title or library.measures[provision.measure].definition.name,
            document.number,
            provision.clause,
            library.measures[provision.measure].definition.kind,
        )
        for library in (before, after)
        for document, _ in library.documents
        for provision in document.provisions
    }


def write_manifest(out: Path, found: Simulation, command: Mapping[str, Any]) -> None:
    """`manifest.json`: what was compared, the figures, and every file of `out` with its hash."""
    manifest = {
        "kind": KIND,
        "zhida": zhida.__version__,
        "duckdb": duckdb.__version__,
        "region": found.region,
        "on": found.on.isoformat(),
        **command,
        "before": found.before,
        "after": found.after,
        "assumptions": list(found.assumptions),
        "figures": _figures(found.effects),
        "files": {
            path.relative_to(out).as_posix(): _sha256(path)
            for path in sorted(out.rglob("*"))
            if path.is_file()
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (out / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _figures(found: Effects) -> dict[str, Any]:
    total = {name: _plain(value) for name, value in asdict(found.total).items() if name != "key"}
    balance = {name: _plain(value) for name, value in asdict(found.balance).items() if name != "key"}
    counts = {"changed_units": found.changed_units, "changed_awards": found.changed_awards}
    return {"cost": total, "balance": balance, **counts}


def _plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
