"""`zhida manage rotate_keys`: seal everything anew with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from zhida.service.audit import chain
from zhida.service.secrecy.keys import keyring
from zhida.service.secrecy.rotation import reseal


class Command(BaseCommand):
    help = (
        "Seal every sealed value with the newest key, the first of ZHIDA_KEYS. Can be stopped and started "
        "again. Afterwards the older keys can be taken out of ZHIDA_KEYS, all but the last: it makes the "
        "keyed hashes and the audit chain."
    )

    def handle(self, *arguments: Any, **options: Any) -> None:
        total = 0
        for done in reseal():
            self.stdout.write(f"{done.field}: {done.count}")
            total += done.count
        chain.note("keys rotated", actor="", detail={"key": keyring().newest, "values": total})
        self.stdout.write(self.style.SUCCESS(f"{total} values are sealed with the key {keyring().newest}."))
