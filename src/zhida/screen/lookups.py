"""Standards tables as joins: what `Table.read` says for the keys that occur in the population.

The table's own rules (longest prefix, a region's ancestors, codes that are too coarse, what a missing
row means) thus have one home; the SQL joins their outcome on equal keys.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import UNKNOWN
from zhida.feel.values import format_value
from zhida.library.rule import FactPath
from zhida.library.tables import Table
from zhida.screen.context import Context
from zhida.screen.frame import Frame
from zhida.screen.plan import Query, rows_of
from zhida.screen.syntax import binary, conjunction
from zhida.screen.syntax import column as reference
from zhida.screen.terms import Kind, Term, constant_term, type_name, void

MOST = "·most"
KINDS = {"boolean": Kind.BOOLEAN, "text": Kind.TEXT, "number": Kind.NUMBER, "money": Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a lookup: a constant, or a column and the values that it has."""

    values: tuple[Any, ...]
    column: Term | None = None


@dataclass(slots=True)
class Lookups:
    """The joins of one screening: one for each table, frame and set of keys, with all its columns."""

    context: Context
    joined: dict[Any, dict[str, Term]] = field(default_factory=dict)
    domains: dict[FactPath, tuple[Any, ...]] = field(default_factory=dict)

    def term(self, frame: Frame, table: str, column: str, keys: Sequence[Key]) -> Term:
        """The column of `frame` that holds the figure; NULL where the table has none for the row."""
        found = self.context.library.tables[table]
        if all(key.column is None for key in keys):
            return _constant(found, column, keys, self.context.on)
        return self._columns(frame, found, keys)[column]

    def most(self, frame: Frame, table: str, column: str, keys: Sequence[Key]) -> Term:
        """The greatest figure of a prefecture's counties, where the table has none of its own."""
        found = self.context.library.tables[table]
        if all(key.column is None for key in keys):
            return void(Kind.NUMBER)
        return self._columns(frame, found, keys).get(column + MOST, void(Kind.NUMBER))

    def _columns(self, frame: Frame, table: Table, keys: Sequence[Key]) -> dict[str, Term]:
        """The columns of a table by their names, joined once for each frame and set of keys."""
        marks = tuple(key.column.sql.name if key.column else key.values for key in keys)
        at = (id(frame), table.name, marks)
        if at not in self.joined:
            self.joined[at] = self._join(frame, table, keys)
        return self.joined[at]

    def _join(self, frame: Frame, table: Table, keys: Sequence[Key]) -> dict[str, Term]:
        on = [key.column for key in keys if key.column is not None]
        name = self.context.named(f"{table.name}({'、'.join(c.sql.name for c in on)})")
        columns = [column.name for column in table.definition.columns]
        cells = list(_cells(table, columns, keys, self.context.on))
        parts = {c: [row[n] for _, row in cells] for n, c in enumerate(columns)}
        parts |= {
            c + MOST: bounds for c in columns if (bounds := _bounds(table, c, keys, self.context.on, cells))
        }
        terms = {c: _typed(table, c.removesuffix(MOST), values, f"{name}.{c}") for c, values in parts.items()}
        unknown: dict[tuple[bool, ...], Expr] = {}
        for c, values in parts.items():
            first = unknown.setdefault(tuple(value is UNKNOWN for value in values), terms[c].sql)
            terms[c] = replace(terms[c], gaps=(first,))
        varying = [f"{name}.{place}" for place in range(len(on))]
        source = rows_of(
            [*varying, *(term.sql.name for term in terms.values())],
            [*("VARCHAR" for _ in on), *map(type_name, terms.values())],
            [[*map(_literal, key), *map(_literal, row)]
             for (key, _), row in zip(cells, zip(*parts.values(), strict=True), strict=True)],
        )  # fmt: skip
        given = {key: Term(reference(key), Kind.TEXT) for key in varying}
        given |= {term.sql.name: term for term in terms.values()}
        query = Query(f"{frame.prefix}_{name}", source, given)
        matches = [binary(exp.EQ, c.sql, reference(n)) for c, n in zip(on, varying, strict=True)]
        frame.join(query, conjunction(matches), [term.sql.name for term in terms.values()])
        return terms

    def domain(self, path: FactPath) -> tuple[Any, ...]:
        """Every value that the fact has in some row, or may have by default."""
        if path not in self.domains:
            entity, key = path
            found: set[Any] = set()
            for holder in self.context.library.entities:
                name = key if holder == entity else f"{entity}.{key}"
                if name in (self.context.tables.columns(holder) or ()):
                    found |= set(self.context.tables.distinct(holder, name))
            if self.context.library.facts[path].absence == "case region":
                found |= set(self.context.regions)
            self.domains[path] = tuple(sorted(found))
        return self.domains[path]


def _constant(table: Table, column: str, parts: Sequence[Key], on: date) -> Term:
    """A figure that is the same for every row."""
    for _, (value,) in _cells(table, [column], parts, on):
        return constant_term(value)
    return _typed(table, column, [], "")


def _cells(
    table: Table, columns: Sequence[str], keys: Sequence[Key], on: date
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """(values of the keys that vary, the figures) for all keys that occur."""
    day = on if table.definition.dated else None
    for values in itertools.product(*(key.values for key in keys)):
        texts = tuple(map(str, values))
        varying = tuple(v for v, key in zip(values, keys, strict=True) if key.column is not None)
        yield varying, tuple(table.read(column, texts, day) for column in columns)


def _bounds(table: Table, column: str, keys: Sequence[Key], on: date, cells: Sequence[Any]) -> list[Any]:
    """The greatest figure of a prefecture's counties for each of the cells; empty where there is none."""
    if next(c.type for c in table.definition.columns if c.name == column) not in ("number", "money"):
        return []
    all_keys = list(itertools.product(*(key.values for key in keys)))
    counties = [table.of_parts(column, tuple(map(str, values)), on) for values in all_keys]
    assert len(counties) == len(cells)
    return [max(values, default=UNKNOWN) for values in counties] if any(counties) else []


def _typed(table: Table, column: str, values: Sequence[Any], name: str) -> Term:
    """The column `name` (NULL without one), in the table's type and wide enough for `values`."""
    kind = KINDS[next(c.type for c in table.definition.columns if c.name == column)]
    sql = reference(name) if name else exp.null()
    if kind is not Kind.NUMBER:
        return Term(sql, kind)
    terms = [constant_term(value) for value in values if value is not UNKNOWN] or [constant_term(Decimal(0))]
    scale = max(term.scale for term in terms)
    return Term(sql, kind, scale + max(term.precision - term.scale for term in terms), scale)


def _literal(value: Any) -> Expr:
    return exp.null() if value is UNKNOWN else exp.Literal.string(format_value(value))
