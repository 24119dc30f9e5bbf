"""The roles in which people act."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    APPLICANT = "applicant", _("申请人")
    INTAKE = "intake", _("受理")
    FIRST_REVIEW = "first-review", _("初审")
    SECOND_REVIEW = "second-review", _("复审")
    FINAL_REVIEW = "final-review", _("终审")
    FINANCE = "finance", _("财务")
    POLICY = "policy", _("政策管理")
    SUPERVISION = "supervision", _("督查")
    AUDIT = "audit", _("审计")
    ADMINISTRATION = "administration", _("系统管理")
