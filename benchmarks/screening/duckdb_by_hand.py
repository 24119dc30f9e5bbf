"""The six rules in SQL as an expert writes it by hand, on DuckDB. Needs duckdb alone.

python duckdb_by_hand.py POPULATION STANDARDS OUT
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import duckdb

QUERIES = Path(__file__).parent / "by_hand"
VERDICTS = ("eligible", "review", "unknown", "ineligible")
SHEETS = ("employers", "hires", "internships")
OPTIONS = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880"


def main(population: Path, standards: Path, out: Path, memory: str = "8GB") -> None:
    out.mkdir(parents=True)
    connection = duckdb.connect(config={"memory_limit": memory, "temp_directory": str(out / ".spill")})
    connection.execute(f"CREATE TYPE verdict AS ENUM {VERDICTS}")
    for sheet in SHEETS:
        query = filled((QUERIES / f"{sheet}.sql").read_text(encoding="utf-8"), population, standards)
        connection.execute(f"COPY ({query}) TO '{out / sheet}.parquet' ({OPTIONS})")


def filled(text: str, population: Path, standards: Path) -> str:
    """The query with its tables, and with verdicts as an enumeration: Parquet of it is written faster."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return f"'{name}'::verdict" if name in VERDICTS else scan(name, population, standards)

    return re.sub(r"\{\{(\w+)\}\}", value, text)


def scan(name: str, population: Path, standards: Path) -> str:
    """A table of the population, else of the standards."""
    if (population / name).is_dir():
        return f"read_parquet('{population / name}/*.parquet')"
    folder = population if (population / f"{name}.parquet").exists() else standards
    return f"read_parquet('{folder / name}.parquet')"


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), *sys.argv[4:5])  # type: ignore[arg-type]
