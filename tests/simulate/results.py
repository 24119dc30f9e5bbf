"""Small result folders of the shape that screening writes, and the population that they are of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Unit = tuple[str, str, str, str | None]
"""measure, unit id, verdict, amount in yuan; the payee is the employer with the unit's number."""

UNITS = (
    'measure VARCHAR, "row" VARCHAR, unit_kind VARCHAR, unit_id BIGINT, payee_id BIGINT, person_id BIGINT, '
    "region VARCHAR, verdict VARCHAR, reason VARCHAR, missing VARCHAR[], amount DECIMAL(18,2)"
)
AWARDS = (
    'measure VARCHAR, "row" VARCHAR, payee_id BIGINT, region VARCHAR, units BIGINT, amount DECIMAL(18,2), '
    "given_up DECIMAL(18,2)"
)
SUMMARY = (
    'region VARCHAR, measure VARCHAR, "row" VARCHAR, verdict VARCHAR, units BIGINT, amount DECIMAL(18,2)'
)

EMPLOYERS = (
    (1, "621025", "微型", "H62"),
    (2, "621025", "小型", "C13"),
    (3, "621026", None, "C17"),
    (4, "621026", "大型", None),
    (5, "621026", "微型", "s95"),
)
"""id, insured region, size, industry."""


def write(connection: duckdb.DuckDBPyConnection, path: Path, columns: str, rows: Sequence[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"CREATE OR REPLACE TABLE t ({columns})")
    if rows:
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", rows)
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def population(connection: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    columns = "id BIGINT, insured_region VARCHAR, size VARCHAR, industry VARCHAR"
    write(connection, folder / "employers.parquet", columns, EMPLOYERS)
    return folder


def result(connection: duckdb.DuckDBPyConnection, folder: Path, units: Sequence[Unit]) -> Path:
    """The folder after screening found these units; a unit of measure `m` is of its row `M-1`."""
    region = {str(id): code for id, code, _, _ in EMPLOYERS}
    rows, counted = [], Counter[tuple[str, str, str]]()
    awards: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for measure, unit, verdict, amount in units:
        reason = "too-big" if verdict == "ineligible" else None
        place = region[unit]
        paid = amount and Decimal(amount)
        rows.append(
            (measure, "M-1", "employer", int(unit), int(unit), None, place, verdict, reason, [], paid)
        )
        counted[place, measure, verdict] += 1
        if verdict == "eligible":
            awards[measure, unit].append(amount)
    write(connection, folder / "units.parquet", UNITS, rows)
    paid_rows = [
        (measure, "M-1", int(unit), region[unit], len(amounts), _total(amounts), Decimal(0))
        for (measure, unit), amounts in awards.items()
    ]
    write(connection, folder / "awards.parquet", AWARDS, paid_rows)
    summary = [(place, m, "M-1", verdict, n, None) for (place, m, verdict), n in counted.items()]
    write(connection, folder / "summary.parquet", SUMMARY, summary)
    return folder


def _total(amounts: Sequence[str | None]) -> Decimal | None:
    known = [Decimal(amount) for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
