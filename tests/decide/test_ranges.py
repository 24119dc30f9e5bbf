"""Intervals of amounts."""

from __future__ import annotations

from decimal import Decimal

from zhida.decide.ranges import ANYTHING, Interval, hull


def test_a_hull_holds_all_its_parts() -> None:
    parts = [Interval(Decimal(2), Decimal(3)), Interval(Decimal(1), Decimal(1))]
    assert hull(parts) == Interval(Decimal(1), Decimal(3))
    assert hull([*parts, ANYTHING]) == ANYTHING


def test_of_nothing_nothing_is_known() -> None:
    assert hull([]) == ANYTHING
