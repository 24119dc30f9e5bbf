"""`zhida manage discard_drafts`: for a timer, once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from zhida.service.applications.drafts import discard_expired


class Command(BaseCommand):
    help = "Delete drafts whose time is over, with their files. Files of submitted packages stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{discard_expired()} drafts deleted")
