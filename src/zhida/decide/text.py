"""An outcome as the contract's JSON text, from pieces that are written once for each rule.

The text is that of `json.dumps(to_json(outcome), ensure_ascii=False)`. What a rule says of itself, its
conditions, their expressions and figures are the same for every case: they stand in templates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring as _text
from typing import Any

from zhida.decide.case import Entry
from zhida.decide.decision import (
    CENT,
    Change,
    Decision,
    Outcome,
    Truth,
    UnitResult,
    cited,
    facts_of,
    figures_of,
    plain,
    said_change,
    said_components,
    to_json,
)
from zhida.decide.program import program_of
from zhida.decide.scope import UnitScope, absent
from zhida.feel import UNKNOWN
from zhida.library import Library
from zhida.library.rule import Condition, FactPath, Rule

ENCODER = json.JSONEncoder(ensure_ascii=False)
HOLE, FACTS = "\x00", "\x01"
"""Stand where a template is filled in; no policy file and no case can hold them."""
TRUTHS: dict[Truth, bytes] = {True: b"true", False: b"false", None: b"null", "review": b'"review"'}
NO_DECISIONS = b'"decisions": []'


def to_text(outcome: Outcome) -> bytes:
    """The outcome as JSON in UTF-8."""
    before, _, after = _encoded(to_json(replace(outcome, decisions=()))).partition(NO_DECISIONS)
    stated: Stated = {}
    pieces = [before, NO_DECISIONS[:-1]]
    for decision in outcome.decisions:
        _write(pieces, decision, stated)
        pieces.append(b", ")
    if outcome.decisions:
        pieces.pop()
    return b"".join([*pieces, b"]", after])


class Texts(dict[str, bytes]):
    """Of one entry of the case, for each key `"hires.h1.hired_on": "2022-07-10"`: what is given, or what its
    absence means. It is the same for all rules, and written when it is first needed."""

    def __init__(self, entry: Entry, library: Library, region: str) -> None:
        self.entry, self.library, self.region = entry, library, region
        self.place = _text(f"{entry.path}.")[:-1]

    def __missing__(self, key: str) -> bytes:
        entry = self.entry
        value = entry.facts.get(key, UNKNOWN)
        if value is UNKNOWN:
            value = absent(self.library.facts[entry.entity, key], self.region)
        text = self[key] = self.pair(key, value)
        return text

    def pair(self, key: str, value: Any) -> bytes:
        return f'{self.place}{key}": {_value(value)}'.encode()


Stated = dict[str, Texts]
"""Of one case, by place."""


@dataclass(frozen=True, slots=True)
class Template:
    """The conditions of one unit with holes. What fills them is, in this order, the unit's id, the truths of
    its conditions, the facts by entity, and the `special` ones, which history or a formula of the rule's own
    may tell; `order` gives for each hole its place among them."""

    text: bytes
    order: tuple[int, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    special: tuple[FactPath, ...]

    def filled(self, unit: UnitResult, scope: UnitScope, stated: Stated) -> bytes:
        values = [_text(unit.id).encode(), *map(TRUTHS.__getitem__, unit.truths)]
        for entity, keys in self.facts:
            values += map(_texts(scope, entity, stated).__getitem__, keys)
        for entity, key in self.special:
            texts = _texts(scope, entity, stated)
            if key in texts.entry.facts:
                values.append(texts[key])
            else:
                values.append(texts.pair(key, scope.fact(entity, key)))
        return self.text % tuple(map(values.__getitem__, self.order))


def _texts(scope: UnitScope, entity: str, stated: Stated) -> Texts:
    entry = scope.entry(entity)
    texts = stated.get(entry.path)
    if texts is None:
        texts = stated[entry.path] = Texts(entry, scope.library, scope.case.region)
    return texts


def _template(rule: Rule, scope: UnitScope) -> Template:
    """Any scope of the rule tells the figures."""
    conditions = [(condition, _facts(condition)) for condition in rule.conditions]
    told = {*rule.derived, *rule.from_history}
    paths = dict.fromkeys(path for _, facts in conditions for path in facts)
    by_entity: dict[str, list[str]] = {}
    for entity, key in paths:
        if (entity, key) not in told:
            by_entity.setdefault(entity, []).append(key)
    special = tuple(path for path in paths if path in told)
    ordered = [*((entity, key) for entity, keys in by_entity.items() for key in keys), *special]
    places = {path: place for place, path in enumerate(ordered, 1 + len(conditions))}
    order: list[int] = []
    for number, (_, facts) in enumerate(conditions, 1):
        order += [0, number, *map(places.__getitem__, facts)]
    text = b", ".join(_condition(condition, scope, len(facts)) for condition, facts in conditions)
    return Template(text, tuple(order), tuple((e, tuple(keys)) for e, keys in by_entity.items()), special)


def _facts(condition: Condition) -> list[FactPath]:
    return [(fact.entity, fact.key) for fact in facts_of(condition)]


def _condition(condition: Condition, scope: UnitScope, facts: int) -> bytes:
    text = _encoded(
        {
            "unit": HOLE,
            "id": condition.id,
            "label": condition.label,
            "verdict": HOLE,
            "expression": condition.when.text,
            "facts": FACTS,
            "parameters": {figure.source.key: cited(figure, scope) for figure in figures_of(condition)},
            "interpretations": list(condition.interpretations),
        }
    )
    holes = b"{%b}" % b", ".join([b"%b"] * facts)
    return text.replace(b"%", b"%%").replace(_encoded(HOLE), b"%b").replace(_encoded(FACTS), holes)


@dataclass(slots=True)
class Frame:
    """What stands before and after the parts of a decision that depend on the case; its template, if one
    was needed yet."""

    before: bytes
    after: bytes
    template: Template | None = None

    @classmethod
    def of(cls, rule: Rule) -> Frame:
        named = {
            "measure": rule.measure,
            "name": rule.name,
            "document": rule.document,
            "clause": rule.clause,
            "row": rule.row,
        }
        interpretations = ENCODER.encode(list(rule.interpretations))
        return cls(
            f'{ENCODER.encode(named)[:-1]}, "verdict": "'.encode(),
            f'], "interpretations": {interpretations}, "to_become_eligible": '.encode(),
        )


def _write(pieces: list[bytes], decision: Decision, stated: Stated) -> None:
    frame = _frame(decision)
    span = decision.amount_range
    between = span and f"[{_money(span.low)}, {_money(span.high)}]"
    note = decision.amount_note
    about = (
        f'{decision.verdict}", "amount": {_money(decision.amount)}, "amount_range": {between or "null"}, '
        f'"amount_note": {"null" if note is None else _text(note)}, '
        f'"schedule": {_schedule(decision.schedule)}, '
        f'"components": {ENCODER.encode(said_components(decision))}, '
        f'"units": [{", ".join(map(_unit, decision.units))}], "conditions": ['
    )
    missing = ", ".join(map(_text, decision.missing))
    pieces += (frame.before, about.encode(), b", ".join(_conditions(frame, decision, stated)))
    pieces += (f'], "missing": [{missing}'.encode(), frame.after, _change(decision.change))


def _frame(decision: Decision) -> Frame:
    rule, library = decision.rule, decision.library
    if library is None:
        return Frame.of(rule)
    program = program_of(library, rule)
    if program.frame is None:
        program.frame = Frame.of(rule)
    frame: Frame = program.frame
    return frame


def _conditions(frame: Frame, decision: Decision, stated: Stated) -> Iterator[bytes]:
    for unit in decision.units:
        scope = unit.scope
        if scope is not None and unit.truths:
            if frame.template is None:
                frame.template = _template(decision.rule, scope)
            yield frame.template.filled(unit, scope, stated)


def _unit(unit: UnitResult) -> str:
    limit = f', "limit": {_text(unit.barred_by)}' if unit.barred_by else ""
    return f'{{"id": {_text(unit.id)}, "verdict": "{unit.verdict}", "amount": {_money(unit.amount)}{limit}}}'


def _schedule(schedule: dict[str, Any] | None) -> str:
    """Most have nothing but a kind."""
    if schedule is not None and len(schedule) == 1:
        return f'{{"kind": "{schedule["kind"]}"}}'
    return ENCODER.encode(schedule)


def _change(change: Change | None) -> bytes:
    if change is None:
        return b"null}"
    return _encoded(said_change(change)) + b"}"


def _money(amount: Decimal | None) -> str:
    return "null" if amount is None else f'"{amount.quantize(CENT):f}"'


def _value(value: Any) -> str:
    """As `plain`, which most values need not go through."""
    kind = type(value)
    if kind is str:
        return _text(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is date:
        return f'"{value.isoformat()}"'
    if kind is Decimal and (digits := str(value)).isdecimal():
        return f'"{digits}"'
    return "null" if value is UNKNOWN else ENCODER.encode(plain(value))


def _encoded(value: Any) -> bytes:
    return ENCODER.encode(value).encode()
