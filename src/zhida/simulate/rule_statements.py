"""The rules of one region on one day as statements: only what holds there, with where each figure is from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node, rebuild
from zhida.library import Library, Rule, resolve
from zhida.library.comparison import holds_within
from zhida.library.procedure import Procedure
from zhida.library.rule import Expression, FactPath
from zhida.library.standards_used import readings, standards
from zhida.simulate.statements import Path, Statement, Subject, figure_meaning, model_statements

STAGE = ("share", "amount", "due_from", "due_workdays")
UNSET = nodes.Literal(UNKNOWN)
PROVISION = ("materials", "permitted_use", "fund", "office", "phone", "interpretations")


def rule_statements(
    before: Library, after: Library, region: str, on: date
) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """What the rules of `region` say on a day, of both libraries.

    Of a measure that both enact once, the one rule is compared with the other, whatever document it is
    in; of one enacted several times, those of the same row, else of the same title.
    """
    rules = resolve(before, region, on), resolve(after, region, on)
    several = {rule.measure for found in rules for rule in found if _times(found, rule) > 1}
    rows = [{(rule.measure, rule.row) for rule in found} for found in rules]
    shared = rows[0] & rows[1]
    first, second = (
        tuple(
            statement
            for rule in found
            for statement in _rule(library, rule, _subject(rule, several, shared), region, on)
        )
        for library, found in zip((before, after), rules, strict=True)
    )
    return first, second


def _times(rules: Sequence[Rule], rule: Rule) -> int:
    return Counter(r.measure for r in rules)[rule.measure]


def _subject(rule: Rule, several: set[str], shared: set[tuple[str, str]]) -> Subject:
    part = rule.row if (rule.measure, rule.row) in shared else rule.title
    key = f"{rule.measure}/{part}" if rule.measure in several else rule.measure
    return Subject("provision", key, rule.title, f"{rule.document} {rule.clause}")


def _rule(library: Library, rule: Rule, subject: Subject, region: str, on: date) -> Iterator[Statement]:
    values: list[tuple[Path, Any]] = [
        (("name",), rule.title),
        (("document",), f"{rule.document} {rule.clause}"),
        (("region",), rule.region),
        (("valid",), (rule.opening.start, rule.opening.end)),
        (("grace",), rule.opening.grace_end),
        (("event",), (rule.provision.event.start, rule.provision.event.end)),
        (("status",), rule.opening.status),
    ]
    for path, value in values:
        if value not in (None, "", (None, None)):
            yield Statement(subject, path, value)
    yield from _figures(rule, subject)
    yield from _expressions(rule, subject)
    yield from _derived(library, rule, subject)
    yield from _standards(library, rule, subject, region, on)
    if isinstance(rule.procedure, Procedure):
        yield from model_statements(subject, rule.procedure, ("procedure",))
    for name in PROVISION:
        if value := getattr(rule.provision, name):
            yield Statement(subject, (name,), value)


def _figures(rule: Rule, subject: Subject) -> Iterator[Statement]:
    """Its parameters, and the switches that its expressions or the derived facts in them read."""
    own = {p.name: p for p in rule.definition.parameters}
    read = (figure.name for expression in _read(rule) for figure in expression.figures)
    for name in dict.fromkeys((*own, *read)):
        if name not in rule.figures:
            continue
        figure = rule.figures[name]
        if figure.value == UNSET:
            continue
        source = figure.source
        cited = (source.document, source.clause, source.row, source.interpretation)
        key = own[name].key if name in own else name
        value = figure_meaning(own[name], figure.value) if name in own else figure.value
        cited_text = " ".join(part for part in cited if part)
        yield Statement(subject, ("figures", key), value, name, cited_text, source.unit)


def _expressions(rule: Rule, subject: Subject) -> Iterator[Statement]:
    """Conditions, amount, limits and schedule, with figures by name: their values are told on their own."""
    for condition in rule.conditions:
        path = ("conditions", condition.id)
        yield Statement(subject, (*path, "when"), _named(condition.when), condition.label)
        if condition.review:
            yield Statement(subject, (*path, "review"), _named(condition.review), condition.label)
    yield Statement(subject, ("conditions",), tuple(c.id for c in rule.conditions))
    schedule = rule.schedule
    single: dict[Path, Expression | None] = {
        ("amount", "value"): rule.amount,
        ("amount", "review"): rule.amount_review,
        ("schedule", "months"): schedule.months,
        ("schedule", "last_month"): schedule.last_month,
        ("schedule", "monthly"): schedule.monthly,
        ("schedule", "repay_by"): schedule.repay_by,
        ("schedule", "rate"): schedule.rate,
    }
    for i, stage in enumerate(schedule.stages, 1):
        single |= {("schedule", "stages", str(i), k): getattr(stage, k) for k in STAGE}
    if schedule.advance:
        single["schedule", "advance", "share"] = schedule.advance.share
        single["schedule", "advance", "when"] = schedule.advance.when
    for component in rule.components:
        single["components", component.payer, "share"] = component.share
    for at, expression in single.items():
        if expression is not None:
            yield Statement(subject, at, _named(expression))
    for limit in rule.limits:
        value = _named(limit.cap) if limit.cap else limit.kind
        yield Statement(subject, ("limits", limit.id, limit.kind), value, limit.label)
        yield Statement(
            subject, ("limits", limit.id, "period"), "年度" if limit.by_year else "终身", limit.label
        )
    if rule.exclusion:
        yield Statement(subject, ("exclusion", "group"), rule.exclusion.group)


def _named(expression: Expression) -> Node:
    def strip(node: Node) -> Node:
        return nodes.Name(node.name) if isinstance(node, nodes.Figure) else rebuild(node, strip)

    return strip(expression.node)


def _read(rule: Rule) -> Iterator[Expression]:
    """The expressions of conditions and amount, and those of the derived facts that they need."""
    yield from (part for part in _direct(rule) if part is not None)
    yield from (rule.derived[path].expression for path in _needed(rule))


def _direct(rule: Rule) -> Iterator[Expression | None]:
    yield from (part for c in rule.conditions for part in (c.when, c.review))
    yield from (rule.amount, rule.amount_review)


def _needed(rule: Rule) -> tuple[FactPath, ...]:
    """The derived facts that decide the rule, directly or through others, each once."""
    found: dict[FactPath, None] = {}
    waiting = [part for part in _direct(rule) if part is not None]
    while waiting:
        for fact in waiting.pop(0).facts:
            path = (fact.entity, fact.key)
            if path in rule.derived and path not in found:
                found[path] = None
                waiting.append(rule.derived[path].expression)
    return tuple(found)


def _derived(library: Library, rule: Rule, subject: Subject) -> Iterator[Statement]:
    for path in _needed(rule):
        label = f"{library.entities[path[0]].name}.{library.facts[path].name}"
        yield Statement(subject, ("derived", ".".join(path)), _named(rule.derived[path].expression), label)


def _standards(library: Library, rule: Rule, subject: Subject, region: str, on: date) -> Iterator[Statement]:
    for reading in readings(library, rule):
        for standard in standards(reading, region):
            if holds_within(standard, on, on):
                path = ("standards", standard.label, *standard.keys)
                value = {standard.reading.column: standard.value}
                yield Statement(
                    subject, path, value, f"{standard.label} {' '.join(standard.keys)}", standard.source
                )
