"""Which facts the chosen provisions need, and why: the union that one form asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from zhida.decide.case import SINGLETONS
from zhida.decide.decision import Decision
from zhida.decide.question import fact_of
from zhida.library import Rule
from zhida.library.rule import Expression, FactPath
from zhida.library.standards_used import expressions
from zhida.service.applications.facts import keys_of
from zhida.service.applications.models import Draft
from zhida.service.law import library

IDENTITY = frozenset({"id", "id_number", "uscc", "name"})
"""Asked once, of the applicant and of whom the rows are about, not fact by fact."""

Uses = Mapping[FactPath, Mapping[str, Sequence[str]]]
"""For each fact the measures that read it, each with the labels of its conditions."""


@dataclass(frozen=True, slots=True)
class Why:
    """A measure that reads a fact, and the labels of its conditions that do; none for its amount alone."""

    measure: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """A dotted key to ask for. `inputs` are what it can be computed from where it is not known itself."""

    key: str
    why: tuple[Why, ...]
    inputs: tuple[Needed, ...] = ()


def needed(draft: Draft, decisions: Iterable[Decision]) -> list[Needed]:
    """What was answered and matters to the decisions, and what they still wait for, in vocabulary order."""
    decisions = list(decisions)
    rules = [decision.rule for decision in decisions]
    uses = uses_of(rules)
    keys = dict.fromkeys([*keys_of(draft.facts), *draft.refused, *_missing(decisions)])
    facts = sorted((key for key in keys if _is_needed(key, uses)), key=_place)
    lists = [key for key in keys if _is_list(key) and any(_reads_rows(rule, key) for rule in rules)]
    nested = _nested(facts, rules)
    inner = {key for keys in nested.values() for key in keys}
    found = [Needed(key, _why(uses, key), _inputs(nested, key, uses)) for key in facts if key not in inner]
    return [*(Needed(key, _why_rows(rules, key)) for key in lists), *found]


def uses_of(rules: Iterable[Rule]) -> dict[FactPath, dict[str, list[str]]]:
    """Every fact that the rules read, also through derived ones, and what for."""
    uses: dict[FactPath, dict[str, list[str]]] = {}
    for rule in rules:
        for label, expression in _labelled(rule):
            for path in _read(rule, expression, set()):
                labels = uses.setdefault(path, {}).setdefault(rule.title, [])
                if label not in labels:
                    labels.append(label)
    return uses


def _why(uses: Uses, key: str) -> tuple[Why, ...]:
    measures = uses.get(_path(key) or ("", ""), {})
    return tuple(Why(title, tuple(labels)) for title, labels in measures.items())


def _why_rows(rules: Iterable[Rule], key: str) -> tuple[Why, ...]:
    return tuple(Why(rule.title, ()) for rule in rules if _reads_rows(rule, key))


def _labelled(rule: Rule) -> Iterator[tuple[str, Expression]]:
    for condition in rule.conditions:
        yield condition.label, condition.when
        if condition.review:
            yield condition.label, condition.review
    conditions = {id(e) for c in rule.conditions for e in (c.when, c.review)}
    for expression in expressions(rule):
        if id(expression) not in conditions:
            yield gettext("金额和期限"), expression


def _read(rule: Rule, expression: Expression, seen: set[FactPath]) -> Iterator[FactPath]:
    """The facts of an expression, and what the derived ones among them are computed from."""
    for fact in expression.facts:
        path = (fact.entity, fact.key)
        if path not in seen:
            seen.add(path)
            yield path
            if path in rule.derived:
                yield from _read(rule, rule.derived[path].expression, seen)


def _missing(decisions: Iterable[Decision]) -> Iterator[str]:
    for decision in decisions:
        yield from decision.missing


def _is_needed(key: str, uses: Uses) -> bool:
    path = _path(key)
    return (
        path is not None and path in uses and path[1] not in IDENTITY and not library().facts[path].internal
    )


def _is_list(key: str) -> bool:
    entity = library().entity_by_case_key(key)
    return entity is not None and key != "history" and key not in SINGLETONS.values()


def _reads_rows(rule: Rule, case_key: str) -> bool:
    entity = library().entity_by_case_key(case_key)
    name = entity.entity if entity else ""
    return rule.unit == name or any(rows.entity == name for e in expressions(rule) for rows in e.rows)


def _nested(facts: Sequence[str], rules: Iterable[Rule]) -> dict[str, list[str]]:
    """Under each derived key the other keys that only serve to compute it."""
    derived = {path: d.expression for rule in rules for path, d in rule.derived.items()}
    direct = {(f.entity, f.key) for rule in rules for _, e in _labelled(rule) for f in e.facts}
    nested: dict[str, list[str]] = {}
    for key in facts:
        path = _path(key)
        if path not in derived:
            continue
        inputs = {(f.entity, f.key) for f in derived[path].facts} - direct
        owner = key.rpartition(".")[0]
        taken = {k for keys in nested.values() for k in keys}
        below = [k for k in facts if _path(k) in inputs and k.rpartition(".")[0] == owner and k not in taken]
        if below:
            nested[key] = below
    return nested


def _inputs(nested: Mapping[str, Sequence[str]], key: str, uses: Uses) -> tuple[Needed, ...]:
    return tuple(Needed(inner, _why(uses, inner)) for inner in nested.get(key, ()))


def _path(key: str) -> FactPath | None:
    found = fact_of(library(), key)
    return (found[0].entity, found[1].key) if found else None


def _place(key: str) -> tuple[int, str, int]:
    """Where the vocabulary has it: entities in their order, rows by id, facts in their order."""
    entity, fact = fact_of(library(), key) or (None, None)
    assert entity is not None and fact is not None
    owner = library().entity_by_case_key(key.split(".")[0])
    order = list(library().entities)
    return order.index(owner.entity if owner else ""), key.rpartition(".")[0], entity.facts.index(fact)
