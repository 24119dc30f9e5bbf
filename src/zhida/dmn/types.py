"""Whether a value has a type, and how it is coerced to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from zhida.dmn.model import ItemDefinition
from zhida.dmn.values import FunctionValue
from zhida.feel.functions import Builtin
from zhida.feel.nodes import Node
from zhida.feel.values import Range, kind
from zhida.temporal import DateTime, Time

SIMPLE = {
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "days and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "list": "list",
    "context": "context",
    "function": "function",
    "range": "range",
    "null": "null",
    "Null": "null",
}
Allowed = Callable[[Node, Any], Any]


def _arguments(text: str) -> list[str]:
    """The parts of `a, b<c, d>` at its top level."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        arrow = char == ">" and text[index - 1] == "-"
        depth += (char == "<") - (char == ">" and not arrow)
        if char == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    return [*parts, text[start:].strip()] if text.strip() else []


def conforms(value: Any, type: str, types: Mapping[str, ItemDefinition]) -> bool:
    """Whether a value that is not null has a type. LookupError for an unknown type."""
    if type in ("Any", ""):
        return True
    if type in types:
        return _has_definition(value, types[type], types)
    if type.startswith("function<"):
        return _is_function(value, type)
    name, generic, rest = type.partition("<")
    if SIMPLE[name] != kind(value):
        return False
    arguments = _arguments(rest.removesuffix(">")) if generic else []
    if name == "list":
        return all(_is_item(item, argument, types) for argument in arguments for item in value)
    if name == "range":
        return all(_has_ends(value, argument, types) for argument in arguments)
    if name == "context":
        entries = (argument.partition(": ") for argument in arguments)
        return all(key in value and _is_item(value[key], part, types) for key, _, part in entries)
    return True


def _is_item(value: Any, type: str, types: Mapping[str, ItemDefinition]) -> bool:
    return value is None or conforms(value, type, types)


def _has_ends(range: Range, type: str, types: Mapping[str, ItemDefinition]) -> bool:
    ends = [end for end in (range.low, range.high) if end is not None]
    return all(conforms(end, type, types) for end in ends)


def _is_function(value: Any, type: str) -> bool:
    if not isinstance(value, FunctionValue | Builtin):
        return False
    head = type[len("function<") :].partition(">->")[0]
    if isinstance(value, Builtin):
        return True
    expected = _arguments(head)
    return len(expected) == len(value.parameters) and all(
        "Any" in (declared, wanted) or not declared or declared == wanted
        for (_, declared), wanted in zip(value.parameters, expected, strict=True)
    )


def _has_definition(value: Any, item: ItemDefinition, types: Mapping[str, ItemDefinition]) -> bool:
    if not item.collection:
        return _has_one(value, item, types)
    return isinstance(value, list) and all(v is None or _has_one(v, item, types) for v in value)


def _has_part(value: Any, part: ItemDefinition, types: Mapping[str, ItemDefinition]) -> bool:
    return value is None or _has_definition(value, part, types)


def _has_one(value: Any, item: ItemDefinition, types: Mapping[str, ItemDefinition]) -> bool:
    if item.components:
        return isinstance(value, dict) and all(
            part.name in value and _has_part(value[part.name], part, types) for part in item.components
        )
    if item.function is not None:
        return isinstance(value, FunctionValue | Builtin)
    if item.type == item.name:
        return True
    return conforms(value, item.type, types)


def coerce(value: Any, type: str, types: Mapping[str, ItemDefinition], allowed: Allowed) -> Any:
    """The value itself, its only element, a list of it, or its midnight. TypeError if none has the type."""
    if value is None:
        return None
    for candidate in _candidates(value):
        if conforms(candidate, type, types) and _is_allowed(candidate, type, types, allowed):
            return candidate
    raise TypeError(f"{kind(value)} is no {type}")


def _candidates(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [value, value[0]] if len(value) == 1 else [value]
    midnight = [DateTime(value, Time(0, UTC))] if kind(value) == "date" else []
    return [value, [value], *midnight]


def _is_allowed(value: Any, type: str, types: Mapping[str, ItemDefinition], allowed: Allowed) -> bool:
    item = types.get(type)
    if item is None:
        return True
    values = value if item.collection and isinstance(value, list) else [value]
    test = item.allowed
    if test is not None and not all(allowed(test, v) is True for v in values if v is not None):
        return False
    if item.type in types and item.type != type:
        return all(_is_allowed(v, item.type, types, allowed) for v in values)
    return all(
        part.allowed is None or v.get(part.name) is None or allowed(part.allowed, v[part.name]) is True
        for part in item.components
        for v in values
        if isinstance(v, dict) and not part.collection
    )
