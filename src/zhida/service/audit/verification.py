"""Reading the chain from its first entry to its last, and telling what in it is not as it was written.

Then the rows that other apps chain in the same way: each names the functions that read its own in
`AppConfig.sealed_chains`.

Whoever can write the database but has no key cannot make a digest, a link or a seal. What they can do is put
an old state of the whole database back: only an anchor kept elsewhere shows that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hmac import compare_digest

from django.apps import apps
from django.utils.module_loading import import_string

from zhida.service.audit.chain import digest_of, link_of, seal_of
from zhida.service.audit.models import Entry, Head

PAGE = 2000


class Problem(StrEnum):
    ALTERED = "says something else than what was written"
    REMOVED = "removed"
    INSERTED = "inserted: nothing of the kind was written"
    MOVED = "does not follow the entry that stands before it"
    HEAD = "the head of the chain was altered or removed"
    ANCHOR = "not the entry that the anchor names"
    UNTOLD = "not what the audit says was written"
    STATE = "its state is not what its events made of it"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, from entry `first` to entry `last`; of another app's rows, in which `chain` of them."""

    first: int
    last: int
    problem: Problem
    chain: str = ""

    def __str__(self) -> str:
        one, many = ("row", "rows") if self.chain else ("entry", "entries")
        place = f"{one} {self.first}" if self.first == self.last else f"{many} {self.first} to {self.last}"
        return f"{self.chain}, {place}: {self.problem}" if self.chain else f"{place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head, to be kept outside of the database: `number:link`."""

    number: int
    link: str

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """The anchor that `str` wrote; raises ValueError."""
        number, _, link = text.strip().partition(":")
        if not number.isdecimal() or len(link) != (64 if int(number) else 0):
            raise ValueError(f"found {text!r}, expected number:link as `zhida audit head` prints it")
        return cls(int(number), link)

    def __str__(self) -> str:
        return f"{self.number}:{self.link}"


def head() -> Anchor:
    """The last number and link, to be kept elsewhere and given to `verify` later."""
    found = Head.objects.filter(id=1).first()
    return Anchor(found.number, found.link) if found else Anchor(0, "")


def verify(expected_head: Anchor | None = None) -> Iterator[Finding]:
    """Everything that is wrong, in the order of the entries; nothing where all is well.

    Entries may be added meanwhile: those up to the head at the start are read, page by page.
    """
    yield from _merged(_findings(expected_head))
    for app in apps.get_app_configs():
        for name in getattr(app, "sealed_chains", ()):
            yield from _merged(import_string(name)())


def _findings(anchor: Anchor | None) -> Iterator[Finding]:
    top = Head.objects.filter(id=1).first() or Head(number=0)
    previous, link = 0, ""
    for entry in _entries_until(top.number):
        if entry.number < 1:
            yield _one(entry.number, Problem.INSERTED)
            continue
        if entry.number > previous + 1:
            yield Finding(previous + 1, entry.number - 1, Problem.REMOVED)
        yield from _wrong_in(entry, link if entry.number == previous + 1 else None)
        if anchor and entry.number == anchor.number and entry.link != anchor.link:
            yield _one(entry.number, Problem.ANCHOR)
        previous, link = entry.number, entry.link
    yield from _wrong_at_the_end(top, previous, link, anchor)


def _wrong_in(entry: Entry, before: str | None) -> Iterator[Finding]:
    """`before` is the link of the entry before, None where that one is gone: its link cannot be told then."""
    if not compare_digest(entry.digest, digest_of(entry)):
        yield _one(entry.number, Problem.ALTERED)
    elif before is not None and not compare_digest(entry.link, link_of(entry, before)):
        yield _one(entry.number, Problem.MOVED)


def _wrong_at_the_end(top: Head, last: int, link: str, anchor: Anchor | None) -> Iterator[Finding]:
    if last < top.number:
        yield Finding(last + 1, top.number, Problem.REMOVED)
    for number in _beyond(top.number):
        yield _one(number, Problem.INSERTED)
    sealed = compare_digest(top.seal, seal_of(top)) if top.number else not top.seal
    if not sealed or (last == top.number and link != top.link):
        yield _one(top.number, Problem.HEAD)
    if anchor and anchor.number > top.number:
        yield Finding(top.number + 1, anchor.number, Problem.REMOVED)


def _entries_until(number: int) -> Iterator[Entry]:
    after: int | None = None
    while True:
        page = Entry.objects.filter(number__lte=number).order_by("number")
        entries = list(page[:PAGE] if after is None else page.filter(number__gt=after)[:PAGE])
        yield from entries
        if len(entries) < PAGE:
            return
        after = entries[-1].number


def _beyond(number: int) -> Iterable[int]:
    """Entries after the head. Whoever adds one moves the head with it: a head read later covers it."""
    numbers = Entry.objects.filter(number__gt=number).order_by("number").values_list("number", flat=True)
    if not numbers.exists():
        return ()
    latest = head().number
    return (beyond for beyond in numbers.iterator(PAGE) if beyond > latest)


def _one(number: int, problem: Problem) -> Finding:
    return Finding(number, number, problem)


def _merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Neighbours with the same problem as one finding."""
    held: Finding | None = None
    for found in findings:
        same = held and (held.chain, held.problem, held.last + 1) == (found.chain, found.problem, found.first)
        if held and same:
            held = replace(held, last=found.last)
            continue
        if held:
            yield held
        held = found
    if held:
        yield held
