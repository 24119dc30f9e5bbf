from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhida.service.surface.navigation import Entry


class ApplicationsConfig(AppConfig):
    name = "zhida.service.applications"
    label = "applications"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = (
        Entry("applications:progress", _("查进度")),
        Entry("applications:packages", _("我的办理"), action="follow own cases"),
    )
    audit_actions = {  # noqa: RUF012
        "attachment opened": _("打开附件"),
        "registry used for a form": _("用登记信息填表"),
        "grants looked up": _("核对以往享受记录"),
        "progress asked": _("凭编号查进度"),
        "progress refused": _("查进度没有查到"),
    }
