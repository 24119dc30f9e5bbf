"""Given values that contradict what other given values imply: used all the same, and warned about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhida.decide.case import Case, Entry
from zhida.decide.decision import plain
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN
from zhida.library import Library, Rule


def contradictions(library: Library, case: Case, rules: Iterable[Rule]) -> tuple[str, ...]:
    """One line for each given fact that differs from what its formula gives."""
    rule = next(iter(rules), None)
    if rule is None:
        return ()
    return tuple(line for entry in case.all_entries() for line in _of(library, rule, case, entry))


def _of(library: Library, rule: Rule, case: Case, entry: Entry) -> Iterator[str]:
    scope = UnitScope(library, rule, case, entry, case.person_of(entry))
    for entity, key in (*rule.derived, *rule.from_history):
        if entity != entry.entity or key not in entry.facts:
            continue
        given, implied = entry.facts[key], scope.computed((entity, key))
        agrees = implied is UNKNOWN or implied == given
        if agrees or ((entity, key) in rule.from_history and not case.history):
            continue
        yield (
            f"{entry.path}.{key}: warning/contradiction: found {plain(given)}, "
            f"derived {plain(implied)} from the other facts; the given value is used"
        )
