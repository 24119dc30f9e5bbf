"""Funds and their transfers; what is owed to whom, and the payments and batches that settle it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.cases.models import Case
from zhida.service.money import MoneyField
from zhida.service.payments.moves import ROUTES, Move, Standing
from zhida.service.payments.states import ENDED, BatchState, Outcome, PaymentState, RecoveryState
from zhida.service.secrecy.fields import SealedJSONField


class Fund(models.Model):
    """Money for a purpose in a region and year (就业补助资金, 失业保险基金 …). `link` is its chain's last."""

    name = models.CharField(_("资金"), max_length=60)
    region = models.CharField(_("地区"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    count = models.BigIntegerField(_("转账笔数"), default=0)
    link = models.CharField(_("链值"), max_length=64, blank=True)

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("资金")
        verbose_name_plural = _("资金")
        constraints = (
            models.UniqueConstraint(fields=("region", "year", "name"), name="fund_once_a_region_and_year"),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


class Account(models.Model):
    """How much of a fund stands where. All accounts of a fund add up to zero."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="accounts", verbose_name=_("资金"))
    standing = models.CharField(_("状态"), max_length=12, choices=Standing)
    balance = MoneyField(_("余额"), default=0)

    class Meta:
        verbose_name = _("账户")
        verbose_name_plural = _("账户")
        constraints = (
            models.UniqueConstraint(fields=("fund", "standing"), name="account_once_a_fund"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="account_known_standing"),
            models.CheckConstraint(
                condition=Q(standing=Standing.OUTSIDE, balance__lte=0)
                | (~Q(standing=Standing.OUTSIDE) & Q(balance__gte=0)),
                name="account_never_overdrawn",
            ),
        )


class Transfer(models.Model):
    """One amount that moved from one account to another. Rows are added, never changed or removed."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="transfers", verbose_name=_("资金"))
    number = models.BigIntegerField(_("序号"))
    move = models.CharField(_("业务"), max_length=12, choices=Move)
    source = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("转出"))
    target = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("转入"))
    amount = MoneyField(_("金额"))
    subject = models.CharField(_("对象"), max_length=60)
    key = models.CharField(_("幂等键"), max_length=120, unique=True)
    by = models.CharField(_("经手人"), max_length=150)
    at = models.DateTimeField(_("时间"))
    link = models.CharField(_("链值"), max_length=64)

    class Meta:
        verbose_name = _("转账")
        verbose_name_plural = _("转账")
        ordering = ("fund", "number")
        constraints = (
            models.UniqueConstraint(fields=("fund", "number"), name="transfer_numbered_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_moves_something"),
            models.CheckConstraint(
                condition=Q(move__in=[str(m) for m in ROUTES]), name="transfer_known_move"
            ),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="transfer_between_two"),
        )
        indexes = (models.Index(fields=("subject",)),)


class Batch(models.Model):
    """Payments that go to the bank in one file. Who made it never checks it; both declared its totals."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="batches", verbose_name=_("资金"))
    number = models.CharField(_("批次号"), max_length=24, unique=True)
    profile = models.CharField(_("文件格式"), max_length=40)
    count = models.PositiveIntegerField(_("笔数"))
    total = MoneyField(_("总额"))
    state = models.CharField(_("状态"), max_length=10, choices=BatchState, default=BatchState.MADE)
    made_by = models.CharField(_("制单"), max_length=150)
    made_at = models.DateTimeField(_("制单时间"))
    checked_by = models.CharField(_("复核"), max_length=150, blank=True)
    checked_at = models.DateTimeField(_("复核时间"), null=True, blank=True)

    reach = Reach(region=("fund__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("支付批次")
        verbose_name_plural = _("支付批次")
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_known_state"),
            models.CheckConstraint(condition=Q(count__gt=0, total__gt=0), name="batch_not_empty"),
            models.CheckConstraint(
                condition=~Q(checked_by=models.F("made_by")) | Q(checked_by=""), name="batch_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(BatchState.MADE, BatchState.CANCELLED)) | ~Q(checked_by=""),
                name="batch_leaves_only_checked",
            ),
        )

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """One amount to one payee on one occasion: a stage, a month, a payer's share.

    `attempt` counts how often it was sent, `moved` how often its state changed.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="payments", verbose_name=_("案件"))
    number = models.CharField(_("支付编号"), max_length=40, unique=True)
    stage = models.PositiveSmallIntegerField(_("期次"), default=1)
    period = models.CharField(_("所属期"), max_length=10, blank=True)
    payer = models.CharField(_("承担方"), max_length=10, blank=True)
    label = models.CharField(_("说明"), max_length=100, blank=True)
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, blank=True, related_name="payments")
    amount = MoneyField(_("金额"))
    account: Any = SealedJSONField(_("收款账户"), default=dict, blank=True)
    due_on = models.DateField(_("应付日"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=PaymentState, default=PaymentState.PLANNED)
    attempt = models.PositiveSmallIntegerField(_("次数"), default=0)
    moved = models.PositiveSmallIntegerField(_("变动次数"), default=0)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="payments")
    reason = models.CharField(_("退票或停发原因"), max_length=200, blank=True)
    paid_on = models.DateField(_("到账日"), null=True, blank=True)

    reach = Reach(region=("case__region",), owner="case__package__user")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("支付")
        verbose_name_plural = _("支付")
        ordering = ("case", "stage", "period", "payer")
        indexes = (models.Index(fields=("state", "due_on")),)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "stage", "period", "payer"),
                condition=~Q(state=PaymentState.CANCELLED),
                name="payment_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="payment_known_state"),
            models.CheckConstraint(
                condition=Q(state__in=(PaymentState.PLANNED, *ENDED)) | Q(fund__isnull=False),
                name="payment_has_a_fund",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaymentState.BATCHED) | Q(batch__isnull=False),
                name="payment_sent_in_a_batch",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaymentState.PAID) | Q(paid_on__isnull=False), name="payment_paid_on_a_day"
            ),
        )

    def __str__(self) -> str:
        return self.number


