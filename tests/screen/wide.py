"""One wide table of all facts as the columns of lowering, and its values beside the interpreter's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as arrow
from sqlglot import exp
from tests.screen.engines import Engine

from zhida.feel import POLICY, UNKNOWN, evaluate, nodes
from zhida.feel.nodes import Node
from zhida.screen import syntax
from zhida.screen.dialects import Dialect
from zhida.screen.terms import VOID, Kind, Term, constant_term, stored, type_name

TABLE = "facts"


@dataclass
class Wide:
    """Columns of lowering over one table. What needs other rows or tables is asked of the interpreter,
    and stands in the table as a column of its own."""

    dialect: Dialect
    facts: Mapping[tuple[str, str], Term]
    names: Mapping[str, Any]
    formulas: Mapping[tuple[str, str], Node] = field(default_factory=dict)
    asked: dict[str, tuple[Node, Term]] = field(default_factory=dict)
    like: Callable[[Node], Term] = lambda node: Term(exp.null(), Kind.NUMBER, 18, 6)
    levels: list[dict[str, Term]] = field(default_factory=list)
    shared: dict[str, Term] = field(default_factory=dict)

    def fact(self, entity: str, key: str) -> Term:
        return self.facts[entity, key]

    def name(self, name: str) -> Term:
        return constant_term(self.names[name])

    def formula(self, entity: str, key: str) -> Node | None:
        return self.formulas.get((entity, key))

    def is_internal(self, entity: str, key: str) -> bool:
        return False

    def table_name(self, table: str) -> str:
        return {"表": "table"}.get(table, table)

    def most(self, table: str, column: str, keys: tuple[Node, ...]) -> Term:
        return VOID

    def missing_in_rows(self, entity: str, condition: Node) -> Iterable[tuple[str, Any]]:
        return ()

    def rows_key(self, entity: str) -> str:
        return f"{entity}s"

    def lookup(self, table: str, column: str, keys: tuple[Node, ...]) -> Term:
        key = keys[0] if len(keys) == 1 else nodes.List(keys)
        name = nodes.Literal(f"{table}.{column}")
        return self.ask(nodes.Call(nodes.Name("lookup"), (name, key)))

    def count(self, entity: str, condition: Node | None) -> Term:
        rows: Node = nodes.Rows(entity)
        if condition is not None:
            rows = nodes.Filter(rows, condition)
        return self.ask(nodes.Call(nodes.Name("count"), (rows,)))

    def ask(self, node: Node) -> Term:
        """A column that holds what the interpreter finds for the node."""
        for _, (known, term) in self.asked.items():
            if known == node:
                return term
        name = f"asked {len(self.asked)}"
        term = replace(self.like(node), sql=syntax.column(name))
        self.asked[name] = (node, term)
        return term

    def share(self, term: Term, hint: str = "part") -> Term:
        if isinstance(term.sql, exp.Column | exp.Literal | exp.Null | exp.Boolean):
            return term
        key = term.sql.sql()
        if key not in self.shared:
            name = f"{hint} {len(self.shared)}"
            level = 1 + max((self._level(c.name) for c in term.sql.find_all(exp.Column)), default=-1)
            while len(self.levels) <= level:
                self.levels.append({})
            self.levels[level][name] = term
            self.shared[key] = stored(term, syntax.column(name))
        return self.shared[key]

    def known(self, term: Term) -> Term:
        return self.shared.get(term.sql.sql(), term) if term.divisor is None else term

    def _level(self, name: str) -> int:
        return next((i for i, level in enumerate(self.levels) if name in level), -1)

    def statement(self, columns: Mapping[str, exp.Expression]) -> str:
        """SELECT the row's number and `columns`, with what they share projected level by level."""
        source: Any = exp.Table(this=_name(TABLE))
        for level in self.levels:
            parts = [exp.Star(), *(_named(name, term.sql) for name, term in level.items())]
            inner = exp.Select(expressions=parts, **{"from_": exp.From(this=source)})
            source = exp.Subquery(this=inner, alias=exp.TableAlias(this=_name("level")))
        chosen = [_named("row", syntax.column("row")), *(_named(n, c) for n, c in columns.items())]
        whole = exp.Select(expressions=chosen, **{"from_": exp.From(this=source)})
        return self.dialect.sql(whole) + " ORDER BY 1"


def _name(text: str) -> exp.Identifier:
    return exp.Identifier(this=text, quoted=True)


