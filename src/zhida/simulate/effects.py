"""What a change of the law does to a population: two screenings compared, in SQL over their result files.

Provisions whose results are the same to the last row are found by checksums and not joined. Nothing larger
than a table of regions is ever read into Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from zhida.population.conversion import literal, quote
from zhida.simulate.outcome import (
    BANDS,
    COUNTED,
    LARGEST,
    UNPRICED,
    Balance,
    Cost,
    Effects,
    Grant,
    Payee,
    Transition,
)


def effects(
    connection: duckdb.DuckDBPyConnection,
    employers: str | None,
    before: Path,
    after: Path,
    grants: Iterable[Grant],
    out: Path,
) -> Effects:
    """Compare the screenings in `before` and `after`; `employers` is SQL of (id, size, industry).

    Writes into `out` what is different: `units.parquet`, and `payees.parquet` by payee and provision.
    """
    comparison = _Comparison(connection, before, after, out)
    comparison.prepare(employers, tuple(grants))
    comparison.write_units()
    comparison.write_payees()
    return comparison.read()


@dataclass(slots=True)
class _Comparison:
    connection: duckdb.DuckDBPyConnection
    before: Path
    after: Path
    out: Path

    def prepare(self, employers: str | None, grants: tuple[Grant, ...]) -> None:
        for side, folder in (("before", self.before), ("after", self.after)):
            for name in ("units", "awards", "summary"):
                path = literal(str(folder / f"{name}.parquet"))
                self.run(f"CREATE OR REPLACE TEMP VIEW {name}_{side} AS SELECT * FROM read_parquet({path})")
        rows = ", ".join(_grant_row(grant) for grant in grants)
        values = f"(VALUES {rows}) t(measure, payee, counted, priced)"
        self.run(f"CREATE OR REPLACE TEMP TABLE grants AS SELECT * FROM {values}")
        self.run(f"CREATE OR REPLACE TEMP TABLE payee_employers AS {self.employers(employers)}")
        self.run("CREATE OR REPLACE TEMP TABLE changed_units AS " + _changed("units", UNIT_COLUMNS))
        self.run("CREATE OR REPLACE TEMP TABLE changed_awards AS " + _changed("awards", AWARD_COLUMNS))

    def employers(self, query: str | None) -> str:
        """Id, size and industry section of every employer, empty where unknown."""
        kind = self.run("DESCRIBE SELECT payee_id FROM awards_after").fetchall()[0][1]
        known = query or f"SELECT CAST(NULL AS {kind}) AS id, '' AS size, '' AS industry WHERE FALSE"
        section = "upper(left(industry, 1))"
        return (
            f"SELECT CAST(id AS {kind}) AS id, coalesce(size, '') AS size, "
            f"CASE WHEN {section} BETWEEN 'A' AND 'T' THEN {section} ELSE '' END AS section FROM ({known})"
        )

    def write_units(self) -> None:
        """Every unit whose verdict, reason or amount is another."""
        self.copy(
            f"""
            SELECT * FROM (
                SELECT {_either("measure", "row", "unit_kind", "unit_id", "payee_id", "region")},
                       {_both("verdict", "reason", "amount")}
                FROM (SELECT * FROM units_before SEMI JOIN changed_units USING (measure, "row")) b
                FULL JOIN (SELECT * FROM units_after SEMI JOIN changed_units USING (measure, "row")) a
                USING (measure, "row", unit_kind, unit_id))
            WHERE {_differs("verdict", "reason", "amount")}
            ORDER BY measure, "row", unit_kind, unit_id""",
            "units.parquet",
        )

    def write_payees(self) -> None:
        """Every payee's award under a provision whose amount or units are others, with what the payee is."""
        self.copy(
            f"""
            SELECT d.measure, d."row", g.payee AS payee_kind, d.payee_id, d.region,
                   CASE g.payee WHEN 'employer' THEN coalesce(e.size, '') ELSE g.payee END AS size,
                   CASE g.payee WHEN 'employer' THEN coalesce(e.section, '') ELSE g.payee END AS section,
                   units_before, units_after, amount_before, amount_after,
                   CAST(coalesce(amount_after, 0) - coalesce(amount_before, 0) AS DECIMAL(18,2))
                       AS difference,
                   g.counted
            FROM (
                SELECT {_either("measure", "row", "payee_id", "region")}, {_both("units", "amount")}
                FROM (SELECT * FROM awards_before SEMI JOIN changed_awards USING (measure, "row")) b
                FULL JOIN (SELECT * FROM awards_after SEMI JOIN changed_awards USING (measure, "row")) a
                USING (measure, "row", payee_id, region)) d
            JOIN grants g USING (measure)
            LEFT JOIN payee_employers e ON g.payee = 'employer' AND e.id = d.payee_id
            WHERE {_differs("units", "amount")}
            ORDER BY d.measure, d."row", d.payee_id, d.region""",
            "payees.parquet",
        )

    def read(self) -> Effects:
        path = literal(str(self.out / "payees.parquet"))
        self.run(f"CREATE OR REPLACE TEMP VIEW payee_changes AS SELECT * FROM read_parquet({path})")
        path = literal(str(self.out / "units.parquet"))
        self.run(f"CREATE OR REPLACE TEMP VIEW unit_changes AS SELECT * FROM read_parquet({path})")
        self.run(NET)
        costs = self.costs()
        balances = {group: self.balances(group) for group in ("region", "size", "section")}
        whole = self.balances("''")
        return Effects(
            provisions=costs["provision"],
            regions=costs["region"],
            sizes=costs["size"],
            sections=costs["section"],
            total=next(iter(costs["total"]), Cost((), 0, 0, 0, 0, ZERO, ZERO, 0, 0)),
            balance=next(iter(whole), Balance(("",), 0, ZERO, 0, ZERO)),
            region_balances=balances["region"],
            size_balances=balances["size"],
            section_balances=balances["section"],
            band_balances=self.balances(_band()),
            transitions=self.transitions(),
            gains=self.payees("DESC", "> 0"),
            losses=self.payees("ASC", "< 0"),
            changed_units=self.count("unit_changes"),
            changed_awards=self.count("payee_changes"),
        )

    def costs(self) -> Mapping[str, tuple[Cost, ...]]:
        """All groupings in one pass over each side. Money that is not paid counts by provision only."""
        sides = " UNION ALL ".join(
            COST_SIDE.format(side=side, sign=sign) for side, sign in (("before", 0), ("after", 1))
        )
        rows = self.run(COSTS.format(sides=sides)).fetchall()
        found: dict[str, list[Cost]] = {"provision": [], "region": [], "size": [], "section": [], "total": []}
        for group, key, *figures in rows:
            found[group].append(Cost(tuple(key), *figures))
        return {group: tuple(costs) for group, costs in found.items()}

    def balances(self, group: str) -> tuple[Balance, ...]:
        rows = self.run(BALANCES.format(group=group)).fetchall()
        return tuple(Balance((str(key),), *figures) for key, *figures in rows)

    def transitions(self) -> tuple[Transition, ...]:
        """Verdicts of all units: those of changed ones counted, the rest from the summaries."""
        return tuple(Transition(*row) for row in self.run(TRANSITIONS).fetchall())

    def payees(self, order: str, condition: str) -> tuple[Payee, ...]:
        sql = f"""
            SELECT payee_kind, CAST(payee_id AS VARCHAR), region, size, section, difference
            FROM net WHERE difference {condition}
            ORDER BY difference {order}, payee_kind, payee_id, region LIMIT {LARGEST}"""
        return tuple(Payee(*row) for row in self.run(sql).fetchall())

    def count(self, table: str) -> int:
        row = self.run(f"SELECT count(*) FROM {table}").fetchone()
        return int(row[0]) if row else 0

    def copy(self, sql: str, name: str) -> None:
        target = literal(str(self.out / name))
        self.run(f"COPY ({sql}) TO {target} (FORMAT parquet, COMPRESSION zstd)")

    def run(self, sql: str) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql)


