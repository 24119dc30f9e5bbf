"""A package as it was submitted, the cases in it, their planned steps and what has happened to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.models import Office
from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.cases.states import FINAL, State
from zhida.service.money import MoneyField
from zhida.service.registry.models import Employer, Person
from zhida.service.secrecy.fields import SealedJSONField, SealedTextField

VERDICTS = ("eligible", "review", "unknown")
"""What may be submitted: a refusal and a closed provision may not."""


class Package(models.Model):
    """One submission: who, where, when, what was promised. `key` makes submitting it again harmless.

    `applicant_number` is the 统一社会信用代码 or the identity number; `rows` tells whom the rows of lists are
    about (`hires.h1`: name, number, its keyed hash); `combination` is what the core chose to be paid together
    and gave up.
    """

    class Origin(models.TextChoices):
        APPLIED = "applied", _("申请")
        PROACTIVE = "proactive", _("免申即享")

    origin = models.CharField(_("来由"), max_length=10, choices=Origin, default=Origin.APPLIED)
    number = models.CharField(_("办理编号"), max_length=24, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="packages",
        verbose_name=_("提交人"),
    )
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, related_name="packages", verbose_name=_("单位")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="packages", verbose_name=_("个人")
    )
    applicant_name = SealedTextField(_("申请人"))
    applicant_number = SealedTextField(_("证照号码"))
    applicant_hash = models.CharField(_("证照号码散列"), max_length=64, db_index=True)
    contact: Any = SealedJSONField(_("联系人"), default=dict)
    account: Any = SealedJSONField(_("收款账户"), default=dict, blank=True)
    rows: Any = SealedJSONField(_("名单"), default=dict, blank=True)
    region = models.CharField(_("地区"), max_length=6, db_index=True)
    on = models.DateField(_("办理日期"))
    commitment = models.TextField(_("承诺"))
    combination = models.JSONField(_("组合"), default=dict)
    submitted_at = models.DateTimeField(_("提交时间"))
    key = models.CharField(max_length=64)

    reach = Reach(region=("region",), office="cases__office", owner="user")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("打包办理")
        verbose_name_plural = _("打包办理")
        ordering = ("-submitted_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("user", "key"), name="package_once_a_key"),
            models.CheckConstraint(
                condition=Q(origin="applied", user__isnull=False) | Q(origin="proactive"),
                name="package_applied_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(employer__isnull=True) | Q(person__isnull=True), name="package_one_party"
            ),
        )

    def __str__(self) -> str:
        return self.number


class Concerned(models.Model):
    """Whom a package is about, by keyed hashes alone: its applicant, the people of its rows, the exact name.

    `path` is `applicant`, `name`, or a row (`hires.h1`). Searching and counting by number goes through here.
    """

    package = models.ForeignKey(Package, models.PROTECT, related_name="concerned", verbose_name=_("打包办理"))
    path = models.CharField(_("何人"), max_length=100)
    hash = models.CharField(_("散列"), max_length=64, db_index=True)

    class Meta:
        verbose_name = _("相关人")
        verbose_name_plural = _("相关人")
        constraints = (models.UniqueConstraint(fields=("package", "path"), name="concerned_once"),)


class Case(models.Model):
    """One provision applied for: the facts and the decision as they were, with the hash of the law.

    `facts` is the contract's case, `decision` the contract's decision with its whole trace. `task` is what
    the case waits for, `outside` whether another body does it, `due_on` until when, `moved_at` since when;
    `revision` counts its moves, so that a form can say which one it saw.
    """

    package = models.ForeignKey(Package, models.PROTECT, related_name="cases", verbose_name=_("打包办理"))
    number = models.CharField(_("案件编号"), max_length=28, unique=True)
    measure = models.CharField(_("政策措施"), max_length=60, db_index=True)
    title = models.CharField(_("政策名称"), max_length=100)
    document = models.CharField(_("文号"), max_length=100)
    clause = models.CharField(_("条款"), max_length=60)
    row = models.CharField(_("台账行"), max_length=20)
    region = models.CharField(_("地区"), max_length=6)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("科室")
    )
    office_name = models.CharField(_("经办科室"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=60, blank=True)
    library = models.CharField(_("政策库"), max_length=64)
    on = models.DateField(_("办理日期"))
    facts: Any = SealedJSONField(_("事实"))
    decision: Any = SealedJSONField(_("结论"))
    verdict = models.CharField(_("预审结论"), max_length=12)
    amount = MoneyField(_("金额"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=State, default=State.SUBMITTED)
    task = models.CharField(_("待办事项"), max_length=20, blank=True, default="intake")
    outside = models.BooleanField(_("外单位办理"), default=False)
    due_on = models.DateField(_("最晚办完"), null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_cases",
        verbose_name=_("承办人"),
    )
    revision = models.PositiveIntegerField(_("版本"), default=1)
    approved_at = models.DateTimeField(_("核准时间"), null=True, blank=True)
    moved_at = models.DateTimeField(_("进入本环节"), null=True, blank=True)
    opened_at = models.DateTimeField(_("提交时间"))
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    reach = Reach(region=("region",), office="office", owner="package__user")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("案件")
        verbose_name_plural = _("案件")
        ordering = ("number",)
        indexes = (
            models.Index(fields=("region", "state", "opened_at")),
            models.Index(fields=("office", "state", "opened_at")),
            models.Index(fields=("assignee", "state", "opened_at")),
            models.Index(fields=("state", "due_on")),
        )
        constraints = (
            models.UniqueConstraint(fields=("package", "measure", "row"), name="case_once_a_provision"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_known_state"),
            # Corrected facts may show that a case should be refused: a person says so.
            models.CheckConstraint(
                condition=Q(verdict__in=VERDICTS) | Q(revision__gt=1), name="case_may_be_submitted"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="case_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, closed_at__isnull=False)
                | Q(~Q(state__in=FINAL), closed_at__isnull=True),
                name="case_closed_in_a_final_state",
            ),
        )

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """A step of the provision's own procedure, planned when the case was opened.

    `tasks` are what the step is for (intake, first-review, publicity, pay …), as the procedure says; the
    first `tasks_done` of them are done. `days` are the working days that the text allows, `publicity_days`
    those of the 公示. `due_on` is known once it is known when the step begins, and as far as the calendar of
    working days goes.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name=_("案件"))
    number = models.PositiveSmallIntegerField(_("序号"))
    actor = models.CharField(_("办理方"), max_length=100)
    action = models.CharField(_("事项"), max_length=300)
    by_applicant = models.BooleanField(_("由申请人办"), default=False)
    days = models.PositiveSmallIntegerField(_("工作日"), null=True, blank=True)
    publicity = models.BooleanField(_("公示"), default=False)
    publicity_days = models.PositiveSmallIntegerField(_("公示工作日"), null=True, blank=True)
    tasks = models.JSONField(_("任务"), default=list, blank=True)
    tasks_done = models.PositiveSmallIntegerField(_("已办任务"), default=0)
    started_on = models.DateField(_("开始"), null=True, blank=True)
    due_on = models.DateField(_("最晚办完"), null=True, blank=True)
    ended_on = models.DateField(_("办完"), null=True, blank=True)
    by = models.CharField(_("办理人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("步骤")
        verbose_name_plural = _("步骤")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="step_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=False),
                name="step_ends_after_it_started",
            ),
        )


class Move(models.Model):
    """One change of a case's state: rows are only ever added.

    `name` is the transition, `step` and `task` what it fulfilled, `detail` what it says beside the note (the
    day and number of another body's paper); no personal data.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="moves", verbose_name=_("案件"))
    number = models.PositiveSmallIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("操作人"), max_length=150)
    from_state = models.CharField(_("原状态"), max_length=20, choices=State, blank=True)
    to_state = models.CharField(_("新状态"), max_length=20, choices=State)
    name = models.CharField(_("动作"), max_length=30, blank=True)
    step = models.PositiveSmallIntegerField(_("步骤"), null=True, blank=True)
    task = models.CharField(_("任务"), max_length=20, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    detail = models.JSONField(_("细节"), default=dict, blank=True)

    class Meta:
        verbose_name = _("变动")
        verbose_name_plural = _("变动")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="move_once"),
            models.CheckConstraint(condition=Q(to_state__in=State.values), name="move_known_state"),
        )


class Query(models.Model):
    """A question about progress without log-in, counted so that nobody can try numbers: hashes only."""

    what = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("what", "at")), models.Index(fields=("at",)))
