"""The dated standards that a rule reads through `lookup`, and their values for a region over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.feel import nodes
from zhida.feel.nodes import Node, walk
from zhida.library.contents import Library
from zhida.library.rule import Expression, Rule, Schedule
from zhida.library.tables import Row, Table
from zhida.standards.regions import NATION, ancestors


@dataclass(frozen=True, slots=True)
class Reading:
    """One `lookup` of a rule: a table, the column it reads, and each key as a text or None for any."""

    table: Table
    column: str
    keys: tuple[str | None, ...]

    @property
    def unit(self) -> str:
        return next((c.unit for c in self.table.definition.columns if c.name == self.column), "")


@dataclass(frozen=True, slots=True)
class Standard:
    """The value of a column from a day to a day, under the keys of its row, and the text that sets it."""

    reading: Reading
    keys: tuple[str, ...]
    start: date | None
    end: date | None
    value: Any
    source: str

    @property
    def label(self) -> str:
        """最低工资.月标准（二类）: the keys that are not regions tell rows of one place apart."""
        definition = self.reading.table.definition
        pairs = zip(definition.keys, self.keys, strict=True)
        rest = [value for key, value in pairs if key.type != "region"]
        return f"{definition.name}.{self.reading.column}" + (f"（{'、'.join(rest)}）" if rest else "")


def readings(library: Library, rule: Rule) -> tuple[Reading, ...]:
    """Every lookup in a dated table that the rule, or a derived fact it reads, makes; each once."""
    found = (
        reading
        for node in _nodes_read(rule)
        if (reading := _reading(library, node)) is not None and reading.table.definition.dated
    )
    return tuple({(r.table.name, r.column, r.keys): r for r in found}.values())


def standards(reading: Reading, region: str) -> Iterator[Standard]:
    """What the table says for the region; for one that it only knows in parts, for each of its parts."""
    for choices in _region_choices(reading, region):
        keys_found = next((k for k in choices if k in reading.table.rows), None)
        for row in reading.table.rows.get(keys_found, ()) if keys_found else ():
            if reading.column in row.values:
                yield _standard(reading, keys_found or (), row)


def region_of(standard: Standard) -> str:
    """The region under whose name the row stands; empty where the table has no such key."""
    pairs = zip(standard.reading.table.definition.keys, standard.keys, strict=True)
    return next((value for key, value in pairs if key.type == "region"), "")


def _standard(reading: Reading, keys: tuple[str, ...], row: Row) -> Standard:
    sources = {s.id: s.document for s in reading.table.definition.sources}
    return Standard(reading, keys, row.start, row.end, row.values[reading.column], sources[row.source])


def _region_choices(reading: Reading, region: str) -> Iterator[tuple[tuple[str, ...], ...]]:
    """For each combination of the other keys and each part of the region, the keys to try in order."""
    definition = reading.table.definition
    at = next((i for i, key in enumerate(definition.keys) if key.type == "region"), None)
    rows = [keys for keys in reading.table.rows if _matches(reading, keys, at)]
    for others in dict.fromkeys(_without(keys, at) for keys in rows):
        if at is None:
            yield (others,)
            continue
        own = {keys[at] for keys in rows if _without(keys, at) == others}
        chain = [code for code in ancestors(region) if code in own]
        for codes in [chain] if chain else [[code] for code in sorted(own) if _within(code, region)]:
            yield tuple((*others[:at], code, *others[at:]) for code in codes)


def _matches(reading: Reading, keys: tuple[str, ...], region_at: int | None) -> bool:
    pairs = enumerate(zip(reading.keys, keys, strict=True))
    return all(i == region_at or wanted is None or wanted == key for i, (wanted, key) in pairs)


def _without(keys: tuple[str, ...], at: int | None) -> tuple[str, ...]:
    return keys if at is None else (*keys[:at], *keys[at + 1 :])


def _within(code: str, region: str) -> bool:
    """Whether a code is the region, or one of the parts of a province or prefecture."""
    province, prefecture = region.endswith("0000"), region.endswith("00")
    return region == NATION or code.startswith(region[: 2 if province else 4 if prefecture else 6])


def _nodes_read(rule: Rule) -> Iterator[Node]:
    """Every node of the rule's expressions, then those of the derived facts that they read."""
    seen: set[tuple[str, str]] = set()
    waiting = list(expressions(rule))
    while waiting:
        expression = waiting.pop()
        yield from walk(expression.node)
        for fact in expression.facts:
            path = (fact.entity, fact.key)
            if path in rule.derived and path not in seen:
                seen.add(path)
                waiting.append(rule.derived[path].expression)


def expressions(rule: Rule) -> Iterator[Expression]:
    """Everything in a rule that is computed."""
    parts = [
        rule.event,
        rule.amount,
        rule.amount_review,
        *(e for c in rule.conditions for e in (c.when, c.review)),
        *(limit.cap for limit in rule.limits),
        *(c.share for c in rule.components),
    ]
    yield from (part for part in parts if part is not None)
    yield from schedule_expressions(rule.schedule)


def schedule_expressions(schedule: Schedule) -> Iterator[Expression]:
    """What says when and in which parts money moves."""
    parts = [
        schedule.months,
        schedule.last_month,
        schedule.monthly,
        schedule.repay_by,
        schedule.rate,
        *(e for s in schedule.stages for e in (s.share, s.amount, s.due_from, s.due_workdays)),
        *((schedule.advance.share, schedule.advance.when) if schedule.advance else ()),
    ]
    yield from (part for part in parts if part is not None)


def _reading(library: Library, node: Node) -> Reading | None:
    match node:
        case nodes.Call(nodes.Name("lookup"), (nodes.Literal(str() as place), keys, *_)):
            name, _, column = place.partition(".")
            table = library.tables[name]
            parts = keys.items if isinstance(keys, nodes.List) else (keys,)
            return Reading(table, column, tuple(map(_key, parts)))
    return None


def _key(node: Node) -> str | None:
    """A key that the rule itself fixes; None where it comes from a fact."""
    if isinstance(node, nodes.Figure):
        node = node.value
    return node.value if isinstance(node, nodes.Literal) and isinstance(node.value, str) else None
