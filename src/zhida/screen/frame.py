"""The rows of one entity as a query whose columns are added level by level.

Every column is computed once, whatever asks for it; a column that needs others stands a level above
them. Rules share what they have in common because equal SQL is one column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.screen.plan import Join, Query, Table, column
from zhida.screen.syntax import conjunction, integer
from zhida.screen.terms import Kind, Term


@dataclass(slots=True)
class Level:
    """What is added at one level: joined relations and computed columns."""

    joins: list[Join] = field(default_factory=list)
    parents: list[Parent] = field(default_factory=list)
    columns: dict[str, Term] = field(default_factory=dict)
    where: list[Expr] = field(default_factory=list)


@dataclass(slots=True)
class Parent:
    """A frame whose rows these rows belong to, joined at a level: 0 is before anything is computed.

    `columns` are those of its columns that the joined rows have from there on.
    """

    frame: Frame
    on: Expr
    kind: str
    columns: dict[str, Term] = field(default_factory=dict)
    level: int = 0


class Frame:
    """Rows of `entity`, read from `table`. Columns are named `entity.key` or after what they mean.

    `prefix` tells the queries of a frame from those of another over the same entity.
    """

    def __init__(self, entity: str, table: Table, prefix: str = "") -> None:
        self.entity, self.table, self.prefix = entity, table, prefix or entity
        self.scanned: dict[str, Term] = {}
        self.parents: dict[str, Parent] = {}
        self.levels: list[Level] = []
        self.depth: dict[str, int] = {}
        self.known: dict[Expr, str] = {}

    def scan(self, name: str, term: Term) -> Term:
        """A column of the file, by the name that it has from here on."""
        if name not in self.scanned:
            self.scanned[name] = term
            self.depth[name] = 0
        return column(name, self.scanned[name])

    def adopt(self, entity: str, term: Term) -> Term:
        """A column of the parent `entity`, by the same name here."""
        if not isinstance(term.sql, exp.Column):
            return term
        name = term.sql.name
        self.parents[entity].columns[name] = term
        self.depth[name] = self.parents[entity].level
        divisor = None if term.divisor is None else self.adopt(entity, term.divisor)
        return replace(column(name, term), divisor=divisor)

    def beside(self, entity: str, parent: Parent) -> None:
        """Join a parent above the columns that its condition needs."""
        self.parents[entity] = parent
        level = 1 + max(self.depth.get(c.name, 0) for c in parent.on.find_all(exp.Column))
        self._at(level).parents.append(parent)
        parent.level = level

    def share(self, hint: str, term: Term) -> Term:
        """`term` as a column, computed once for all that ask for the same; `hint` names it."""
        if term.divisor is not None:
            whole = replace(self.share(hint, replace(term, divisor=None)), gaps=None)
            return replace(whole, divisor=self.share(f"{hint}.divisor", term.divisor))
        if isinstance(term.sql, exp.Column | exp.Literal | exp.Null | exp.Boolean):
            return term
        key = term.sql
        if key not in self.known:
            name = self.unused(hint)
            self._at(self._above(term.sql)).columns[name] = term
            self.known[key] = name
            self.depth[name] = self._above(term.sql)
        return column(self.known[key], term)

    def shared(self, term: Term) -> Term:
        """The column that holds `term` already, else `term` itself."""
        name = None if term.divisor is not None else self.known.get(term.sql)
        return term if name is None else column(name, term)

    def define(self, name: str, term: Term) -> Term:
        """`term` under exactly this name."""
        level = self._above(term.sql)
        self._at(level).columns[name] = term
        self.depth[name] = level
        return column(name, term)

    def join(self, query: Query, on: Expr, names: Iterable[str]) -> None:
        """Left join `query` above the columns that `on` needs; its columns `names` become the frame's."""
        own = [c for c in on.find_all(exp.Column) if c.name not in query.columns]
        level = 1 + max((self.depth[c.name] for c in own), default=0)
        self._at(level).joins.append(Join(query, on))
        self._take(level, query, names)

    def rejoin(self, query: Query, names: Iterable[str]) -> None:
        """`query`, which has more columns now, in place of what is joined under its name."""
        for number, level in enumerate(self.levels, 1):
            for place, join in enumerate(level.joins):
                if join.query.name == query.name:
                    level.joins[place] = Join(query, join.on)
                    self._take(number, query, names)

    def _take(self, level: int, query: Query, names: Iterable[str]) -> None:
        for name in names:
            self._at(level).columns[name] = column(name, query.columns[name])
            self.depth[name] = level

    def keep(self, condition: Expr) -> None:
        """Only the rows for which `condition`, over columns of the frame, is true."""
        self._at(self._above(condition)).where.append(condition)

    def query(self) -> Query:
        """The frame as it stands: one query per level."""
        scanned = self.scanned or {"row": Term(integer(1), Kind.NUMBER, 1)}
        joins = [(p, parent) for p, parent in self.parents.items() if parent.level == 0]
        if not joins:
            at = Query(f"{self.prefix}_rows", self.table, scanned)
        else:
            rows = Query(f"{self.prefix}_rows", self.table, scanned)
            at = Query(
                f"{self.prefix}_joined",
                rows,
                _adopted(parent for _, parent in joins),
                everything=True,
                joins=tuple(Join(p.frame.query(), p.on, p.kind) for _, p in joins),
            )
        for number, level in enumerate(self.levels, 1):
            at = Query(
                f"{self.prefix}_{number}",
                at,
                dict(level.columns) | _adopted(level.parents),
                everything=True,
                joins=(*level.joins, *(Join(p.frame.query(), p.on, p.kind) for p in level.parents)),
                where=conjunction(level.where) if level.where else None,
            )
        return at

    def _above(self, sql: Expr) -> int:
        return 1 + max((self.depth[c.name] for c in sql.find_all(exp.Column)), default=0)

    def _at(self, level: int) -> Level:
        while len(self.levels) < level:
            self.levels.append(Level())
        return self.levels[level - 1]

    def unused(self, hint: str) -> str:
        """`hint`, or a name made of it that no column has yet."""
        name, number = hint, 1
        while name in self.depth:
            number += 1
            name = f"{hint}~{number}"
        return name


def _adopted(parents: Iterable[Parent]) -> dict[str, Term]:
    """The columns that rows take over from their parents."""
    return {name: column(name, term) for parent in parents for name, term in parent.columns.items()}
