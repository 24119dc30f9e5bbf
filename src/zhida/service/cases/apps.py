from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "zhida.service.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
    audit_actions = {  # noqa: RUF012
        "package submitted": _("提交打包办理"),
        "case opened": _("立案"),
    }
