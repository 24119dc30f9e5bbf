"""The folder of a demonstration: secrets, database, files; made on the first start, kept on the next.

The database is built beside its final name and moved there when it is complete: a start that is interrupted
leaves nothing half-made, and the next one begins anew.
"""

from __future__ import annotations

import base64
import importlib
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection

SECRETS = "secrets.env"
KEY_BYTES = 32

Account = tuple[str, str, str]
"""User name, password, and what they are in words."""
Build = Callable[[], Sequence[Account]]


@dataclass(frozen=True, slots=True)
class Premises:
    """A folder that a demonstration lives in."""

    folder: Path

    @property
    def secrets(self) -> Path:
        return self.folder / SECRETS

    @property
    def database(self) -> Path:
        return self.folder / "zhida.sqlite3"

    @property
    def unfinished(self) -> Path:
        return self.folder / "zhida.sqlite3.unfinished"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    def make_secrets(self) -> None:
        """Random keys that only this user can read, unless there are some."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(self.secrets, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"SECRET_KEY={secrets.token_urlsafe(48)}\nZHIDA_KEYS=k1:{key}\n")

    def prepare(self) -> Sequence[Account]:
        """The database, new or brought up to this version; the accounts to log in with. Django is set up."""
        self.files.mkdir(exist_ok=True)
        build = demo_builder()
        if self.database.exists():
            migrate()
            return demo_accounts()
        self.clear_unfinished()
        with self.building():
            migrate()
            accounts = build() if build else ()
        return accounts

    def clear_unfinished(self) -> None:
        """What an interrupted start left."""
        for part in self.folder.glob(f"{self.unfinished.name}*"):
            part.unlink()
        if any(self.files.iterdir()):
            shutil.rmtree(self.files)
            self.files.mkdir()

    def building(self) -> _Building:
        return _Building(self)


@dataclass(slots=True)
class _Building:
    """Django's database is the unfinished one inside, and the finished one after."""

    premises: Premises

    def __enter__(self) -> None:
        self.point_at(self.premises.unfinished)

    def __exit__(self, failed: type[BaseException] | None, *rest: object) -> None:
        if failed is None:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.point_at(self.premises.database)
        if failed is None:
            os.replace(self.premises.unfinished, self.premises.database)

    def point_at(self, path: Path) -> None:
        connection.close()
        connection.settings_dict["NAME"] = str(path)


def here() -> Premises:
    """The folder that ZHIDA_DATA names, or the one we are in."""
    return Premises(Path(os.environ.get("ZHIDA_DATA") or ".").resolve())


def migrate() -> None:
    """Bring the database up to this version of the program."""
    call_command("migrate", interactive=False, verbosity=0)


def demo_builder() -> Build | None:
    """What fills the demo county, where this installation has it."""
    try:
        demo = importlib.import_module("zhida.service.config.demo")
    except ModuleNotFoundError:
        return None
    build: Build = demo.build
    return build


def demo_accounts() -> Sequence[Account]:
    """The accounts of a county that was built before."""
    if demo_builder() is None:
        return ()
    demo = importlib.import_module("zhida.service.config.demo")
    accounts: Sequence[Account] = getattr(demo, "ACCOUNTS", ())
    return accounts
