"""Rows of other apps that are chained by their links: read again, and held against what the audit tells.

An app writes a row's number and link into the audit's detail as `to` and `link`. So whoever cuts rows off at
the end, and puts the head of their chain back, is found out as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from zhida.service.audit.models import Entry
from zhida.service.audit.verification import Finding, Problem

Told = Mapping[int, str]
"""Links of a chain by their rows' numbers."""


@dataclass(frozen=True, slots=True)
class Head:
    """How many rows a chain has, and the link of the last."""

    count: int
    link: str


@dataclass(frozen=True, slots=True)
class Links:
    """One chain: `rows(until)` gives its rows up to a number, `link_of(row, link before)` makes a link.

    `start` is what the first row's link is chained on to.
    """

    name: str
    head: Head
    rows: Callable[[int], Iterable[Any]]
    link_of: Callable[[Any, str], str]
    start: str = ""

    def findings(self, told: Told) -> Iterator[Finding]:
        """What is wrong with it. `told` is read before the head: what comes meanwhile is beyond both."""
        previous, before = 0, self.start
        for row in self.rows(self.head.count):
            if row.number > previous + 1:
                yield self._found(Problem.REMOVED, previous + 1, row.number - 1)
            elif not compare_digest(row.link, self.link_of(row, before)):
                yield self._found(Problem.ALTERED, row.number)
            elif told.get(row.number, row.link) != row.link:
                yield self._found(Problem.UNTOLD, row.number)
            previous, before = row.number, row.link
        last = max(self.head.count, *told, 0)
        if previous < last:
            yield self._found(Problem.REMOVED, previous + 1, last)
        elif before != self.head.link:
            yield self._found(Problem.HEAD, previous)

    def _found(self, problem: Problem, first: int, last: int | None = None) -> Finding:
        return Finding(first, first if last is None else last, problem, self.name)


def told(subject: str, actions: Iterable[str]) -> Told:
    """What the audit says of the chain of one subject."""
    entries = Entry.objects.filter(subject=subject, action__in=tuple(actions))
    details = entries.values_list("detail", flat=True).iterator()
    return {detail["to"]: detail["link"] for detail in details if "to" in detail}


def gone(actions: Iterable[str], subjects: Iterable[str]) -> Iterator[Finding]:
    """Subjects of which the audit tells and that are not there any more."""
    there = set(subjects)
    entries = Entry.objects.filter(action__in=tuple(actions)).order_by("subject")
    for subject in entries.values_list("subject", flat=True).distinct():
        if subject not in there and (rows := told(subject, actions)):
            yield Finding(1, max(rows), Problem.REMOVED, subject)
