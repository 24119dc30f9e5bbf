"""Answers that are being given: the self-check's, and the application that may grow out of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.cases.models import Package
from zhida.service.registry.models import Employer, Person
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
    are the provisions to apply for, as `measure:row`. `origins` says which facts came from the registry, and
    from whom; `applicant` and `rows` name who applies and whom the rows of lists are about.
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
    employer = models.ForeignKey(Employer, models.CASCADE, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    applicant: Any = SealedJSONField(_("申请人"), default=dict)
    rows: Any = SealedJSONField(_("名单"), default=dict)
    origins = models.JSONField(_("来源"), default=dict, blank=True)
    package = models.OneToOneField(
        Package, models.PROTECT, null=True, blank=True, related_name="draft", verbose_name=_("打包办理")
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
            models.CheckConstraint(
                condition=models.Q(package__isnull=True) | models.Q(user__isnull=False),
                name="draft_submitted_by_someone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.on}"


class Attachment(models.Model):
    """A file for one of the materials. Its content lies in the store under `digest`, never in the database.

    `name` is what the applicant called it, made harmless; `kind` is what the content says it is. `scanned`
    tells whether a scanner looked at it.
    """

    public = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="attachments")
    package = models.ForeignKey(
        Package, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name=_("打包办理")
    )
    material = models.CharField(_("材料"), max_length=200)
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    digest = models.CharField(_("内容散列"), max_length=64)
    path = models.CharField(max_length=150)
    scanned = models.BooleanField(_("已查毒"), default=False)
    uploaded_at = models.DateTimeField(_("上传时间"))

    reach = Reach(region=("package__region",), office="package__cases__office", owner="package__user")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(draft__isnull=False) | models.Q(package__isnull=False),
                name="attachment_belongs_somewhere",
            ),
            models.UniqueConstraint(fields=("draft", "material", "digest"), name="attachment_once"),
        )

    def __str__(self) -> str:
        return self.name
