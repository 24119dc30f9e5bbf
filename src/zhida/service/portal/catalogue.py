"""The catalogue of measures as one place has it on one day: what each is worth, and whether it is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from zhida.guide import catalogue as guide_catalogue
from zhida.guide import wording
from zhida.guide.headline import headline
from zhida.guide.search import search
from zhida.library import Rule, resolve
from zhida.library.model import MeasureDef
from zhida.service.law import library

SOON = timedelta(days=30)
"""What closes within so many days is marked."""

SHORT = 16
"""How long a worth may be that is shown in one line with the name."""

OPEN = ("closing", "open")
STATES = ("closing", "open", "coming", "waiting", "closed")
"""What a measure may be on a day, the most urgent first; of several provisions the first counts."""


@dataclass(frozen=True, slots=True)
class Card:
    """One measure of a place: `state` is one of STATES, `day` when that ends or begins.

    `worth` is empty where the amount is set elsewhere, `routes` the number of provisions.
    """

    definition: MeasureDef
    kind: str
    worth: str
    state: str
    day: date | None
    status: str
    routes: int

    @property
    def key(self) -> str:
        return self.definition.measure


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A measure that the place does not have, and the places that do."""

    definition: MeasureDef
    places: tuple[guide_catalogue.Place, ...]


@dataclass(frozen=True, slots=True)
class Found:
    here: tuple[Card, ...]
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; empty for anything."""

    words: str = ""
    payee: str = ""
    event: str = ""
    kind: str = ""
    open_only: bool = False

    def fit(self, definition: MeasureDef) -> bool:
        return (
            self.payee in ("", definition.payee)
            and (not self.event or self.event in definition.life_events)
            and self.kind in ("", definition.kind)
        )


def find(region: str, on: date, filters: Filters) -> Found:
    """The measures that fit, best match first; without words in the order of the documents, what closes soon
    before the rest."""
    cards = cards_of(library().hash, region, on)
    keys = [key for key in search(library(), filters.words) if filters.fit(_definition(key))]
    if not filters.words:
        keys = [*(key for key in cards if key in keys), *(key for key in keys if key not in cards)]
    here = [cards[key] for key in keys if key in cards]
    if filters.open_only:
        here = [card for card in here if card.state in OPEN]
    if not filters.words:
        here.sort(key=lambda card: STATES.index(card.state))
    elsewhere = () if filters.open_only else tuple(_elsewhere(key) for key in keys if key not in cards)
    return Found(tuple(here), elsewhere)


@lru_cache(maxsize=128)
def cards_of(library_hash: str, region: str, on: date) -> dict[str, Card]:
    """The place's measures by key; remembered, since it follows from the library, the place and the day."""
    rules: dict[str, list[Rule]] = {}
    for rule in resolve(library(), region, on):
        rules.setdefault(rule.measure, []).append(rule)
    return {measure: _card(found, on) for measure, found in rules.items()}


def shown_first(cards: dict[str, Card], count: int) -> list[Card]:
    """A few open ones that say what they are worth, each for another occasion."""
    chosen: dict[str, Card] = {}
    for event in life_events(library().hash):
        fits = (
            c for c in cards.values() if event in c.definition.life_events and c.state in ("closing", "open")
        )
        found = next((c for c in fits if c.worth and c.key not in chosen and len(c.worth) < SHORT), None)
        if found is not None:
            chosen[found.key] = found
    return list(chosen.values())[:count]


@lru_cache(maxsize=4)
def life_events(library_hash: str) -> tuple[str, ...]:
    """The occasions that measures are filed under, the most frequent first."""
    entries = guide_catalogue.catalogue(library())
    return tuple(event for event, _ in guide_catalogue.life_events(entries))


def _card(rules: list[Rule], on: date) -> Card:
    first = min(rules, key=lambda rule: STATES.index(state_of(rule, on)))
    state, opening = state_of(first, on), first.opening
    end = opening.grace_end or opening.end
    return Card(
        first.definition,
        wording.KINDS[first.kind],
        _worth(rules),
        state,
        opening.start if state == "coming" else end,
        wording.opening_status(opening, on),
        len(rules),
    )


def _worth(rules: list[Rule]) -> str:
    """The same for all provisions, or that of the first which says one."""
    return next((text for rule in rules if (text := headline(library(), rule))), "")


def state_of(rule: Rule, on: date) -> str:
    """One of STATES."""
    opening = rule.opening
    end = opening.grace_end or opening.end
    if opening.status != "in-force":
        return "waiting"
    if opening.start and on < opening.start:
        return "coming"
    if end and on > end:
        return "closed"
    return "closing" if end and end - on <= SOON else "open"


def _definition(key: str) -> MeasureDef:
    return library().measures[key].definition


def _elsewhere(key: str) -> Elsewhere:
    return Elsewhere(_definition(key), tuple(_places(key)))


def _places(key: str) -> Iterator[guide_catalogue.Place]:
    yield from guide_catalogue.entry_of(library(), _definition(key)).regions
