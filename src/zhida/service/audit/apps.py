from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "zhida.service.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
    # Of what has no app of its own: the commands that build a demonstration.
    audit_actions = {  # noqa: RUF012
        "demo built": _("生成演示数据"),
        "demo registered": _("登记演示数据"),
    }
