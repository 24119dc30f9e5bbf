"""Tokens of programs, and how many requests were let through in the present minute."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token is for."""

    DECIDE = "decide", _("测算")
    SUBMIT = "submit", _("提交")
    STATUS = "status", _("查进度")


class Token(models.Model):
    """A program's key, of which only the hash is kept. It may do what its user may, within its scopes."""

    hash = models.CharField(max_length=64, unique=True, editable=False)
    start = models.CharField(_("开头"), max_length=12)
    name = models.CharField(_("名称"), max_length=100)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("用户")
    )
    scopes: Any = models.JSONField(_("范围"), default=list)
    per_minute = models.PositiveIntegerField(_("每分钟次数"))
    created_at = models.DateTimeField(_("签发时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)
    last_used_on = models.DateField(_("最近使用"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=models.Q(per_minute__gte=1), name="token_some_requests"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"


class Allowance(models.Model):
    """How many requests of one kind were handed out to processes in a minute, counted since 1970."""

    key = models.CharField(max_length=64, primary_key=True)
    minute = models.BigIntegerField(db_index=True)
    taken = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("接口用量")
        verbose_name_plural = _("接口用量")
