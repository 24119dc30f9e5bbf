"""What some provisions read of the vocabulary: a screening exports that and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from zhida.feel.nodes import Fact, Rows
from zhida.library import Rule
from zhida.library.rule import Expression, FactPath

ALWAYS = frozenset({"employer", "place", "history"})
SAID_ELSEWHERE = frozenset({"derived", "from_history", "definition", "provision", "procedure", "figures"})
"""Parts of a rule that are no expressions of its own, or are followed only from the facts that need them."""


Needs = Mapping[str, frozenset[str]]
"""Entities whose rows are looked at, with the facts that are; "" where the rows themselves are counted."""


def needs_of(rules: Iterable[Rule]) -> Needs:
    """What the rules can look at, however many derivations away."""
    found: dict[str, set[str]] = {entity: set() for entity in ALWAYS}
    for rule in rules:
        for entity in {rule.unit, rule.payee} & {"employer", "person"}:
            found.setdefault(entity, set())
        for entity, key in _paths(rule):
            found.setdefault(entity, set()).add(key)
    return {entity: frozenset(keys) for entity, keys in found.items()}


def _paths(rule: Rule) -> set[FactPath]:
    found: set[FactPath] = set()
    left = [path for part in fields(rule) if part.name not in SAID_ELSEWHERE
            for path in _said(getattr(rule, part.name))]  # fmt: skip
    while left:
        path = left.pop()
        if path not in found:
            found.add(path)
            derived = rule.derived.get(path)
            left += _said(derived.expression) if derived else ()
    return found


def _said(value: Any) -> Iterator[FactPath]:
    """Every fact, and every list as its entity, that the expressions in a value speak of."""
    match value:
        case Fact():
            yield value.entity, value.key
        case Rows():
            yield value.entity, ""
        case Expression():
            yield from _said(value.node)
        case str():
            return
        case Mapping():
            for part in value.values():
                yield from _said(part)
        case tuple() | list() | frozenset():
            if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
                yield value[0], str(value[1])  # a path, as limits name them
            for part in value:
                yield from _said(part)
        case _ if is_dataclass(value) and not isinstance(value, type):
            for part in fields(value):
                yield from _said(getattr(value, part.name))
