"""Which rules hold where: the rows of a population in groups that are decided by the same documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from zhida.library import Library, Rule, resolve
from zhida.standards.regions import NATION, ancestors


@dataclass(frozen=True, slots=True)
class Area:
    """The places under `region` that none of `without`, places with documents of their own, covers."""

    region: str
    without: tuple[str, ...]
    rules: tuple[Rule, ...]

    def holds(self, place: exp.Expr) -> exp.Expr:
        """Whether a row at `place` is in the area."""
        inside = [below(place, self.region), *(exp.Not(this=below(place, code)) for code in self.without)]
        return exp.and_(*inside, copy=False)


def areas(library: Library, region: str, on: date, present: Collection[str]) -> Iterator[Area]:
    """The areas of `region` with rows, one for each nearest place that has documents.

    `present` are the places where rows are; those without any document in their region or above are
    in no area.
    """
    enacting = {document.region for document, _ in library.documents}
    nearest = {
        next((code for code in ancestors(place) if code in enacting), None)
        for place in present
        if is_below(place, region)
    }
    for code in sorted(code for code in nearest if code is not None):
        top = region if is_below(region, code) else code
        deeper = tuple(sorted(d for d in enacting if d not in (code, top) and is_below(d, top)))
        yield Area(top, deeper, resolve(library, code, on))


def is_below(code: str, region: str) -> bool:
    """Whether `code` is `region` or a place in it."""
    return region in ancestors(code)


def below(place: exp.Expr, region: str) -> exp.Expr:
    """The same of a column."""
    if region == NATION:
        return exp.true()
    prefix = region.removesuffix("00").removesuffix("00")
    if len(prefix) == len(region):
        return exp.EQ(this=place.copy(), expression=exp.Literal.string(region))
    return exp.StartsWith(this=place.copy(), expression=exp.Literal.string(prefix))
