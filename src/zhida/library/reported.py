"""Reported figures: what a document's own numbers must agree on."""

from __future__ import annotations

from collections.abc import Iterator

from zhida.diagnostics import Diagnostic
from zhida.feel import POLICY, FeelSyntaxError, Names, evaluate, parse
from zhida.library.model import DocumentDef, ReportedDef
from zhida.library.yaml_source import KeyPath, YamlSource


def check_reported(document: DocumentDef, source: YamlSource) -> Iterator[Diagnostic]:
    """Figures have names of their own, every check holds, and a repetition carries no figures."""
    carried = {entry.row for entry in document.reported if not entry.duplicate_of}
    for i, entry in enumerate(document.reported):
        at: KeyPath = ("reported", i)
        names = [figure.name for figure in entry.figures]
        if len(set(names)) < len(names):
            yield source.problem((*at, "figures"), "document/reported", "found a name of a figure twice")
        if entry.duplicate_of and (entry.duplicate_of not in carried or entry.figures):
            message = (
                f"found a repetition of {entry.duplicate_of}, expected one of another row, without figures"
            )
            yield source.problem((*at, "duplicate_of"), "document/reported", message)
        for j, check in enumerate(entry.checks):
            if broken := failure(entry, check):
                yield source.problem((*at, "checks", j), "document/reported", broken)


def failure(entry: ReportedDef, check: str) -> str | None:
    """Why a check over the entry's figures does not hold, or None."""
    figures = Names({figure.name: figure.number for figure in entry.figures})
    try:
        value = evaluate(parse(check, policy=True), figures, POLICY)
    except FeelSyntaxError as error:
        return f"{check}: {error.message}"
    except LookupError as error:
        return f"{check}: unknown figure {error}"
    return None if value is True else f"found that {check} does not hold"
