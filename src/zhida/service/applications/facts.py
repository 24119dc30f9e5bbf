"""Facts of a case under their dotted keys: `employer.size`, `hires`, `hires.h1.person.graduated_on`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from zhida.decide.case import SINGLETONS
from zhida.library import Library

Facts = dict[str, Any]


def value_at(facts: Mapping[str, Any], key: str) -> Any:
    """The value under a key; None where there is none."""
    found: Any = facts
    for step in key.split("."):
        found = _part(found, step)
        if found is None:
            return None
    return found


def with_value(library: Library, facts: Mapping[str, Any], key: str, value: Any) -> Facts:
    """A copy with a value put; a list takes the number of its rows, or rows. None takes the value away.

    Raises KeyError for a key that no case has, or of a row that is not there.
    """
    if value is None:
        return remove(facts, key)
    copy = deepcopy(dict(facts))
    head, *way = key.split(".")
    entity = library.entity_by_case_key(head)
    if entity is None:
        raise KeyError(key)
    if not way:
        rows = value if isinstance(value, list) else numbered(head, copy.get(head) or [], int(value))
        copy[head] = merge_rows(copy.get(head) or [], rows) if _is_list(head) else value
        return copy
    target = copy.setdefault(head, {}) if not _is_list(head) else _row(copy, head, way.pop(0), key)
    *inner, last = way
    for step in inner:
        target = target.setdefault(step, {})
    target[last] = value
    return copy


def remove(facts: Mapping[str, Any], key: str) -> Facts:
    """A copy without the value under a key."""
    copy = deepcopy(dict(facts))
    *way, last = key.split(".")
    target: Any = copy
    for step in way:
        target = _part(target, step)
    if isinstance(target, dict):
        target.pop(last, None)
    elif isinstance(target, list):
        target[:] = [row for row in target if str(row.get("id")) != last]
    return copy


def numbered(case_key: str, rows: list[Facts], count: int) -> list[Facts]:
    """The first `count` rows; new ones are called h1, h2 … with the first letter of their list."""
    taken = {str(row.get("id")) for row in rows}
    names = (f"{case_key[0]}{n}" for n in range(1, count + len(taken) + 1))
    new = ({"id": name} for name in names if name not in taken)
    return [*rows[:count], *(next(new) for _ in range(count - len(rows)))]


def merge_rows(old: Iterable[Facts], new: Iterable[Facts]) -> list[Facts]:
    """The new rows, each with what is already known under its id."""
    known = {str(row.get("id")): row for row in old}
    return [{**known.get(str(row.get("id")), {}), **row} for row in new]


def keys_of(facts: Mapping[str, Any]) -> list[str]:
    """Every dotted key that has a value; of a list its rows' keys."""
    return list(_keys("", facts))


def _keys(path: str, value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if not (path and key == "id"):
                yield from _keys(f"{path}.{key}" if path else key, part)
    elif isinstance(value, list) and all(isinstance(row, dict) for row in value):
        yield path
        for row in value:
            yield from _keys(f"{path}.{row.get('id')}", row)
    elif value is not None:
        yield path


def _is_list(case_key: str) -> bool:
    return case_key not in SINGLETONS.values()


def _row(facts: Facts, case_key: str, id: str, key: str) -> Facts:
    found: Facts | None = _part(facts.get(case_key) or [], id)
    if found is None:
        raise KeyError(key)
    return found


def _part(value: Any, step: str) -> Any:
    if isinstance(value, list):
        return next((row for row in value if isinstance(row, dict) and str(row.get("id")) == step), None)
    return value.get(step) if isinstance(value, dict) else None
