"""Files being imported: what was sent, what its rows would change, and how far that is done."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhida.service import clock
from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.secrecy.fields import SealedJSONField


class Batch(models.Model):
    """One uploaded file, from its reading to its end. `done` counts the rows read, then those applied."""

    class State(models.TextChoices):
        READING = "reading", _("读取中")
        STAGED = "staged", _("待确认")
        APPLYING = "applying", _("导入中")
        APPLIED = "applied", _("已导入")
        REFUSED = "refused", _("不能导入")
        DROPPED = "dropped", _("已放弃")

    kind = models.CharField(_("种类"), max_length=20)
    region = models.CharField(_("地区"), max_length=6, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("导入人")
    )
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    checksum = models.CharField(_("校验值"), max_length=64)
    file = models.CharField(_("文件"), max_length=200, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    on = models.DateField(_("日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.READING)
    headings = models.JSONField(_("列名"), default=list)
    ignored = models.JSONField(_("未识别的列"), default=list)
    refusal = models.CharField(_("原因"), max_length=500, blank=True)
    total = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    runs = models.PositiveSmallIntegerField(_("启动次数"), default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    wrong = models.PositiveIntegerField(_("有误"), default=0)
    created_at = models.DateTimeField(_("上传时间"), default=clock.now)
    moved_at = models.DateTimeField(_("最近进展"), default=clock.now)

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入批次")
        verbose_name_plural = _("导入批次")
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=Q(done__gte=0), name="batch_done_counts"),)

    def __str__(self) -> str:
        return f"{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.moved_at = clock.now()
        super().save(*args, **kwargs)

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.READING, self.State.APPLYING)


class StagedRow(models.Model):
    """A row of a file: what it says, what that would change, or what is wrong with it.

    Rows that were applied are gone; wrong ones stay for the file that is given back.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("新增")
        CHANGED = "changed", _("变更")
        UNCHANGED = "unchanged", _("无变化")
        WRONG = "wrong", _("有误")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("行号"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    content = SealedJSONField(_("内容"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch", "number"), name="staged_row_once"),)
        indexes = (models.Index(fields=("batch", "outcome", "number")),)
