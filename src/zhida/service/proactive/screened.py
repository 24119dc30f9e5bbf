"""What a screening found, read from its tables; and each of it decided again as a case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from zhida.decide import Decision, build_case, decide_rule
from zhida.decide.decision import plain
from zhida.library import Rule, resolve
from zhida.population import Population, open_population
from zhida.population.cases import Cases
from zhida.population.conversion import literal
from zhida.service.law import library

POPULATION, RESULT = "population", "screening"
LISTED = ("eligible", "review", "unknown")
"""Verdicts that make a candidate, unless a limit leaves nothing to pay."""


class Unequal(RuntimeError):
    """Screening and deciding do not agree about a row: a fault of the program, for which the run stops."""


@dataclass(frozen=True, slots=True)
class Line:
    """One unit as it was screened: `amount` is what is paid, None where that is not known."""

    row: str
    entity: str
    id: str
    region: str
    verdict: str
    amount: Decimal | None
    barred: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """The same unit as a case: its facts as JSON holds them, and its decision."""

    facts: dict[str, Any]
    decision: Decision


def lines(folder: Path, after: int = 0) -> Iterator[tuple[int, Line]]:
    """The candidates of a screening, numbered from 1 in the order of the files, those after a number."""
    units, awards = (literal(str(folder / RESULT / f"{name}.parquet")) for name in ("units", "awards"))
    sql = f"""SELECT unit."row", unit_kind, unit_id, unit.region, verdict, unit.amount, award.amount,
  award.payee_id IS NULL AND verdict = 'eligible'
FROM read_parquet({units}) AS unit
LEFT JOIN read_parquet({awards}) AS award
  ON award.measure = unit.measure AND award."row" = unit."row" AND award.payee_id = unit.payee_id
WHERE verdict IN {LISTED} ORDER BY unit."row", unit_kind, unit_id"""
    number = 0
    with duckdb.connect() as connection:
        found = connection.execute(sql)
        while rows := found.fetchmany(1000):
            for row, entity, id, region, verdict, unit_amount, paid, barred in rows:
                if barred or (verdict == "eligible" and paid == 0):
                    continue
                number += 1
                if number > after:
                    amount = paid if verdict == "eligible" else unit_amount
                    yield number, Line(row, entity, id, region, verdict, amount, barred)


def verdicts(folder: Path) -> dict[str, int]:
    """How many units there are of each verdict; `barred` are those that a limit leaves nothing."""
    path = literal(str(folder / RESULT / "units.parquet"))
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT verdict, count(*) FROM read_parquet({path}) GROUP BY 1 ORDER BY 1")
        return dict(rows.fetchall())


@dataclass(slots=True)
class Decider:
    """Decides rows of an exported population one by one."""

    cases: Cases
    measure: str
    on: date

    def decided(self, entity: str, id: str, row: str = "") -> Decided | None:
        """The unit's decision by the provision of a ledger row, else by the first that its place has.

        None where the population has no such unit, or its place no such provision.
        """
        if entity not in self.cases.population.sources or not self.cases.has(entity, id):
            return None
        facts = self.cases.of(entity, id)
        case, problems = build_case(library(), facts)
        if case is None:
            raise Unequal(f"{entity} {id}: " + "; ".join(map(str, problems)))
        rules = rules_of(self.measure, case.region, self.on)
        rule = next((r for r in rules if row in ("", r.row)), None)
        if rule is None:
            return None
        return Decided(as_json(facts), decide_rule(library(), rule, case))

    def checked(self, line: Line) -> Decided:
        """The line decided again, and found equal. Raises Unequal with the row."""
        found = self.decided(line.entity, line.id, line.row)
        name = f"{line.row} {line.entity} {line.id}"
        if found is None:
            raise Unequal(f"{name}: screened as {line.verdict}, cannot be decided as a case")
        decision = found.decision
        same = decision.verdict == line.verdict
        if line.verdict != "unknown":
            same = same and (decision.amount == line.amount or _is_barred(decision))
        if not same:
            screened, again = f"{line.verdict} {line.amount}", f"{decision.verdict} {decision.amount}"
            raise Unequal(f"{name}: screened as {screened}, decided as {again}")
        return found


def _is_barred(decision: Decision) -> bool:
    """Screening leaves limits of what a person has yet to judge to the case."""
    return decision.verdict == "review" and any(unit.barred_by for unit in decision.units)


@contextmanager
def deciding(folder: Path, measure: str, region: str, on: date) -> Iterator[Decider]:
    """A decider of the population that a run exported."""
    with duckdb.connect() as connection, _opened(connection, folder) as population:
        yield Decider(Cases(connection, library(), population, region, on), measure, on)


@contextmanager
def _opened(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Population]:
    with open_population(connection, library(), folder / POPULATION) as population:
        yield population


@cache
def _rules(library_hash: str, measure: str, region: str, on: date) -> tuple[Rule, ...]:
    return tuple(rule for rule in resolve(library(), region, on) if rule.measure == measure)


def rules_of(measure: str, region: str, on: date) -> tuple[Rule, ...]:
    """The provisions of a measure in a place, resolved once."""
    return _rules(library().hash, measure, region, on)


def as_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as a case pins them: decimals and days as text."""
    told: dict[str, Any] = json.loads(json.dumps(facts, default=plain, ensure_ascii=False))
    return told
