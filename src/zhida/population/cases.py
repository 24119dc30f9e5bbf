"""One row of a population as a case: its own facts, its parents', what history knows of them.

The same row decided as a case and screened in bulk gives the same verdict: this is where both meet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from zhida.library import Library
from zhida.population.source import Population
from zhida.standards.regions import ancestors

Row = Mapping[str, Any]
NESTED = ("hire", "internship", "placement")
"""Entities whose rows hold their person; the others' person is the applicant."""
MOST_IN_MEMORY = 500_000
PLACES = (
    ("place", "region"),
    ("employer", "insured_region"),
    ("employer", "region"),
    ("person", "insured_region"),
)


@dataclass(slots=True)
class Cases:
    """Cases out of the rows of a population. Small files are read once, of large ones single rows."""

    connection: duckdb.DuckDBPyConnection
    library: Library
    population: Population
    region: str
    on: date
    indexes: dict[tuple[str, str], Mapping[Any, list[Row]]] = field(default_factory=dict)

    def of(self, entity: str, id: Any) -> dict[str, Any]:
        """The case of one unit, in the form of DESIGN's cases. KeyError where there is no such row."""
        found = self._rows(entity, "id", id)
        if not found:
            raise KeyError(f"no {entity} has the id {id}")
        return self.of_row(entity, found[0])

    def has(self, entity: str, id: Any) -> bool:
        """Whether the population has such a row."""
        return "id" in self.population.sources[entity].columns and bool(self._rows(entity, "id", id))

    def all(self, entity: str) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Every unit of an entity in file order, as (id, case)."""
        for row in self._select(entity):
            yield row["id"], self.of_row(entity, row)

    def of_row(self, entity: str, row: Row) -> dict[str, Any]:
        employer = row if entity == "employer" else self._parent(row, "employer")
        person = row if entity == "person" else self._parent(row, "person")
        parties = {"employer": self._facts("employer", employer) | _inline("employer", row)}
        person_facts = self._person(row, person, entity)
        case: dict[str, Any] = {"on": self.on}
        case["region"] = self._region(row, parties["employer"], person_facts)
        if employer is not None or parties["employer"]:
            case["employer"] = parties["employer"]
        if entity not in NESTED and person_facts:
            case["applicant"] = person_facts
        if place := self._place(case["region"]):
            case["place"] = self._facts("place", place)
        for key, rows in self._lists(entity, row, employer, person_facts):
            case[key] = rows
        case["history"] = list(self._history(case, row, employer))
        return case

    def _lists(
        self, entity: str, row: Row, employer: Row | None, person: Mapping[str, Any]
    ) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The unit itself, and the other rows of its employer that rules may count."""
        for other, definition in self.library.entities.items():
            if other == entity and entity in ("fund", "place"):
                yield definition.case_key, self._facts(entity, row)  # type: ignore[misc]
            if definition.rows is None or other not in self.population.sources:
                continue
            owned = "employer_id" in self.population.sources[other].columns and employer is not None
            rows = self._rows(other, "employer_id", employer["id"]) if owned and employer else []
            if other == entity and not any(r["id"] == row["id"] for r in rows):
                rows = [row]
            if rows or owned:
                yield definition.case_key, [self._element(other, r) for r in rows]

    def _element(self, entity: str, row: Row) -> dict[str, Any]:
        element = {"id": str(row["id"])} | self._facts(entity, row)
        if entity in NESTED:
            element["person"] = self._person(row, self._parent(row, "person"), entity)
        return element

    def _person(self, row: Row, person: Row | None, entity: str) -> dict[str, Any]:
        facts = self._facts("person", person) | (_inline("person", row) if entity != "person" else {})
        id = row["id"] if entity == "person" else row.get("person_id")
        return ({"id": str(id)} if id is not None else {}) | facts

    def _region(self, row: Row, employer: Row, person: Row) -> str:
        """Where the row is decided, as for screening."""
        own = {"employer": employer, "person": person, "place": row}
        said = [own[entity].get(key) for entity, key in PLACES if entity != "place"]
        return next((str(place) for place in [*said, row.get("region")] if place is not None), self.region)

    def _place(self, region: str) -> Row | None:
        """The nearest place that the population has a row for."""
        if "place" not in self.population.sources:
            return None
        return next(
            (found[0] for code in ancestors(region) if (found := self._rows("place", "id", code))), None
        )

    def _history(self, case: Mapping[str, Any], row: Row, employer: Row | None) -> Iterator[dict[str, Any]]:
        """Past grants to anyone in the case; its one employer is known there as `employer`."""
        if "history" not in self.population.sources:
            return
        names = {str(n): str(n) for n in _names(case, row)}
        if employer is not None:
            names[str(employer["id"])] = "employer"
        for name, known_as in names.items():
            for grant in self._rows("history", "subject", name):
                facts = {key: value for key, value in grant.items() if value is not None and key != "id"}
                yield facts | {"subject": known_as}

    def _facts(self, entity: str, row: Row | None) -> dict[str, Any]:
        if row is None:
            return {}
        keys = {fact.key for fact in self.library.entities[entity].facts}
        return {key: row[key] for key in row if key in keys and key != "id" and row[key] is not None}

    def _parent(self, row: Row, entity: str) -> Row | None:
        id = row.get(f"{entity}_id")
        if id is None or entity not in self.population.sources:
            return None
        return next(iter(self._rows(entity, "id", id)), None)

    def _rows(self, entity: str, column: str, value: Any) -> list[Row]:
        source = self.population.sources[entity]
        if source.rows > MOST_IN_MEMORY:
            expression = source.columns[column].expression
            return list(
                self._select(entity, f"CAST({expression} AS VARCHAR) = $value", {"value": str(value)})
            )
        if (entity, column) not in self.indexes:
            index: dict[Any, list[Row]] = defaultdict(list)
            for row in self._select(entity):
                index[str(row[column])].append(row)
            self.indexes[entity, column] = index
        return self.indexes[entity, column].get(str(value), [])

    def _select(self, entity: str, where: str = "", values: Mapping[str, Any] | None = None) -> Iterable[Row]:
        source = self.population.sources[entity]
        result = self.connection.execute(source.select(source.columns, where), values or {})
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _inline(entity: str, row: Row) -> dict[str, Any]:
    """The facts of a parent that the row carries itself."""
    prefix = f"{entity}."
    return {k.removeprefix(prefix): v for k, v in row.items() if k.startswith(prefix) and v is not None}


def _names(case: Mapping[str, Any], row: Row) -> Iterator[Any]:
    """Every name under which history may know someone in the case."""
    elements = (element for rows in case.values() if isinstance(rows, list) for element in rows)
    people = [case.get("applicant", {}), *(element.get("person", {}) for element in elements)]
    yield row["id"]
    yield from (case.get("employer", {}).get(key) for key in ("uscc", "legal_representative_id"))
    for person in people:
        yield from (person.get(key) for key in ("id", "id_number"))
