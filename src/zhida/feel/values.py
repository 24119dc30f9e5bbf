"""The values of FEEL: their kinds, what equality and order mean, and how simple ones are written.

Numbers are Decimal with 34 digits, lists are `list`, contexts are `dict`; for the rest see `zhida.temporal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

from zhida.temporal import DateTime, FarDate, Time, YearsMonths, format_temporal, moment_keys, same_moment

CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144)


class Unknown:
    """The policy profile's third truth value: a fact that nobody has stated. It is not FEEL's null."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __reduce__(self) -> str:
        return "UNKNOWN"  # there is one, also after pickling

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


KINDS: dict[type, str] = {
    type(None): "null", bool: "boolean", Decimal: "number", str: "string", date: "date", FarDate: "date",
    Time: "time", DateTime: "date and time", YearsMonths: "years and months duration",
    timedelta: "days and time duration", list: "list", dict: "context", Range: "range", Unknown: "unknown",
}  # fmt: skip
NATIVE = {Decimal, str, date, FarDate, YearsMonths, timedelta}  # Python's own order is FEEL's


def kind(value: Any) -> str:
    """The name of the FEEL type that `value` has. KeyError for what is no FEEL value."""
    return KINDS[type(value)]


def sort_keys(left: Any, right: Any) -> tuple[Any, Any]:
    """Two keys that Python can compare. TypeError where FEEL has no order between the values."""
    if type(left) is type(right) and type(left) in NATIVE:
        return left, right
    return moment_keys(left, right)


def equal(left: Any, right: Any) -> bool:
    """FEEL's `=`: null equals only null. TypeError where the types differ."""
    if type(left) is type(right) and type(left) in NATIVE:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    kinds = {kind(left), kind(right)}
    if kinds <= {"time", "date", "date and time"}:
        return same_moment(left, right)
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


def format_value(value: Any) -> str:
    """A simple value as FEEL's `string()` gives it."""
    if value is None or isinstance(value, bool | Unknown):
        return {None: "null", True: "true", False: "false", UNKNOWN: "unknown"}[value]
    if isinstance(value, Decimal):
        text = format(value if value else Decimal(0), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value if isinstance(value, str) else format_temporal(value)
