from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "zhida.service.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
