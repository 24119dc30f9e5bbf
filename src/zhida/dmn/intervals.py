"""How points and ranges lie to each other: before, meets, overlaps and the other relations of Allen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhida.feel.functions import OPERATORS
from zhida.feel.values import Range, equal

_less = OPERATORS["<"].apply


def _range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


def before(left: Any, right: Any) -> bool:
    a, b = _range(left), _range(right)
    touch = equal(a.high, b.low) and not (a.high_closed and b.low_closed)
    return bool(_less(a.high, b.low) or touch)


def after(left: Any, right: Any) -> bool:
    return before(right, left)


def meets(a: Range, b: Range) -> bool:
    return a.high_closed and b.low_closed and equal(a.high, b.low)


def met_by(a: Range, b: Range) -> bool:
    return meets(b, a)


def _starts_before(a: Range, b: Range) -> bool:
    return bool(_less(a.low, b.low) or (equal(a.low, b.low) and a.low_closed and not b.low_closed))


def _ends_before(a: Range, b: Range) -> bool:
    return bool(_less(a.high, b.high) or (equal(a.high, b.high) and b.high_closed and not a.high_closed))


def overlaps(a: Range, b: Range) -> bool:
    return not before(a, b) and not before(b, a)


def overlaps_before(a: Range, b: Range) -> bool:
    return _starts_before(a, b) and overlaps(a, b) and not _ends_before(b, a)


def overlaps_after(a: Range, b: Range) -> bool:
    return overlaps_before(b, a)


def _same_end(a: Range, b: Range) -> bool:
    return equal(a.high, b.high) and a.high_closed == b.high_closed


def _same_start(a: Range, b: Range) -> bool:
    return equal(a.low, b.low) and a.low_closed == b.low_closed


def finishes(left: Any, b: Range) -> bool:
    if not isinstance(left, Range):
        return b.high_closed and equal(left, b.high)
    return _same_end(left, b) and not _starts_before(left, b)


def starts(left: Any, b: Range) -> bool:
    if not isinstance(left, Range):
        return b.low_closed and equal(left, b.low)
    return _same_start(left, b) and not _ends_before(b, left)


def includes(a: Range, right: Any) -> bool:
    b = _range(right)
    return not _starts_before(b, a) and not _ends_before(a, b)


def coincides(left: Any, right: Any) -> bool:
    a, b = _range(left), _range(right)
    return _same_start(a, b) and _same_end(a, b)


_POINT = "number/string/date/time/date and time/days and time duration/years and months duration"
_POINTS = f"point1: {_POINT}, point2: {_POINT}"
_POINT_RANGE = f"point: {_POINT}, range: range"
_RANGE_POINT = f"range: range, point: {_POINT}"
_RANGES = "range1: range, range2: range"

RELATIONS: tuple[tuple[str, str, str, Callable[..., Any]], ...] = tuple(
    (f"{name}({' | '.join(forms)})", doc, example, function)
    for name, forms, doc, example, function in (
        ("before", (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES), "Ends before the other starts.",
         "before(1, [2..3]) → true", before),
        ("after", (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES), "Starts after the other ends.",
         "after([2..3], 1) → true", after),
        ("meets", (_RANGES,), "Ends where the other starts.", "meets([1..2], [2..3]) → true", meets),
        ("met by", (_RANGES,), "Starts where the other ends.", "met by([2..3], [1..2]) → true", met_by),
        ("overlaps", (_RANGES,), "Has a point in common.", "overlaps([1..3], [2..4]) → true", overlaps),
        ("overlaps before", (_RANGES,), "Overlaps and starts earlier.",
         "overlaps before([1..3], [2..4]) → true", overlaps_before),
        ("overlaps after", (_RANGES,), "Overlaps and ends later.",
         "overlaps after([2..4], [1..3]) → true", overlaps_after),
        ("finishes", (_POINT_RANGE, _RANGES), "Lies within and ends with the other.",
         "finishes(3, [1..3]) → true", finishes),
        ("finished by", (_RANGE_POINT, _RANGES), "The contrary relation of finishes.",
         "finished by([1..3], 3) → true", lambda a, b: finishes(b, a)),
        ("includes", (_RANGE_POINT, _RANGES), "Has the other within.",
         "includes([1..3], 2) → true", includes),
        ("during", (_POINT_RANGE, _RANGES), "Lies within the other.", "during(2, [1..3]) → true",
         lambda a, b: includes(b, a)),
        ("starts", (_POINT_RANGE, _RANGES), "Lies within and starts with the other.",
         "starts(1, [1..3]) → true", starts),
        ("started by", (_RANGE_POINT, _RANGES), "The contrary relation of starts.",
         "started by([1..3], 1) → true", lambda a, b: starts(b, a)),
        ("coincides", (_POINTS, _RANGES), "Is the same.", "coincides([1..2], [1..2]) → true", coincides),
    )
)  # fmt: skip
