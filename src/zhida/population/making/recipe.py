"""How the rows of an entity are made: where they come from, hidden steps, one expression for each fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from zhida.library.model import FactDef
from zhida.population.conversion import literal, quote
from zhida.population.making.draws import Draws
from zhida.population.schema import LOGICAL_TYPES, Field

MISSING = {
    "市场监管局": 10,
    "社保经办机构": 15,
    "税务局": 40,
    "人社局": 30,
    "就业局": 30,
    "统计局": 120,
    "工信局": 700,
    "公安局": 20,
    "教育局": 60,
    "人民银行": 150,
    "民政局": 80,
    "发展改革委": 50,
    "财政局": 30,
}
"""Source department → rows in a thousand for which it delivers nothing at all."""
MISSING_ELSEWHERE = 40
MISSING_ALONE = 3
"""Single values that lack, of 256."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """`rows` is a query with an id and whatever the first step needs.

    Each of `steps` adds hidden columns to the one before; `facts` are SQL over all of them, by key.
    `visible` are columns of `rows` that are written as they are, `complete` facts that never lack.
    No `on`-dated event lies after `on`.
    """

    entity: str
    rows: str
    steps: tuple[Mapping[str, str], ...]
    facts: Mapping[str, str]
    draws: Draws
    on: date
    visible: tuple[str, ...] = ("id",)
    complete: frozenset[str] = frozenset()

    def query(self, fields: Iterable[Field], beside: Iterable[str] = ()) -> str:
        """The SELECT of a file: visible columns, those of `fields` that are given, and items `beside`."""
        fields = tuple(fields)
        columns = ", ".join([*map(quote, self.visible), *self.columns(fields), *beside])
        return f"SELECT {columns} FROM {self.hidden(fields)}"

    def columns(self, fields: Iterable[Field]) -> Iterator[str]:
        """One item of the select list for each field that is given at all."""
        for field in fields:
            if field.fact is not None and (value := self.value(field.fact)) is not None:
                yield f"{value} AS {quote(field.name)}"

    def value(self, fact: FactDef) -> str | None:
        """The SQL of one fact, NULL where its source delivers nothing; None for one that is derived."""
        made = self.facts.get(fact.key)
        if made is None:
            if fact.derived is not None or fact.from_history is not None or fact.internal:
                return None
            made = generic(fact, self.draws, self.on)
        typed = f"CAST({made} AS {LOGICAL_TYPES[fact.type]})"
        if fact.key in self.complete:
            return typed
        kept = f"{quote(_has(self, fact.source))} AND {self.draws.byte(fact.key)} >= {MISSING_ALONE}"
        return f"CASE WHEN {kept} THEN {typed} END"

    def hidden(self, fields: Iterable[Field]) -> str:
        """A subquery with the rows and every hidden column."""
        sources = sorted({field.fact.source for field in fields if field.fact is not None})
        has = {_has(self, source): self.delivers(source) for source in sources}
        return nest(self.rows, (*self.steps, has))

    def delivers(self, source: str) -> str:
        return f"NOT {self.draws.chance(f'source/{source}', MISSING.get(source, MISSING_ELSEWHERE))}"


def nest(rows: str, steps: Iterable[Mapping[str, str]]) -> str:
    """A subquery: each step's columns may use those of the steps before it."""
    query = rows
    for number, step in enumerate(steps):
        if step:
            added = ", ".join(f"{sql} AS {quote(name)}" for name, sql in step.items())
            query = f"SELECT *, {added} FROM ({query}) AS step{number}"
    return f"({query}) AS made"


def _has(recipe: Recipe, source: str) -> str:
    return f"{recipe.entity}:{source}"


def generic(fact: FactDef, draws: Draws, on: date) -> str:
    """A value for a fact that no recipe knows: plausible for its type and no more."""
    name = f"generic/{fact.key}"
    match fact.type:
        case "boolean":
            return draws.chance(name, 500)
        case "choice" | "code" if fact.values:
            return draws.one_of(name, fact.values)
        case "set":
            return f"[{draws.one_of(name, fact.values)}]"
        case "date":
            return f"(DATE '{on}' - CAST({draws.whole(name, 900)} AS INTEGER))"
        case "rate":
            return f"{draws.whole(name, 101)} / 100.0"
        case "money":
            return f"{draws.whole(name, 10_000_000)} / 100.0"
        case "count" | "number":
            return draws.whole(name, 25)
        case "region":
            return literal("110101")
        case _:
            return f"concat({literal(fact.key)}, {draws.whole(name, 1000)})"
