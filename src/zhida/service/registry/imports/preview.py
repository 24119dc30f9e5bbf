"""Staged rows as they are looked at before they are confirmed: persons masked, changes field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhida.service.law import library
from zhida.service.registry import masking
from zhida.service.registry.batches import Batch, StagedRow
from zhida.service.registry.browsing import fact_text
from zhida.service.registry.imports.kinds import KINDS
from zhida.service.registry.imports.returned import reason_of
from zhida.service.registry.imports.targets import column_name

SECRET = {"phone": masking.phone, "bank_account": masking.number, "contact": masking.name}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One row: what it is about, and what happens to it."""

    number: int
    title: str
    changes: tuple[ChangeLine, ...]
    facts: tuple[tuple[str, str], ...]
    reason: str


def preview_line(batch: Batch, row: StagedRow) -> PreviewLine:
    if row.outcome == StagedRow.Outcome.WRONG:
        return PreviewLine(row.number, "", (), (), reason_of(row))
    content = row.content
    changes = tuple(
        ChangeLine(column_name(batch.kind, key), _shown(batch, key, old), _shown(batch, key, new))
        for key, old, new in content.get("changes", ())
    )
    facts = tuple(
        (column_name(batch.kind, key), _shown(batch, key, v)) for key, v in content["facts"].items()
    )
    return PreviewLine(row.number, _title(content), changes, facts, "")


def _title(content: dict[str, Any]) -> str:
    """餐馆 91621025MA…; a person by a masked name and the last digits."""
    identity, beside = content["identity"], content["beside"]
    parts = [beside.get("name", ""), identity.get("agency", ""), identity.get("name", "")]
    parts += [identity.get("uscc", ""), masking.name(beside.get("person_name", ""))]
    if "id_number" in identity:
        parts.append(masking.number(identity["id_number"]))
    return " ".join(part for part in (*parts, identity.get("key", "")) if part)


def _shown(batch: Batch, key: str, value: Any) -> str:
    if value is None:
        return _("无")
    if key in SECRET:
        return SECRET[key](str(value))
    if key == "name" and batch.kind == "persons":
        return masking.name(str(value))
    fact = library().facts.get((KINDS[batch.kind].entity, key))
    return fact_text(fact, value) if fact else str(value)
