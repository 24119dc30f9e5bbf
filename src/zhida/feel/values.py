"""The values of FEEL: their kinds, what equality and order mean, and how they are written.

Numbers are Decimal with 34 digits, lists are `list`, contexts are `dict`; for the rest see `zhida.temporal`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

from zhida.temporal import SECOND, DateTime, FarDate, Time, YearsMonths, clock, format_temporal, instant

CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144)


class Unknown:
    """The policy profile's third truth value: a fact that nobody has stated. It is not FEEL's null."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false")


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Range:
    """`[low..high]`; one made of a comparison, such as `(> 5)`, keeps its operator."""

    low: Any
    high: Any
    low_closed: bool
    high_closed: bool
    op: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function that an expression or a model defines; parameters are (name, type or "")."""

    parameters: tuple[tuple[str, str], ...]
    call: Callable[..., Any]


KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    date: "date",
    FarDate: "date",
    Time: "time",
    DateTime: "date and time",
    YearsMonths: "years and months duration",
    timedelta: "days and time duration",
    list: "list",
    dict: "context",
    Range: "range",
    FunctionValue: "function",
    Unknown: "unknown",
}
NATIVE = {Decimal, str, date, FarDate, YearsMonths, timedelta}  # Python's own order is FEEL's


def kind(value: Any) -> str:
    """The name of the FEEL type that `value` has. KeyError for what is no FEEL value."""
    return KINDS[type(value)]


def sort_keys(left: Any, right: Any) -> tuple[Any, Any]:
    """Two keys that Python can compare. TypeError where FEEL has no order between the values."""
    if type(left) is type(right) and type(left) in NATIVE:
        return left, right
    zone: object
    other_zone: object
    if isinstance(left, Time) and isinstance(right, Time):
        (zone, mine), (other_zone, other) = clock(left), clock(right)
    elif isinstance(left, date | FarDate | DateTime) and isinstance(right, date | FarDate | DateTime):
        (zone, mine), (other_zone, other) = instant(left), instant(right)
    else:
        raise TypeError(f"cannot compare {kind(left)} with {kind(right)}")
    if zone != other_zone:
        raise TypeError("cannot compare a time that has a zone with one that has another or none")
    return mine // SECOND, other // SECOND


def equal(left: Any, right: Any) -> bool:
    """FEEL's `=`: null equals only null. TypeError where the types differ."""
    if type(left) is type(right) and type(left) in NATIVE:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    kinds = {kind(left), kind(right)}
    if kinds <= {"time", "date", "date and time"}:
        return _same_moment(left, right)
    if len(kinds) > 1:
        raise TypeError(f"cannot compare {kind(left)} with {kind(right)}")
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


def same(left: Any, right: Any) -> bool:
    """Equality inside lists and contexts, where different types are merely not equal."""
    try:
        return equal(left, right)
    except TypeError:
        return False


def _same_moment(left: Any, right: Any) -> bool:
    if isinstance(left, Time) != isinstance(right, Time):
        raise TypeError(f"cannot compare {kind(left)} with {kind(right)}")
    try:
        mine, other = sort_keys(left, right)
    except TypeError:
        return False
    return bool(mine == other)


def format_value(value: Any, nested: bool = False) -> str:
    """What FEEL's `string()` gives: strings are quoted only inside other values."""
    match value:
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case Decimal():
            return _format_number(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if nested else value
        case list():
            return "[" + ", ".join(format_value(item, True) for item in value) + "]"
        case dict():
            entries = (f"{_format_key(key)}: {format_value(item, True)}" for key, item in value.items())
            return "{" + ", ".join(entries) + "}"
        case Range(op=op) if op:
            return f"({op} {format_value(value.high if value.low is None else value.low, True)})"
        case Range():
            ends = f"{format_value(value.low, True)}..{format_value(value.high, True)}"
            return ("[" if value.low_closed else "(") + ends + ("]" if value.high_closed else ")")
        case FunctionValue() | Unknown():
            return kind(value)
    return format_temporal(value)


def _format_number(number: Decimal) -> str:
    text = format(number if number else Decimal(0), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _format_key(key: str) -> str:
    return key if key.replace(" ", "_").isidentifier() else format_value(key, True)
