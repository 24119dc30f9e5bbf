"""What pages read. Of a line that is its snapshot alone: nothing here reaches a case's own data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from zhida.guide import wording
from zhida.service import clock
from zhida.service.accounts.scope import within
from zhida.service.law import library
from zhida.service.notices.models import Event, Line, Objection, Publication
from zhida.service.notices.states import PENDING, EventKind, LineState, ObjectionState, PublicationState

SEE = "see notices"
PUBLIC_KINDS = (EventKind.PUBLISHED, EventKind.WITHDRAWN, EventKind.REMOVED, EventKind.CLOSED)
"""What the public page tells of what happened; of objections, only what became of the line."""
TOLD = ("publication", "kind", "reason", "at", "line__number")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as everybody may see it."""

    number: int
    name: str
    id_number: str
    people: Sequence[str]
    amount: Decimal | None
    state: LineState

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def is_gone(self) -> bool:
        return self.state in (LineState.REMOVED, LineState.WITHDRAWN)


def published(asked: Mapping[str, Any]) -> QuerySet[Publication]:
    """All publications, the newest first, as filtered; they are everybody's."""
    found = Publication.objects.all()
    if asked.get("region"):
        found = found.filter(**within("region", asked["region"]))
    if asked.get("measure"):
        found = found.filter(measure=asked["measure"])
    if asked.get("open"):
        found = found.filter(state=PublicationState.OPEN, closes_on__gte=clock.today())
    return found.annotate(size=Count("lines"))


def filters() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The regions and the measures of which there are publications."""
    regions = Publication.objects.order_by("region").values_list("region", flat=True).distinct()
    measures = Publication.objects.order_by("measure").values_list("measure", flat=True).distinct()
    definitions = library().measures
    return (
        [(code, wording.place_name(library(), code)) for code in regions],
        [(key, definitions[key].definition.name if key in definitions else key) for key in measures],
    )


def lines(publication: Publication) -> QuerySet[Line]:
    return publication.lines.order_by("number").only("publication", "number", "shown", "state")


def row_of(line: Line) -> Row:
    shown = line.shown
    amount = None if shown["amount"] is None else Decimal(shown["amount"])
    return Row(line.number, shown["name"], shown["number"], shown["people"], amount, LineState(line.state))


def headings() -> list[str]:
    return [_("序号"), _("名称或姓名"), _("证照号码"), _("涉及人员"), _("金额（元）"), _("状态")]


def cells(publication: Publication) -> Iterator[Sequence[Any]]:
    """The rows of the file, as many as there are."""
    for line in lines(publication).iterator(1000):
        row = row_of(line)
        yield [
            row.number, row.name, row.id_number, "、".join(row.people), row.amount, str(row.state.label)
        ]  # fmt: skip


def told(publication: Publication) -> list[Event]:
    """What has happened to it that everybody should know."""
    events = publication.events.filter(kind__in=PUBLIC_KINDS).select_related("line")
    whole = Q(kind=EventKind.WITHDRAWN, publication__state=PublicationState.WITHDRAWN, line__isnull=False)
    return list(events.exclude(whole).order_by("number").only(*TOLD))


def history(publication: Publication) -> QuerySet[Event]:
    return publication.events.select_related("line").order_by("-number")


def managed(user: Any) -> QuerySet[Publication]:
    waiting = Count("lines", filter=Q(lines__state=LineState.SUSPENDED))
    return Publication.objects.visible_to(user, SEE).annotate(size=Count("lines"), suspended=waiting)


def waiting_objections(user: Any) -> QuerySet[Objection]:
    """Those that wait to be ruled upon, the oldest first; without what their senders wrote."""
    found = Objection.objects.visible_to(user, SEE).filter(state=ObjectionState.OPEN)
    sealed = ("name", "phone", "identity", "text")
    return found.select_related("line__publication").defer(*sealed).order_by("at", "pk")
