"""The worked cases beside the law: each agrees with the program, and together they touch every condition."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from tests.conftest import POLICIES
from zhida.decide.worked import Report, WorkedCase, WorkedCases, run_worked_cases
from zhida.feel import POLICY, UNKNOWN, evaluate
from zhida.library import Library, Rule, resolve
from zhida.library.failing import OnlyKnown, may_fail, may_wait
from zhida.library.yaml_source import read_yaml_file

Provision = tuple[str, str]
"""(measure, row of the ledger)."""


@dataclass(frozen=True, slots=True)
class Written:
    """One case as it stands in its file, from `first` to before `end` (lines)."""

    file: str
    provision: WorkedCases
    case: WorkedCase
    first: int
    end: float

    @property
    def key(self) -> Provision:
        return self.provision.measure, self.provision.row


def written_cases() -> Iterator[Written]:
    for path in sorted((POLICIES / "cases").rglob("*.yaml")):
        source = read_yaml_file(path)
        provision = WorkedCases.model_validate(source.data)
        starts = [source.place(("cases", i)).line for i in range(len(provision.cases))]
        for case, first, end in zip(provision.cases, starts, [*starts[1:], float("inf")], strict=True):
            yield Written(source.file, provision, case, first, end)


CASES = tuple(written_cases())


@pytest.fixture(scope="module")
def report(library: Library) -> Report:
    return run_worked_cases(library)


@pytest.fixture(scope="module")
def rules(library: Library) -> dict[Provision, Rule]:
    """Every provision of every document of the library."""
    found = {}
    for document, _ in library.documents:
        for rule in resolve(library, document.region, document.in_force or date(2022, 1, 1)):
            found[rule.measure, rule.row] = rule
    return found


@pytest.fixture(scope="module")
def in_force(rules: dict[Provision, Rule]) -> dict[Provision, Rule]:
    """Those that can be decided: a deferred one or a draft is never open (A41, A42)."""
    return {key: rule for key, rule in rules.items() if rule.opening.status == "in-force"}


@pytest.mark.parametrize("written", CASES, ids=lambda w: f"{w.provision.row}·{w.case.name}")
def test_the_program_decides_as_worked_out_by_hand(report: Report, written: Written) -> None:
    differences = [
        d for d in report.diagnostics if d.file == written.file and written.first <= d.line < written.end
    ]
    assert not differences, "\n".join(map(str, differences))


def test_each_provision_is_shown_from_every_side(library: Library, rules: dict[Provision, Rule]) -> None:
    shown: dict[Provision, set[str]] = defaultdict(set)
    for written in CASES:
        verdict = written.case.expect.verdict
        shown[written.key].add("eligible" if verdict == "review" else verdict)
    gaps = {
        key: {"eligible", "ineligible", "unknown", "not_open"} - shown[key] for key, rule in rules.items()
    }
    for key, rule in rules.items():
        if rule.opening.status != "in-force":
            gaps[key] &= {"not_open"}
        if not any(may_fail(library.facts, condition) for condition in rule.conditions):
            gaps[key] -= {"ineligible"}
        if not may_wait(library.facts, rule):
            gaps[key] -= {"unknown"}
    assert {key: gap for key, gap in gaps.items() if gap} == {}


def test_each_condition_fails_in_some_case(library: Library, in_force: dict[Provision, Rule]) -> None:
    failed: dict[Provision, set[str]] = defaultdict(set)
    for written in CASES:
        failed[written.key] |= set(written.case.expect.failing or ())
    untouched = {
        key: [c.id for c in rule.conditions if may_fail(library.facts, c) and c.id not in failed[key]]
        for key, rule in in_force.items()
    }
    assert {key: ids for key, ids in untouched.items() if ids} == {}


def test_each_limited_provision_has_a_case_where_nothing_is_left_to_pay(
    in_force: dict[Provision, Rule],
) -> None:
    limited = {key for key, rule in in_force.items() if rule.limits and has_amount(rule)}
    exhausted = {
        written.key
        for written in CASES
        if written.case.expect.verdict in ("eligible", "review") and written.case.expect.amount == "0.00"
    }
    assert limited - exhausted == set()


def has_amount(rule: Rule) -> bool:
    """Whether the figures that an amount rests on are set (A41: some wait for another document)."""
    return rule.amount is not None and not any(
        evaluate(figure, OnlyKnown(), POLICY) is UNKNOWN for figure in rule.amount.figures
    )


def test_each_file_cites_the_clause_of_its_provision(rules: dict[Provision, Rule]) -> None:
    cited = {written.key: written.provision.cites for written in CASES}
    assert cited == {key: f"{rule.document} {rule.clause}" for key, rule in rules.items()}


def test_each_interpretation_that_a_case_rests_on_is_in_the_library(library: Library) -> None:
    rested_on = {id for written in CASES for id in written.case.interpretations}
    assert rested_on <= set(library.interpretations)


def test_names_tell_the_cases_of_a_provision_apart() -> None:
    counted = Counter((*written.key, written.case.name) for written in CASES)
    assert [key for key, times in counted.items() if times > 1] == []
