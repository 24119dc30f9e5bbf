"""What is to be made, and in which parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from zhida.population.divisions import counties, divisions
from zhida.population.making.codes import county_sum

PART = 500_000
"""Employers in one part: a part is made by one thread, and holds what one thread may hold."""
DEFAULT_DAY = date(2022, 10, 1)
"""Most provisions of the built-in library are in force on it."""


@dataclass(frozen=True, slots=True)
class Order:
    """The parameters that decide every byte of a population.

    `hires` is the mean number of hires of an employer, `only` the entities to write (None: all), `inline`
    whether hires, internships and placements also hold the facts of their persons.
    """

    employers: int
    region: str
    seed: int
    on: date = DEFAULT_DAY
    hires: Decimal = Decimal(2)
    only: tuple[str, ...] | None = None
    inline: bool = False

    def parts(self) -> list[tuple[int, int]]:
        """Half-open ranges of employer ids."""
        return [
            (start, min(start + PART, self.employers + 1)) for start in range(1, self.employers + 1, PART)
        ]


def county_ranges(order: Order) -> Iterator[tuple[int, int, str, str, str, int]]:
    """first id, last id, code, name, a neighbouring code and check sum of each county that has employers.

    Employers stand in the order of their counties, as registers keep them; shares are drawn from the seed.
    """
    codes = counties(order.region)
    names = divisions()
    weights = [_weight(order.seed, code) for code in codes]
    total, before, first = sum(weights), 0, 1
    for number, (code, weight) in enumerate(zip(codes, weights, strict=True)):
        before += weight
        last = order.employers * before // total
        if last >= first:
            neighbour = codes[(number + 1) % len(codes)]
            yield first, last, code, names.get(code, code), neighbour, county_sum(code)
        first = last + 1


def _weight(seed: int, code: str) -> int:
    """How many employers a county has beside others: towns have more than the country, by up to ten times."""
    drawn = int.from_bytes(sha256(f"{seed}:county:{code}".encode()).digest()[:4], "big") % 1000
    return (40 if code[4] in "01" or code[4] == "8" else 15) * (200 + drawn)
