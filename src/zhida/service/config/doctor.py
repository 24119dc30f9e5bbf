"""`zhida doctor`: what an installation needs, looked at one by one, each with what to do about it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.utils import timezone

from zhida.service import clock
from zhida.service.audit.chain import seal_of
from zhida.service.audit.models import Head
from zhida.service.config.probes import unapplied_migrations
from zhida.service.law import library
from zhida.service.secrecy.keys import keyring
from zhida.service.secrecy.sealing import Unreadable, seal, unseal

CALENDAR_DAYS = 60
"""So long before the announced workdays end, the next year's should be in the library."""
FREE_BYTES = 1024**3
MANIFEST = "staticfiles.json"
STATIC_SAMPLE = "surface/zhida.css"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, what was found, what to do."""

    name: str
    ok: bool
    found: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{'✓' if self.ok else '✗'} {self.name}: {self.found}"
        return line if self.ok else f"{line}\n  → {self.advice}"


def examine() -> tuple[Finding, ...]:
    """Every check in turn; one that fails does not keep the others from being made."""
    return tuple(_looked_at(name, check) for name, check in CHECKS.items())


def _looked_at(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Error as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Finding(name, False, reason, "start the database, and check DATABASE_URL")


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    version = ".".join(map(str, connection.get_database_version()))
    return Finding("database", True, f"{connection.display_name} {version}")


def _migrations() -> Finding:
    waiting = unapplied_migrations()
    if waiting:
        found = f"{len(waiting)} not applied, the first is {waiting[0]}"
        return Finding("migrations", False, found, "run: zhida manage migrate")
    return Finding("migrations", True, "all applied")


def _keys() -> Finding:
    """The keys are there, and they are those that this database was written with."""
    try:
        names = list(keyring().seals)
        works = unseal(seal("直达")) == "直达"
    except (ImproperlyConfigured, Unreadable) as error:
        return Finding("keys", False, str(error), "set ZHIDA_KEYS, see docs/operations.md")
    head = Head.objects.filter(id=1).first()
    if head is not None and seal_of(head) != head.seal:
        advice = "put back the ZHIDA_KEYS that this database was made with, the oldest last"
        return Finding("keys", False, "they are not those that this database was written with", advice)
    return Finding("keys", works, f"{len(names)}, new values are sealed with {names[0]}")


def _file_store() -> Finding:
    folder = Path(settings.MEDIA_ROOT)
    advice = f"make {folder} writable for the user that runs the site"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as error:
        return Finding("file store", False, f"{folder}: {error.strerror}", advice)
    return Finding("file store", True, f"{folder} is writable")


def _disk() -> Finding:
    """Of the file store, and of a database that is a file."""
    places = {str(settings.MEDIA_ROOT): "the file store", tempfile.gettempdir(): "temporary files"}
    free = {place: shutil.disk_usage(_existing(Path(place))).free for place in places}
    place = min(free, key=lambda name: free[name])
    found = f"{free[place] / 1024**3:,.1f} GB free for {places[place]} ({place})"
    return Finding("disk space", free[place] >= FREE_BYTES, found, "make room, or move ZHIDA_DATA")


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _static_files() -> Finding:
    if getattr(settings, "WHITENOISE_USE_FINDERS", False) or settings.DEBUG:
        well = finders.find(STATIC_SAMPLE) is not None
        return Finding("static files", well, "served from the packages", "install zhida again")
    folder = Path(settings.STATIC_ROOT or ".")
    well = (folder / MANIFEST).exists() and any(folder.glob("surface/zhida*.css"))
    found = f"in {folder}" if well else f"not collected in {folder}"
    return Finding("static files", well, found, "run: zhida manage collectstatic --no-input")


def _library() -> Finding:
    try:
        law = library()
    except ImproperlyConfigured as error:
        reasons = str(error).splitlines()
        return Finding("library", False, reasons[1] if reasons[1:] else reasons[0], "run: zhida check")
    return Finding("library", True, f"{len(law.measures)} measures, {law.hash[:12]}")


def _calendar() -> Finding:
    advice = "add the next year's workdays to policies/standards, as the State Council announces them"
    try:
        calendar = library().calendar
    except ImproperlyConfigured:
        return Finding("workdays", False, "no library", "run: zhida check")
    if calendar is None:
        return Finding("workdays", False, "the library has none", advice)
    last = date(calendar.last_year, 12, 31)
    well = last - clock.today() >= timedelta(days=CALENDAR_DAYS)
    return Finding("workdays", well, f"announced to {last}", advice)


def _clock() -> Finding:
    advice = 'TIME_ZONE must be "Asia/Shanghai"; unset ZHIDA_TODAY outside a demonstration'
    if settings.TIME_ZONE != "Asia/Shanghai":
        return Finding("clock", False, settings.TIME_ZONE, advice)
    held = settings.ZHIDA_TODAY
    if held is None:
        return Finding("clock", True, f"{timezone.localtime():%Y-%m-%d %H:%M} {settings.TIME_ZONE}")
    return Finding("clock", _is_demo(), f"held at {held}", advice)


def _is_demo() -> bool:
    return settings.SETTINGS_MODULE.endswith(".demo")


def _safety() -> Finding:
    """Settings that must not reach the public."""
    wrong = list(_unsafe())
    return Finding("safety", not wrong, "; ".join(wrong) or _safety_found(), "use the production settings")


def _safety_found() -> str:
    return "a demonstration, for this machine only" if _is_demo() else "debug off, cookies only over HTTPS"


def _unsafe() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on"
    if _is_demo():
        return
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield "cookies also go over plain HTTP"
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS allows any name"
    if len(settings.SECRET_KEY) < 32:
        yield "SECRET_KEY is shorter than 32 characters"


CHECKS: dict[str, Callable[[], Finding]] = {
    "database": _database,
    "migrations": _migrations,
    "keys": _keys,
    "file store": _file_store,
    "disk space": _disk,
    "static files": _static_files,
    "library": _library,
    "workdays": _calendar,
    "clock": _clock,
    "safety": _safety,
}
