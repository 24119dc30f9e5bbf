"""Standards as tables: dated rows found by keys, each with its source, read through one `lookup`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.feel import UNKNOWN
from zhida.library.model import TableDef, TableKey
from zhida.standards.regions import ancestors, is_prefecture

WAN = Decimal(10000)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the days it holds, its values by column, and the id of its source."""

    start: date | None
    end: date | None
    values: dict[str, Any]
    source: str

    def holds(self, on: date | None) -> bool:
        if on is None:
            return True
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their keys. `lookup` is a dict access here and a join in SQL."""

    definition: TableDef
    rows: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.definition.name

    def find(self, keys: tuple[str, ...], on: date | None) -> Row | None:
        """The row for `keys`; regions fall back to their ancestors, codes to shorter prefixes."""
        choices = [_candidates(k, v) for k, v in zip(self.definition.keys, keys, strict=True)]
        for candidate in itertools.product(*choices):
            for row in self.rows.get(candidate, ()):
                if row.holds(on):
                    return row
        return None

    def of_parts(self, column: str, keys: tuple[str, ...], on: date | None) -> tuple[Any, ...]:
        """The values of the counties of a prefecture that has no row of its own; none unless each has one.

        A table that knows a prefecture by its counties knows all of them; of a province it may not.
        """
        at = next((i for i, key in enumerate(self.definition.keys) if key.match == "region"), None)
        if at is None or not is_prefecture(keys[at]):
            return ()
        parts = [own for own in self.rows if own[at][:4] == keys[at][:4] and _but(own, at) == _but(keys, at)]
        rows = [next((row for row in self.rows[own] if row.holds(on)), None) for own in parts]
        values = tuple(row.values.get(column, UNKNOWN) for row in rows if row is not None)
        return () if len(values) < len(parts) or UNKNOWN in values else values

    def too_coarse(self, keys: tuple[str, ...]) -> bool:
        """Whether a code is shorter than those the rows tell apart, so that a miss means nothing."""
        for place, key in enumerate(self.definition.keys):
            if key.match == "prefix" and any(
                row[place] != keys[place] and row[place].startswith(keys[place]) for row in self.rows
            ):
                return True
        return False

    def read(self, column: str, keys: tuple[str, ...], on: date | None) -> Any:
        """The value in `column`; UNKNOWN, or what the table declares, where no row is found."""
        row = self.find(keys, on)
        if row is not None:
            return row.values.get(column, UNKNOWN)
        if self.too_coarse(keys):
            return UNKNOWN
        missing = self.definition.missing
        if isinstance(missing, dict):
            missing = missing.get(column, "unknown")
        return UNKNOWN if missing == "unknown" else missing


def _but(keys: tuple[str, ...], at: int) -> tuple[str, ...]:
    return (*keys[:at], *keys[at + 1 :])


def _candidates(key: TableKey, value: str) -> list[str]:
    if key.match == "region":
        return list(ancestors(value))
    if key.match == "prefix":
        return [value[:n] for n in range(len(value), 0, -1)]
    return [value]


def build_table(definition: TableDef) -> tuple[Table, list[tuple[int, str]]]:
    """The table, and what is wrong as (row index, message). 万元 becomes 元."""
    table = Table(definition)
    problems: list[tuple[int, str]] = []
    key_names = [key.name for key in definition.keys]
    known = {*key_names, *(c.name for c in definition.columns), "from", "to", "source"}
    for index, raw in enumerate(definition.rows):
        try:
            if strange := set(raw) - known:
                raise ValueError(f"unknown column {sorted(strange)[0]}")
            keys = tuple(str(raw[name]) for name in key_names)
            row = _row(definition, raw)
        except (KeyError, ValueError, ArithmeticError) as error:
            problems.append((index, f"bad row: {error}"))
            continue
        same = table.rows.setdefault(keys, [])
        if any(_overlap(row, other) for other in same):
            problems.append((index, f"overlaps another row for {'、'.join(keys)}"))
        same.append(row)
    return table, problems


def _row(definition: TableDef, raw: dict[str, Any]) -> Row:
    values: dict[str, Any] = {}
    for column in definition.columns:
        value = raw.get(column.name)
        if value is None:
            continue
        if column.type in ("number", "money"):
            value = Decimal(str(value)) * (WAN if column.unit == "万元" else 1)
        values[column.name] = value
    source = str(raw["source"])
    if source not in {s.id for s in definition.sources}:
        raise ValueError(f"unknown source {source}")
    return Row(_day(raw.get("from")), _day(raw.get("to")), values, source)


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    raise ValueError(f"found {value}, expected a date")


def _overlap(a: Row, b: Row) -> bool:
    first, last = date.min, date.max
    return (a.start or first) <= (b.end or last) and (b.start or first) <= (a.end or last)
