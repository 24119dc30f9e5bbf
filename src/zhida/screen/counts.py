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
class Counts:
    """The counted relations of one screening, each joined once to each frame that asks for it."""

    context: Context
    counted: dict[Any, Counted] = field(default_factory=dict)

    def of(self, frame: Frame, entity: str, text: str, inside: Inside | None) -> Counted:
        """How many rows of `entity` the unit has, of those that `inside` counts.

        NULL where it is unknown for one of them, or where the population has no such rows at all. `text`
        says the condition in words, equal for equal ones.
        """
        at = (id(frame), entity, text)
        if at not in self.counted:
            self.counted[at] = self._count(frame, entity, text, inside)
        return self.counted[at]

    def _count(self, frame: Frame, entity: str, text: str, inside: Inside | None) -> Counted:
        rows = Frame(entity, self.context.tables.table(entity)) if self.context.has(entity) else None
        owner = None if rows is None else self.context.identifier(rows, f"{frame.entity}_id")
        if rows is None or owner is None:
            return Counted(void(Kind.NUMBER))
        rows.prefix = self.context.named(f"{frame.prefix}_{entity}")
        name = frame.unused(f"count({text or entity})")
        counts, flags = inside(rows) if inside else (constant_term(True), ())
        counted = rows.share("counted", counts).sql
        key, sure, unsure = f"{name}.owner", f"{name}.sure", f"{name}.open"
        lacking = {f"{name}.lacks.{fact}": _count_where(flag) for fact, flag in flags}
        groups = Query(
            f"{rows.prefix}_counted",
            rows.query(),
            {key: owner, sure: _count_where(counted), unsure: _count_where(is_null(counted)), **lacking},
            groups=(owner.sql,),
        )
        own = self.context.identifier(frame, "id")
        assert own is not None, "every file has ids"
        frame.join(groups, binary(exp.EQ, own.sql, column(key)), (sure, unsure, *lacking))
        some, none = (first(column(n), integer(0)) for n in (sure, unsure))
        known = case([(binary(exp.EQ, none, integer(0)), some)])
        number = frame.share(name, Term(known, Kind.NUMBER, DIGITS, low=0, high=MOST))
        missing = tuple(
            (fact, binary(exp.GT, column(lacks), integer(0)))
            for (fact, _), lacks in zip(flags, lacking, strict=True)
        )
        return Counted(number, missing)


def first(*parts: Expr) -> Expr:
    """The first that is not NULL."""
    return exp.Coalesce(this=parts[0], expressions=list(parts[1:]))


def _count_where(condition: Expr) -> Term:
    counted = exp.Count(this=case([(condition, integer(1))]))
    return Term(counted, Kind.NUMBER, DIGITS, nullable=False)
