"""Working days as the State Council announces them, refusing years not yet announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class CalendarExhausted(LookupError):
    """A day outside the announced years was asked for; guessing it could move a legal deadline."""

    def __init__(self, day: date, first_year: int, last_year: int) -> None:
        super().__init__(f"workdays are known for {first_year} to {last_year}, not for {day}")
        self.day = day


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekdays `off` and weekend days `worked`, complete for `first_year` to `last_year`."""

    off: frozenset[date]
    worked: frozenset[date]
    first_year: int
    last_year: int

    @classmethod
    def from_years(cls, years: Mapping[int, tuple[Sequence[date], Sequence[date]]]) -> Calendar:
        """A calendar from year → (weekdays off, weekend days worked).

        Raises ValueError where a year between the first and the last is missing, and where a day
        stands in another year than its own or is no exception to its weekday.
        """
        if not years or len(years) != max(years) - min(years) + 1:
            raise ValueError(f"found years {sorted(years)}, expected one or more without a gap")
        for year, (off, worked) in years.items():
            for day in (*off, *worked):
                if day.year != year or _is_weekend(day) != (day in worked):
                    raise ValueError(f"found {day} in {year}, expected an exception of that year")
        return cls(
            frozenset(day for off, _ in years.values() for day in off),
            frozenset(day for _, worked in years.values() for day in worked),
            min(years),
            max(years),
        )

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`; CalendarExhausted outside the announced years."""
        if not self.first_year <= day.year <= self.last_year:
            raise CalendarExhausted(day, self.first_year, self.last_year)
        return day in self.worked if _is_weekend(day) else day not in self.off

    def add_workdays(self, start: date, count: int) -> date:
        """The day on which `count` working days have passed; `start` itself is not counted.

        With a count of zero that is `start`. Raises ValueError for a negative count and
        CalendarExhausted where the count runs past the last announced year.
        """
        if count < 0:
            raise ValueError(f"expected a count of working days from 0 up, found {count}")
        day = start
        while count:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day


def _is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY
