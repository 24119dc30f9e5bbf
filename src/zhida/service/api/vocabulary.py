"""The form of a case as JSON Schema, written from the library's vocabulary."""

from __future__ import annotations

from typing import Any

from zhida.decide.case import SINGLETONS
from zhida.decide.fact_values import MAX_TEXT
from zhida.decide.read import MAX_ID, MAX_ROWS
from zhida.library import Library
from zhida.library.model import EntityDef, FactDef

REGION = {"type": "string", "pattern": "^[1-9][0-9]{5}$", "example": "621025"}
DAY = {
    "type": "string",
    "format": "date",
    "pattern": "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$",
    "example": "2022-10-01",
}
NUMBER = {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?$"}
WITH_PERSON = ("hire", "internship", "placement")


def case_schema(library: Library) -> dict[str, Any]:
    """The contract's case: every entity with its facts, by their keys."""
    properties: dict[str, Any] = {"region": REGION, "on": DAY}
    for entity in library.entities.values():
        form = entity_schema(library, entity)
        if entity.entity not in SINGLETONS:
            form = {"type": "array", "maxItems": MAX_ROWS, "items": form}
        properties[entity.case_key] = {**form, "description": entity.name}
    return {
        "type": "object",
        "title": "Case",
        "description": "A fact that is absent or null means what the vocabulary says, by default unknown.",
        "properties": properties,
        "required": ["region", "on"],
        "additionalProperties": False,
    }


def entity_schema(library: Library, entity: EntityDef) -> dict[str, Any]:
    properties: dict[str, Any] = {fact.key: fact_schema(fact) for fact in entity.facts}
    required: list[str] = []
    if entity.entity == "history":
        required = ["measure", "subject"]
    elif entity.entity not in SINGLETONS:
        properties["id"] = {"type": "string", "minLength": 1, "maxLength": MAX_ID, "pattern": r"^[^.\s]+$"}
        required = ["id"]
    if entity.entity in WITH_PERSON:
        properties["person"] = entity_schema(library, library.entities["person"])
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def fact_schema(fact: FactDef) -> dict[str, Any]:
    """A fact's values; null is the same as leaving it out."""
    form = _form(fact)
    unit = f"，{fact.unit}" if fact.unit else ""
    return {"anyOf": [form, {"type": "null"}], "description": f"{fact.title or fact.name}{unit}"}


def _form(fact: FactDef) -> dict[str, Any]:
    """Numbers may be texts, that no decimal is lost on the way."""
    match fact.type:
        case "boolean":
            return {"type": "boolean"}
        case "count":
            return {"type": "integer", "minimum": 0}
        case "number" | "money":
            return {"anyOf": [{"type": "number", **({} if fact.signed else {"minimum": 0})}, NUMBER]}
        case "rate":
            return {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, NUMBER]}
        case "date":
            return DAY
        case "choice":
            return {"type": "string", "enum": list(fact.values)}
        case "set":
            return {"type": "array", "items": {"type": "string", "enum": list(fact.values)}}
        case "region":
            return REGION
    form: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
    return {**form, "enum": list(fact.values)} if fact.values else form
