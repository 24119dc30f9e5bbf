"""A worked case of a rule as an example to show: what is given, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.decide import Decision, build_case
from zhida.decide.case import Case, Entry
from zhida.decide.engine import decide_rule
from zhida.decide.worked import WorkedCase, WorkedCases, changed
from zhida.guide import payments, wording
from zhida.guide.verdicts import amount_text
from zhida.library import Library, Rule
from zhida.library.yaml_source import read_yaml_file

HIDDEN = ("id",)
"""Facts that only tell rows apart."""


@dataclass(frozen=True, slots=True)
class GivenFact:
    """A fact of an example: whose it is (招用, or 单位), what it is called, and its value."""

    key: str
    owner: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case that ends well. `schedule` says how the amount is paid where that is not at once."""

    title: str
    region: str
    region_name: str
    on: date
    facts: tuple[GivenFact, ...]
    amount: str
    schedule: tuple[str, ...]
    cites: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    file: WorkedCases
    worked: WorkedCase
    data: Mapping[str, Any]

    @property
    def plainness(self) -> tuple[int, int, int]:
        """Without history before with; then what its file starts from before what is changed in it, for
        changed are the borders and the doubtful; then fewest facts."""
        return len(self.data.get("history") or ()), len(self.worked.changes), _leaves(self.data)


def example_of(library: Library, rule: Rule) -> Example | None:
    """The plainest worked case in which the rule grants something, best one whose amount is settled.

    None where there is none.
    """
    unsettled = None
    for found in sorted(_candidates(library, rule), key=lambda candidate: candidate.plainness):
        case, _ = build_case(library, found.data)
        decision = decide_rule(library, rule, case) if case else None
        if case is None or decision is None or decision.verdict != "eligible":
            continue
        if not decision.missing:
            return _example(library, found, case, decision)
        unsettled = unsettled or _example(library, found, case, decision)
    return unsettled


def _candidates(library: Library, rule: Rule) -> Iterator[_Candidate]:
    """The eligible cases of the rule's provision. The name of a file begins with its measure's key."""
    for path in sorted((library.root / "cases").rglob(f"{rule.measure}*.yaml")):
        source = read_yaml_file(path)
        if source.diagnostics:
            continue
        file = WorkedCases.model_validate(source.data)
        if (file.measure, file.row) == (rule.measure, rule.row):
            for worked in file.cases:
                if worked.expect.verdict == "eligible":
                    yield _Candidate(file, worked, changed(file.base, worked.changes))


def _leaves(data: Any) -> int:
    """How many values are given, however deep."""
    if isinstance(data, Mapping):
        return sum(_leaves(value) for key, value in data.items() if key not in HIDDEN)
    if isinstance(data, list) and any(isinstance(item, Mapping) for item in data):
        return sum(map(_leaves, data))
    return 1


def _example(library: Library, found: _Candidate, case: Case, decision: Decision) -> Example:
    return Example(
        found.worked.name,
        case.region,
        wording.place_name(library, case.region),
        case.on,
        tuple(_facts(library, case)),
        amount_text(decision),
        tuple(payments.schedule_lines(decision.schedule or {"kind": ""})),
        found.file.cites,
    )


def _facts(library: Library, case: Case) -> Iterator[GivenFact]:
    for entry in case.all_entries():
        owner = _owner(library, case, entry)
        for key, value in entry.facts.items():
            if key not in HIDDEN:
                fact = library.facts[entry.entity, key]
                text = wording.fact_value(fact, value)
                yield GivenFact(f"{entry.path}.{key}", owner, wording.fact_name(fact), text)


def _owner(library: Library, case: Case, entry: Entry) -> str:
    """招用; where there are several, 招用 h1; and 招用 h1 个人 for whom it is about."""
    name = library.entities[entry.entity].name
    rows = library.entity_by_case_key(entry.path.partition(".")[0])
    if rows is None or len(case.rows.get(rows.entity) or ()) < 2:
        return name
    row = wording.owner_name(library, entry.path).strip()
    return row if rows.entity == entry.entity else f"{row} {name}"
