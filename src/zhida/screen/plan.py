"""A small relational plan: named queries over tables and over each other, each with typed columns.

A plan is built once and rendered for any engine: every query becomes one common table expression, in
the order in which they are needed, so that the SQL reads from the rows of a file down to its result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.screen.syntax import column as reference
from zhida.screen.terms import Term, stored


@dataclass(frozen=True, slots=True)
class Table:
    """What an engine reads: a file, or rows that are known already (`SELECT … UNION ALL …`)."""

    sql: Expr


@dataclass(frozen=True, slots=True)
class Join:
    """Rows of `query` beside those of a base, where `on` holds; inner, or left where one may lack."""

    query: Query
    on: Expr
    kind: str = "left"


@dataclass(frozen=True, slots=True)
class Query:
    """SELECT columns FROM base JOIN … WHERE … GROUP BY …; with `everything` also the base's columns.

    `needs` are queries that only its conditions mention.
    """

    name: str
    base: Table | Query | Union
    columns: Mapping[str, Term]
    everything: bool = False
    joins: tuple[Join, ...] = ()
    where: Expr | None = None
    groups: tuple[Expr, ...] = ()
    needs: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Union:
    """The rows of several queries with equal columns, in their order; `distinct` ones once."""

    name: str
    parts: tuple[Query, ...]
    distinct: bool = False


def column(name: str, like: Term) -> Term:
    """A reference to a column that holds what the term `like` computes."""
    return stored(like, reference(name))


def statement(query: Query | Union) -> Expr:
    """One SELECT in which every query that is needed stands before its use, each once."""
    ordered: dict[str, Expr] = {}
    last: Expr = _place(query, ordered)
    for name, body in ordered.items():
        last = last.with_(exp.to_identifier(name, quoted=True), as_=body, copy=False)  # type: ignore[attr-defined]
    return last


def _place(query: Query | Union, ordered: dict[str, Expr]) -> Any:
    """The query's own SELECT, after those that it reads are in `ordered`."""
    if isinstance(query, Union):
        parts = [_place(part, ordered) for part in query.parts]
        if len(parts) == 1:
            return parts[0].distinct(copy=False) if query.distinct else parts[0]
        return exp.union(*parts, distinct=query.distinct, copy=False)
    for needed in _needed(query):
        if needed.name not in ordered:
            body = _place(needed, ordered)
            ordered[needed.name] = body
    return _select(query)


def _needed(query: Query) -> Iterator[Query | Union]:
    yield from query.needs
    if isinstance(query.base, Query | Union):
        yield query.base
    for join in query.joins:
        yield join.query


def _select(query: Query) -> exp.Select:
    select = exp.Select()
    select.set("expressions", list(_projection(query)))
    base = query.base.sql if isinstance(query.base, Table) else _named(query.base)
    select = select.from_(base, copy=False)
    for join in query.joins:
        select = select.join(_named(join.query), on=join.on, join_type=join.kind, copy=False)
    if query.where is not None:
        select = select.where(query.where, copy=False)
    if query.groups:
        select = select.group_by(*query.groups, copy=False)
    return select


def _projection(query: Query) -> Iterator[Expr]:
    """`base.*`, not `*`: the columns of what is joined are taken by name."""
    if query.everything:
        assert isinstance(query.base, Query), "only a query has columns to take over"
        yield exp.Column(this=exp.Star(), table=exp.to_identifier(query.base.name, quoted=True))
    for name, term in query.columns.items():
        if isinstance(term.sql, exp.Column) and term.sql.name == name:
            yield term.sql
        else:
            yield exp.alias_(term.sql, exp.to_identifier(name, quoted=True), copy=False)


def _named(query: Query | Union) -> exp.Table:
    return exp.Table(this=exp.to_identifier(query.name, quoted=True))


def rows_of(
    names: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Expr]], alias: str = "known"
) -> Table:
    """Rows known beforehand, as a table of these names and types."""
    quoted = [exp.to_identifier(name, quoted=True) for name in names]
    if not rows:
        nothing = [exp.alias_(exp.cast(exp.null(), t), q) for t, q in zip(types, quoted, strict=True)]
        return Table(exp.select(*nothing).where(exp.false()).subquery(alias))
    given = exp.Values(
        expressions=[exp.Tuple(expressions=list(row)) for row in rows],
        alias=exp.TableAlias(this=exp.to_identifier("given"), columns=quoted),
    )
    typed = [exp.alias_(exp.cast(reference(n), t), q) for n, t, q in zip(names, types, quoted, strict=True)]
    return Table(exp.select(*typed).from_(given).subquery(alias))