def _named(name: str, sql: exp.Expression) -> exp.Expression:
    return exp.Alias(this=sql.copy(), alias=_name(name))


ARROW: dict[Kind, arrow.DataType] = {
    Kind.BOOLEAN: arrow.bool_(), Kind.DATE: arrow.date32(), Kind.TEXT: arrow.string(),
    Kind.TEXTS: arrow.list_(arrow.string()), Kind.DAYS: arrow.int64(), Kind.NOTHING: arrow.bool_(),
}  # fmt: skip


def arrow_type(term: Term) -> arrow.DataType:
    if term.kind is not Kind.NUMBER:
        return ARROW[term.kind]
    return arrow.int64() if term.is_integer else arrow.decimal128(min(term.precision, 38), term.scale)


def asked_of_interpreter(node: Node, scope: Any) -> Any:
    return evaluate(node, scope, POLICY)


def load(
    engine: Engine,
    columns: Wide,
    scopes: Sequence[Any],
    given: Callable[[Any], Any] = lambda scope: scope,
    answer: Callable[[Node, Any], Any] = asked_of_interpreter,
) -> None:
    """The table: a row for each scope, with its facts and with what columns asked the interpreter."""
    data: dict[str, Any] = {"row": arrow.array(range(len(scopes)), arrow.int64())}
    for path, term in columns.facts.items():
        found = [known(given(scope).fact(*path)) for scope in scopes]
        data[term.sql.name] = arrow.array([_fit(value, term) for value in found], arrow_type(term))
    for name, (node, term) in columns.asked.items():
        found = [known(answer(node, scope)) for scope in scopes]
        data[name] = arrow.array([_fit(value, term) for value in found], arrow_type(term))
    engine.load(TABLE, arrow.table(data))


def load_rows(engine: Engine, columns: Mapping[str, Term], rows: Sequence[Mapping[str, Any]]) -> None:
    """A table of rows of values; a column that a row does not name is NULL in it."""
    data = {
        name: arrow.array([_fit(row.get(name), term) for row in rows], arrow_type(term))
        for name, term in columns.items()
    }
    engine.load(TABLE, arrow.table({"row": arrow.array(range(len(rows)), arrow.int64()), **data}))


def _fit(value: Any, term: Term) -> Any:
    if isinstance(value, Decimal) and term.kind is Kind.NUMBER:
        return int(value) if term.is_integer else value.quantize(Decimal(1).scaleb(-term.scale))
    return value


def known(value: Any) -> Any:
    return None if value is UNKNOWN else list(value) if isinstance(value, tuple) else value


def projected(terms: Sequence[Term]) -> dict[str, exp.Expression]:
    """The columns of several terms: each its value, and its divisor where it is a fraction."""
    columns: dict[str, exp.Expression] = {}
    for place, term in enumerate(terms):
        columns[f"v{place}"] = typed(term, term.kind).sql
        if term.divisor:
            columns[f"d{place}"] = term.divisor.sql
    return columns


def typed(term: Term, kind: Kind) -> Term:
    """A bare NULL has no type that every engine would give back."""
    return replace(term, kind=kind, sql=syntax.cast(term.sql, type_name(term))) if term.is_void else term


def values(terms: Sequence[Term], row: Mapping[str, Any]) -> list[Any]:
    """One row of the engine's result as values of FEEL; fractions as such."""
    return [_value(term, row[f"v{place}"], row.get(f"d{place}")) for place, term in enumerate(terms)]


def _value(term: Term, value: Any, divisor: Any) -> Any:
    if value is None or (term.divisor is not None and divisor is None):
        return None
    if term.kind is Kind.NUMBER:
        return Fraction(value) / Fraction(divisor) if term.divisor else Fraction(value)
    return timedelta(int(value)) if term.kind is Kind.DAYS else value


def agree(found: Any, wanted: Any, digits: int = 30) -> bool:
    """Whether an engine's value is the interpreter's, which has 34 digits of a quotient (28 of a bound)."""
    if isinstance(wanted, Decimal) and isinstance(found, Fraction):
        exact = Fraction(wanted)
        return found == exact or abs(found - exact) <= abs(exact) / 10**digits
    if isinstance(wanted, tuple | list):
        return found is not None and list(found) == list(wanted)
    return bool(found is None if wanted is None else found == wanted and type(found) is type(wanted))


TODAY = date(2022, 10, 1)
