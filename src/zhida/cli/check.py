"""`zhida check`: every diagnostic of a library, its worked cases, and what they leave untested."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Set
from datetime import date

import typer

from zhida.cli import inputs
from zhida.decide.worked import run_worked_cases
from zhida.diagnostics import Diagnostic
from zhida.library import Library, Rule, load, resolve
from zhida.library.conflicts import conflicts
from zhida.library.coverage import FIGURE, carriers
from zhida.library.failing import may_fail, may_wait
from zhida.library.location import find_library

WANTED = {
    "eligible or review": {"eligible", "review"},
    "ineligible": {"ineligible"},
    "unknown": {"unknown"},
    "not_open": {"not_open"},
}
"""What the worked cases of every measure have to show."""
NOT_IN_FORCE = {"not_open": {"not_open"}}
"""The same for a measure that no place has in force: one that waits for another text, or a draft."""


def run(directory: str | None) -> None:
    root = find_library(directory, os.environ)
    library, diagnostics = load(root)
    passed = 0
    if not _errors(diagnostics):
        report = run_worked_cases(library)
        passed = report.passed
        diagnostics += [*report.diagnostics, *conflicts(library), *_untested(library, report.shown)]
    for diagnostic in diagnostics:
        print(diagnostic)
    errors = _errors(diagnostics)
    warnings = len(diagnostics) - errors
    print(f"{root}: {', '.join(_counts(library, passed))}")
    print(f"{_number(errors, 'error')}, {_number(warnings, 'warning')}")
    if errors:
        raise typer.Exit(inputs.BROKEN_LIBRARY)


def _errors(diagnostics: list[Diagnostic]) -> int:
    return sum(d.severity == "error" for d in diagnostics)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _counts(library: Library, passed: int) -> Iterator[str]:
    provisions = [p for document, _ in library.documents for p in document.provisions]
    duties = [d for document, _ in library.documents for d in document.duties]
    carried = (c for d, source in library.documents for c in carriers(library, d, source))
    rows = {carrier.row for carrier in carried if carrier.role != FIGURE}
    yield _number(len(library.measures), "measure")
    yield _number(len(library.documents), "document")
    yield _number(len(provisions), "provision")
    yield f"{len(duties)} duties"
    yield _number(len(rows), "ledger row")
    yield _number(len(library.facts), "fact")
    yield _number(len(library.tables), "table")
    yield _number(len(library.interpretations), "interpretation")
    yield f"{_number(passed, 'worked case')} passed"


def _untested(library: Library, shown: Mapping[str, Set[str]]) -> Iterator[Diagnostic]:
    """A warning for each enacted measure whose worked cases do not show every kind of outcome."""
    provisions = [p for document, _ in library.documents for p in document.provisions]
    in_force = {p.measure for p in provisions if p.status == "in-force"}
    refusable, waiting = _refusable(library), _waiting(library)
    for measure in sorted({p.measure for p in provisions}):
        wanted = WANTED if measure in in_force else NOT_IN_FORCE
        known = shown.get(measure, frozenset())
        lacking = [name for name, verdicts in wanted.items() if not verdicts & known]
        if measure not in refusable:
            lacking = [name for name in lacking if name != "ineligible"]
        if measure not in waiting:
            lacking = [name for name in lacking if name != "unknown"]
        if lacking:
            path = library.root / "cases" / f"{measure}.yaml"
            yield Diagnostic(
                "case/untested",
                f"{measure} has no worked case that is {', '.join(lacking)}",
                file=str(path),
                severity="warning",
            )


def _refusable(library: Library) -> Set[str]:
    """The measures of which facts can make a condition fail at all."""
    return {r.measure for r in _rules(library) if any(may_fail(library.facts, c) for c in r.conditions)}


def _waiting(library: Library) -> Set[str]:
    """The measures whose verdict can be unknown at all."""
    return {rule.measure for rule in _rules(library) if may_wait(library.facts, rule)}


def _rules(library: Library) -> Iterator[Rule]:
    for region in {document.region for document, _ in library.documents}:
        yield from resolve(library, region, date.min)
