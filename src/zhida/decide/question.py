"""The next question worth asking: the fact that could settle the most, as cheaply as possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from zhida.decide.decision import Decision, Question, UnitResult
from zhida.library import Library
from zhida.library.model import EntityDef, FactDef

LIST_WEIGHT = 0.5
"""A list mostly opens new questions; a fact of the employer or person settles something."""

LIST_QUESTIONS = "有没有{name}需要办理？逐项填写，没有就写空列表。"


def next_question(
    library: Library, decisions: Iterable[Decision], refused: Collection[str] = ()
) -> Question | None:
    """Of the facts that open decisions wait for first, the one that most measures wait for.

    What was `refused` (asked, and not known) is not asked again. A decision that is refused already, or
    whose amount alone waits for a standard, asks nothing: facts that can change nothing are never asked for.
    """
    waiting: dict[str, list[str]] = defaultdict(list)
    weight: dict[str, float] = defaultdict(float)
    for decision in decisions:
        for point in _open_points(library, decision):
            keys = [key for key in point if key not in refused]
            for place, key in enumerate(keys):
                if decision.rule.measure not in waiting[key]:
                    waiting[key].append(decision.rule.measure)
                share = LIST_WEIGHT if _is_list(library, key) else 1
                weight[key] += share / (1 + place)
    if not waiting:
        return None
    best = max(waiting, key=lambda key: (weight[key], len(waiting[key])))
    return Question(best, question_text(library, best), tuple(waiting[best]))


def _open_points(library: Library, decision: Decision) -> Iterator[list[str]]:
    """For each thing that is still open, the keys that could be asked for."""
    if decision.verdict in ("ineligible", "not_open"):
        return
    if not decision.units and decision.missing:
        yield list(decision.missing)
    told = {key for unit in decision.units for key in unit.missing}
    for unit in decision.units:
        keys = _askable(library, unit)
        if keys:
            yield keys
    if shares := [key for key in decision.missing if decision.units and key not in told]:
        yield shares


def _askable(library: Library, unit: UnitResult) -> list[str]:
    if unit.verdict == "ineligible":
        return []
    return [key for key in unit.missing if fact_of(library, key) or _is_list(library, key)]


def _is_list(library: Library, key: str) -> bool:
    return library.entity_by_case_key(key) is not None


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
