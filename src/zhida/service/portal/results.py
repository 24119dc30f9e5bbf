"""What came of a self-check, for the page: the decisions in three groups, and what can be had together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhida.decide import Decision, Outcome
from zhida.decide.decision import Chosen, GivenUp
from zhida.decide.question import fact_of
from zhida.guide import reasons as guide_reasons
from zhida.guide import wording
from zhida.guide.reasons import Reasons
from zhida.service.law import library
from zhida.service.portal.labels import ROWS, owner_label

Names = tuple[tuple[str, str], ...]
GROUPS = {
    "yes": ("eligible", "review"),
    "unknown": ("unknown",),
    "no": ("ineligible", "not_open"),
}
"""The three groups of the page, and the verdicts in each in their order."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a decision waits for; it can be answered where `can_ask`."""

    key: str
    name: str
    source: str
    can_ask: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One decision with its reasons in words; each unit under its name on the page."""

    decision: Decision
    reasons: Reasons
    missing: tuple[Missing, ...]
    change: str
    units: tuple[tuple[str, guide_reasons.UnitReason], ...]

    @property
    def id(self) -> str:
        return f"{self.decision.rule.measure}-{self.decision.rule.row}"

    @property
    def is_absent(self) -> bool:
        """Whether there is nothing that it could be granted for."""
        return self.decision.verdict == "ineligible" and not self.decision.units

    @property
    def failing(self) -> list[Any]:
        """The conditions that refuse it, each once."""
        found = {c.id: c for _, unit in self.units for c in unit.conditions if c.verdict is False}
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Grant:
    name: str
    english: str
    unit: str
    amount: Decimal
    because: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The whole result. `total` is what the best package of grants with a known amount comes to.

    Of what one cannot have, `absent` is what nobody has asked for (no internships), and `other_routes` are
    provisions of measures that one has by another provision.
    """

    yes: tuple[Result, ...]
    unknown: tuple[Result, ...]
    no: tuple[Result, ...]
    absent: tuple[Result, ...]
    other_routes: tuple[Result, ...]
    total: Decimal
    taken: tuple[Grant, ...]
    given_up: tuple[Grant, ...]
    documents: tuple[str, ...]
    names: Names


def page_of(outcome: Outcome, facts: dict[str, Any]) -> Page:
    """What the page shows of an outcome; the facts only give its rows their names."""
    names = names_of(facts)
    results = [_result(outcome, decision, facts, names) for decision in outcome.decisions]
    yes, unknown, refused = (_sorted(results, verdicts) for verdicts in GROUPS.values())
    had = {result.decision.rule.measure for result in yes}
    other_routes = [result for result in refused if result.decision.rule.measure in had]
    absent = [result for result in refused if result.is_absent and result not in other_routes]
    return Page(
        tuple(yes),
        tuple(unknown),
        tuple(result for result in refused if result not in other_routes and result not in absent),
        tuple(absent),
        tuple(other_routes),
        outcome.package.total,
        tuple(_grant(outcome, grant, facts, names) for grant in outcome.package.chosen),
        tuple(_grant(outcome, grant, facts, names) for grant in outcome.package.given_up),
        tuple(dict.fromkeys(decision.rule.document for decision in outcome.decisions)),
        names,
    )


def _sorted(results: Iterable[Result], verdicts: tuple[str, ...]) -> list[Result]:
    """By verdict, what pays most first."""
    found = [result for result in results if result.decision.verdict in verdicts]
    order = {verdict: place for place, verdict in enumerate(verdicts)}
    return sorted(found, key=lambda r: (order[r.decision.verdict], -(r.decision.amount or 0)))


def _result(outcome: Outcome, decision: Decision, facts: dict[str, Any], names: Names) -> Result:
    reasons = guide_reasons.reasons_of(library(), outcome, decision)
    missing = tuple(_missing(decision, key, names) for key in decision.missing)
    case_key = library().entities[decision.rule.unit].case_key
    return Result(
        decision,
        reasons,
        missing,
        named(reasons.change, names),
        tuple((owner_label(facts, f"{case_key}.{unit.id}"), unit) for unit in reasons.units),
    )


def _missing(decision: Decision, key: str, names: Names) -> Missing:
    found = fact_of(library(), key)
    name = named(wording.key_name(library(), decision.rule, key), names)
    is_list = library().entity_by_case_key(key) is not None
    return Missing(key, name, found[1].source if found else "", found is not None or is_list)


def _grant(outcome: Outcome, grant: Chosen | GivenUp, facts: dict[str, Any], names: Names) -> Grant:
    rule = next(d.rule for d in outcome.decisions if d.rule.measure == grant.measure)
    case_key = library().entities[rule.unit].case_key
    because = named(grant.because, names) if isinstance(grant, GivenUp) else ""
    unit = owner_label(facts, f"{case_key}.{grant.unit}")
    return Grant(rule.name, rule.definition.english, unit, grant.amount, because)


def names_of(facts: dict[str, Any]) -> Names:
    """What the guide calls the rows of a case, and what the page calls them: 招用 h1, 第 1 名新招员工."""
    pairs = []
    for case_key in ROWS:
        entity = library().entity_by_case_key(case_key)
        for row in facts.get(case_key) or () if entity else ():
            label = owner_label(facts, f"{case_key}.{row.get('id')}")
            said = f"{entity.name} {row.get('id')}"  # type: ignore[union-attr]
            pairs += [(f"{said} ", f"{label}的"), (said, label)]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def named(text: str, names: Names) -> str:
    """A text of the guide with the page's names for the rows."""
    for said, name in names:
        text = text.replace(said, name)
    return text
