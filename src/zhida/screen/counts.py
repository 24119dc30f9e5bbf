"""Aggregates over the rows that belong to a unit: `count(见习名单[见习.见习期满])`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.screen.context import Context
from zhida.screen.frame import Frame
from zhida.screen.plan import Query
from zhida.screen.syntax import binary, case, column, integer, is_null
from zhida.screen.terms import Kind, Term, constant_term, void

DIGITS, MOST = 10, 10**9


Inside = Callable[[Frame], tuple[Term, tuple[tuple[str, Expr], ...]]]
"""Of the counted rows: whether each counts, and the facts that it lacks for that to be known."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of rows, and flags of the facts that some of them lack for it to be known."""

    number: Term
    missing: tuple[tuple[str, Expr], ...] = ()


@dataclass(slots=True)
class _Related:
    """The rows of an entity beside a frame's, grouped by whom they belong to: one join for all counts."""

    rows: Frame
    owner: Term
    columns: dict[str, Term]

    def query(self) -> Query:
        return Query(f"{self.rows.prefix}_counted", self.rows.query(), self.columns, groups=(self.owner.sql,))


@dataclass(slots=True)
class Counts:
    """The counted relations of one screening, each joined once to each frame that asks for it."""

    context: Context
    counted: dict[Any, Counted] = field(default_factory=dict)
    related: dict[Any, _Related | None] = field(default_factory=dict)

    def of(self, frame: Frame, entity: str, text: str, inside: Inside | None) -> Counted:
        """How many rows of `entity` the unit has, of those that `inside` counts.

        NULL where it is unknown for one of them, or where the population has no such rows at all. `text`
        says the condition in words, equal for equal ones.
        """
        at = (id(frame), entity, text)
        if at not in self.counted:
            if (id(frame), entity) not in self.related:
                self.related[id(frame), entity] = self._relate(frame, entity)
            related = self.related[id(frame), entity]
            self.counted[at] = _count(frame, related, text or entity, inside) if related else UNCOUNTED
        return self.counted[at]

    def _relate(self, frame: Frame, entity: str) -> _Related | None:
        """The rows of `entity`; None where the population has none, or does not say whose they are."""
        if not self.context.has(entity):
            return None
        rows = Frame(entity, self.context.tables.table(entity))
        owner = self.context.identifier(rows, f"{frame.entity}_id")
        if owner is None:
            return None
        rows.prefix = self.context.named(f"{frame.prefix}_{entity}")
        key = f"{rows.prefix}.owner"
        related = _Related(rows, owner, {key: owner})
        own = self.context.identifier(frame, "id")
        assert own is not None, "every file has ids"
        frame.join(related.query(), binary(exp.EQ, own.sql, column(key)), ())
        return related


UNCOUNTED = Counted(void(Kind.NUMBER))


def _count(frame: Frame, related: _Related, text: str, inside: Inside | None) -> Counted:
    name = frame.unused(f"count({text})")
    counts, flags = inside(related.rows) if inside else (constant_term(True), ())
    counted = related.rows.share("counted", counts).sql
    sure, unsure = f"{name}.sure", f"{name}.open"
    sums = {sure: _count_where(counted)}
    if counts.nullable:
        sums[unsure] = _count_where(is_null(counted))
    lacking = {f"{name}.lacks.{fact}": _count_where(flag) for fact, flag in flags}
    related.columns |= sums | lacking
    frame.rejoin(related.query(), (*sums, *lacking))
    known = first(column(sure), integer(0))
    if counts.nullable:
        settled = binary(exp.EQ, first(column(unsure), integer(0)), integer(0))
        known = case([(settled, known)])
    number = Term(known, Kind.NUMBER, DIGITS, nullable=counts.nullable, low=0, high=MOST)
    return Counted(
        frame.share(name, number),
        tuple(
            (fact, binary(exp.GT, column(lacks), integer(0)))
            for (fact, _), lacks in zip(flags, lacking, strict=True)
        ),
    )


def first(*parts: Expr) -> Expr:
    """The first that is not NULL."""
    return exp.Coalesce(this=parts[0], expressions=list(parts[1:]))


def _count_where(condition: Expr) -> Term:
    counted = exp.Count(this=case([(condition, integer(1))]))
    return Term(counted, Kind.NUMBER, DIGITS, nullable=False)
