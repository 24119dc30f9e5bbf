"""Figures that go beyond what the document above allows: reported, and the stricter one holds (A40)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from zhida.diagnostics import Diagnostic
from zhida.feel.nodes import Figure
from zhida.library.contents import Library
from zhida.library.figures import figures_of, number
from zhida.library.resolve import layers_of
from zhida.library.rule import Citation, Conflict


def conflicts(library: Library) -> Iterator[Diagnostic]:
    """A warning for each figure beyond an upper cap, at its place in the document."""
    for document, source in library.documents:
        for index, provision in enumerate(document.provisions):
            measure = library.measures[provision.measure].definition
            for conflict in figures_of(library, measure, layers_of(library, document, provision))[1]:
                found = source.problem(
                    ("provisions", index, "figures", conflict.name),
                    "document/conflict",
                    conflict_message(conflict),
                    "the stricter figure holds until one of the documents changes (A40)",
                )
                yield replace(found, severity="warning")


def conflict_message(conflict: Conflict) -> str:
    """Which figure goes beyond which cap, and who set the cap."""
    return (
        f"{conflict.name} is {number(conflict.figure.value)}, "
        f"but {_cited(conflict.cap)} allows at most {number(conflict.cap.value)}"
    )


def _cited(figure: Figure) -> str:
    source: Citation = figure.source
    return f"{source.document} {source.clause}".strip()
