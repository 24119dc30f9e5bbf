"""Answers that are being given: the self-check's, and the application that may grow out of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhida.service.secrecy.fields import SealedJSONField


class Audience(models.TextChoices):
    """For whom somebody asks: the payees of the measures that concern them."""

    EMPLOYER = "employer", _("用人单位")
    PERSON = "person", _("个人")
    ALL = "", _("都看")


class Draft(models.Model):
    """Answers of a self-check, and the package prepared from them.

    A private link opens it: only the hash of its token is kept. Once it has a user, only they open it.
    `facts` is the contract's case without region and day; `asked` are its keys in the order of answering,
    `refused` those answered 不知道. `measures` limits what is decided (none: all of the audience); `chosen`
    are the provisions to apply for, as `measure:row`.
    """

    public = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    region = models.CharField(_("地区"), max_length=6)
    on = models.DateField(_("办理日期"))
    audience = models.CharField(_("办理人"), max_length=10, blank=True, choices=Audience)
    measures = models.JSONField(_("政策措施"), default=list, blank=True)
    chosen = models.JSONField(_("要办的政策"), default=list, blank=True)
    facts: Any = SealedJSONField(_("填写内容"), default=dict)
    refused = models.JSONField(_("不知道的"), default=list, blank=True)
    asked = models.JSONField(_("问过的"), default=list, blank=True)
    step = models.CharField(_("填到哪里"), max_length=30, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    created_at = models.DateTimeField(_("开始时间"))
    expires_at = models.DateTimeField(_("到期时间"), db_index=True)

    class Meta:
        verbose_name = _("填写中的材料")
        verbose_name_plural = _("填写中的材料")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values), name="draft_known_audience"
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.on}"
