"""Dates, times and durations as FEEL knows them: reading, writing, order and calendar arithmetic.

Dates are `datetime.date`, days and time durations `datetime.timedelta`. Dates outside the years 1 to 9999,
times of day with nanoseconds, and zones of a time without a date have no class in the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone, tzinfo
from datetime import datetime as PythonDateTime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
CYCLE = 146_097  # days in 400 years, after which the calendar repeats itself


@dataclass(frozen=True, slots=True, order=True)
class FarDate:
    """A date in a year that `datetime.date` cannot hold."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day in nanoseconds since midnight; `zone` is an offset, a named zone, or None."""

    nanos: int
    zone: tzinfo | None = None

    @property
    def seconds(self) -> int:
        return self.nanos // SECOND


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and a time of day."""

    date: date | FarDate
    time: Time


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, in months."""

    months: int


def make_date(year: int, month: int, day: int) -> date | FarDate:
    """Raises ValueError for a day that is not in the calendar."""
    if abs(year) > 999_999_999:
        raise ValueError("year out of range")
    near = date((year - 1) % 400 + 1, month, day)
    return near.replace(year=year) if 0 < year < 10_000 else FarDate(year, near.month, near.day)


def day_number(day: date | FarDate) -> int:
    """Days since the proleptic calendar's 0000-12-31."""
    if isinstance(day, date):
        return day.toordinal()
    cycles, year = divmod(day.year - 1, 400)
    return date(year + 1, day.month, day.day).toordinal() + cycles * CYCLE


def date_of(number: int) -> date | FarDate:
    """The inverse of `day_number`."""
    cycles, rest = divmod(number - 1, CYCLE)
    near = date.fromordinal(rest + 1)
    return make_date(near.year + cycles * 400, near.month, near.day)


