"""The pinned decision of a case in words: what it was decided on that day, never computed anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from zhida.decide.question import fact_of
from zhida.guide import wording
from zhida.guide.verdicts import MARKS, VERDICTS
from zhida.library import Rule, resolve
from zhida.service.cases.models import Case
from zhida.service.law import library

CLASSES = {True: "true", False: "false", None: "null", "review": "review"}


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the law with the document and clause, or the interpretation, that set it."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Condition:
    label: str
    mark: str
    kind: str
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    verdict: str
    amount: str
    limit: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A decision as it was pinned; `missing` are the names of what it waited for."""

    verdict: str
    verdict_text: str
    amount: str
    note: str
    units: tuple[Unit, ...]
    missing: tuple[str, ...]
    interpretations: tuple[str, ...]


def trace_of(decision: Mapping[str, Any]) -> Trace:
    """From the contract's form of one decision."""
    return Trace(
        verdict=decision["verdict"],
        verdict_text=VERDICTS[decision["verdict"]],
        amount=amount_text(decision),
        note=decision.get("amount_note") or "",
        units=tuple(_units(decision)),
        missing=tuple(wording.key_name(library(), None, key) for key in decision["missing"]),
        interpretations=tuple(decision.get("interpretations", ())),
    )


def amount_text(decision: Mapping[str, Any]) -> str:
    if decision["amount"] is not None:
        return wording.yuan(Decimal(decision["amount"]))
    span = decision.get("amount_range")
    return f"{span[0]}～{span[1]} 元" if span and None not in span else ""


def _units(decision: Mapping[str, Any]) -> Iterator[Unit]:
    for unit in decision["units"]:
        conditions = (c for c in decision["conditions"] if c["unit"] == unit["id"])
        amount = unit["amount"]
        yield Unit(
            name=unit_name(unit["id"], decision["measure"]),
            verdict=VERDICTS[unit["verdict"]],
            amount=wording.yuan(Decimal(amount)) if amount is not None else "",
            limit=unit.get("limit") or "",
            conditions=tuple(_condition(c, decision["measure"]) for c in conditions),
        )


def unit_name(unit: str, measure: str) -> str:
    """`招用 h1`, or what the party itself is called."""
    if unit in wording.SINGLETONS:
        return next((e.name for e in library().entities.values() if e.case_key == unit), unit)
    known = library().measures.get(measure)
    entity = library().entities.get(known.definition.unit) if known else None
    return f"{entity.name} {unit}" if entity else unit


def _condition(condition: Mapping[str, Any], measure: str) -> Condition:
    return Condition(
        label=condition["label"],
        mark=MARKS[condition["verdict"]],
        kind=CLASSES[condition["verdict"]],
        facts=tuple(fact(key, value) for key, value in condition["facts"].items()),
        figures=tuple(_figures(condition["parameters"], measure)),
    )


def fact(key: str, value: Any) -> Fact:
    return Fact(key, wording.key_name(library(), None, key), fact_text(key, value))


def fact_text(key: str, value: Any) -> str:
    """A value of the contract's JSON as people read it."""
    found = fact_of(library(), key)
    if found is None:
        return wording.value_text(value)
    definition = found[1]
    if isinstance(value, str) and definition.type in ("count", "number", "money", "rate"):
        try:
            value = Decimal(value)
        except InvalidOperation:
            return value
    return wording.fact_value(definition, value)


def _figures(parameters: Mapping[str, Any], measure: str) -> Iterator[Figure]:
    """Those that the text sets; what it leaves open says nothing about a decision."""
    known = library().measures.get(measure)
    names = {p.key: p.name for p in known.definition.parameters} if known else {}
    for key, figure in parameters.items():
        if figure.get("value") not in (None, "", []):
            yield Figure(names.get(key, ""), figure_text(figure["value"]), source_of(figure))


def figure_text(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(figure_text, value))
    return wording.value_text(value) if isinstance(value, bool) else str(value)


def source_of(figure: Mapping[str, Any]) -> str:
    parts = (figure.get("document"), figure.get("clause"), figure.get("interpretation"))
    return " ".join(str(part) for part in parts if part)


def rule_of(case: Case) -> Rule | None:
    """The provision of a case in the library of today; None where it has it no more."""
    for rule in resolve(library(), case.region, case.on):
        if (rule.measure, rule.document, rule.row) == (case.measure, case.document, case.row):
            return rule
    return None
