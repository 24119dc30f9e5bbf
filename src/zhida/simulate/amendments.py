"""What changed in the law between two libraries, statement by statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from zhida.simulate.statements import GROUPS, Path, Statement, Subject

Kind = Literal["added", "removed", "changed"]
ORDER = ("conditions",)
"""The path under which a measure says in which order its conditions stand."""


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that differs: `before` is None where it is new, `after` where it is gone."""

    path: Path
    before: Statement | None
    after: Statement | None

    @property
    def kind(self) -> Kind:
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def label(self) -> str:
        return next(s.label for s in (self.after, self.before) if s is not None)


@dataclass(frozen=True, slots=True)
class Amendment:
    """All changes to one subject. It is added or removed where the other library says nothing of it."""

    subject: Subject
    kind: Kind
    changes: tuple[Change, ...]


def amendments(before: Iterable[Statement], after: Iterable[Statement]) -> tuple[Amendment, ...]:
    """What `after` says otherwise than `before`, by group, subjects and paths in the order of the files."""
    old, new = _by_subject(before), _by_subject(after)
    found = (_amendment(key, old.get(key, {}), new.get(key, {})) for key in dict.fromkeys((*new, *old)))
    kept = [amendment for amendment in found if amendment is not None]
    return tuple(sorted(kept, key=lambda amendment: GROUPS.index(amendment.subject.group)))


Statements = dict[Path, Statement]


def _by_subject(found: Iterable[Statement]) -> dict[tuple[str, str], Statements]:
    subjects: dict[tuple[str, str], Statements] = {}
    for statement in found:
        subject = statement.subject
        subjects.setdefault((subject.group, subject.key), {})[statement.path] = statement
    return subjects


def _amendment(key: tuple[str, str], old: Statements, new: Statements) -> Amendment | None:
    changes = tuple(_changes(old, new))
    if not changes:
        return None
    subject = next(iter((new or old).values())).subject
    return Amendment(subject, "added" if not old else "removed" if not new else "changed", changes)


def _changes(old: Statements, new: Statements) -> Iterator[Change]:
    for path in dict.fromkeys((*new, *old)):
        before, after = old.get(path), new.get(path)
        if path == ORDER:
            if before and after and _moved(before.value, after.value):
                yield Change(path, before, after)
        elif before is None or after is None or _said(before) != _said(after):
            yield Change(path, before, after)


def _said(statement: Statement) -> tuple[object, str]:
    return statement.value, statement.source


def _moved(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Whether what stands in both stands in another order: the first failing condition is the reason."""
    return [i for i in before if i in after] != [i for i in after if i in before]
