"""Compiled or interpreted, with or without a trace, as objects or as text: what is decided is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.decide.test_monotone import LIBRARY, QUICK, pairs
from zhida.decide import Case, Judge, Outcome, build_case, decide, formula, to_json, to_text
from zhida.decide.program import program_of
from zhida.decide.worked import WorkedCases, changed
from zhida.library import Library, load, resolve
from zhida.library.yaml_source import read_yaml_file

FILES = sorted((LIBRARY.root / "cases").rglob("*.yaml"))
COMPILED, _ = load(LIBRARY.root)
JUDGES: dict[Any, Judge] = {}


@pytest.fixture(autouse=True)
def compile_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formula, "WARM", 1)


def interpreted(case: Case) -> Outcome:
    """Decided by a library that never compiles."""
    warm, formula.WARM = formula.WARM, 10**9
    try:
        return decide(LIBRARY, case)
    finally:
        formula.WARM = warm


def judge_of(library: Library, case: Case) -> Judge:
    rules = resolve(library, case.region, case.on)
    key = tuple(map(id, rules))
    if key not in JUDGES:
        JUDGES[key] = Judge(library, rules)
    return JUDGES[key]


def check(case: Case) -> None:
    outcome = interpreted(case)
    expected = to_json(outcome)
    compiled = decide(COMPILED, case)
    assert to_json(compiled) == expected
    assert to_text(compiled).decode() == json.dumps(expected, ensure_ascii=False)
    judge = judge_of(COMPILED, case)
    judged = {(rule.measure, rule.row): units for rule, units in zip(judge.rules, judge(case), strict=True)}
    for decision in outcome.decisions:
        units = judged[decision.rule.measure, decision.rule.row]
        assert units == (list(_said(decision)) if decision.units or units is not None else None)


def _said(decision: Any) -> Iterator[tuple[Any, ...]]:
    for unit in decision.units:
        failing = next((c.condition.id for c in unit.conditions if c.verdict is False), None)
        yield unit.verdict, failing, unit.amount if unit.verdict == "ineligible" else unit.worth


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_worked_cases_are_decided_the_same_in_every_way(path: Path) -> None:
    file = WorkedCases.model_validate(read_yaml_file(path).data)
    for worked in file.cases:
        case, problems = build_case(LIBRARY, changed(file.base, worked.changes))
        assert case is not None, problems
        check(case)


@settings(max_examples=40, deadline=None, phases=QUICK, suppress_health_check=list(HealthCheck))
@given(pair=pairs())
def test_any_case_is_decided_the_same_in_every_way(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for data in pair:
        case, problems = build_case(LIBRARY, data)
        assert case is not None, problems
        check(case)


def test_a_rule_can_be_read_as_python() -> None:
    case, _ = build_case(LIBRARY, {"region": "621025", "on": "2022-10-01"})
    assert case is not None
    rule = next(r for r in resolve(LIBRARY, "621025", case.on) if r.measure == "job-retention-refund")
    source = str(program_of(LIBRARY, rule).source())
    assert "# contribution-months: 单位.上年度缴纳失业保险费月数 >= 稳岗要求缴费月数" in source
    assert "employer_labour_dispatch = employer.get('labour_dispatch')" in source
