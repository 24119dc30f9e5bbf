"""An account with too many failed log-ins is closed for a while, whoever knocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhida.service.accounts.models import Agency
from zhida.service.accounts.services import note_failed_log_in


def locked(
    request: HttpRequest, response: HttpResponse | None, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """The page of an account that is closed: for how long, and whom to call."""
    username = str((credentials or {}).get("username", ""))
    note_failed_log_in(username, "locked out")
    agency = Agency.objects.filter(region=settings.ZHIDA_HOME_REGION).exclude(phone="").first()
    context = {"minutes": _minutes_left(username), "agency": agency}
    return render(request, "accounts/locked.html", context, status=429)


def unlock(username: str) -> int:
    """Open the account again; how many series of attempts were forgotten."""
    return int(reset(username=username))


def _minutes_left(username: str) -> int:
    wait: timedelta = get_cool_off() or timedelta()
    last = AccessAttempt.objects.filter(username=username).aggregate(last=Max("attempt_time"))["last"]
    left = (last or timezone.now()) + wait - timezone.now()
    return max(1, -(-int(left.total_seconds()) // 60))
