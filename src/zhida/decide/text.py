"""An outcome as the contract's JSON text, from templates that are written once for each rule.

The text is that of `json.dumps(to_json(outcome), ensure_ascii=False)`. What a condition says of itself, its
expression and its figures are the same for every unit: they stand in a template, and a unit fills it in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any

from zhida.decide.decision import Decision, Outcome, UnitResult, cited, facts_of, figures_of, plain, to_json
from zhida.decide.program import program_of
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN
from zhida.library.rule import Condition, FactPath, Rule

ENCODER = json.JSONEncoder(ensure_ascii=False)
HOLE, FACTS = "\x00", "\x01"
"""Stand where a template is filled in; no policy file and no case can hold them."""
TRUTHS = {True: b"true", False: b"false", None: b"null", "review": b'"review"'}
CONSTANTS = {True: "true", False: "false", UNKNOWN: "null"}
FactTexts = dict[tuple[str, str], bytes]
"""Facts as they stand in the text, by place in the case and key, that are the same for all rules."""


def to_text(outcome: Outcome) -> bytes:
    """The outcome as JSON in UTF-8."""
    shell = ENCODER.encode(to_json(outcome, lambda decision: HOLE)).encode()
    given: FactTexts = {}
    parts = shell.split(_encoded(HOLE))
    texts = [_conditions(decision, given) for decision in outcome.decisions]
    filled = [piece for pair in zip(parts, [*texts, b""], strict=True) for piece in pair]
    return b"".join(filled)


@dataclass(frozen=True, slots=True)
class Template:
    """The conditions of one unit with holes. What fills them: a fact, the unit's id (""), a condition's truth
    by its number. `special` facts are told by history or a formula, which are the rule's own."""

    text: bytes
    holes: tuple[Any, ...]
    facts: tuple[FactPath, ...]
    special: frozenset[FactPath]

    def filled(self, unit: UnitResult, scope: UnitScope, given: FactTexts) -> bytes:
        values: dict[Any, bytes] = {path: self.fact(scope, path, given) for path in self.facts}
        values[""] = encode_basestring(unit.id).encode()
        values.update(enumerate([TRUTHS[truth] for truth in unit.truths]))
        return self.text % tuple(map(values.__getitem__, self.holes))

    def fact(self, scope: UnitScope, path: FactPath, given: FactTexts) -> bytes:
        """`"hires.h1.hired_on": "2022-07-10"`; what is the same for all rules is written once."""
        entity, key = path
        entry = scope.entry(entity)
        if path in self.special and key not in entry.facts:
            return _pair(f"{entry.path}.{key}", scope.fact(entity, key))
        place = (entry.path, key)
        text = given.get(place)
        if text is None:
            text = given[place] = _pair(f"{entry.path}.{key}", scope.fact(entity, key))
        return text


def template_of(rule: Rule, scope: UnitScope) -> Template:
    """The template of a rule, made once; any scope of the rule tells the figures."""
    program = program_of(scope.library, rule)
    if program.template is None:
        program.template = _template(rule, scope)
    template: Template = program.template
    return template


def _template(rule: Rule, scope: UnitScope) -> Template:
    texts: list[bytes] = []
    holes: list[Any] = []
    for number, condition in enumerate(rule.conditions):
        facts = [(fact.entity, fact.key) for fact in facts_of(condition)]
        texts.append(_condition(condition, scope, len(facts)))
        holes += ["", number, *facts]
    paths = tuple(dict.fromkeys(hole for hole in holes if isinstance(hole, tuple)))
    return Template(b", ".join(texts), tuple(holes), paths, frozenset({*rule.derived, *rule.from_history}))


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


def _conditions(decision: Decision, given: FactTexts) -> bytes:
    texts = [
        template_of(decision.rule, unit.scope).filled(unit, unit.scope, given)
        for unit in decision.units
        if unit.scope is not None and unit.truths
    ]
    return b"[%b]" % b", ".join(texts)


def _pair(path: str, value: Any) -> bytes:
    if value is True or value is False or value is UNKNOWN:
        text = CONSTANTS[value]
    else:
        shown = plain(value)
        text = encode_basestring(shown) if isinstance(shown, str) else ENCODER.encode(shown)
    return f"{encode_basestring(path)}: {text}".encode()


def _encoded(value: Any) -> bytes:
    return ENCODER.encode(value).encode()
