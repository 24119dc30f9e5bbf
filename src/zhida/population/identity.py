"""Ids that stand twice, and rows whose parent no file has."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from zhida.population.problems import Problem
from zhida.population.schema import NO_ID, REFERENCES
from zhida.population.source import Population, Source


def duplicates(connection: duckdb.DuckDBPyConnection, source: Source) -> Iterator[Problem]:
    """A problem if an id stands more than once.

    Ids in ascending order are proven unique by one sequential read without memory; others are grouped,
    which spills to disk.
    """
    if "id" not in source.columns or source.entity in NO_ID or ascending(connection, source):
        return
    id = source.columns["id"].expression
    groups = f"SELECT {id} AS id, count(*) AS times FROM {source.scan} GROUP BY ALL HAVING count(*) > 1"
    sql = f"SELECT count(*), min(id), max(times) FROM ({groups}) WHERE id IS NOT NULL"
    count, example, most = _row(connection, sql)
    if count:
        noun = "id stands" if count == 1 else "ids stand"
        message = f"{count:,} {noun} more than once (up to {most:,} times)"
        yield Problem(source.name, "id/duplicate", message, "id", count, None, repr(str(example)))


def orphans(
    connection: duckdb.DuckDBPyConnection, population: Population, source: Source
) -> Iterator[Problem]:
    """A problem for each column whose values name rows that the other file does not have."""
    for name, entity in REFERENCES.items():
        parent = population.sources.get(entity)
        if name not in source.columns or parent is None or "id" not in parent.columns:
            continue
        id, own = parent.columns["id"].expression, source.columns[name].expression
        bounds = _gapless(connection, parent)
        if bounds is not None:  # then the footers answer, without a join
            wrong = f"{own} NOT BETWEEN {bounds[0]} AND {bounds[1]}"
            sql = f"SELECT count(*), min({own}) FROM {source.scan} WHERE {wrong}"
        else:
            child = f"SELECT {own} AS id FROM {source.scan} WHERE {own} IS NOT NULL"
            known = f"SELECT {id} AS id FROM {parent.scan}"
            sql = f"SELECT count(*), min(id) FROM ({child}) AS child ANTI JOIN ({known}) AS known USING (id)"
        count, example = _row(connection, sql)
        if count:
            noun = "value names" if count == 1 else "values name"
            message = f"{count:,} {noun} no row of {parent.name}"
            yield Problem(source.name, "id/orphan", message, name, count, None, repr(str(example)))


def ascending(connection: duckdb.DuckDBPyConnection, source: Source) -> bool:
    """Whether every id is greater than the one before."""
    id = source.columns["id"].expression
    pairs = f"SELECT {id} AS id, lag({id}) OVER () AS before FROM {source.scan}"
    # the first row has none before it; a missing id is another problem
    return _row(connection, f"SELECT count(*) FROM ({pairs}) WHERE before >= id")[0] == 0


def _gapless(connection: duckdb.DuckDBPyConnection, source: Source) -> tuple[int, int] | None:
    """The least and greatest id where every integer between them is one; None otherwise."""
    column = source.columns["id"]
    if column.logical != "BIGINT" or not source.rows:
        return None
    first, last = _row(
        connection, f"SELECT min({column.expression}), max({column.expression}) FROM {source.scan}"
    )
    if first is None or last - first + 1 != source.rows or not ascending(connection, source):
        return None
    return first, last


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    return connection.execute(sql).fetchone() or ()
