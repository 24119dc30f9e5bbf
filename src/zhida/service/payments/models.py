"""Funds, their accounts, and transfers between them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhida.service.money import MoneyField
from zhida.service.payments.moves import ROUTES, Move, Standing


class Fund(models.Model):
    """Money for a purpose in a region and year (就业补助资金, 失业保险基金 …). `link` is its chain's last."""

    name = models.CharField(_("资金"), max_length=60)
    region = models.CharField(_("地区"), max_length=6)
    year = models.PositiveSmallIntegerField(_("年度"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    count = models.BigIntegerField(_("转账笔数"), default=0)
    link = models.CharField(_("链值"), max_length=64, blank=True)

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
