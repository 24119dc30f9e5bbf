"""Who is paid: the eligible units after each rule's limits, and after exclusions between rules.

Both are set operations. A limit ranks the units that share it, the best for the payee first, and keeps
as many as it allows beside history; limits apply one after another, in file order. Of the grants that
exclude each other a person keeps the largest, of equal ones that with fewer documents (A26, A27).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from zhida.library.rule import Limit, Rule
from zhida.population.conversion import literal, quote
from zhida.screen.sheets import Written, column_of, name, payee
from zhida.screen.units import GRANTS, NUMBER, Judged, pays_alone

SURVIVORS = """CREATE OR REPLACE TEMP TABLE survivors (
  rule INTEGER, place BIGINT, payee VARCHAR, region VARCHAR, person VARCHAR, worth DECIMAL(38, 12),
  amount DECIMAL(18, 2), clique VARCHAR, paid BOOLEAN, documents INTEGER
)"""
PLACE = "file_index * 1000000000000 + file_row_number"
"""Of two rows the one that the population has first has the smaller one."""
BEST = "PARTITION BY {group} ORDER BY verdict, coalesce(worth, 0) DESC, place"


@dataclass(frozen=True, slots=True)
class Provision:
    """A rule in the order of the results, and a sheet that judged it."""

    number: int
    sheet: Written
    judged: Judged


@dataclass(slots=True)
class Awards:
    """The awards of one screening. `persons` is a query of (id, number), where numbers are known."""

    connection: duckdb.DuckDBPyConnection
    provisions: Sequence[Provision]
    persons: str | None = None

    def query(self) -> str:
        """The awards: measure, row, payee_id, region, units, amount, given_up; limits are applied now."""
        self.connection.execute(SURVIVORS)
        for provision in self.provisions:
            if not pays_alone(provision.judged.rule):
                self.connection.execute(f"INSERT INTO survivors\n{self._surviving(provision)}")
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE awarded AS\n{self._awarded()}")
        parts = [
            _direct(p)
            if pays_alone(p.judged.rule)
            else f"SELECT * EXCLUDE (rule) FROM awarded WHERE rule = {p.number}"
            for p in self.provisions
        ]
        return "\nUNION ALL BY NAME\n".join(parts) or NOTHING

    def _surviving(self, provision: Provision) -> str:
        """The eligible units of one rule that its limits leave; those in review take part after them."""
        rule, label, sheet = provision.judged.rule, provision.judged.label, provision.sheet
        worth = name(label, "worth" if f"{label}.worth" in sheet.columns else "amount")
        numbers = NUMBER if NUMBER in sheet.columns else "CAST(NULL AS VARCHAR)"
        columns = {**{column: quote(column) for column in sheet.columns}, **sheet.constants}
        asked = [f"{sql} AS {quote(c)}" for c, sql in sorted(columns.items()) if c.startswith(f"{label}.")]
        steps = [
            f"rows AS (SELECT {PLACE} AS place, unit, employer, person, region, {payee(rule)} AS payee,\n"
            f"  {numbers} AS number, {name(label, 'verdict')} AS verdict,\n"
            f"  CAST({worth} AS DECIMAL(38, 12)) AS worth, {', '.join(asked)}\n"
            f"  FROM {sheet.scan}\n"
            f"  WHERE {name(label, 'verdict')} IN ('eligible', 'review'))",
            f"step0 AS ({self._named_persons()})",
        ]
        for number, limit in enumerate(rule.limits):
            steps.append(f"step{number + 1} AS ({_limited(limit, label, number, f'step{number}')})")
        exclusion = rule.exclusion if rule.kind in GRANTS else None
        clique = literal(exclusion.group) if exclusion else "NULL"
        paid = f"coalesce({name(label, 'paid')}, false)" if exclusion else "false"
        return (
            "WITH "
            + ",\n".join(steps)
            + f"\nSELECT {provision.number}, place, CAST(payee AS VARCHAR), region, who,\n"
            f"  worth, {_rounded('worth', rule.quantum)}, {clique}, {paid}, {rule.documents_needed}\n"
            f"FROM step{len(rule.limits)} WHERE verdict = 'eligible'"
        )

    def _named_persons(self) -> str:
        """The rows with `who`: the person by number, else by id; a row without one is its own."""
        plain = "'id:' || CAST(person AS VARCHAR), 'unit:' || CAST(unit AS VARCHAR)"
        if self.persons is None:
            return f"SELECT *, coalesce('number:' || number, {plain}) AS who FROM rows"
        return (
            f"SELECT rows.*, coalesce('number:' || rows.number, 'number:' || known.number, {plain}) AS who\n"
            f"  FROM rows LEFT JOIN ({self.persons}) AS known ON known.id = rows.person"
        )

    def _awarded(self) -> str:
        """Sums over the units of a payee and rule that exclusions leave."""
        rules = {p.number: p.judged.rule for p in self.provisions}
        quanta = {number: rule.quantum for number, rule in rules.items()}
        by_quantum = " ".join(
            f"WHEN {number} THEN {_rounded('sum(worth) FILTER (won)', quantum)}"
            for number, quantum in quanta.items()
            if quantum != Decimal("0.01")
        )
        cents = _rounded("sum(worth) FILTER (won)", Decimal("0.01"))
        total = f"CASE rule {by_quantum} ELSE {cents} END" if by_quantum else cents
        best = "clique, person ORDER BY amount DESC, documents, rule, place"
        return f"""SELECT rule, {_constant(rules, "measure")} AS measure, {_constant(rules, "row")} AS "row",
  payee AS payee_id, min(region) AS region, count(*) FILTER (won) AS units,
  CASE WHEN bool_or(won AND worth IS NULL) THEN NULL ELSE coalesce({total}, 0) END AS amount,
  CAST(coalesce(sum(amount) FILTER (NOT won), 0) AS DECIMAL(18, 2)) AS given_up
