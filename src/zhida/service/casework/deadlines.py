"""Until when a step must be done: in working days, without those on which the clock stood still."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext, ngettext

from zhida.service.cases.models import Case
from zhida.service.cases.states import FINAL
from zhida.standards.workdays import Calendar, CalendarExhausted

ONE_DAY = timedelta(days=1)
SOON = 2
"""Working days before the end from which a deadline counts as near."""

Mark = Literal["", "overdue", "soon", "paused"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A time for which the clock stood still: the day after `since` up to `until`; None: still does."""

    since: date
    until: date | None
    reason: str

    def holds(self, day: date) -> bool:
        return self.since < day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due_on` is None where the text sets none, the clock stands still, or the calendar does not reach."""

    due_on: date | None
    explanation: str
    is_paused: bool = False

    def __str__(self) -> str:
        return self.explanation


def deadline_of(
    calendar: Calendar | None, start: date | None, days: int | None, pauses: Sequence[Interval] = ()
) -> Deadline:
    """The last of `days` working days after `start`. Past the last announced year nothing is guessed."""
    if start is None or not days:
        return Deadline(None, gettext("文件没有写明期限。"))
    length = ngettext("%(days)s 个工作日", "%(days)s 个工作日", days) % {"days": days}
    told = {"start": start, "length": length}
    if any(pause.until is None for pause in pauses):
        text = gettext("从 %(start)s 的第二天起 %(length)s；%(reason)s期间停止计时。")
        return Deadline(None, text % {**told, "reason": pauses[-1].reason}, is_paused=True)
    try:
        due_on = None if calendar is None else _counted(calendar, start, days, pauses)
    except CalendarExhausted:
        due_on = None
    if due_on is None:
        text = gettext("从 %(start)s 的第二天起 %(length)s；那时的节假日安排还没有公布，以通知为准。")
        return Deadline(None, text % told)
    text = gettext("从 %(start)s 的第二天起第 %(days)s 个工作日是 %(due)s%(deducted)s。")
    deducted = "".join(_deducted(calendar, pauses)) if calendar else ""
    return Deadline(due_on, text % {**told, "days": days, "due": due_on, "deducted": deducted})


def _counted(calendar: Calendar, start: date, days: int, pauses: Iterable[Interval]) -> date:
    """Raises CalendarExhausted."""
    pauses, day = list(pauses), start
    while days:
        day += ONE_DAY
        if calendar.is_workday(day) and not any(pause.holds(day) for pause in pauses):
            days -= 1
    return day


def _deducted(calendar: Calendar, pauses: Iterable[Interval]) -> Iterable[str]:
    for pause in pauses:
        if pause.until is not None and pause.until > pause.since:
            first = pause.since + ONE_DAY
            count = sum(_is_workday(calendar, day) for day in _days(first, pause.until))
            said = {"reason": pause.reason, "first": first, "last": pause.until, "count": count}
            yield gettext("，扣除%(reason)s %(first)s 至 %(last)s（%(count)s 个工作日）") % said


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _is_workday(calendar: Calendar, day: date) -> bool:
    try:
        return calendar.is_workday(day)
    except CalendarExhausted:
        return False


def soon_from(calendar: Calendar | None, today: date) -> date:
    """Up to this day a deadline is near."""
    try:
        return calendar.add_workdays(today, SOON) if calendar else today
    except CalendarExhausted:
        return today


def mark_of(case: Case, today: date, soon: date, paused: bool = False) -> Mark:
    """How a case stands to its deadline; `soon` comes from `soon_from`."""
    if case.state in FINAL:
        return ""
    if paused:
        return "paused"
    if case.due_on is None:
        return ""
    return "overdue" if case.due_on < today else "soon" if case.due_on <= soon else ""
