"""The six rules as zhida decides them: library, plan and sheets, without what only zhida does around them
(checking values, awards, summary, worklist, hashes), which `zhida screen` adds and is timed beside it.

    python ours.py POPULATION OUT
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from zhida.library.cache import load_cached
from zhida.population import open_population
from zhida.screen.context import Context
from zhida.screen.duckdb_engine import DuckTables, InDuckDB, connect
from zhida.screen.regions import areas
from zhida.screen.screening import places, sheets_of

REGION, ON = "621025", date(2022, 10, 1)
MEASURES = (
    "job-retention-refund",
    "stay-at-work-training",
    "hiring-subsidy",
    "hiring-expansion",
    "internship-subsidy",
    "pension-deferral",
)


def main(population: Path, out: Path, memory: str = "8GB") -> None:
    library, problems = load_cached(Path(__file__).parents[2] / "policies", os.environ)
    assert library is not None, problems
    (out / "sheets").mkdir(parents=True)
    connection = connect(memory, out / ".spill")
    decider = InDuckDB(connection)
    with open_population(connection, library, population) as opened:
        tables = decider.tables(DuckTables(connection, opened))
        present = places(tables, REGION)
        context = Context(library, ON, REGION, tables, present)
        sheets = [
            s for area in areas(library, REGION, ON, present) for s in sheets_of(context, area, MEASURES)
        ]
        for number, sheet in enumerate(sheets):
            decider.write(sheet.query, out / "sheets" / f"{number:03d}-{sheet.kind}.parquet")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]), *sys.argv[3:4])  # type: ignore[arg-type]