FROM (
  SELECT *, clique IS NULL OR coalesce(amount, 0) = 0
    OR (NOT paid AND 1 = row_number() OVER (PARTITION BY paid OR coalesce(amount, 0) = 0, {best})) AS won
  FROM survivors
)
GROUP BY rule, payee
ORDER BY rule, payee"""


NOTHING = """SELECT '' AS measure, '' AS "row", '' AS payee_id, '' AS region, 0::BIGINT AS units,
  0::DECIMAL(18, 2) AS amount, 0::DECIMAL(18, 2) AS given_up WHERE false"""


def _direct(provision: Provision) -> str:
    rule, label, sheet = provision.judged.rule, provision.judged.label, provision.sheet
    lefts = [column_of(sheet, provision.judged, f"{number}.left") for number in range(len(rule.limits))]
    allowed = "".join(f" AND coalesce({left}, 1) > 0" for left in lefts)
    return f"""SELECT {literal(rule.measure)} AS measure, {literal(rule.row)} AS "row",
  CAST(unit AS VARCHAR) AS payee_id, region, 1::BIGINT AS units, {name(label, "amount")} AS amount,
  0::DECIMAL(18, 2) AS given_up
FROM {sheet.scan} WHERE {name(label, "verdict")} = 'eligible'{allowed}"""


def _limited(limit: Limit, label: str, number: int, rows: str) -> str:
    """The rows that one limit leaves; a difference changes what they are worth."""

    def own(column: str) -> str:
        return name(label, f"{number}.{column}")

    if limit.kind == "difference":
        left = f"CASE WHEN {own('deduct')} IS NULL THEN NULL ELSE greatest(0, worth - {own('deduct')}) END"
        return f"SELECT * REPLACE (CAST({left} AS DECIMAL(38, 12)) AS worth) FROM {rows}"
    if limit.kind == "months":
        return f"SELECT * FROM {rows} WHERE coalesce({own('left')}, 1) > 0"
    group = ", ".join(_sharing(limit, own))
    if limit.kind == "rank":
        highest = f"max({own('rank')}) OVER (PARTITION BY {group})"
        return (
            f"SELECT * FROM {rows} WHERE NOT coalesce({own('outranked')}, false)\n"
            f"  QUALIFY {own('rank')} IS NULL OR {own('rank')} >= {highest}"
        )
    place = f"row_number() OVER ({BEST.format(group=group)})"
    some = f"coalesce({own('left')} > 0, true)"
    return f"SELECT * FROM {rows} WHERE {some} QUALIFY coalesce({place} <= {own('left')}, true)"


def _sharing(limit: Limit, own: Callable[[str], str]) -> Iterator[str]:
    """What units that share a limit agree on; an unknown fact makes a group of its own."""
    match limit.per:
        case "person":
            yield "who"
        case "employer":
            yield "employer"
        case "legal-representative":
            yield f"coalesce({own('who')}, CAST(employer AS VARCHAR))"
        case _:
            yield "unit"
    if limit.by_year:
        yield own("year")
    for place in range(len(limit.same)):
        yield f"coalesce(CAST({own(f'same.{place}')} AS VARCHAR), '?' || CAST(unit AS VARCHAR))"


def _rounded(value: str, quantum: Decimal) -> str:
    """Half up to a multiple of the quantum, as money."""
    exponent = quantum.normalize().as_tuple()
    if exponent.digits == (1,):
        return f"CAST(round({value}, {-int(exponent.exponent)}) AS DECIMAL(18, 2))"
    return f"CAST(round({value} / {quantum}, 0) * {quantum} AS DECIMAL(18, 2))"


def _constant(rules: dict[int, Rule], attribute: str) -> str:
    arms = " ".join(
        f"WHEN {number} THEN {literal(getattr(rule, attribute))}" for number, rule in rules.items()
    )
    return f"CASE rule {arms} END" if arms else "''"
