"""The SQL of a measure over tables that are named as a population's files, to be read and run elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.library import Library, Rule, resolve
from zhida.population import file_stem, population_schema
from zhida.screen.context import Context
from zhida.screen.dialects import Dialect
from zhida.screen.facts import reading
from zhida.screen.plan import Table, statement
from zhida.screen.regions import Area
from zhida.screen.syntax import column as reference
from zhida.screen.units import sheet


@dataclass(frozen=True, slots=True)
class NamedTables:
    """A population that has every file and every column, each already in its logical type.

    The keys of lookups are those that the standards themselves tell apart.
    """

    library: Library
    dialect: Dialect

    @property
    def entities(self) -> Collection[str]:
        return population_schema(self.library)

    def columns(self, entity: str) -> Collection[str]:
        fields = population_schema(self.library)[entity].fields
        return {name for name in fields if "." not in name}

    def table(self, entity: str) -> Table:
        return Table(exp.Table(this=exp.to_identifier(file_stem(entity), quoted=True)))

    def value(self, entity: str, column: str) -> Expr:
        return reference(column)

    def distinct(self, entity: str, column: str) -> tuple[Any, ...]:
        fact = self.library.facts.get((entity, column))
        if fact is not None and fact.values:
            return tuple(sorted(fact.values))
        kind = "region" if column == "id" or (fact and fact.type == "region") else "code"
        found: set[str] = set()
        for table in self.library.tables.values():
            for place, key in enumerate(table.definition.keys):
                if key.type == kind:
                    found |= {keys[place] for keys in table.rows}
        return tuple(sorted(found))


def printed_sql(
    library: Library, measure: str, dialect: Dialect, region: str | None, on: date | None
) -> tuple[str, ...]:
    """One statement for each provision of the measure that is open in `region` (None: wherever a document
    enacts it) on the day (None: its own last one)."""
    places = [region] if region else sorted({document.region for document, _ in library.documents})
    return tuple(
        f"-- {rule.title}: {rule.document} {rule.clause} ({rule.row}), {place}, {day}\n"
        + _statement(library, rule, dialect, place, day)
        for place in places
        for rule, day in _open_rules(library, measure, place, on)
    )


def _open_rules(library: Library, measure: str, region: str, on: date | None) -> list[tuple[Rule, date]]:
    if on is not None:
        found = [(rule, on) for rule in resolve(library, region, on)]
    else:
        found = []
        for rule in resolve(library, region, date.max):
            opening = rule.opening
            last = opening.grace_end or opening.end or opening.start
            if last is not None:
                found += [(r, last) for r in resolve(library, region, last) if r.row == rule.row]
    return [(rule, day) for rule, day in found if rule.measure == measure and rule.opening.is_open(day)]


def _statement(library: Library, rule: Rule, dialect: Dialect, region: str, on: date) -> str:
    tables = NamedTables(library, dialect)
    context = Context(library, on, region, tables, (region,))
    found = sheet(reading(context), Area(region, (), (rule,)), rule.unit, [rule])
    return dialect.sql(statement(found.query), pretty=True)
