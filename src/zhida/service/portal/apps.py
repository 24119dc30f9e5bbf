from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhida.service.surface.navigation import Entry


class PortalConfig(AppConfig):
    name = "zhida.service.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = (
        Entry("portal:measures", _("政策目录"), carries_place=True),
        Entry("portal:check", _("自测"), carries_place=True),
    )
