"""Publications with their masked lines, what is objected to them, how that is ruled, and all that happens."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.cases.models import Case
from zhida.service.notices.states import EventKind, LineState, ObjectionState, PublicationState
from zhida.service.secrecy.fields import SealedTextField


class Series(models.Model):
    """The last number of a region's publications of a year: one row, locked while one is published."""

    region = models.CharField(_("地区"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("最后的序号"), default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("region", "year"), name="notice_series_once"),)


class Publication(models.Model):
    """The 公示 of cases of one provision in one region. `key` makes publishing them again harmless.

    `closes_on` is the last day on which objections are in time. `count` and `link` are its events' last.
    """

    number = models.CharField(_("公示编号"), max_length=24, unique=True)
    region = models.CharField(_("地区"), max_length=6, db_index=True)
    title = models.CharField(_("标题"), max_length=120)
    measure = models.CharField(_("政策措施"), max_length=60, db_index=True)
    measure_name = models.CharField(_("政策名称"), max_length=100)
    document = models.CharField(_("文号"), max_length=100)
    clause = models.CharField(_("条款"), max_length=60)
    office = models.CharField(_("受理异议的科室"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=60, blank=True)
    library = models.CharField(_("政策库"), max_length=64)
    days = models.PositiveSmallIntegerField(_("公示工作日"))
    opens_on = models.DateField(_("公示起"))
    closes_on = models.DateField(_("公示止"))
    key = models.CharField(_("幂等键"), max_length=64, unique=True)
    published_by = models.CharField(_("发布人"), max_length=150)
    published_at = models.DateTimeField(_("发布时间"))
    state = models.CharField(_("状态"), max_length=10, choices=PublicationState)
    count = models.PositiveIntegerField(_("事件数"), default=0)
    link = models.CharField(_("链值"), max_length=64, blank=True)

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        ordering = ("-published_at", "-pk")
        indexes = (models.Index(fields=("state", "closes_on")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=PublicationState.values), name="publication_known_state"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gt=F("opens_on"), days__gt=0), name="publication_lasts"
            ),
        )

    def __str__(self) -> str:
        return self.number


class Line(models.Model):
    """One case as everybody may see it. `shown` is all that any page, file or interface reads of it."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="lines", verbose_name=_("公示"))
    number = models.PositiveIntegerField(_("序号"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="published_lines", verbose_name=_("案件"))
    shown = models.JSONField(_("公示内容"))
    state = models.CharField(_("状态"), max_length=10, choices=LineState, default=LineState.SHOWN)
    link = models.CharField(_("链值"), max_length=64)

    reach = Reach(region=("publication__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示条目")
        verbose_name_plural = _("公示条目")
        ordering = ("publication", "number")
        constraints = (
            models.UniqueConstraint(fields=("publication", "number"), name="line_numbered_once"),
            # A case that is reviewed anew is published anew; twice at once it never is.
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(state__in=(LineState.SHOWN, LineState.SUSPENDED)),
                name="case_published_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=LineState.values), name="line_known_state"),
        )


class Objection(models.Model):
    """What somebody says against a line, with their name. It suspends that line until it is ruled upon."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="objections", verbose_name=_("公示条目"))
    number = models.PositiveSmallIntegerField(_("序号"))
    name = SealedTextField(_("姓名"))
    phone = SealedTextField(_("电话"))
    identity = SealedTextField(_("公民身份号码"))
    identity_hash = models.CharField(_("证照号码散列"), max_length=64)
    text = SealedTextField(_("异议"))
    at = models.DateTimeField(_("收到时间"))
    state = models.CharField(_("状态"), max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)

    reach = Reach(region=("line__publication__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("line", "number"), name="objection_numbered_once"),
            models.UniqueConstraint(
                fields=("line", "identity_hash"),
                condition=Q(state=ObjectionState.OPEN),
                name="objection_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ObjectionState.values), name="objection_known_state"
            ),
        )


class Ruling(models.Model):
    """How an objection was decided, by somebody else than who published what it is about."""

    class Outcome(models.TextChoices):
        REJECTED = "rejected", _("不成立，继续公示")
        REOPEN = "reopen", _("成立，退回重审")
        REFUSE = "refuse", _("成立，不予通过")

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="ruling", verbose_name=_("异议"))
    outcome = models.CharField(_("裁定"), max_length=10, choices=Outcome)
    reason = models.CharField(_("理由"), max_length=500)
    clause = models.CharField(_("依据"), max_length=100)
    by = models.CharField(_("裁定人"), max_length=150)
    publisher = models.CharField(_("发布人"), max_length=150)
    at = models.DateTimeField(_("裁定时间"))

    class Meta:
        verbose_name = _("裁定")
        verbose_name_plural = _("裁定")
        constraints = (
            models.CheckConstraint(condition=~Q(by=F("publisher")), name="ruling_by_another"),
            models.CheckConstraint(
                condition=Q(outcome__in=("rejected", "reopen", "refuse")), name="ruling_known_outcome"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(clause=""), name="ruling_has_its_grounds"),
        )


class Event(models.Model):
    """Something that happened to a publication or one of its lines. Rows are added, never changed.

    `digest` stands for what it tells of: all that was published, an objection, a ruling.
    """

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="events", verbose_name=_("公示")
    )
    number = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("事件"), max_length=10, choices=EventKind)
    line = models.ForeignKey(Line, models.PROTECT, null=True, blank=True, related_name="events")
    objection = models.ForeignKey(Objection, models.PROTECT, null=True, blank=True, related_name="events")
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    by = models.CharField(_("操作人"), max_length=150, blank=True)
    at = models.DateTimeField(_("时间"))
    digest = models.CharField(_("摘要"), max_length=64, blank=True)
    link = models.CharField(_("链值"), max_length=64)

    class Meta:
        verbose_name = _("公示事件")
        verbose_name_plural = _("公示事件")
        ordering = ("publication", "number")
        constraints = (
            models.UniqueConstraint(fields=("publication", "number"), name="event_numbered_once"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_known_kind"),
        )
