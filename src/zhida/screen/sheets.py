"""Sheets on disk, one row per unit with every rule side by side, and what reads them.

Whatever engine wrote the sheets, DuckDB turns them into the tables of a screening.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhida.library.rule import Rule
from zhida.population.conversion import literal, quote
from zhida.screen.units import Judged
from zhida.screen.verdicts import VERDICTS


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet on disk: units of `kind`, the rules on them, the names of its columns, and those that it
    would have if they were not the same for all units."""

    kind: str
    path: Path
    judged: tuple[Judged, ...]
    columns: frozenset[str]
    constants: Mapping[str, str]

    @property
    def files(self) -> str:
        """What to read, as SQL: the file, or the parts in a folder."""
        return literal(str(self.path / "*.parquet" if self.path.is_dir() else self.path))

    @property
    def scan(self) -> str:
        return f"read_parquet({self.files})"


def units_queries(sheets: Sequence[Written]) -> list[str]:
    """The contract's units, sheet by sheet: a row for each unit and provision, in the order of the files."""
    return [_unpivoted(sheet) for sheet in sheets] or [NO_UNITS]


NO_UNITS = """SELECT '' AS measure, '' AS "row", '' AS unit_kind, '' AS unit_id, '' AS payee_id,
  '' AS person_id, '' AS region, '' AS verdict, '' AS reason, CAST([] AS VARCHAR[]) AS missing,
  0::DECIMAL(18, 2) AS amount
WHERE false"""


def summary_query(sheets: Sequence[Written]) -> str:
    """Units and yuan by region, provision and verdict."""
    parts = [
        f"""SELECT region, {literal(judged.rule.measure)} AS measure, {literal(judged.rule.row)} AS "row",
  {name(judged.label, "verdict")} AS verdict, count(*) AS units,
  CAST(coalesce(sum({name(judged.label, "amount")}), 0) AS DECIMAL(38, 2)) AS amount
FROM {sheet.scan} GROUP BY ALL"""
        for sheet in sheets
        for judged in sheet.judged
    ]
    if not parts:
        return NO_SUMMARY
    order = " ".join(f"WHEN '{verdict}' THEN {place}" for place, verdict in enumerate(VERDICTS))
    both = "\nUNION ALL\n".join(parts)
    return f'SELECT * FROM (\n{both}\n) ORDER BY region, measure, "row", CASE verdict {order} END'


NO_SUMMARY = """SELECT '' AS region, '' AS measure, '' AS "row", '' AS verdict, 0::BIGINT AS units,
  0::DECIMAL(38, 2) AS amount WHERE false"""


def _unpivoted(sheet: Written) -> str:
    structs = ",\n    ".join(_struct(judged) for judged in sheet.judged)
    return f"""SELECT rule.measure, rule."row", '{sheet.kind}' AS unit_kind, unit AS unit_id,
  rule.payee_id, person AS person_id, region, rule.verdict, rule.reason, rule.missing, rule.amount
FROM (
  SELECT CAST(unit AS VARCHAR) AS unit, CAST(person AS VARCHAR) AS person, region, unnest([
    {structs}
  ]) AS rule
  FROM {sheet.scan}
)"""


def _struct(judged: Judged) -> str:
    rule, label = judged.rule, judged.label
    return (
        f"{{'measure': {literal(rule.measure)}, 'row': {literal(rule.row)}, "
        f"'payee_id': CAST({payee(rule)} AS VARCHAR), "
        f"'verdict': {name(label, 'verdict')}, 'reason': {reason(judged)}, "
        f"'missing': {missing(judged)}, 'amount': {name(label, 'amount')}}}"
    )


def payee(rule: Rule) -> str:
    """The column of whom a rule pays."""
    return {"employer": "employer", "person": "person"}.get(rule.payee, "unit")


def reason(judged: Judged) -> str:
    """The id of the first failing condition, NULL where none fails."""
    arms = " ".join(f"WHEN {n} THEN {literal(c.id)}" for n, c in enumerate(judged.rule.conditions))
    return f"CASE {name(judged.label, 'fails')} {arms} END" if arms else "CAST(NULL AS VARCHAR)"


def missing(judged: Judged) -> str:
    """The keys of the facts that a unit waits for."""
    mask = name(judged.label, "missing")
    if not judged.keys:
        return "CAST([] AS VARCHAR[])"
    bits = ", ".join(
        f"CASE WHEN {mask} & {1 << n} <> 0 THEN {literal(k)} END" for n, k in enumerate(judged.keys)
    )
    some = f"list_filter([{bits}], lambda k: k IS NOT NULL)"
    return f"CASE WHEN {mask} = 0 THEN CAST([] AS VARCHAR[]) ELSE {some} END"


def column_of(sheet: Written, judged: Judged, column: str) -> str:
    """A column of a rule that may be the same for all units."""
    key = f"{judged.label}.{column}"
    return sheet.constants[key] if key in sheet.constants else name(judged.label, column)


def name(label: str, column: str) -> str:
    """The column of one rule in a sheet."""
    return quote(f"{label}.{column}")
