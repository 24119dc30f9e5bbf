"""Given values that contradict what other given values imply: used all the same, and warned about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zhida.decide.case import Case, Entry
from zhida.decide.decision import plain
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN
from zhida.library import Library, Rule


def contradictions(
    library: Library, case: Case, rules: Iterable[Rule], shared: dict[Any, Any]
) -> tuple[str, ...]:
    """One line for each given fact that differs from what its formula gives; `shared` as in UnitScope."""
    rule = next(iter(rules), None)
    if rule is None:
        return ()
    past = bool(case.history)
    implied = library.prepared((rule.from_history if past else rule.derived), lambda: _implied(rule, past))
    found: list[str] = []
    for entry in case.all_entries():
        if keys := [key for key in implied.get(entry.entity, ()) if key in entry.facts]:
            scope = UnitScope(library, rule, case, entry, case.person_of(entry), shared=shared)
            found += _of(scope, entry, keys)
    return tuple(found)


def _implied(rule: Rule, past: bool) -> dict[str, list[str]]:
    """The keys of each entity that a formula, or history where there is any, has something to say about."""
    found: dict[str, list[str]] = {}
    for entity, key in (*rule.derived, *(rule.from_history if past else ())):
        found.setdefault(entity, []).append(key)
    return found


def _of(scope: UnitScope, entry: Entry, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        given, implied = entry.facts[key], scope.computed((entry.entity, key))
        if implied is UNKNOWN or implied == given:
            continue
        yield (
            f"{entry.path}.{key}: warning/contradiction: found {plain(given)}, "
            f"derived {plain(implied)} from the other facts; the given value is used"
        )
