"""Whether two results say the same, row by row: a comparison of different answers is void.

python compare.py OURS PEER
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

KINDS = {"employers": "employer", "hires": "hire", "internships": "internship"}
DECISIVE = ("verdict", "fails", "amount")


def differences(ours: Path, peer: Path) -> list[tuple[str, str, int]]:
    """(sheet, column, rows that differ) for every column that both have; rows that one lacks too."""
    connection = duckdb.connect(config={"memory_limit": "4GB", "threads": 2})
    found = []
    for sheet in KINDS:
        mine, theirs = _sheet(ours, sheet), _sheet(peer, sheet)
        columns = [c for c in _columns(connection, theirs) if c in set(_columns(connection, mine))]
        checks = [c for c in columns if c.count(".") > 1]
        both = f"FROM {mine} AS a FULL JOIN {theirs} AS b USING (unit)"
        lacking = f"SELECT count(*) {both} WHERE a.unit IS NULL OR b.unit IS NULL"
        items = ", ".join(f'count(*) FILTER (a."{c}" IS DISTINCT FROM b."{c}")' for c in checks)
        rows = connection.execute(lacking).fetchone() or (0,)
        counts = connection.execute(
            f"SELECT {items} FROM {mine} AS a JOIN {theirs} AS b USING (unit)"
        ).fetchone()
        found += [
            (sheet, "rows", rows[0]),
            *((sheet, c, n) for c, n in zip(checks, counts or (), strict=True)),
        ]
    return found


def is_decisive(difference: tuple[str, str, int]) -> bool:
    """Whether a difference is one of rows, verdicts, conditions or amounts."""
    return difference[1] == "rows" or difference[1].endswith(DECISIVE)


def example(ours: Path, peer: Path, sheet: str, column: str, rows: int = 3) -> str:
    """Rows that differ, both sides."""
    mine, theirs = _sheet(ours, sheet), _sheet(peer, sheet)
    label = column.rpartition(".")[0]
    shown = ", ".join(
        f'{side}."{label}.{c}"' for side in "ab" for c in ("verdict", "fails", "missing", "amount")
    )
    sql = f"""SELECT unit, a."{column}", b."{column}", {shown}
              FROM {mine} AS a JOIN {theirs} AS b USING (unit)
              WHERE a."{column}" IS DISTINCT FROM b."{column}" ORDER BY unit LIMIT {rows}"""
    return "\n".join(map(str, duckdb.sql(sql).fetchall()))


def _columns(connection: duckdb.DuckDBPyConnection, scan: str) -> list[str]:
    return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()]


def _sheet(folder: Path, sheet: str) -> str:
    """The files of a sheet: named after its entity, or as zhida names them, a file or a folder of parts."""
    own = folder / f"{sheet}.parquet"
    files = [own] if own.exists() else sorted(folder.glob(f"**/[0-9]*-{KINDS[sheet]}.parquet"))
    files = [part for file in files for part in (sorted(file.glob("*.parquet")) if file.is_dir() else [file])]
    return f"read_parquet({[str(file) for file in files]})"


if __name__ == "__main__":
    one, other = map(Path, sys.argv[1:3])
    wrong = [(sheet, column, n) for sheet, column, n in differences(one, other) if n]
    for sheet, column, count in wrong:
        print(f"{sheet}: {column}: {count:,} rows differ")
        if column != "rows":
            print(example(one, other, sheet, column))
    decisive = [w for w in wrong if is_decisive(w)]
    print(f"{len(wrong)} columns differ, {len(decisive)} of them verdicts, conditions or amounts")
    sys.exit(1 if decisive else 0)
