"""What clerks write beside the log of a case: notices, refusals, former facts, samples, their own filters."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.cases.models import Case
from zhida.service.money import MoneyField
from zhida.service.secrecy.fields import SealedJSONField, SealedTextField

OF_CASE = Reach(region=("case__region",), office="case__office", owner="case__package__user")


class Pause(models.Model):
    """A time for which the clock of a step stands still: from the day after `since` up to `until`."""

    class Kind(models.TextChoices):
        SUPPLEMENT = "supplement", _("补正")
        PUBLICITY = "publicity", _("公示")

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses", verbose_name=_("案件"))
    step = models.PositiveSmallIntegerField(_("步骤"))
    kind = models.CharField(_("原因"), max_length=10, choices=Kind)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("停止计时")
        verbose_name_plural = _("停止计时")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(until__isnull=True), name="pause_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="pause_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("supplement", "publicity")), name="pause_known_kind"
            ),
        )


class Supplement(models.Model):
    """一次性告知: all that a case lacks, told at once. A second one needs an exception with its reason.

    `items` are {"kind": "fact" | "material", "key", "label", "note"}; `text` is what else there is to say.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="supplements", verbose_name=_("案件"))
    number = models.PositiveSmallIntegerField(_("次数"))
    items = models.JSONField(_("要补正的"), default=list)
    text = SealedTextField(_("其他说明"), blank=True)
    exception = models.CharField(_("再次告知的原因"), max_length=500, blank=True)
    by = models.CharField(_("告知人"), max_length=150)
    at = models.DateTimeField(_("告知时间"))
    answered_by = models.CharField(_("答复人"), max_length=150, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answer = SealedTextField(_("答复说明"), blank=True)

    reach = OF_CASE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("一次性告知")
        verbose_name_plural = _("一次性告知")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="supplement_numbered"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(exception=""), name="supplement_once_without_exception"
            ),
        )


class FormerFacts(models.Model):
    """The facts and the decision of a case before they were corrected; the case itself has the latest."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="former", verbose_name=_("案件"))
    number = models.PositiveSmallIntegerField(_("版本"))
    facts: Any = SealedJSONField(_("事实"))
    decision: Any = SealedJSONField(_("结论"))
    verdict = models.CharField(_("结论"), max_length=12)
    amount = MoneyField(_("金额"), null=True, blank=True)
    library = models.CharField(_("政策库"), max_length=64)
    supplement = models.ForeignKey(Supplement, models.PROTECT, related_name="former", verbose_name=_("补正"))
    replaced_by = models.CharField(_("更正人"), max_length=150)
    replaced_at = models.DateTimeField(_("更正时间"))

    class Meta:
        verbose_name = _("更正前的事实")
        verbose_name_plural = _("更正前的事实")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="former_numbered"),)


class Refusal(models.Model):
    """不予受理 or 不予通过: by which clause, why, and what can be done about it; all of it must be there."""

    class Kind(models.TextChoices):
        NOT_ACCEPTED = "not-accepted", _("不予受理")
        REFUSED = "refused", _("不予通过")

    case = models.OneToOneField(Case, models.PROTECT, related_name="refusal", verbose_name=_("案件"))
    kind = models.CharField(_("决定"), max_length=12, choices=Kind)
    clause = models.CharField(_("依据"), max_length=300)
    reason = models.CharField(_("理由"), max_length=1000)
    remedy = models.CharField(_("救济途径"), max_length=1000)
    by = models.CharField(_("决定人"), max_length=150)
    at = models.DateTimeField(_("决定时间"))

    class Meta:
        verbose_name = _("不予办理")
        verbose_name_plural = _("不予办理")
        constraints = (
            models.CheckConstraint(
                condition=~Q(clause="") & ~Q(reason="") & ~Q(remedy=""), name="refusal_says_why"
            ),
        )


class SavedFilter(models.Model):
    """A clerk's own view of the workbench: the query of its address under a name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name=_("用户")
    )
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(_("条件"), max_length=500)

    class Meta:
        verbose_name = _("常用筛选")
        verbose_name_plural = _("常用筛选")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="filter_named_once"),)

    def __str__(self) -> str:
        return self.name


class Sample(models.Model):
    """事后核查: a sample of closed cases that anybody can draw again.

    The frame is the numbers of the cases in order, one a line; `frame_hash` is its SM3, `seed` what the
    drawing started from. The cases drawn are its checks, in the order of drawing.
    """

    seed = models.CharField(_("种子"), max_length=64)
    region = models.CharField(_("地区"), max_length=6, db_index=True)
    measure = models.CharField(_("政策措施"), max_length=60, blank=True)
    closed_from = models.DateField(_("办结起"))
    closed_to = models.DateField(_("办结止"))
    frame: Any = models.JSONField(_("抽样范围"))
    frame_hash = models.CharField(_("范围散列"), max_length=64)
    size = models.PositiveIntegerField(_("抽取数"))
    drawn_by = models.CharField(_("抽取人"), max_length=150)
    drawn_at = models.DateTimeField(_("抽取时间"))

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("抽查")
        verbose_name_plural = _("抽查")
        ordering = ("-drawn_at", "-pk")
        constraints = (models.CheckConstraint(condition=Q(size__gt=0), name="sample_draws_something"),)


class Check(models.Model):
    """A case of a sample and what was found; `recover` says that money has to come back, and how much."""

    class Finding(models.TextChoices):
        OPEN = "", _("待核查")
        SOUND = "sound", _("符合")
        RECOVER = "recover", _("不符合，应追回")
        UNREACHABLE = "unreachable", _("联系不上")

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="checks", verbose_name=_("抽查"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="checks", verbose_name=_("案件"))
    number = models.PositiveIntegerField(_("抽取次序"))
    finding = models.CharField(_("结论"), max_length=12, choices=Finding, blank=True, default="")
    recover = MoneyField(_("应追回"), null=True, blank=True)
    note = SealedTextField(_("说明"), blank=True)
    by = models.CharField(_("核查人"), max_length=150, blank=True)
    at = models.DateTimeField(_("核查时间"), null=True, blank=True)

    reach = OF_CASE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("核查")
        verbose_name_plural = _("核查")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("sample", "case"), name="check_once_a_sample"),
            models.CheckConstraint(
                condition=Q(finding="recover", recover__gt=0)
                | (~Q(finding="recover") & Q(recover__isnull=True)),
                name="check_recovers_an_amount",
            ),
        )
