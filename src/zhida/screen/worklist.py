"""What to ask for first: the fact, and its source, that alone would settle units, and how many yuan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import duckdb

from zhida.feel import nodes
from zhida.feel.nodes import Node, walk
from zhida.library import Library
from zhida.library.rule import Rule
from zhida.population.conversion import literal
from zhida.screen.sheets import Written, name
from zhida.screen.units import Judged

ELSEWHERE = {"parameters": "政策文件", "standards": "标准表"}
"""Who sets what is no fact: the documents and the standards."""


@dataclass(slots=True)
class Settled:
    """Units that one fact would settle, and the most that they can come to; `unbounded` have no bound."""

    units: int = 0
    amount: Decimal = Decimal(0)
    unbounded: int = 0


@dataclass(slots=True)
class Worklist:
    """The facts that a screening waits for."""

    library: Library
    settled: dict[tuple[str, str], Settled] = field(default_factory=lambda: defaultdict(Settled))

    def add(self, connection: duckdb.DuckDBPyConnection, sheet: Written) -> None:
        """Count the open units of every rule of a sheet by what they wait for."""
        for judged in sheet.judged:
            if not judged.keys:
                continue
            mask, upper = name(judged.label, "missing"), name(judged.label, "upper")
            rows = connection.execute(
                f"SELECT {mask}, count(*), sum({upper}), count(*) - count({upper})\n"
                f"FROM {sheet.scan} WHERE {mask} <> 0 GROUP BY 1 ORDER BY 1"
            ).fetchall()
            for bits, units, amount, unbounded in rows:
                for key in self._alone(judged, bits):
                    at = self.settled[key, self.source(key)]
                    at.units += units
                    at.amount += amount or Decimal(0)
                    at.unbounded += unbounded

    def _alone(self, judged: Judged, bits: int) -> Iterator[str]:
        """The facts of which any alone would settle a unit that waits for these.

        A derived fact stands before the inputs that it lacks: giving it makes them needless, and giving
        the one input that lacks gives it.
        """
        keys = [key for place, key in enumerate(judged.keys) if bits >> place & 1]
        implied = {key: self._inputs(judged.rule, key) & set(keys) for key in keys}
        roots = [key for key in keys if not any(key in inputs for inputs in implied.values())]
        if len(roots) == 1:
            yield roots[0]
            if len(keys) == 2:
                yield keys[1] if keys[0] == roots[0] else keys[0]

    def _inputs(self, rule: Rule, key: str) -> set[str]:
        """The facts that a derived fact is computed from, directly or not."""
        entity, _, fact = key.partition(".")
        derived = rule.derived.get((entity, fact))
        return set() if derived is None else set(self._read(rule, derived.expression.node)) - {key}

    def _read(self, rule: Rule, tree: Node) -> Iterator[str]:
        for part in walk(tree):
            match part:
                case nodes.Fact(entity, key):
                    yield f"{entity}.{key}"
                    inner = rule.derived.get((entity, key))
                    if inner is not None:
                        yield from self._read(rule, inner.expression.node)
                case nodes.Rows(entity):
                    yield self.library.entities[entity].case_key
                case nodes.Figure():
                    yield f"parameters.{part.source.key}" if part.source else part.name
                case nodes.Call(nodes.Name("lookup"), (nodes.Literal(value=table), *_)):
                    found = self.library.tables.get(str(table).partition(".")[0])
                    if found is not None:
                        yield f"standards.{found.definition.table}"

    def source(self, key: str) -> str:
        """The department that has a fact; for a list of rows, the one that has most of its facts."""
        entity, _, fact = key.partition(".")
        if entity in ELSEWHERE:
            return ELSEWHERE[entity]
        if definition := self.library.facts.get((entity, fact)):
            return definition.source
        rows = next(e for e in self.library.entities.values() if e.case_key == key)
        sources = [fact.source for fact in rows.facts]
        return max(dict.fromkeys(sources), key=sources.count)

    def query(self) -> str:
        """The table: fact, source, units, amount, unbounded; what settles most yuan first."""
        ordered = sorted(self.settled.items(), key=lambda item: (-item[1].amount, -item[1].units, item[0]))
        rows = [
            f"({literal(fact)}, {literal(source)}, {s.units}, {s.amount}, {s.unbounded})"
            for (fact, source), s in ordered
        ]
        given = ", ".join(rows or ["('', '', 0, 0, 0)"])
        return f"""SELECT fact, source, CAST(units AS BIGINT) AS units,
  CAST(amount AS DECIMAL(38, 2)) AS amount, CAST(unbounded AS BIGINT) AS unbounded
FROM (VALUES {given}) AS settled(fact, source, units, amount, unbounded){"" if rows else " WHERE false"}"""


def worklist(library: Library, connection: duckdb.DuckDBPyConnection, sheets: Sequence[Written]) -> Worklist:
    """What the units of all sheets wait for."""
    found = Worklist(library)
    for sheet in sheets:
        found.add(connection, sheet)
    return found
