"""What the self-check asks on one screen: the core's next question, and what belongs together with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zhida.decide import Outcome
from zhida.decide.case import SINGLETONS
from zhida.decide.decision import Question
from zhida.decide.question import fact_of, open_questions
from zhida.library import Library
from zhida.profile import free_facts

MOST = 8
"""How many questions one screen asks at most."""

FIGURES = ("count", "number", "money", "rate", "date")


@dataclass(frozen=True, slots=True)
class Screen:
    """The keys asked for together. `kind` is what they have in common:

    one (a single question), checklist (yes or no), figures (numbers of one source), rows (how many there are
    of several things), row (all about one of them). `owner` is the case key of whom it is about, with the
    row's id; `source` the department that has the figures; `concerns` the measures that wait for an answer.
    """

    kind: str
    owner: str
    source: str
    keys: tuple[str, ...]
    concerns: tuple[str, ...]


def next_screen(library: Library, outcome: Outcome, refused: Iterable[str]) -> Screen | None:
    """What to ask next; nothing where no answer could change anything."""
    questions = _answerable(library, open_questions(library, outcome.decisions, set(refused)))
    if not questions:
        return None
    topic = topic_of(library, questions[0].fact)
    together = [question for question in questions if topic_of(library, question.fact) == topic]
    asked = _without_inputs(library, together)[:MOST]
    kind = topic[0] if len(asked) > 1 or topic[0] in ("row", "rows") else "one"
    concerns = dict.fromkeys(measure for question in asked for measure in question.would_settle)
    return Screen(kind, topic[1], topic[2], tuple(q.fact for q in asked), tuple(concerns))


def topic_of(library: Library, key: str) -> tuple[str, str, str]:
    """Kind, owner and source of what belongs on one screen; a question of its own is its own topic."""
    first, *way = key.split(".")
    found = fact_of(library, key)
    if found is None:
        return "rows", "", ""
    if first not in SINGLETONS.values():
        return "row", f"{first}.{way[0]}", ""
    fact = found[1]
    if fact.type == "boolean":
        return "checklist", first, ""
    if fact.type in FIGURES:
        return "figures", first, fact.source
    return "one", key, fact.source


def _answerable(library: Library, questions: Sequence[Question]) -> list[Question]:
    """Without rates that nobody has at hand while what they follow from can still be asked."""
    keys = {question.fact for question in questions}
    return [q for q in questions if not (_is_rate(library, q.fact) and keys & set(_inputs(library, q.fact)))]


def _is_rate(library: Library, key: str) -> bool:
    found = fact_of(library, key)
    return found is not None and found[1].type == "rate"


def _without_inputs(library: Library, questions: Sequence[Question]) -> list[Question]:
    """Who is asked for a fact is not asked for what it follows from as well."""
    spared = {key for question in questions for key in _inputs(library, question.fact)}
    return [question for question in questions if question.fact not in spared]


def _inputs(library: Library, key: str) -> Iterator[str]:
    """The dotted keys that a derived fact follows from, of the same owner."""
    found = fact_of(library, key)
    derivation: Any = found and library.derivations.get((found[0].entity, found[1].key))
    if found and derivation:
        for fact in free_facts(derivation.formula):
            if fact.entity == found[0].entity:
                yield f"{key.rpartition('.')[0]}.{fact.key}"
                yield from _inputs(library, f"{key.rpartition('.')[0]}.{fact.key}")
