"""Events of a person's life that stand before the birth of that person."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from zhida.population.conversion import quote
from zhida.population.problems import Problem
from zhida.population.source import Column, Population, Source

LIFE = frozenset({"graduated_on", "became_unemployed_on"})
"""What happens to a person, of the dates among a person's own facts."""


def before_birth(
    connection: duckdb.DuckDBPyConnection, population: Population, source: Source
) -> Iterator[Problem]:
    """A problem for each column with events before the birth of the person that the row speaks of."""
    events = _events(population, source)
    rows = _rows(population, source, [column.name for column in events]) if events else None
    if rows is None:
        return
    items = ", ".join(
        f"count(*) FILTER (WHERE {quote(c.name)} < born), min(id) FILTER (WHERE {quote(c.name)} < born)"
        for c in events
    )
    found = connection.execute(f"SELECT {items} FROM ({rows})").fetchone() or ()
    for number, column in enumerate(events):
        count, example = found[2 * number : 2 * number + 2]
        if count:
            noun = "value is" if count == 1 else "values are"
            message = f"{count:,} {noun} before the birth of the person (first: id '{example}')"
            yield Problem(source.name, "date/before-birth", message, column.name, count)


def _events(population: Population, source: Source) -> list[Column]:
    """The columns whose day must follow the birth; the employer's own history is nobody's life."""
    found = []
    for column in source.columns.values():
        fact = population.facts.get((column.entity, column.key))
        if column.entity == "person":
            life = column.key in LIFE
        else:
            life = fact is not None and fact.event and column.entity == source.entity != "employer"
        if life:
            found.append(column)
    return found


def _rows(population: Population, source: Source, names: list[str]) -> str | None:
    """A query of id, born and these columns; None where no birth date can be reached."""
    own = "born_on" if source.entity == "person" else "person.born_on"
    if "id" not in source.columns:
        return None
    values = ", ".join(f"{safe(source.columns[name])} AS {quote(name)}" for name in names)
    id = source.columns["id"].expression
    if own in source.columns:
        return f"SELECT {id} AS id, {safe(source.columns[own])} AS born, {values} FROM {source.scan}"
    persons = population.sources.get("person")
    if "person_id" not in source.columns or persons is None or "born_on" not in persons.columns:
        return None
    person = source.columns["person_id"].expression
    child = f"SELECT {id} AS id, {person} AS person_id, {values} FROM {source.scan}"
    parent_id = persons.columns["id"].expression
    parent = (
        f"SELECT {parent_id} AS person_id, {safe(persons.columns['born_on'])} AS born FROM {persons.scan}"
    )
    return f"SELECT * FROM ({child}) JOIN ({parent}) USING (person_id)"


def safe(column: Column) -> str:
    """SQL: the value of a column, NULL where it does not convert."""
    return f"CASE WHEN {column.fits} THEN {column.expression} END" if column.fits else column.expression
