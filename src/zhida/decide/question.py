"""The next question worth asking: the fact that could settle the most, as cheaply as possible."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from zhida.decide.decision import Decision, Question
from zhida.library import Library
from zhida.library.model import EntityDef, FactDef

LIST_WEIGHT = 0.5
"""A list mostly opens new questions; a fact of the employer or person settles something."""

ROW_WEIGHT = 0.25
"""What is true of the employer or person may settle every row at once; a fact of one row only that row."""

PARTIES = ("employer", "applicant", "place")
LIST_QUESTIONS = "有没有{name}需要办理？逐项填写，没有就写空列表。"


def next_question(
    library: Library, decisions: Iterable[Decision], refused: Collection[str] = ()
) -> Question | None:
    """Of the facts that open decisions wait for first, the one that most measures wait for.

    What was `refused` (asked, and not known) is not asked again. A decision that is refused already, or
    whose amount alone waits for a standard, asks nothing: facts that can change nothing are never asked for.
    """
    waiting, weight = _weighed(library, decisions, refused)
    if not waiting:
        return None
    best = max(waiting, key=lambda key: (weight[key], len(waiting[key])))
    return Question(best, question_text(library, best), tuple(waiting[best]))


def open_questions(
    library: Library, decisions: Iterable[Decision], refused: Collection[str] = ()
) -> tuple[Question, ...]:
    """Everything that could still settle something, the next question first: for asking several at once."""
    waiting, weight = _weighed(library, decisions, refused)
    ordered = sorted(waiting, key=lambda key: (-weight[key], -len(waiting[key])))
    return tuple(Question(key, question_text(library, key), tuple(waiting[key])) for key in ordered)


def _weighed(
    library: Library, decisions: Iterable[Decision], refused: Collection[str]
) -> tuple[dict[str, dict[str, None]], dict[str, float]]:
    """The measures that wait for each key, and what an answer to it is worth."""
    waiting: dict[str, dict[str, None]] = {}
    weight: dict[str, float] = {}
    worth = _Worth(library)
    for decision in decisions:
        for point in _open_points(decision):
            place = 0
            for key in point:
                value = worth[key]
                if not value or key in refused:
                    continue
                place += 1
                if key not in weight:
                    waiting[key], weight[key] = {}, 0
                waiting[key][decision.rule.measure] = None
                weight[key] += value / place
    return waiting, weight


def _open_points(decision: Decision) -> Iterator[Sequence[str]]:
    """For each thing that is still open, what it waits for."""
    if decision.verdict in ("ineligible", "not_open"):
        return
    if not decision.units:
        yield decision.missing
        return
    told: set[str] = set()
    for unit in decision.units:
        told.update(unit.missing)
        if unit.missing and unit.verdict != "ineligible":
            yield unit.missing
    yield [key for key in decision.missing if key not in told]


class _Worth(dict[str, float]):
    """What an answer is worth, by the key asked for: nothing for what cannot be asked, such as a standard."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.of_kind: dict[tuple[str, str], float] = library.prepared(library.facts, dict[Any, float])

    def __missing__(self, key: str) -> float:
        first, _, rest = key.partition(".")
        kind = first, rest if "." not in rest else rest.partition(".")[2]  # without the id
        worth = self.of_kind.get(kind)
        if worth is None:
            worth = self.of_kind[kind] = self._worth(key)
        self[key] = worth
        return worth

    def _worth(self, key: str) -> float:
        if self.library.entity_by_case_key(key) is not None:
            return LIST_WEIGHT
        if fact_of(self.library, key) is None:
            return 0
        return 1 if key.partition(".")[0] in PARTIES else ROW_WEIGHT


def fact_of(library: Library, path: str) -> tuple[EntityDef, FactDef] | None:
    """The entity and fact behind a dotted key such as `hires.h1.person.graduated_on`."""
    parts = path.split(".")
    owner = parts[0] if len(parts) < 4 else parts[-2]
    entity = library.entities.get("person") if owner == "person" else None
    entity = entity or library.entity_by_case_key(owner)
    if entity is None:
        return None
    fact = library.facts.get((entity.entity, parts[-1]))
    return (entity, fact) if fact else None


def question_text(library: Library, path: str) -> str:
    """What to ask a person for the fact under `path`."""
    found = fact_of(library, path)
    if found is not None:
        return found[1].question
    entity = library.entity_by_case_key(path)
    return LIST_QUESTIONS.format(name=entity.name if entity else path)
