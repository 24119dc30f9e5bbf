"""The values that only standard FEEL has, and how every value is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhida.feel.functions import Builtin
from zhida.feel.values import KINDS, Range, format_value, kind


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function that an expression or a model defines; parameters are (name, type or "")."""

    parameters: tuple[tuple[str, str], ...]
    call: Callable[..., Any]


KINDS[FunctionValue] = "function"


def to_text(value: Any, nested: bool = False) -> str:
    """What FEEL's `string()` gives: strings are quoted only inside other values."""
    match value:
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if nested else value
        case list():
            return "[" + ", ".join(to_text(item, True) for item in value) + "]"
        case dict():
            entries = (f"{_key_text(key)}: {to_text(item, True)}" for key, item in value.items())
            return "{" + ", ".join(entries) + "}"
        case Range(op=op) if op:
            return f"({op} {to_text(value.high if value.low is None else value.low, True)})"
        case Range():
            ends = f"{to_text(value.low, True)}..{to_text(value.high, True)}"
            return ("[" if value.low_closed else "(") + ends + ("]" if value.high_closed else ")")
        case FunctionValue() | Builtin():
            return kind(value)
    return format_value(value)


def _key_text(key: str) -> str:
    return key if key.replace(" ", "_").isidentifier() else to_text(key, True)
