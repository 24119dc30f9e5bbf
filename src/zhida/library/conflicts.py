"""What documents say against each other: reported, and what decides all the same is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product

from zhida.diagnostics import Diagnostic
from zhida.feel.nodes import Figure
from zhida.library.contents import Library
from zhida.library.figures import figures_of, number
from zhida.library.model import DocumentDef, ProvisionDef
from zhida.library.resolve import layers_of, overlap, window_of
from zhida.library.rule import Citation, Conflict
from zhida.library.yaml_source import YamlSource


def conflicts(library: Library) -> Iterator[Diagnostic]:
    """A warning for each figure beyond an upper cap, and for each measure that two documents of a region
    enact at one time, at its place in the document."""
    for document, source in library.documents:
        for index, provision in enumerate(document.provisions):
            yield from _beyond_caps(library, document, provision, source, index)
    for one, other in combinations(library.documents, 2):
        if one[0].region == other[0].region:
            yield from _enacted_twice(one, other)


def _beyond_caps(
    library: Library, document: DocumentDef, provision: ProvisionDef, source: YamlSource, index: int
) -> Iterator[Diagnostic]:
    """The stricter figure holds (A40)."""
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


def _enacted_twice(*documents: tuple[DocumentDef, YamlSource]) -> Iterator[Diagnostic]:
    """Told once for each measure, at the provision that opens later, which is the one that decides."""
    told: set[str] = set()
    for mine, theirs in product(*(_in_force(document, source) for document, source in documents)):
        measure = mine.provision.measure
        if measure != theirs.provision.measure or measure in told or not overlap(mine.window, theirs.window):
            continue
        told.add(measure)
        earlier, later = sorted((mine, theirs), key=lambda p: (p.window[0], p.document.number))
        yield replace(later.problem(earlier), severity="warning")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A provision and where it stands."""

    document: DocumentDef
    provision: ProvisionDef
    source: YamlSource
    index: int

    @property
    def window(self) -> tuple[date, date]:
        return window_of(self.document, self.provision)

    def problem(self, earlier: _Placed) -> Diagnostic:
        start, end = max(self.window[0], earlier.window[0]), min(self.window[1], earlier.window[1])
        until = "" if end == date.max else f" to {end}"
        return self.source.problem(
            ("provisions", self.index, "measure"),
            "document/overlap",
            f"{earlier.document.number} {earlier.provision.clause} enacts {self.provision.measure} "
            f"in {self.document.region} too, from {start}{until}",
            f"this one, the later, decides; give {earlier.document.number} an end, or defer one of them",
        )


def _in_force(document: DocumentDef, source: YamlSource) -> list[_Placed]:
    provisions = enumerate(document.provisions)
    return [_Placed(document, p, source, i) for i, p in provisions if p.status == "in-force"]


def _cited(figure: Figure) -> str:
    source: Citation = figure.source
    return f"{source.document} {source.clause}".strip()
