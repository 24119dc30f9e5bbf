"""Runs, the candidates that they froze, what keeps some of them back, and how two runs differ."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhida.service import clock
from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.cases.models import Case, Package
from zhida.service.money import MoneyField
from zhida.service.proactive.states import (
    UNDER_WAY,
    BlockKind,
    BlockState,
    CandidateState,
    Differing,
    RunState,
)
from zhida.service.registry.models import Employer, Person
from zhida.service.secrecy.fields import SealedJSONField

PARTY = Q(employer__isnull=False, person__isnull=True) | Q(employer__isnull=True, person__isnull=False)


class Run(models.Model):
    """One screening of the registry for one measure, and the list that came of it.

    `digest` is that of the exported registry, `manifest` what `zhida screen` says of its input and output.
    `screened` counts units by verdict. `count` and `link` are the head of the list's chain once it stands.
    `rounds` counts how often cases were opened from it.
    """

    measure = models.CharField(_("政策措施"), max_length=60)
    region = models.CharField(_("地区"), max_length=6)
    on = models.DateField(_("办理日期"))
    library = models.CharField(_("政策库"), max_length=64)
    digest = models.CharField(_("登记信息摘要"), max_length=64, blank=True)
    manifest = models.JSONField(_("筛查记录"), default=dict, blank=True)
    screened = models.JSONField(_("筛查结果"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=RunState, default=RunState.EXPORT)
    expected = models.PositiveIntegerField(_("候选数"), default=0)
    count = models.PositiveIntegerField(_("名单行数"), default=0)
    link = models.CharField(max_length=64, blank=True)
    former = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later", verbose_name=_("上一次")
    )
    rounds = models.PositiveSmallIntegerField(_("开案次数"), default=0)
    error = models.TextField(_("停止原因"), blank=True)
    started_by = models.CharField(_("发起人"), max_length=150)
    started_at = models.DateTimeField(_("发起时间"), default=clock.now)
    frozen_at = models.DateTimeField(_("固定时间"), null=True, blank=True)

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("免申即享筛查")
        verbose_name_plural = _("免申即享筛查")
        ordering = ("-pk",)
        indexes = (models.Index(fields=("region", "measure")),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_known_state"),
            models.UniqueConstraint(
                fields=("measure", "region"), condition=Q(state__in=UNDER_WAY), name="run_one_under_way"
            ),
        )

    def __str__(self) -> str:
        return f"proactive:{self.pk}"


class Candidate(models.Model):
    """A line of a frozen list: whom it is about, what was decided on which facts. Only its state changes.

    `facts` is the contract's case, `digest` that of the whole line, `link` chains it to the line before.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="candidates", verbose_name=_("筛查"))
    number = models.PositiveIntegerField(_("序号"))
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, related_name="candidates", verbose_name=_("单位")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="candidates", verbose_name=_("个人")
    )
    unit = models.CharField(_("对象"), max_length=90)
    row = models.CharField(_("台账行"), max_length=20)
    region = models.CharField(_("地区"), max_length=6)
    verdict = models.CharField(_("结论"), max_length=12)
    amount = MoneyField(_("金额"), null=True, blank=True)
    missing = models.JSONField(_("缺少"), default=list, blank=True)
    facts: Any = SealedJSONField(_("事实"))
    digest = models.CharField(max_length=64)
    link = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=CandidateState)
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    account: Any = SealedJSONField(_("确认的账户"), null=True, blank=True)
    confirmed_by = models.CharField(_("确认人"), max_length=150, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="candidate", verbose_name=_("案件")
    )

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("候选")
        verbose_name_plural = _("候选名单")
        ordering = ("run", "number")
        indexes = (models.Index(fields=("run", "state", "number")),)
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="candidate_in_order"),
            models.UniqueConstraint(fields=("run", "unit", "row"), name="candidate_once"),
            models.CheckConstraint(condition=PARTY, name="candidate_one_party"),
            models.CheckConstraint(
                condition=Q(state__in=CandidateState.values), name="candidate_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="opened", case__isnull=False) | Q(~Q(state="opened"), case__isnull=True)
                | Q(state="opted-out"),
                name="candidate_opened_has_case",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="candidate_amount_not_negative"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"

    @property
    def party(self) -> Employer | Person:
        return self.employer or self.person  # type: ignore[return-value]


class Block(models.Model):
    """One thing that keeps a candidate back: what it is, who can settle it, until when, how often chased."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="blocks", verbose_name=_("候选"))
    kind = models.CharField(_("受阻原因"), max_length=10, choices=BlockKind)
    key = models.CharField(_("信息项"), max_length=120)
    reason = models.CharField(_("说明"), max_length=300)
    owner = models.CharField(_("责任单位"), max_length=100)
    due_on = models.DateField(_("最晚解决"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=BlockState, default=BlockState.OPEN)
    chased = models.PositiveSmallIntegerField(_("催办次数"), default=0)
    chased_at = models.DateTimeField(_("最近催办"), null=True, blank=True)

    reach = Reach(region=("candidate__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("受阻事项")
        verbose_name_plural = _("受阻事项")
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("candidate", "key"), name="block_once"),
            models.CheckConstraint(condition=Q(kind__in=BlockKind.values), name="block_known_kind"),
        )


class Claim(models.Model):
    """A beneficiary's one package of a measure and period: a second cannot be opened while it counts.

    `unit` is `employer:number`, or `person:` and the hash of the number.
    """

    measure = models.CharField(_("政策措施"), max_length=60)
    unit = models.CharField(_("对象"), max_length=90)
    period = models.CharField(_("期间"), max_length=10, blank=True)
    package = models.OneToOneField(Package, models.PROTECT, related_name="claim", verbose_name=_("打包办理"))
    counts = models.BooleanField(_("有效"), default=True)

    class Meta:
        verbose_name = _("占用")
        verbose_name_plural = _("占用")
        constraints = (
            models.UniqueConstraint(
                fields=("measure", "unit", "period"), condition=Q(counts=True), name="claim_once"
            ),
        )


class Difference(models.Model):
    """A party that came into a list, left it, or whose amount changed since the former run, and why.

    `facts` lists what changed as [key, before, after]; `conditions` the labels of those that came to hold,
    or fail now.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="differences", verbose_name=_("筛查"))
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.CharField(_("对象"), max_length=90)
    region = models.CharField(_("地区"), max_length=6)
    kind = models.CharField(_("变动"), max_length=10, choices=Differing)
    before_verdict = models.CharField(_("原结论"), max_length=12, blank=True)
    after_verdict = models.CharField(_("现结论"), max_length=12, blank=True)
    before = MoneyField(_("原金额"), null=True, blank=True)
    after = MoneyField(_("现金额"), null=True, blank=True)
    facts: Any = SealedJSONField(_("变动的事实"), default=list)
    conditions = models.JSONField(_("条件"), default=list)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("名单变动")
        verbose_name_plural = _("名单变动")
        ordering = ("run", "kind", "pk")
        constraints = (
            models.UniqueConstraint(fields=("run", "unit"), name="difference_once"),
            models.CheckConstraint(condition=Q(kind__in=Differing.values), name="difference_known_kind"),
        )

    @property
    def party(self) -> Employer | Person:
        return self.employer or self.person  # type: ignore[return-value]