ZERO = Decimal("0.00")
UNIT_COLUMNS = ("unit_kind", "unit_id", "verdict", "reason", "amount")
AWARD_COLUMNS = ("payee_id", "region", "units", "amount")


def _grant_row(grant: Grant) -> str:
    texts = ", ".join(map(literal, (grant.measure, grant.payee)))
    return f"({texts}, {grant.kind in COUNTED}, {grant.kind not in UNPRICED})"


def _changed(table: str, columns: Iterable[str]) -> str:
    """Provisions whose rows are not the same in both results, whatever their order."""
    hashed = f"hash({', '.join(map(quote, columns))})"

    def side(name: str) -> str:
        return (
            f'SELECT measure, "row", count(*) AS n, sum({hashed}) AS h '
            f'FROM {table}_{name} GROUP BY measure, "row"'
        )

    return (
        f'SELECT measure, "row" FROM ({side("before")}) b FULL JOIN ({side("after")}) a '
        'USING (measure, "row") WHERE b.n IS DISTINCT FROM a.n OR b.h IS DISTINCT FROM a.h'
    )


def _either(*columns: str) -> str:
    return ", ".join(f"coalesce(a.{quote(name)}, b.{quote(name)}) AS {quote(name)}" for name in columns)


def _both(*columns: str) -> str:
    return ", ".join(f"b.{name} AS {name}_before, a.{name} AS {name}_after" for name in columns)


