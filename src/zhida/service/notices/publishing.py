"""Publishing cases: which can be together, what everybody will read, and the one transaction that does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _

from zhida.guide import wording
from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.cases.models import Case
from zhida.service.cases.states import State
from zhida.service.casework.services import perform
from zhida.service.casework.steps import current
from zhida.service.law import library
from zhida.service.notices import jobs
from zhida.service.notices.events import Happening, digest_of_publication, happen, link_of_line
from zhida.service.notices.masking import snapshot
from zhida.service.notices.models import Line, Publication, Series
from zhida.service.notices.refusals import Refused
from zhida.service.notices.states import EventKind, PublicationState
from zhida.standards.workdays import Calendar, CalendarExhausted

PUBLISH = "publish"
USUAL_DAYS = 5
"""Working days of a 公示 where the provision names none."""
MOST_LINES = 300
"""Some seconds of one transaction, which everybody who writes to the audit waits for."""
GROUP = ("region", "measure", "title", "document", "clause")
"""What cases of one publication have in common."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be published: the masked rows in their order, and until when objections would be in time."""

    cases: tuple[Case, ...]
    rows: tuple[dict[str, Any], ...]
    title: str
    opens_on: date
    closes_on: date
    days: int


def publishable(user: User) -> QuerySet[Case]:
    """The cases that wait for this user's office to publish them, never the user's own."""
    waiting = Case.objects.visible_to(user, PUBLISH).filter(state=State.TO_PUBLISH, outside=False)
    return waiting.exclude(package__user=user).select_related("package").defer("facts").order_by("pk")


def groups(user: User) -> Iterator[dict[str, Any]]:
    """Which cases could be published together, and how many they are."""
    found = publishable(user).order_by(*GROUP).values(*GROUP)
    yield from found.annotate(count=Count("pk"), like=Min("pk"))


def like(user: User, pk: int) -> QuerySet[Case]:
    """The cases that could be published together with one of them, itself included."""
    found = publishable(user)
    group = found.filter(pk=pk).values(*GROUP).first()
    return found.filter(**group) if group else found.none()


def preview(user: User, wanted: Sequence[int]) -> Preview:
    """Raises Refused where the cases cannot be published together, or the calendar does not reach."""
    if len(wanted) > MOST_LINES:
        raise Refused(_("一次最多公示 %(most)s 条，请分批公示。") % {"most": MOST_LINES})
    return _previewed(list(publishable(user).filter(pk__in=wanted)), wanted)


def _previewed(cases: list[Case], wanted: Sequence[int]) -> Preview:
    if not wanted:
        raise Refused(_("请选择要公示的案件。"))
    if len(cases) != len(set(wanted)):
        raise Refused(_("有案件已经不在待公示状态，或不归您公示。请重新选择。"))
    if len({tuple(getattr(case, name) for name in GROUP) for case in cases}) > 1:
        raise Refused(_("一次只能公示同一地区、同一政策、同一条款的案件。"))
    opens_on, days = clock.today(), max(days_of(case) for case in cases)
    # In Chinese, like all that is kept of a case.
    title = f"{wording.place_name(library(), cases[0].region)}{cases[0].title}拟享受名单公示"
    closes_on = closing_day(library().calendar, opens_on, days)
    return Preview(tuple(cases), tuple(snapshot(c) for c in cases), title, opens_on, closes_on, days)


def days_of(case: Case) -> int:
    """How many working days the case's own procedure wants it to be published."""
    at = current(list(case.steps.all()))
    return (at.step.publicity_days if at is not None else None) or USUAL_DAYS


def closing_day(calendar: Calendar | None, opens_on: date, days: int) -> date:
    """The last of `days` working days after the first; raises Refused where the calendar does not tell."""
    try:
        if calendar is not None:
            return calendar.add_workdays(opens_on, days)
    except CalendarExhausted:
        pass
    raise Refused(_("公示期满那天的节假日安排还没有公布，现在不能确定截止日期，不能公示。"))


def publish(user: User, wanted: Sequence[int], title: str, key: str) -> Publication:
    """Publish the cases, whole or not at all; the same key again gives the same publication.

    Raises Refused, NotPossible.
    """
    with transaction.atomic():
        series = _locked_series(wanted)
        known = Publication.objects.filter(key=key).first()
        if known is not None:
            return _same(known, user, wanted)
        chosen = publishable(user).filter(pk__in=wanted)
        shown = _previewed(list(chosen.select_for_update(of=("self",))), wanted)
        publication = _create(shown, user, title, key, series)
        jobs.look_tomorrow()
        for case in shown.cases:
            perform(case, "publish", user)
        _write(publication, shown, user)
    return publication


def _locked_series(wanted: Sequence[int]) -> Series:
    """Whoever publishes in the region at the same time waits, before any case is locked."""
    region = Case.objects.filter(pk__in=wanted).values_list("region", flat=True).first() or ""
    return Series.objects.select_for_update().get_or_create(region=region, year=clock.today().year)[0]


def _same(known: Publication, user: User, wanted: Sequence[int]) -> Publication:
    """A key that comes again must mean the same."""
    published = set(known.lines.values_list("case_id", flat=True))
    if known.published_by != user.username or published != set(wanted):
        raise Refused(_("这次公示已经用别的案件发布过。请重新选择。"))
    return known


def _create(shown: Preview, user: User, title: str, key: str, series: Series) -> Publication:
    first, now = shown.cases[0], clock.now()
    series.last += 1
    series.save(update_fields=["last"])
    return Publication.objects.create(
        number=f"GS{first.region}-{shown.opens_on.year}-{series.last:03}",
        region=first.region,
        title=title or shown.title,
        measure=first.measure,
        measure_name=first.title,
        document=first.document,
        clause=first.clause,
        office=first.office_name,
        phone=first.phone,
        library=library().hash,
        days=shown.days,
        opens_on=shown.opens_on,
        closes_on=shown.closes_on,
        key=key,
        published_by=user.username,
        published_at=now,
        state=PublicationState.OPEN,
    )


def _write(publication: Publication, shown: Preview, user: User) -> None:
    lines, link = [], ""
    for number, (case, row) in enumerate(zip(shown.cases, shown.rows, strict=True), 1):
        line = Line(publication=publication, number=number, case=case, shown=row)
        line.link = link = link_of_line(line, link)
        lines.append(line)
    Line.objects.bulk_create(lines, batch_size=500)
    digest = digest_of_publication(publication, len(lines), link)
    happen(publication, [Happening(EventKind.PUBLISHED, digest=digest)], by=user.username)
