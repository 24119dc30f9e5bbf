"""What an expression may speak of, and what checking it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhida.diagnostics import Span
from zhida.feel.nodes import Node
from zhida.profile.types import Type


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at a place in the expression's own text."""

    code: str
    message: str
    hint: str
    span: Span


@dataclass(frozen=True, slots=True)
class FactType:
    """What `实体.事实` stands for."""

    entity: str
    key: str
    type: Type


@dataclass(frozen=True, slots=True)
class LookupType:
    """What finds a row of a standards table, and the column then read."""

    keys: tuple[Type, ...]
    value: Type
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression may speak of, by the names it writes; `rows` gives the keys of entities.

    `visible` are the keys of the entities of which there is one row here (None: of all); a filter
    adds its own entity and that one's `parents`.
    """

    variables: Mapping[str, Type] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, FactType]] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, LookupType] = field(default_factory=dict)
    visible: frozenset[str] | None = None
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """The tree with its names resolved, its type, and all that is wrong with it."""

    node: Node
    type: Type
    problems: tuple[Problem, ...]
