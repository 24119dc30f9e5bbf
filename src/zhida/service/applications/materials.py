"""One list of materials for a package: each named once, with the measures that need it and its files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from zhida.decide.decision import Decision
from zhida.service.applications.models import Attachment

OTHER = "其他材料"
"""What the texts do not name and an applicant wants to add; in Chinese, like the names of the texts."""


@dataclass(slots=True)
class Material:
    """`number` is its place, which the addresses of its upload use."""

    number: int
    name: str
    measures: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)


def materials_of(decisions: Iterable[Decision], files: Iterable[Attachment]) -> list[Material]:
    """In the order of the texts; the last is for anything else."""
    found: dict[str, Material] = {}
    for decision in decisions:
        for name in decision.rule.provision.materials:
            material = found.setdefault(_same(name), Material(len(found) + 1, name))
            if decision.rule.title not in material.measures:
                material.measures.append(decision.rule.title)
    other = Material(len(found) + 1, OTHER)
    for file in files:
        found.get(_same(file.material), other).files.append(file)
    return [*found.values(), other]


def lacking(materials: Iterable[Material]) -> list[Material]:
    """What the texts ask for and nobody has uploaded."""
    return [material for material in materials if material.measures and not material.files]


def _same(name: str) -> str:
    """Two names that differ in width, spaces or （加盖公章） alone ask for one file."""
    return "".join(unicodedata.normalize("NFKC", name).split()).removesuffix("(加盖公章)")
