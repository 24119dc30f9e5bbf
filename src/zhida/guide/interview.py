"""An interview: what is known so far, what to ask next, and when nothing more can change.

An `Interview` is a value: each answer makes the next one. A terminal keeps it in a variable, a page in
a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhida.decide import Outcome, Problem
from zhida.decide.decision import Question
from zhida.decide.engine import decide
from zhida.decide.fact_values import parse_date
from zhida.decide.question import fact_of, next_question
from zhida.decide.read import build_case
from zhida.decide.worked import changed
from zhida.guide import wording
from zhida.guide.answers import NotUnderstood, options, parse_answer, parse_count
from zhida.library import Library
from zhida.library.model import FactDef

UNSURE = ("", "?", "？", "不知道")
PAYEES = {"用人单位": "employer", "个人": "person", "都看": None}
"""For whom an interview can be: the answer, and the payee of the measures that it is then about."""

Answer = tuple[str, Any]
"""A dotted key of the case and its value; None where it was asked and is not known."""


class Unreadable(ValueError):
    """What was known before the interview is no case; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A question in words, and what may be answered.

    `kind` is the fact's type, or "rows" where the question is how many there are of something. `several`: any
    number of the `options` may be chosen. `source` is the department that knows, `concerns` the measures
    that the answer could settle.
    """

    key: str
    text: str
    help: str
    kind: str
    unit: str
    options: tuple[str, ...]
    several: bool
    source: str
    asked: bool
    concerns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the measures that are open, how many no answer can change any more."""

    settled: int
    total: int

    def __str__(self) -> str:
        return f"已理清 {self.settled}/{self.total} 项"


@dataclass(frozen=True, slots=True)
class Turn:
    """Where an interview stands: the decisions so far, how many are settled, and what to ask."""

    outcome: Outcome
    progress: Progress
    question: AskedFact | None


@dataclass(frozen=True, slots=True)
class Interview:
    """`base` is what was known before, region and day among it; `measures` are all where none is named."""

    base: Mapping[str, Any]
    measures: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    def data(self) -> dict[str, Any]:
        """The case as far as it is known."""
        known = self.base
        for key, value in self.answers:
            if value is not None:
                known = changed(known, {key: value})
        return dict(known)

    def outcome(self, library: Library) -> Outcome:
        """What would be decided now. Raises Unreadable."""
        case, problems = build_case(library, self.data())
        if case is None:
            raise Unreadable(tuple(problems))
        return decide(library, case, self.measures)

    def turn(self, library: Library) -> Turn:
        """What to ask next; nothing where no answer could change anything. Raises Unreadable."""
        outcome = self.outcome(library)
        refused = {key for key, value in self.answers if value is None}
        question = next_question(library, outcome.decisions, refused)
        return Turn(outcome, progress_of(outcome), asked_fact(library, question) if question else None)

    def answered(self, library: Library, key: str, answer: str) -> Interview:
        """After an answer as it was typed or chosen; nothing, or 不知道, is one too.

        Raises NotUnderstood, also where it contradicts another answer: nobody is hired before birth.
        """
        if answer.strip() in UNSURE:
            return replace(self, answers=(*self.answers, (key, None)))
        value = parsed(library, key, answer, parse_date(self.base["on"]))
        told = replace(self, answers=(*self.answers, (key, value)))
        _, problems = build_case(library, told.data())
        if problems:
            raise NotUnderstood(problems[0].code)
        return told

    def back(self) -> Interview:
        """Before the last answer."""
        return replace(self, answers=self.answers[:-1])


def progress_of(outcome: Outcome) -> Progress:
    open_now = [d for d in outcome.decisions if d.verdict != "not_open"]
    settled = sum(d.verdict != "unknown" and not d.missing for d in open_now)
    return Progress(settled, len(open_now))


def measures_for(library: Library, payee: str | None) -> tuple[str, ...]:
    """The measures that pay an employer or a person; all for None."""
    known = (measure.definition for measure in library.measures.values())
    return tuple(m.measure for m in known if payee in (None, m.payee))


def asked_fact(library: Library, question: Question) -> AskedFact:
    """A question in words, with whom it is about."""
    found, key = fact_of(library, question.fact), question.fact
    owner = wording.owner_name(library, key)
    if found is None:
        text = owner + how_many(library, key)
        return AskedFact(key, text, "", "rows", "", (), False, "", True, question.would_settle)
    fact = found[1]
    return AskedFact(
        key,
        owner + question.text,
        fact.help,
        fact.type,
        fact.unit,
        options(fact),
        fact.type == "set",
        fact.source,
        fact.asked,
        question.would_settle,
    )


def how_many(library: Library, case_key: str) -> str:
    entity = library.entity_by_case_key(case_key)
    return f"有几项{entity.name if entity else case_key}要办理？没有填 0。"


def parsed(library: Library, key: str, answer: str, on: date) -> Any:
    """The value that an answer means for a dotted key of the case. Raises NotUnderstood."""
    found: tuple[Any, FactDef] | None = fact_of(library, key)
    return parse_answer(found[1], answer, on) if found else _rows(key, answer)


def _rows(case_key: str, answer: str) -> list[dict[str, str]]:
    return [{"id": f"{case_key[0]}{n}"} for n in range(1, parse_count(answer) + 1)]
