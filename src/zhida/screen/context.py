"""What the columns of all rules of one screening share: tables, day, regions, and what is joined."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel.nodes import Node
from zhida.library import Library
from zhida.profile.folding import fold
from zhida.screen.dialects import Dialect
from zhida.screen.frame import Frame
from zhida.screen.plan import Table
from zhida.screen.syntax import column, text
from zhida.screen.terms import Kind, Term, fact_term

PLACES = {
    "place": ("region",),
    "employer": ("insured_region", "region"),
    "person": ("insured_region",),
}
"""The facts that say where a row belongs, by entity."""


class Tables(Protocol):
    """The population as an engine reads it. `columns` are those that a file has, in-line ones too."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def entities(self) -> Collection[str]:
        """The entities that the population has a file of."""

    def columns(self, entity: str) -> Collection[str] | None:
        """The names of an entity's columns; None where the population has no such file."""

    def table(self, entity: str) -> Table: ...

    def value(self, entity: str, column: str) -> Expr:
        """A column of the file in its logical type."""

    def distinct(self, entity: str, column: str) -> tuple[Any, ...]:
        """The different values of a column that are not NULL, sorted."""


@dataclass(slots=True)
class Context:
    """One screening: `region` is the place that was asked for, `regions` those that rows are in."""

    library: Library
    on: date
    region: str
    tables: Tables
    regions: tuple[str, ...]
    folds: dict[int, tuple[Node, Node]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def folded(self, node: Node) -> Node:
        """`fold(node)`, once for each tree."""
        if id(node) not in self.folds:
            self.folds[id(node)] = (node, fold(node))
        return self.folds[id(node)][1]

    def named(self, hint: str) -> str:
        """`hint`, or a name made of it that no query has yet."""
        name, number = hint, 1
        while name in self.names:
            number += 1
            name = f"{hint}_{number}"
        self.names.add(name)
        return name

    def has(self, entity: str) -> bool:
        return self.tables.columns(entity) is not None

    def inline(self, frame: Frame, entity: str, key: str) -> bool:
        """Whether the rows of `frame` carry a fact of their parent themselves."""
        return f"{entity}.{key}" in (self.tables.columns(frame.entity) or ())

    def scan(self, frame: Frame, entity: str, key: str) -> Term | None:
        """The column of the frame's file that gives a fact; None where there is none."""
        own = frame.entity == entity
        name = key if own else f"{entity}.{key}"
        if name not in (self.tables.columns(frame.entity) or ()):
            return None
        definition = self.library.facts[entity, key]
        value = self.tables.value(frame.entity, name)
        return frame.scan(f"{frame.entity}.{name}", fact_term(definition, value))

    def identifier(self, frame: Frame, column: str) -> Term | None:
        """A column of ids, such as `employer_id`, under the name `hire.employer_id`."""
        if column not in (self.tables.columns(frame.entity) or ()):
            return None
        term = Term(self.tables.value(frame.entity, column), Kind.TEXT)
        return frame.scan(f"{frame.entity}.{column}", term)

    def region_of(self, frame: Frame) -> Term:
        """Where a row is decided: `insured_region`, else `region`, of the employer before the person;
        a row that says neither is where the screening was asked for."""
        parent = frame.parents.get("employer")
        if parent is not None and parent.kind == "inner":
            return frame.adopt("employer", self.region_of(parent.frame))
        name = f"{frame.entity}.place"
        if name not in frame.depth:
            said = [term.sql for term in self._places_said(frame)]
            asked = text(self.region)
            where = exp.Coalesce(this=said[0], expressions=[*said[1:], asked]) if said else asked
            frame.define(name, Term(where, Kind.TEXT, nullable=False))
        return Term(column(name), Kind.TEXT, nullable=False)

    def _places_said(self, frame: Frame) -> Iterator[Term]:
        """The columns that say where a row belongs, the first that knows it first."""
        for entity, keys in PLACES.items():
            parent = frame.parents.get(entity)
            for key in keys:
                own = self.scan(frame, entity, key)
                if own is not None:
                    yield own
                above = self.scan(parent.frame, entity, key) if parent is not None else None
                if above is not None:
                    yield frame.adopt(entity, above)
        if frame.entity == "fund" and "region" in (self.tables.columns("fund") or ()):
            yield frame.scan("fund.region", Term(self.tables.value("fund", "region"), Kind.TEXT))
