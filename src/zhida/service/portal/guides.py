"""The guide page of a measure in a place: by question, once for all provisions that say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from zhida.guide.catalogue import CatalogueEntry, entry_of
from zhida.guide.comparison import ComparisonText, comparison_text
from zhida.guide.example import Example, example_of
from zhida.guide.headline import headline
from zhida.guide.provision import CitedInterpretation, Guide, guide_of
from zhida.guide.versions import Version, versions_of
from zhida.library import Rule, resolve
from zhida.library.comparison import compare
from zhida.library.model import MeasureDef
from zhida.service.law import library
from zhida.service.portal.catalogue import Card, cards_of

COMPARED = ("期限", "数字和范围", "引用的标准", "办理单位")
"""The groups of a comparison that are shown side by side; procedures are too long for that."""


@dataclass(frozen=True, slots=True)
class Route:
    """One provision: the guide to it, and what it is worth in a few words."""

    guide: Guide
    worth: str

    @property
    def id(self) -> str:
        return self.guide.basis.row


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the page; `parts` are the provisions, of which there is one where all say the same."""

    name: str
    parts: tuple[Route, ...]

    @property
    def is_shared(self) -> bool:
        return len(self.parts) == 1


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """What a measure's page shows. Without routes the place does not have it."""

    definition: MeasureDef
    entry: CatalogueEntry
    card: Card | None
    routes: tuple[Route, ...]
    sections: tuple[Section, ...]
    example: Example | None
    versions: tuple[Version, ...]
    comparison: ComparisonText
    interpretations: tuple[CitedInterpretation, ...]


QUESTIONS: dict[str, Callable[[Guide], Any]] = {
    "who": lambda g: (g.who, g.conditions),
    "worth": lambda g: (g.worth, g.advance, g.limits, g.alternatives, g.stop_events),
    "when": lambda g: g.when,
    "how": lambda g: (g.how, g.steps),
    "materials": lambda g: g.materials,
    "contact": lambda g: (g.office, g.phone),
    "money": lambda g: (g.fund, g.permitted_use, g.payee_account),
    "basis": lambda g: (g.basis, g.upper, g.notes, g.figures),
}
"""The questions of the page in order, and the parts of a guide that answer each."""


@lru_cache(maxsize=256)
def page_of(library_hash: str, measure: str, region: str, on: date) -> MeasurePage | None:
    """The page; None for a measure that the library does not have. Remembered, as the law does not move."""
    found = library().measures.get(measure)
    if found is None:
        return None
    rules = [rule for rule in resolve(library(), region, on) if rule.measure == measure]
    routes = tuple(Route(guide_of(library(), rule, on), headline(library(), rule)) for rule in rules)
    return MeasurePage(
        found.definition,
        entry_of(library(), found.definition),
        cards_of(library_hash, region, on).get(measure),
        routes,
        tuple(_section(name, routes) for name in QUESTIONS) if routes else (),
        _example(rules),
        versions_of(library(), measure, on),
        comparison_text(library(), compare(library(), measure)),
        _interpretations(routes),
    )


def _section(name: str, routes: tuple[Route, ...]) -> Section:
    answers = [QUESTIONS[name](route.guide) for route in routes]
    same = all(answer == answers[0] for answer in answers)
    return Section(name, routes[:1] if same else routes)


def _example(rules: list[Rule]) -> Example | None:
    return next((example for rule in rules if (example := example_of(library(), rule))), None)


def _interpretations(routes: tuple[Route, ...]) -> tuple[CitedInterpretation, ...]:
    every = {cited.id: cited for route in routes for cited in route.guide.interpretations}
    return tuple(every[id] for id in sorted(every))