def _differs(*columns: str) -> str:
    return " OR ".join(f"{name}_before IS DISTINCT FROM {name}_after" for name in columns)


def _band() -> str:
    """The number of the band that a gain or loss falls into."""
    return " + ".join(f"CAST(abs(difference) >= {start} AS INTEGER)" for start in BANDS[1:])


NET = """
    CREATE OR REPLACE TEMP TABLE net AS
    SELECT payee_kind, payee_id, min(region) AS region, size, section,
           CAST(sum(difference) AS DECIMAL(18,2)) AS difference
    FROM payee_changes WHERE counted
    GROUP BY payee_kind, payee_id, size, section
    HAVING sum(difference) <> 0"""

BALANCES = """
    SELECT {group} AS key,
           count(*) FILTER (difference > 0), coalesce(sum(difference) FILTER (difference > 0), 0.00),
           count(*) FILTER (difference < 0), coalesce(-sum(difference) FILTER (difference < 0), 0.00)
    FROM net GROUP BY ALL ORDER BY key"""

COST_SIDE = """
    SELECT w.measure, w."row", w.region, g.counted, g.priced,
           CASE g.payee WHEN 'employer' THEN coalesce(e.size, '') ELSE g.payee END AS size,
           CASE g.payee WHEN 'employer' THEN coalesce(e.section, '') ELSE g.payee END AS section,
           {sign} AS side, w.units, w.amount
    FROM awards_{side} w JOIN grants g USING (measure)
    LEFT JOIN payee_employers e ON g.payee = 'employer' AND e.id = w.payee_id"""

COSTS = """
    SELECT CASE grouping(measure, region, size, section)
               WHEN 7 THEN 'provision' WHEN 11 THEN 'region' WHEN 13 THEN 'size' WHEN 14 THEN 'section'
               ELSE 'total' END AS "group",
           CASE grouping(measure, region, size, section)
               WHEN 7 THEN [measure, "row"] WHEN 11 THEN [region] WHEN 13 THEN [size] WHEN 14 THEN [section]
               ELSE [] END AS key,
           count(*) FILTER (side = 0), count(*) FILTER (side = 1),
           CAST(coalesce(sum(units) FILTER (side = 0), 0) AS BIGINT),
           CAST(coalesce(sum(units) FILTER (side = 1), 0) AS BIGINT),
           coalesce(sum(amount) FILTER (side = 0), 0.00), coalesce(sum(amount) FILTER (side = 1), 0.00),
           count(*) FILTER (side = 0 AND priced AND amount IS NULL),
           count(*) FILTER (side = 1 AND priced AND amount IS NULL)
    FROM ({sides})
    GROUP BY GROUPING SETS (
        (measure, "row", counted), (region, counted), (size, counted), (section, counted), (counted))
    HAVING counted OR grouping(measure, region, size, section) = 7
    ORDER BY "group", key"""

TRANSITIONS = """
    WITH moved AS (
        SELECT measure, "row", verdict_before AS b, verdict_after AS a, count(*) AS units
        FROM unit_changes WHERE verdict_before IS DISTINCT FROM verdict_after GROUP BY ALL),
    stayed AS (
        SELECT s.measure, s."row", s.verdict AS b, s.verdict AS a,
               CAST(sum(s.units) - coalesce(any_value(m.units), 0) AS BIGINT) AS units
        FROM summary_before s
        LEFT JOIN (SELECT measure, "row", b, sum(units) AS units FROM moved GROUP BY ALL) m
        ON m.measure = s.measure AND m."row" = s."row" AND m.b = s.verdict
        GROUP BY s.measure, s."row", s.verdict)
    SELECT measure, "row", b, a, CAST(units AS BIGINT)
    FROM (SELECT * FROM moved UNION ALL SELECT * FROM stayed)
    WHERE units > 0 ORDER BY measure, "row", b NULLS FIRST, a NULLS FIRST"""
