"""Employers, persons, what is known of them, who may act for them, and files being imported."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhida.service import clock
from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.registry.batches import Batch, StagedRow
from zhida.service.secrecy.fields import SealedTextField

__all__ = ["Batch", "Employer", "Known", "Person", "Record", "Representation", "StagedRow"]

REPRESENTED: dict[str, Any] = {
    "owner": "representations__user",
    "owner_when": {"representations__state": "verified"},
}
"""An applicant reaches a party whose representation by them is verified, and nothing else."""


class Known(models.Model):
    """Facts by the keys of the vocabulary, as JSON that a case may hold; where they come from.

    `origins` is a list of {"source", "on", "keys"}: who said which facts, on which day.
    """

    region = models.CharField(_("经办地区"), max_length=6, db_index=True)
    facts = models.JSONField(_("事实"), default=dict)
    origins = models.JSONField(_("来源"), default=list)
    updated_at = models.DateTimeField(_("更新时间"), default=clock.now)

    class Meta:
        abstract = True


class Employer(Known):
    """An employer by its 统一社会信用代码. `region` is where it is insured, else where it is registered."""

    number = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("单位名称"), max_length=200, db_index=True)
    contact = SealedTextField(_("联系人"), blank=True)
    phone = SealedTextField(_("联系电话"), blank=True)
    bank_account = SealedTextField(_("银行账号"), blank=True)

    reach = Reach(region=("region",), **REPRESENTED)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        indexes = (models.Index(fields=("region", "number")),)

    def __str__(self) -> str:
        return self.name


class Person(Known):
    """A person by the identity number, which is sealed; `number_hash` finds the exact one."""

    number = SealedTextField(_("公民身份号码"))
    number_hash = models.CharField(_("号码散列"), max_length=64, unique=True)
    name = SealedTextField(_("姓名"), blank=True)
    phone = SealedTextField(_("联系电话"), blank=True)
    bank_account = SealedTextField(_("银行账号"), blank=True)

    reach = Reach(region=("region",), **REPRESENTED)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("个人")
        verbose_name_plural = _("个人")


class Record(Known):
    """A row of any other entity of the vocabulary: a hire, an internship, a certificate, a loan, a grant …

    `key` names it among its entity for ever: a file that says it again changes it, and adds nothing.
    """

    entity = models.CharField(_("类别"), max_length=20)
    key = models.CharField(_("编号"), max_length=60)
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("单位")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("个人")
    )

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("名单记录")
        verbose_name_plural = _("名单记录")
        indexes = (models.Index(F("facts__subject"), name="record_subject", condition=Q(entity="history")),)
        constraints = (
            models.UniqueConstraint(fields=("entity", "key"), name="record_once"),
            models.CheckConstraint(
                condition=Q(employer__isnull=False)
                | Q(person__isnull=False)
                | Q(entity__in=("place", "fund")),
                name="record_belongs_to_someone",
            ),
        )


class Representation(models.Model):
    """For whom a user says that they act; it counts once an official, or the identity provider, says so.

    Before that it points at nothing in the registry: who claims a number learns nothing by it.
    """

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("单位")
        PERSON = "person", _("本人")

    class State(models.TextChoices):
        CLAIMED = "claimed", _("待核实")
        VERIFIED = "verified", _("已核实")
        REFUSED = "refused", _("未通过")
        ENDED = "ended", _("已解除")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="representations", verbose_name=_("用户")
    )
    kind = models.CharField(_("代表"), max_length=10, choices=Kind)
    number = SealedTextField(_("号码"))
    number_hash = models.CharField(_("号码散列"), max_length=64)
    name = SealedTextField(_("名称"))
    region = models.CharField(_("经办地区"), max_length=6, db_index=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.CLAIMED)
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, related_name="representations"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="representations")
    claimed_at = models.DateTimeField(_("提出时间"), default=clock.now)
    settled_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    settled_by = models.CharField(_("核实人"), max_length=150, blank=True)
    reason = models.CharField(_("说明"), max_length=200, blank=True)

    reach = Reach(region=("region",), owner="user")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("代表关系")
        verbose_name_plural = _("代表关系")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind", "number_hash"),
                condition=Q(state__in=("claimed", "verified")),
                name="representation_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="verified", kind="employer", employer__isnull=False, person__isnull=True)
                    | Q(state="verified", kind="person", employer__isnull=True, person__isnull=False)
                    | Q(state__in=("claimed", "refused"), employer__isnull=True, person__isnull=True)
                    | Q(state="ended")
                ),
                name="representation_points_when_verified",
            ),
        )

    @property
    def verified(self) -> bool:
        return self.state == self.State.VERIFIED
