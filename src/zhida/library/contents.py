"""What a library holds once it is loaded and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhida.feel.nodes import Node
from zhida.library.model import DocumentDef, EntityDef, FactDef, InterpretationDef, MeasureDef
from zhida.library.rule import Derived, FactPath
from zhida.library.tables import Table
from zhida.library.yaml_source import KeyPath, YamlSource
from zhida.standards.workdays import Calendar


@dataclass(frozen=True, slots=True)
class CompiledMeasure:
    """A measure and its checked trees, each under its path in the file."""

    definition: MeasureDef
    nodes: Mapping[KeyPath, Node]
    source: YamlSource
    amount_unit: str = ""


@dataclass(frozen=True, slots=True)
class CompiledDerivation:
    """The checked formula of a derived fact, and the names of switches that it uses."""

    formula: Node
    where: Node | None
    names: tuple[str, ...]


@dataclass(slots=True)
class Library:
    """Everything in `policies/`, checked. Treat as immutable; `hash` identifies its content.

    What is prepared for its parts, or was looked up, is remembered; a copy begins without.
    """

    root: Path
    hash: str = ""
    entities: dict[str, EntityDef] = field(default_factory=dict)
    facts: dict[FactPath, FactDef] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    calendar: Calendar | None = None
    interpretations: dict[str, InterpretationDef] = field(default_factory=dict)
    measures: dict[str, CompiledMeasure] = field(default_factory=dict)
    documents: list[tuple[DocumentDef, YamlSource]] = field(default_factory=list)
    derivations: dict[FactPath, CompiledDerivation] = field(default_factory=dict)
    resolved: dict[str, Any] = field(default_factory=dict, repr=False)
    derived: dict[Any, Derived] = field(default_factory=dict, repr=False)
    preparations: dict[int, tuple[Any, Any]] = field(default_factory=dict, init=False, repr=False)
    looked_up: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    kept_at: Path | None = field(default=None, init=False, repr=False)
    """The file of the cache that holds this library."""

    def prepared(self, part: Any, prepare: Callable[[], Any]) -> Any:
        """What `prepare` makes for a part of the library, made once."""
        found = self.preparations.get(id(part))
        if found is None or found[0] is not part:
            found = self.preparations[id(part)] = part, prepare()
        return found[1]

    def entity_by_case_key(self, case_key: str) -> EntityDef | None:
        by_key = self.prepared(self.entities, lambda: {e.case_key: e for e in self.entities.values()})
        found: EntityDef | None = by_key.get(case_key)
        return found
