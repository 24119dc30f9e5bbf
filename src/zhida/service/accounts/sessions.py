"""Log-ins in progress: how long they last, how many a user may have, and ending them.

The moments are the true ones, also where the day of the site is held still.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from zhida.service.accounts.models import LiveSession, User

BEGAN, SEEN, ENDED = "began", "seen", "ended"
REFRESH = timedelta(minutes=1)

# What a browser says of itself, the more special first.
BROWSERS = (("MicroMessenger", "微信"), ("AlipayClient", "支付宝"), ("Edg", "Edge"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"),
           ("Windows", "Windows"), ("Macintosh", "macOS"), ("Linux", "Linux"))  # fmt: skip


def begin(request: HttpRequest, user: User, backend: str | None = None) -> None:
    """Log the user in under a new session key; the oldest log-ins beyond the limit end."""
    auth.login(request, user, backend)
    _enter(request, user)
    stays = settings.ZHIDA_SESSIONS_PER_USER
    for session in user.sessions.order_by("-began_at", "-pk")[stays:]:
        _end(session)


def keep(request: HttpRequest) -> bool:
    """Whether the session is still good; its last use is written down once a minute."""
    session, now = request.session, timezone.now()
    if BEGAN not in session:
        _enter(request, request.user)
        return True
    began, seen = (datetime.fromisoformat(session[name]) for name in (BEGAN, SEEN))
    if now - began > timedelta(seconds=settings.ZHIDA_SESSION_AGE):
        return False
    if now - seen > timedelta(seconds=settings.ZHIDA_SESSION_IDLE):
        return False
    if now - seen > REFRESH:
        session[SEEN] = now.isoformat()
        LiveSession.objects.filter(key=session.session_key).update(seen_at=now)
    return True


def leave(request: HttpRequest) -> None:
    """Log out here."""
    LiveSession.objects.filter(key=request.session.session_key).delete()
    auth.logout(request)


def expire(request: HttpRequest) -> None:
    """Log out because of time; the log-in page says so once."""
    leave(request)
    request.session[ENDED] = True


def renew(request: HttpRequest, user: User) -> None:
    """After a new password: this log-in goes on under another key, all others end."""
    before = request.session.session_key
    auth.update_session_auth_hash(request, user)
    LiveSession.objects.filter(key=before).update(key=request.session.session_key)
    end_others(user, request.session.session_key)


def end_others(user: User, key: str | None = None) -> int:
    """End all log-ins of the user but the one with `key`; how many."""
    others = list(user.sessions.exclude(key=key or ""))
    for session in others:
        _end(session)
    return len(others)


def running(user: User) -> QuerySet[LiveSession]:
    """The log-ins that can still be used."""
    now = timezone.now()
    return user.sessions.filter(
        began_at__gt=now - timedelta(seconds=settings.ZHIDA_SESSION_AGE),
        seen_at__gt=now - timedelta(seconds=settings.ZHIDA_SESSION_IDLE),
    )


def device_of(agent: str) -> str:
    """`Chrome · Windows`: enough for its owner, and nothing that tells one machine from another."""
    found = (next((name for sign, name in known if sign in agent), "") for known in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, found))


def _enter(request: HttpRequest, user: Any) -> None:
    now = timezone.now()
    request.session[BEGAN] = request.session[SEEN] = now.isoformat()
    if not request.session.session_key:
        request.session.create()
    device = device_of(request.headers.get("User-Agent", ""))
    LiveSession.objects.update_or_create(
        key=request.session.session_key,
        defaults={"user": user, "device": device, "began_at": now, "seen_at": now},
    )


def _end(session: LiveSession) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore(session.key).delete()
    session.delete()
