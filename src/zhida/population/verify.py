"""Whether the values of a population fit their facts: counted cheaply, then the first of each looked up.

Parquet gets one small query for each rule: the engine answers ranges from the footers and choices from
the dictionaries, which a single big aggregate would not. CSV, which is parsed anew each time, gets one
pass for all rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import duckdb

from zhida.library.model import FactDef
from zhida.population.conversion import quote
from zhida.population.identity import duplicates, orphans
from zhida.population.problems import PopulationError, Problem
from zhida.population.rules import Rule, rules
from zhida.population.source import Column, Population, Source

FEW = 10_000
"""Different values that are looked at one by one rather than row by row."""
PER_PASS = 60
"""Rules in one query over a CSV file."""
SINGULAR = (
    ("are ", "is "),
    ("have ", "has "),
    ("hold ", "holds "),
    ("not dates", "not a date"),
    ("not numbers", "not a number"),
    ("no codes", "no code"),
)
EXAMPLE = 60
"""Characters of a value in a message."""


def verify(
    connection: duckdb.DuckDBPyConnection,
    population: Population,
    columns: Mapping[str, Collection[str]] | None = None,
    *,
    ids: bool = False,
    on: date | None = None,
) -> None:
    """Raise PopulationError where values of `columns` (by entity; None: all) do not fit their facts.

    Cheap: it proves that every expression of these columns can be evaluated and that values are within
    their limits; check digits and texts are left to `check`. `ids` also finds duplicate ids and orphans.
    `on`: events after that day are wrong too.
    """
    problems: list[Problem] = []
    for entity, source in population.sources.items():
        names = source.columns if columns is None else columns.get(entity, ())
        problems += value_problems(connection, source, population.facts, names, on, thorough=False)
    if ids:
        wanted = population.sources if columns is None else columns
        problems += identity_problems(connection, population, wanted)
    if problems:
        raise PopulationError(problems)


def value_problems(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    facts: Mapping[tuple[str, str], FactDef],
    names: Iterable[str],
    on: date | None,
    *,
    thorough: bool,
) -> Iterator[Problem]:
    """What is wrong with the values of these columns, in their order; of each the first rule that fails."""
    ruled = [
        _Ruled(column, rule)
        for name in names
        if name in source.columns
        for column in (source.columns[name],)
        for rule in rules(source, column, facts.get((column.entity, column.key)), on)
        if thorough or not rule.thorough
    ]
    counts = _parquet_counts if source.format == "parquet" else _csv_counts
    done: set[str] = set()
    for each, count in counts(connection, source, ruled):
        if count and each.column.name not in done:
            done.add(each.column.name)
            yield _problem(connection, source, each, count)


def identity_problems(
    connection: duckdb.DuckDBPyConnection, population: Population, entities: Iterable[str]
) -> Iterator[Problem]:
    """Duplicate ids and orphans in the files of these entities."""
    for entity in entities:
        if entity in population.sources:
            yield from duplicates(connection, population.sources[entity])
            yield from orphans(connection, population, population.sources[entity])


@dataclass(frozen=True, slots=True)
class _Ruled:
    column: Column
    rule: Rule


def _parquet_counts(
    connection: duckdb.DuckDBPyConnection, source: Source, ruled: Iterable[_Ruled]
) -> Iterator[tuple[_Ruled, int]]:
    for name, group in groupby(ruled, key=lambda each: each.column.name):
        rules_of = list(group)
        if all(each.rule.distinct for each in rules_of):
            wrong = " OR ".join(f"({each.rule.wrong})" for each in rules_of)
            if _few_and_right(connection, source, name, wrong):
                continue
        yield from _column_counts(connection, source, rules_of)


def _column_counts(
    connection: duckdb.DuckDBPyConnection, source: Source, ruled: list[_Ruled]
) -> Iterator[tuple[_Ruled, int]]:
    """All rules of a column at once, and one by one only where some row breaks one of them."""
    wrong = " OR ".join(f"({each.rule.wrong})" for each in ruled)
    count = _count(connection, f"SELECT count(*) FROM {source.scan} WHERE {wrong}")
    for each in ruled if count else ():
        if len(ruled) > 1:
            count = _count(connection, f"SELECT count(*) FROM {source.scan} WHERE {each.rule.wrong}")
        yield each, count


def _few_and_right(connection: duckdb.DuckDBPyConnection, source: Source, column: str, wrong: str) -> bool:
    """Whether the column has few different values, none of them wrong.

    In one query the engine would move the condition to every row again.
    """
    name = quote(column)
    values = connection.execute(f"SELECT DISTINCT {name} FROM {source.scan} LIMIT {FEW}").fetchall()
    if len(values) == FEW:
        return False
    seen = f"SELECT unnest($values) AS {name}"
    sql = f"SELECT count(*) FROM ({seen}) WHERE {wrong}"
    row = connection.execute(sql, {"values": [value for (value,) in values if value is not None]}).fetchone()
    return row == (0,)


def _csv_counts(
    connection: duckdb.DuckDBPyConnection, source: Source, ruled: list[_Ruled]
) -> Iterator[tuple[_Ruled, int]]:
    for start in range(0, len(ruled), PER_PASS):
        part = ruled[start : start + PER_PASS]
        items = ", ".join(f"count(*) FILTER (WHERE {each.rule.wrong})" for each in part)
        counts = connection.execute(f"SELECT {items} FROM {source.scan}").fetchone() or ()
        yield from zip(part, counts, strict=True)


def _problem(connection: duckdb.DuckDBPyConnection, source: Source, each: _Ruled, count: int) -> Problem:
    file, row, example = first_row(connection, source, each.column.name, each.rule.wrong)
    message = counted(count, each.rule.message)
    return Problem(file, each.rule.code, message, each.column.name, count, row, example)


def counted(count: int, verb_phrase: str) -> str:
    """3, "are not dates" → 3 values are not dates; 1 → 1 value is not …"""
    if count != 1:
        return f"{count:,} values {verb_phrase}"
    for plural, singular in SINGULAR:
        verb_phrase = verb_phrase.replace(plural, singular, 1)
    return f"1 value {verb_phrase}"


def first_row(
    connection: duckdb.DuckDBPyConnection, source: Source, column: str, wrong: str
) -> tuple[str, int | None, str | None]:
    """The file and the row, counted from 1 in it, where `wrong` first holds, and its value in `column`."""
    value = f"CAST({quote(column)} AS VARCHAR)"
    if source.format == "parquet":
        scan = source.scan.removesuffix(")") + ", filename = true, file_row_number = true)"
        sql = f"""SELECT filename, file_row_number + 1, {value} FROM {scan}
                  WHERE {wrong} ORDER BY filename, file_row_number LIMIT 1"""
    else:
        sql = f"""SELECT NULL, "row number", {value}
                  FROM (SELECT *, row_number() OVER () AS "row number" FROM {source.scan})
                  WHERE {wrong} LIMIT 1"""
    found = connection.execute(sql).fetchone()
    if found is None:
        return source.name, None, None
    return source.label(found[0]), found[1], shown(found[2])


def shown(value: str | None) -> str | None:
    """A value in a message: quoted, short, on one line."""
    if value is None:
        return None
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in value)
    return f"'{text if len(text) <= EXAMPLE else text[: EXAMPLE - 1] + '…'}'"


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
