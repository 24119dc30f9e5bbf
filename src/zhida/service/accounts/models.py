"""Users, and the roles in which they act: in which region, for which office."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.roles import Role
from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.secrecy.fields import SealedTextField


class Agency(models.Model):
    """An agency that handles measures (经办机构), with the public's ways to reach it."""

    name = models.CharField(_("名称"), max_length=100)
    region = models.CharField(_("地区"), max_length=6, db_index=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=60, blank=True)
    hours = models.CharField(_("办公时间"), max_length=100, blank=True)

    reach = Reach(region=("region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("经办机构")
        verbose_name_plural = _("经办机构")
        constraints = (models.UniqueConstraint(fields=("region", "name"), name="agency_once_a_region"),)

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """A section of an agency (科室): where a queue of cases is."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="offices", verbose_name=_("经办机构"))
    name = models.CharField(_("名称"), max_length=100)
    phone = models.CharField(_("电话"), max_length=60, blank=True)

    reach = Reach(region=("agency__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("科室")
        verbose_name_plural = _("科室")
        constraints = (models.UniqueConstraint(fields=("agency", "name"), name="office_once_an_agency"),)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> ScopedQuerySet:
        return ScopedQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any, action: str) -> ScopedQuerySet:
        return self.get_queryset().visible_to(user, action)

    def create_user(self, username: str, name: str, password: str | None = None) -> User:
        user = self.model(username=username, name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who logs in. What they may do is in their appointments."""

    username = models.CharField(_("用户名"), max_length=150, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    is_active = models.BooleanField(_("可登录"), default=True)
    joined_at = models.DateTimeField(_("开户时间"), auto_now_add=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]  # noqa: RUF012
    reach = Reach(region=("appointments__region",))
    objects = UserManager()

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A role of a user in a region and everything below it; for one office, or for all of them."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("用户"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    region = models.CharField(_("地区"), max_length=6)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, verbose_name=_("科室"))

    reach = Reach(region=("region",), owner="user")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "region", "office"),
                name="appointment_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="appointment_known_role"),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.region}"


class LiveSession(models.Model):
    """A log-in that has not ended, so that its owner can see and end it; `key` is Django's session."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", verbose_name=_("用户"))
    key = models.CharField(max_length=40, unique=True)
    device = models.CharField(_("设备"), max_length=200, blank=True)
    began_at = models.DateTimeField(_("登录时间"))
    seen_at = models.DateTimeField(_("最近使用"))

    class Meta:
        verbose_name = _("登录会话")
        verbose_name_plural = _("登录会话")
        ordering = ("-seen_at",)

    def __str__(self) -> str:
        return self.device


class ExternalIdentity(models.Model):
    """Who a user is to an identity provider: by issuer and subject, never by a name or a number.

    The numbers are what the provider vouches for; the registry takes them as verified.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="identities", verbose_name=_("用户"))
    issuer = models.CharField(_("认证平台"), max_length=200)
    subject = models.CharField(_("平台内标识"), max_length=255)
    person_number = SealedTextField(_("公民身份号码"), blank=True)
    employer_number = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    linked_at = models.DateTimeField(_("绑定时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("外部身份")
        verbose_name_plural = _("外部身份")
        constraints = (models.UniqueConstraint(fields=("issuer", "subject"), name="identity_once"),)

    def __str__(self) -> str:
        return self.issuer
