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
