from django.apps import AppConfig


class SurfaceConfig(AppConfig):
    name = "zhida.service.surface"
    label = "surface"
    default_auto_field = "django.db.models.BigAutoField"
