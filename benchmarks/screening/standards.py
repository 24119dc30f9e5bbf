"""The standards that the six rules read, as small Parquet files for whoever does not read the library.

python benchmarks/screening/standards.py POPULATION STANDARDS
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from zhida.feel import UNKNOWN
from zhida.library import load

ON = date(2022, 10, 1)
LISTS, SIZES, WAGES, COUNTIES = "行业类别", "划型标准", "最低工资", "重点县"
METHODS = {"industries": "国统字〔2017〕213号", "industries_2011": "工信部联企业〔2011〕300号"}
THRESHOLDS = {
    f"{english}_{unit}": f"{size}{chinese}"
    for english, size in (("large", "大型"), ("medium", "中型"), ("small", "小型"))
    for unit, chinese in (("staff", "从业人员"), ("revenue", "营业收入"), ("assets", "资产总额"))
}


def export(policies: Path, population: Path, out: Path) -> None:
    """industries (of two sizing methods), wages and counties, for the codes that the population has."""
    library, problems = load(policies)
    assert library is not None, problems
    tables = library.tables
    connection = duckdb.connect()

    def codes(column: str, *entities: str) -> list[str]:
        parts = " UNION ".join(f"SELECT {column} FROM {scan(population, e)}" for e in entities)
        rows = connection.execute(
            f"SELECT DISTINCT code FROM ({parts}) AS t(code) WHERE code IS NOT NULL ORDER BY 1"
        )
        return [row[0] for row in rows.fetchall()]

    def write(name: str, columns: Sequence[str], rows: list[list[Any]]) -> None:
        declared = ", ".join(columns)
        connection.execute(f"CREATE TABLE {name} ({declared})")
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        connection.execute(f"COPY {name} TO '{out / name}.parquet' (FORMAT parquet)")

    def read(table: str, column: str, *keys: str) -> Any:
        found = tables[table].read(column, keys, ON if tables[table].definition.dated else None)
        return None if found is UNKNOWN else found

    out.mkdir(parents=True, exist_ok=True)
    industries = codes("industry", "employers")
    for name, method in METHODS.items():
        rows = [
            [code, read(LISTS, "类别", code), read(SIZES, "适用", method, code)]
            + [read(SIZES, column, method, code) for column in THRESHOLDS.values()]
            for code in industries
        ]
        columns = [
            "industry VARCHAR",
            "list VARCHAR",
            "applies BOOLEAN",
            *(f"{c} BIGINT" for c in THRESHOLDS),
        ]
        write(name, columns, rows)
    regions = sorted({"621025", *codes("insured_region", "employers"), *codes("region", "employers")})
    wages = [[code, read(WAGES, "月标准", code)] for code in regions]
    write("wages", ["region VARCHAR", "monthly BIGINT"], wages)
    homes = codes('"person.household_region"', "internships")
    write("counties", ["region VARCHAR", "category VARCHAR"], [[c, read(COUNTIES, "类别", c)] for c in homes])


def scan(population: Path, entity: str) -> str:
    """The files of one entity, however many."""
    folder = population / entity
    files = f"{folder}/*.parquet" if folder.is_dir() else f"{folder}.parquet"
    return f"read_parquet('{files}')"


if __name__ == "__main__":
    export(Path(__file__).parents[2] / "policies", *map(Path, sys.argv[1:3]))
