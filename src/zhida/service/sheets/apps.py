from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """No tables: an app for the sake of its catalogue of messages."""

    name = "zhida.service.sheets"
    label = "sheets"