def shift_months(day: date | FarDate, months: int, later: bool = False) -> Any:
    """The same day `months` on; where that month lacks it, its last day, or the first after it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        if type(day) is date and 0 < year < 10_000:
            return day.replace(year, month + 1)
        return make_date(year, month + 1, day.day)
    except ValueError:
        following = make_date(year + (month == 11), (month + 1) % 12 + 1, 1)
        return following if later else date_of(day_number(following) - 1)


def utc_offset(zone: tzinfo, moment: DateTime) -> int:
    """Seconds east of UTC at a local date and time; a far year borrows the rules of a near one."""
    year = moment.date.year if 1 < moment.date.year < 9999 else 2000 + moment.date.year % 400
    noon = PythonDateTime(year, moment.date.month, moment.date.day) + timedelta(seconds=moment.time.seconds)
    offset = zone.utcoffset(noon)
    return int(offset.total_seconds()) if offset is not None else 0


def instant(value: DateTime | date | FarDate) -> tuple[bool, int]:
    """(has a zone, nanoseconds of UTC or of local time); a date stands for its midnight in UTC."""
    if not isinstance(value, DateTime):
        return True, day_number(value) * DAY
    nanos = day_number(value.date) * DAY + value.time.nanos
    if value.time.zone is None:
        return False, nanos
    return True, nanos - utc_offset(value.time.zone, value) * SECOND


def at_instant(nanos: int, zone: tzinfo | None) -> DateTime:
    """The date and time whose own clock shows `nanos`."""
    return DateTime(date_of(nanos // DAY), Time(nanos % DAY, zone))


_DATE = r"(?P<year>-?(?:\d{4}|[1-9]\d{4,8}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?P<zone>Z|[+-]\d\d:\d\d(?::\d\d)?|@[\w+-]+(?:/[\w+-]+)*)?"
)
_MOMENT = re.compile(rf"(?:{_DATE})?(?:(?:(?<=\d)T|^){_TIME})?", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_SPAN = re.compile(
    r"(-?)P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?", re.ASCII
)


def parse_temporal(text: str) -> Any:
    """The date, time, date and time, or duration that `text` spells. ValueError if none."""
    return parse_duration(text) if "P" in text[:2] else parse_moment(text)


def parse_moment(text: str) -> Any:
    """A date, a time, or both. ValueError if none."""
    found = _MOMENT.fullmatch(text)
    if not found or not text:
        raise ValueError(f"not a date or time: {text}")
    if found["hour"] is None:
        return make_date(int(found["year"]), int(found["month"]), int(found["day"]))
    time = _time_of(found)
    if found["year"] is None:
        return Time(time.nanos % DAY, time.zone)
    day = make_date(int(found["year"]), int(found["month"]), int(found["day"]))
    return at_instant(day_number(day) * DAY + time.nanos, time.zone)


def _time_of(found: re.Match[str]) -> Time:
    fraction = int((found["fraction"] or "0")[:9].ljust(9, "0"))
    return make_time(
        int(found["hour"]), int(found["minute"]), int(found["second"]), fraction, _zone(found["zone"])
    )


def make_time(hour: int, minute: int, second: int, nanos: int = 0, zone: tzinfo | None = None) -> Time:
    """24:00:00 is allowed, as the end of a day. ValueError for what no clock shows."""
    total = (hour * 3600 + minute * 60 + second) * SECOND + nanos
    if not (0 <= hour <= 24 and 0 <= minute < 60 and 0 <= second < 60 and total <= DAY):
        raise ValueError("no such time of day")
    return Time(total, zone)


def make_offset(offset: timedelta) -> timezone:
    """ValueError beyond 18 hours."""
    if abs(offset) > timedelta(hours=18):
        raise ValueError("no such offset")
    return timezone(offset) if offset else UTC


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text.startswith("@"):
        return ZoneInfo(text[1:])
    hours, minutes, seconds, *_ = (int(part) for part in (*(text[1:] or "0").split(":"), "0", "0"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return make_offset(-offset if text[0] == "-" else offset)


def parse_duration(text: str) -> YearsMonths | timedelta:
    """ISO 8601, either of years and months or of days and time. ValueError if neither."""
    if found := _MONTHS.fullmatch(text):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    if found := _SPAN.fullmatch(text):
        days, hours, minutes = (int(part or 0) for part in found.group(2, 3, 4))
        micros = int(Decimal(found[5] or 0) * 1_000_000)
        length = timedelta(days=days, hours=hours, minutes=minutes, microseconds=micros)
        return -length if found[1] else length
    raise ValueError(f"not a duration: {text}")


def format_temporal(value: Any) -> str:
    """The ISO 8601 text of a date, time or duration; a named zone follows an @."""
    match value:
        case timedelta():
            return _format_span(value)
        case YearsMonths():
            years, months = divmod(abs(value.months), 12)
            text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
            return ("-P" if value.months < 0 else "P") + text
        case DateTime():
            return f"{format_temporal(value.date)}T{format_temporal(value.time)}"
        case Time():
            return _format_clock(value.nanos) + _format_zone(value.zone)
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _format_span(length: timedelta) -> str:
    micros = abs(length) // timedelta(microseconds=1)
    seconds, micros = divmod(micros, 1_000_000)
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    fraction = f".{micros:06}".rstrip("0") if micros else ""
    parts = ((hours, "H"), (minutes, "M"), (f"{seconds % 60}{fraction}", "S"))
    clock = "".join(f"{part}{unit}" for part, unit in parts if part not in (0, "0"))
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if length < timedelta(0) else "P") + (text or "T0S")


def _format_clock(nanos: int) -> str:
    seconds, nanos = divmod(nanos, SECOND)
    fraction = f".{nanos:09}".rstrip("0") if nanos else ""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def _format_zone(zone: tzinfo | None) -> str:
    if zone is None or zone is UTC:
        return "Z" if zone else ""
    if not isinstance(zone, timezone):
        return f"@{zone}"
    offset = int(zone.utcoffset(None).total_seconds())
    hours, minutes, seconds = abs(offset) // 3600, abs(offset) // 60 % 60, abs(offset) % 60
    tail = f":{seconds:02}" if seconds else ""
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}{tail}"


def _clock(value: Time) -> tuple[object, int]:
    """(what it may be compared with, nanoseconds): offsets with each other, a zone with itself."""
    if isinstance(value.zone, timezone):
        return True, value.nanos - int(value.zone.utcoffset(None).total_seconds()) * SECOND
    return value.zone, value.nanos


def _moments(left: Any, right: Any) -> tuple[int, int]:
    """Nanoseconds of two moments on one scale. TypeError where there is none."""
    if isinstance(left, Time) and isinstance(right, Time):
        (zone, mine), (other_zone, other) = _clock(left), _clock(right)
    elif isinstance(left, MOMENTS) and isinstance(right, MOMENTS):
        (zone, mine), (other_zone, other) = instant(left), instant(right)
    else:
        raise TypeError("not two moments")
    if zone != other_zone:
        raise TypeError("a time that has a zone beside one that has another or none")
    return mine, other


def moment_keys(left: Any, right: Any) -> tuple[int, int]:
    """Two moments in seconds, in whose order FEEL compares them. TypeError where they have none."""
    mine, other = _moments(left, right)
    return mine // SECOND, other // SECOND


def same_moment(left: Any, right: Any) -> bool:
    """Equality to the second. TypeError between a time and a date."""
    if isinstance(left, Time) != isinstance(right, Time):
        raise TypeError("a time beside a date")
    try:
        mine, other = moment_keys(left, right)
    except TypeError:
        return False
    return mine == other


def add_months(moment: Any, length: YearsMonths) -> Any:
    """A date, or a date and time, moved by a years and months duration."""
    if isinstance(moment, DateTime):
        return DateTime(shift_months(moment.date, length.months), moment.time)
    return shift_months(moment, length.months)


def add_span(moment: Any, length: timedelta) -> Any:
    """A date, time, or date and time moved by a days and time duration; a date drops the hours."""
    nanos = length // timedelta(microseconds=1) * 1000
    if isinstance(moment, Time):
        return Time((moment.nanos + nanos) % DAY, moment.zone)
    if isinstance(moment, DateTime):
        return at_instant(day_number(moment.date) * DAY + moment.time.nanos + nanos, moment.time.zone)
    return date_of((day_number(moment) * DAY + nanos) // DAY)


def subtract_moments(left: Any, right: Any) -> timedelta:
    """The time between two moments. TypeError where only one of them has a zone."""
    mine, other = _moments(left, right)
    return timedelta(microseconds=(mine - other) // 1000)


def months_between(start: Any, end: Any) -> int:
    """Complete months from `start` to `end` whatever the hour, negative where `end` comes first."""
    first, last = day_of(start), day_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        return months - 1
    return months + 1 if months < 0 and last.day > first.day else months


def day_of(moment: Any) -> date | FarDate:
    """The date of a date, or of a date and time."""
    day: date | FarDate = moment.date if isinstance(moment, DateTime) else moment
    return day


def weekday(moment: Any) -> int:
    """1 for Monday to 7 for Sunday."""
    return (day_number(day_of(moment)) - 1) % 7 + 1


def time_offset(value: Time | DateTime) -> timedelta | None:
    """How far the clock is ahead of UTC; None where that is not known."""
    zone = value.zone if isinstance(value, Time) else value.time.zone
    if isinstance(value, DateTime) and zone is not None:
        return timedelta(seconds=utc_offset(zone, value))
    return zone.utcoffset(None) if isinstance(zone, timezone) else None


def zone_name(value: Time | DateTime) -> str | None:
    """The name of a named zone."""
    zone = value.zone if isinstance(value, Time) else value.time.zone
    return None if zone is None or isinstance(zone, timezone) else str(zone)


def _of_attribute(attribute: str, part: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: part(getattr(value, attribute))


def _signed(length: timedelta, part: int) -> int:
    return -part if length < timedelta(0) else part


DATE_PARTS: dict[str, Callable[[Any], Any]] = {
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "weekday": weekday,
}
CLOCK_PARTS: dict[str, Callable[[Any], Any]] = {
    "hour": lambda time: time.seconds // 3600,
    "minute": lambda time: time.seconds // 60 % 60,
    "second": lambda time: time.seconds % 60,
}
ZONE_PARTS: dict[str, Callable[[Any], Any]] = {"time offset": time_offset, "timezone": zone_name}
PARTS: dict[type, dict[str, Callable[[Any], Any]]] = {
    date: DATE_PARTS,
    FarDate: DATE_PARTS,
    Time: CLOCK_PARTS | ZONE_PARTS,
    DateTime: {
        **{name: _of_attribute("date", part) for name, part in DATE_PARTS.items()},
        **{name: _of_attribute("time", part) for name, part in CLOCK_PARTS.items()},
        **ZONE_PARTS,
    },
    YearsMonths: {
        "years": lambda length: int(length.months / 12),
        "months": lambda length: length.months - int(length.months / 12) * 12,
    },
    timedelta: {
        "days": lambda length: _signed(length, abs(length).days),
        "hours": lambda length: _signed(length, abs(length).seconds // 3600),
        "minutes": lambda length: _signed(length, abs(length).seconds // 60 % 60),
        "seconds": lambda length: _signed(length, abs(length).seconds % 60),
    },
}


def negate(length: Any) -> Any:
    """The duration backwards."""
    return YearsMonths(-length.months) if isinstance(length, YearsMonths) else -length


def _scale(length: Any, factor: Decimal) -> Any:
    """A duration times a number, without what is less than a month or a microsecond."""
    if isinstance(length, YearsMonths):
        return YearsMonths(int(length.months * factor))
    return timedelta(microseconds=int(length // TICK * factor))


def _ratio(left: Any, right: Any) -> Decimal:
    months = isinstance(left, YearsMonths)
    ticks = [length.months if months else length // TICK for length in (left, right)]
    return Decimal(ticks[0]) / Decimal(ticks[1])


TICK = timedelta(microseconds=1)
MOMENTS = (date, FarDate, DateTime)
DURATIONS = (YearsMonths, timedelta)
Table = dict[tuple[type, type], Callable[[Any, Any], Any]]


def _flipped(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: function(right, left)


def _backwards(add: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, length: add(value, negate(length))


def _either_way(table: Table) -> Table:
    return table | {(b, a): _flipped(function) for (a, b), function in table.items() if a is not b}


SUMS: Table = _either_way({
    (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months + b.months),
    (timedelta, timedelta): lambda a, b: a + b,
    **{(moment, YearsMonths): add_months for moment in MOMENTS},
    **{(moment, timedelta): add_span for moment in (*MOMENTS, Time)},
})  # fmt: skip
DIFFERENCES: Table = {
    (Time, Time): subtract_moments,
    **{(a, b): subtract_moments for a in MOMENTS for b in MOMENTS},
    **{pair: _backwards(add) for pair, add in SUMS.items() if pair[1] in DURATIONS},
}
PRODUCTS: Table = _either_way({(length, Decimal): _scale for length in DURATIONS})
QUOTIENTS: Table = {
    **{(length, length): _ratio for length in DURATIONS},
    **{(length, Decimal): lambda a, b: _scale(a, 1 / b) for length in DURATIONS},
}


def part_of(value: Any, name: str) -> Any:
    """The property `name` of a date, time or duration. LookupError where it has none of that name."""
    found = PARTS[type(value)][name](value)
    return Decimal(found) if isinstance(found, int) else found
