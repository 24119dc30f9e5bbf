"""Jobs: what has to be done once its day has come, and how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("等待")
    RUNNING = "running", _("进行中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")


class Job(models.Model):
    """One piece of work. `key` makes it one: the same key again is the same job.

    A running job is its worker's until `leased_until`; after that another may take it. `attempts` counts
    takings, so that work which kills its worker also comes to an end.
    """

    kind = models.CharField(_("种类"), max_length=60)
    key = models.CharField(_("幂等键"), max_length=150, unique=True)
    payload = models.JSONField(_("内容"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    attempts_allowed = models.PositiveSmallIntegerField(_("最多次数"), default=5)
    due_at = models.DateTimeField(_("应办时间"))
    leased_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    worker = models.CharField(_("执行者"), max_length=80, blank=True)
    error = models.TextField(_("错误"), blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("后台工作")
        verbose_name_plural = _("后台工作")
        ordering = ("due_at", "pk")
        indexes = (models.Index(fields=("state", "due_at")),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_known_state"),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, leased_until__isnull=False) | ~Q(state=State.RUNNING),
                name="job_running_is_leased",
            ),
            models.CheckConstraint(condition=Q(attempts__lte=F("attempts_allowed")), name="job_attempts_end"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
