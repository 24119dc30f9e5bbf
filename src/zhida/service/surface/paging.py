"""Pages of a list without counting it: whether there is a next one is seen from one row more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

SIZE = 50
MOST = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """What `surface/pagination.html` draws; iterating gives the rows."""

    rows: list[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(request: HttpRequest, rows: Any, size: int = SIZE) -> Page:
    """The page that `?page=` names, of an ordered queryset; the first one for nonsense."""
    asked = request.GET.get("page", "1")
    number = min(int(asked), MOST) if asked.isdecimal() and len(asked) < 9 else 1
    number = max(number, 1)
    found = list(rows[(number - 1) * size : number * size + 1])
    return Page(found[:size], number, len(found) > size)
