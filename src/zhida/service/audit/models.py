"""Rows of the audit chain."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that happened.

    `digest` is the keyed hash of what the row says, `link` that of the link before it, the number and the
    digest: a changed row, and a row in another place, are told apart.
    """

    number = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    actor = models.CharField(_("操作人"), max_length=150, blank=True)
    region = models.CharField(_("地区"), max_length=6, blank=True)
    action = models.CharField(_("操作"), max_length=60)
    subject = models.CharField(_("对象"), max_length=150, blank=True)
    detail = models.JSONField(_("内容"), default=dict)
    digest = models.CharField(_("摘要"), max_length=64)
    link = models.CharField(_("链值"), max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ("number",)
        indexes = (
            models.Index(fields=("subject", "number"), name="audit_subject"),
            models.Index(fields=("actor", "number"), name="audit_actor"),
            models.Index(fields=("action", "number"), name="audit_action"),
            models.Index(fields=("region", "number"), name="audit_region"),
            models.Index(fields=("at",), name="audit_at"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class Head(models.Model):
    """The last number and link of the chain: one row, locked while an entry is added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    link = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head"),)

    def __str__(self) -> str:
        return f"{self.number}:{self.link}"
