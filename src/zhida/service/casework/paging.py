"""Pages of a long list by where the last one ended: the thousandth page costs as much as the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from zhida.service.cases.models import Case

SIZE = 50
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page; `after` is what the next one starts behind, empty on the last."""

    rows: list[Any]
    after: str
    is_first: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def stretch(
    cases: QuerySet[Case], after: str = "", *, latest_first: bool = False, size: int = SIZE
) -> Stretch:
    """The rows behind `after`, in the order of submission; nonsense starts at the beginning."""
    order = ("-opened_at", "-pk") if latest_first else ("opened_at", "pk")
    begun = _read(after)
    if begun is not None:
        at, pk = begun
        beyond = "lt" if latest_first else "gt"
        cases = cases.filter(Q(**{f"opened_at__{beyond}": at}) | Q(opened_at=at, **{f"pk__{beyond}": pk}))
    # First the keys, by an index alone; the wide rows and what stands around them for one page only.
    keys = list(cases.order_by(*order).values_list("pk", flat=True)[: size + 1])
    more = len(keys) > size
    rows = list(cases.filter(pk__in=keys[:size]).order_by(*order))
    return Stretch(rows, _mark(rows[-1]) if more else "", begun is None)


def _mark(case: Case) -> str:
    return f"{case.opened_at.isoformat()}~{case.pk}"


def _read(after: str) -> tuple[datetime, int] | None:
    moment, _, pk = after.partition("~")
    try:
        found = datetime.fromisoformat(moment)
        return (found, int(pk)) if found.tzinfo is not None and int(pk) < 2**63 else None
    except ValueError:
        return None


def counted(rows: QuerySet[Any]) -> str:
    """How many, never counted to the end: `37`, `999+`."""
    number = rows.order_by()[:MOST_COUNTED].count()
    return str(number) if number < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
