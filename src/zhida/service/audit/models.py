"""Rows of the audit chain."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that happened. `link` is the keyed hash of this row and of the link before it."""

    number = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    actor = models.CharField(_("操作人"), max_length=150, blank=True)
    region = models.CharField(_("地区"), max_length=6, blank=True)
    action = models.CharField(_("操作"), max_length=60)
    subject = models.CharField(_("对象"), max_length=150, blank=True)
    detail = models.JSONField(_("内容"), default=dict)
    link = models.CharField(_("链值"), max_length=64)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        ordering = ("number",)
        indexes = (models.Index(fields=("subject", "number")), models.Index(fields=("actor", "number")))


class Head(models.Model):
    """The last number and link of the chain: one row, locked while an entry is added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    link = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head"),)
