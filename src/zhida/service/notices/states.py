"""The life of a publication, its lines and objections, as what their events make of them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicationState(models.TextChoices):
    OPEN = "open", _("公示中")
    CLOSED = "closed", _("公示结束")
    WITHDRAWN = "withdrawn", _("已撤回")


class LineState(models.TextChoices):
    SHOWN = "shown", _("公示中")
    SUSPENDED = "suspended", _("有异议，待裁定")
    PASSED = "passed", _("公示无异议")
    REMOVED = "removed", _("已移出")
    WITHDRAWN = "withdrawn", _("已撤回")


class ObjectionState(models.TextChoices):
    OPEN = "open", _("待裁定")
    UPHELD = "upheld", _("成立")
    REJECTED = "rejected", _("不成立")
    MOOT = "moot", _("不再裁定：该条已移出")


class EventKind(models.TextChoices):
    PUBLISHED = "published", _("发布公示")
    SUSPENDED = "suspended", _("收到异议，暂停该条")
    DISMISSED = "dismissed", _("一项异议不成立，还有异议待裁定")
    RESTORED = "restored", _("异议不成立，该条恢复")
    REMOVED = "removed", _("移出该条")
    PASSED = "passed", _("该条公示无异议")
    WITHDRAWN = "withdrawn", _("撤回")
    CLOSED = "closed", _("公示结束")


PENDING = (LineState.SHOWN, LineState.SUSPENDED)
"""Lines of which nothing has been settled yet."""

LINE_AFTER: Mapping[str, LineState] = {
    EventKind.SUSPENDED: LineState.SUSPENDED,
    EventKind.DISMISSED: LineState.SUSPENDED,
    EventKind.RESTORED: LineState.SHOWN,
    EventKind.REMOVED: LineState.REMOVED,
    EventKind.PASSED: LineState.PASSED,
    EventKind.WITHDRAWN: LineState.WITHDRAWN,
}
"""What an event about a line makes of it."""

LINE_BEFORE: Mapping[str, tuple[LineState, ...]] = {
    EventKind.SUSPENDED: PENDING,
    EventKind.DISMISSED: (LineState.SUSPENDED,),
    EventKind.RESTORED: (LineState.SUSPENDED,),
    EventKind.REMOVED: PENDING,
    EventKind.PASSED: (LineState.SHOWN,),
    EventKind.WITHDRAWN: PENDING,
}
"""In which states of a line an event can happen to it."""

PUBLICATION_AFTER: Mapping[str, PublicationState] = {
    EventKind.PUBLISHED: PublicationState.OPEN,
    EventKind.WITHDRAWN: PublicationState.WITHDRAWN,
    EventKind.CLOSED: PublicationState.CLOSED,
}
"""What an event about no single line makes of the publication."""
