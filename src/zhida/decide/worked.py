"""Worked cases beside the law: facts in, verdict and amount out, each citing the clause it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from zhida.decide.decision import Decision, to_json
from zhida.decide.engine import decide
from zhida.decide.read import build_case
from zhida.diagnostics import Diagnostic
from zhida.library import Library
from zhida.library.strict import Strict
from zhida.library.yaml_source import KeyPath, YamlSource, read_yaml_file


class Expectation(Strict):
    """What a decision must say. Keys that are left out are not looked at."""

    verdict: str
    amount: str | None = None
    amount_range: tuple[str, str] | None = None
    missing: tuple[str, ...] | None = None
    failing: tuple[str, ...] | None = None
    schedule: dict[str, Any] | None = None
    components: tuple[dict[str, Any], ...] | None = None
    total: str | None = None
    given_up: tuple[str, ...] | None = None
    to_become_eligible: dict[str, Any] | None = None


class WorkedCase(Strict):
    """`base` of the file changed by `with` (dotted keys; list items by their id; null removes)."""

    name: str
    interpretations: tuple[str, ...] = ()
    changes: dict[str, Any] = Field({}, alias="with")
    expect: Expectation


class WorkedCases(Strict):
    """One file: worked cases of one provision."""

    measure: str
    row: str
    cites: str
    base: dict[str, Any]
    cases: tuple[WorkedCase, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """`shown` are the verdicts that the cases of each measure expect, of files that could be read."""

    passed: int
    diagnostics: tuple[Diagnostic, ...]
    shown: Mapping[str, frozenset[str]]


def run_worked_cases(library: Library) -> Report:
    """Run every file of `cases/`; each difference is an error that points at the case."""
    passed, diagnostics = 0, list[Diagnostic]()
    shown: dict[str, frozenset[str]] = {}
    for path in sorted((library.root / "cases").rglob("*.yaml")):
        source = _source(path)
        file, problems = _read(source)
        diagnostics += problems
        if file is None:
            continue
        shown[file.measure] = shown.get(file.measure, frozenset()) | {c.expect.verdict for c in file.cases}
        for index, case in enumerate(file.cases):
            found = list(_run(library, source, file, case, ("cases", index)))
            diagnostics += found
            passed += not found
    return Report(passed, tuple(diagnostics), shown)


def _source(path: Path) -> YamlSource:
    try:
        return read_yaml_file(path)
    except OSError as error:
        return YamlSource(str(path), "", diagnostics=[unreadable(path, error)])


def unreadable(path: Path, error: OSError) -> Diagnostic:
    """Why a file cannot be read, such as that it is a folder."""
    return Diagnostic("file/unreadable", error.strerror or str(error), file=str(path))


def _read(source: YamlSource) -> tuple[WorkedCases | None, list[Diagnostic]]:
    if source.diagnostics:
        return None, source.diagnostics
    try:
        return WorkedCases.model_validate(source.data), []
    except ValidationError as error:
        return None, [source.problem(tuple(e["loc"]), "case/shape", f"{e['msg']}") for e in error.errors()]


def _run(
    library: Library, source: YamlSource, file: WorkedCases, case: WorkedCase, at: KeyPath
) -> Iterator[Diagnostic]:
    try:
        data = changed(file.base, case.changes)
    except (StopIteration, AttributeError, KeyError, TypeError):
        message = f"{case.name}: a key under with: leads nowhere in base"
        yield source.problem((*at, "with"), "case/with", message)
        return
    built, problems = build_case(library, data)
    for problem in problems:
        yield source.problem((*at, "with"), "case/input", str(problem))
    if built is None:
        return
    outcome = decide(library, built)
    found = [d for d in outcome.decisions if (d.rule.measure, d.rule.row) == (file.measure, file.row)]
    if len(found) != 1:
        message = f"{case.name}: found {len(found)} decisions for {file.measure} {file.row}, expected 1"
        yield source.problem(at, "case/decision", message)
        return
    shown = to_json(outcome)
    actual = _actual(found[0], shown["decisions"][outcome.decisions.index(found[0])], shown["package"])
    expected = case.expect.model_dump(exclude_unset=True)
    for key, value in expected.items():
        value = list(value) if isinstance(value, tuple) else value
        said = actual.get(key)
        if isinstance(value, dict) and isinstance(said, dict):
            agrees = value.items() <= said.items()
        else:
            agrees = said == value
        if not agrees:
            message = f"{case.name}: {key}: found {said}, expected {value}"
            yield source.problem((*at, "expect", key), "case/differs", message)


def _actual(decision: Decision, shown: dict[str, Any], package: dict[str, Any]) -> dict[str, Any]:
    """What the decision says under the keys of an expectation."""
    failing = [c.condition.id for u in decision.units for c in u.conditions if c.verdict is False]
    return {
        **shown,
        "failing": list(dict.fromkeys(failing)),
        "total": package["total"],
        "given_up": [f"{g['measure']}/{g['unit']}" for g in package["given_up"]],
    }


def changed(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `base` with dotted keys set; `hires.h1.person.education` finds the hire with id h1."""
    data: dict[str, Any] = deepcopy(dict(base))
    for dotted, value in changes.items():
        *way, last = dotted.split(".")
        target: Any = data
        for step in way:
            target = _enter(target, step)
        if value is None:
            target.pop(last, None)
        else:
            target[last] = deepcopy(value)
    return data


def _enter(target: Any, step: str) -> Any:
    if isinstance(target, list):
        return next(item for item in target if str(item.get("id")) == step)
    return target.setdefault(step, {})
