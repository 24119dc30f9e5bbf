"""What of a case may be marked as missing or wrong: its facts and its materials, by the names people know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from zhida.decide.question import fact_of
from zhida.guide import wording
from zhida.service.applications.facts import value_at
from zhida.service.applications.materials import OTHER
from zhida.service.cases.models import Case
from zhida.service.casework.trace import fact_text, rule_of
from zhida.service.law import library

FACT, MATERIAL = "fact", "material"


@dataclass(frozen=True, slots=True)
class Markable:
    """`kind` and `key` together name it; `now` is what the case has, in words."""

    kind: str
    key: str
    label: str
    now: str

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}"


def markable(case: Case, files: Iterable[str] = ()) -> list[Markable]:
    """The facts that the decision looked at or waits for, then the materials of the text.

    `files` are the materials for which there is a file.
    """
    return [*_facts(case), *_materials(case, set(files))]


def items_of(marked: Iterable[Markable], notes: Mapping[str, str]) -> list[dict[str, str]]:
    """As a notice keeps them."""
    return [
        {name: value for name, value in asdict(each).items() if name != "now"}
        | {"note": notes.get(each.name, "").strip()[:300]}
        for each in marked
    ]


def _facts(case: Case) -> Iterator[Markable]:
    keys = [key for condition in case.decision["conditions"] for key in condition["facts"]]
    for key in dict.fromkeys((*keys, *case.decision["missing"])):
        if _is_asked(key):
            value = value_at(case.facts, key)
            now = "" if value is None else fact_text(key, value)
            yield Markable(FACT, key, wording.key_name(library(), None, key), now)


def _is_asked(key: str) -> bool:
    """What a person can answer: no step of a formula, no figure of a text, no former grant."""
    found: Any = fact_of(library(), key)
    return found is not None and not found[1].internal and not key.startswith("history")


def _materials(case: Case, files: set[str]) -> Iterator[Markable]:
    rule = rule_of(case)
    names = rule.provision.materials if rule else ()
    for name in (*names, OTHER):
        yield Markable(MATERIAL, name, name, "✓" if name in files else "")