class Sending(models.Model):
    """A payment in a batch: a line of its file, and what the bank said of it. Kept when it is sent again."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="sendings", verbose_name=_("支付批次"))
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="sendings", verbose_name=_("支付"))
    line = models.PositiveIntegerField(_("行号"))
    amount = MoneyField(_("金额"))
    account: Any = SealedJSONField(_("收款账户"), default=dict)
    outcome = models.CharField(_("结果"), max_length=9, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("支付明细")
        verbose_name_plural = _("支付明细")
        ordering = ("batch", "line")
        constraints = (
            models.UniqueConstraint(fields=("batch", "line"), name="sending_line_once"),
            models.UniqueConstraint(fields=("batch", "payment"), name="sending_once_a_batch"),
            models.UniqueConstraint(
                fields=("payment",),
                condition=Q(outcome__in=(Outcome.WAITING, Outcome.PAID)),
                name="sending_open_or_paid_once",
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="sending_known_outcome"),
        )

    @property
    def number(self) -> str:
        """What the bank knows it by."""
        return f"{self.batch.number}-{self.line:05}"


class BankResult(models.Model):
    """A result file that was taken, whole. The same file again changes nothing."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="results", verbose_name=_("支付批次"))
    digest = models.CharField(_("文件摘要"), max_length=64)
    count = models.PositiveIntegerField(_("笔数"))
    total = MoneyField(_("总额"))
    taken_by = models.CharField(_("导入人"), max_length=150)
    taken_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = _("银行结果")
        verbose_name_plural = _("银行结果")
        constraints = (models.UniqueConstraint(fields=("batch", "digest"), name="result_taken_once"),)


class Entitlement(models.Model):
    """What one unit of a case is owed by one payment. Nobody is owed the same twice, in any case of anybody.

    `subject` is whom the rule's limit counts by: `person:<hash>`, `employer:<number>`, or the unit itself.
    `ended_at` is set where the payment was stopped or recovered, and the way is free again.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="entitlements", verbose_name=_("支付"))
    unit = models.CharField(_("对象"), max_length=60)
    subject = models.CharField(_("计次对象"), max_length=100)
    measure = models.CharField(_("政策措施"), max_length=60)
    period = models.CharField(_("所属期"), max_length=10, blank=True)
    stage = models.PositiveSmallIntegerField(_("期次"), default=1)
    payer = models.CharField(_("承担方"), max_length=10, blank=True)
    exclusion_group = models.CharField(_("互斥组"), max_length=40, blank=True)
    exclusion_person = models.CharField(_("互斥对象"), max_length=100, blank=True)
    exclusion_period = models.CharField(_("互斥期"), max_length=10, blank=True)
    amount = MoneyField(_("金额"))
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("应享待遇")
        verbose_name_plural = _("应享待遇")
        constraints = (
            models.UniqueConstraint(
                fields=("measure", "subject", "period", "stage", "payer"),
                condition=Q(ended_at__isnull=True),
                name="entitled_once",
            ),
            models.UniqueConstraint(
                fields=("exclusion_group", "exclusion_person", "exclusion_period", "stage", "payer"),
                condition=Q(ended_at__isnull=True) & ~Q(exclusion_group=""),
                name="entitled_to_one_of_a_group",
            ),
            models.UniqueConstraint(fields=("payment", "unit"), name="entitled_once_a_payment"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="entitled_to_something"),
        )


class Recovery(models.Model):
    """Money that has to come back: part or all of what was paid. `received` never exceeds `amount`."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="recoveries", verbose_name=_("支付"))
    amount = MoneyField(_("应追回"))
    received = MoneyField(_("已追回"), default=0)
    reason = models.CharField(_("事由"), max_length=300)
    clause = models.CharField(_("依据"), max_length=100)
    state = models.CharField(_("状态"), max_length=12, choices=RecoveryState, default=RecoveryState.OPEN)
    opened_by = models.CharField(_("经手人"), max_length=150)
    opened_at = models.DateTimeField(_("认定时间"))
    due_on = models.DateField(_("应退回日"), null=True, blank=True)
    ended_note = models.CharField(_("办结说明"), max_length=300, blank=True)

    reach = Reach(region=("payment__case__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("追回")
        verbose_name_plural = _("追回")
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_of_something"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=models.F("amount")),
                name="recovery_not_exceeded",
            ),
            models.CheckConstraint(condition=Q(state__in=RecoveryState.values), name="recovery_known_state"),
            models.CheckConstraint(
                condition=~Q(state=RecoveryState.RECEIVED) | Q(received=models.F("amount")),
                name="recovery_received_is_all",
            ),
        )
