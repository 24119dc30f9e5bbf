from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "zhida.service.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
    audit_actions = {"token issued": _("签发接口令牌"), "token revoked": _("吊销接口令牌")}  # noqa: RUF012
