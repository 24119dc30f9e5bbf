"""What holds for every request: who may stay logged in, and what permissions that are not given turn into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from zhida.service.accounts import sessions
from zhida.service.accounts.permissions import LoginRequired, appointments_of, may
from zhida.service.audit import chain

NEW_PASSWORD = "accounts:password"
WITHOUT_NEW_PASSWORD = {NEW_PASSWORD, "accounts:logout", "set_language"}


class PermissionMiddleware:
    """Ends sessions that are too old; sends to the log-in page; notes what is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and request.user.is_authenticated and not sessions.keep(request):
            sessions.expire(request)
        request.may = lambda action: may(request.user, action)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *arguments: Any) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or not user.must_change_password:
            return None
        allowed = match is not None and match.view_name in WITHOUT_NEW_PASSWORD
        return None if allowed else redirect(NEW_PASSWORD)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, LoginRequired):
            return _to_login(request)
        if isinstance(error, PermissionDenied):
            _note_refusal(request, error)
        return None


def _to_login(request: HttpRequest) -> HttpResponse:
    """Back to the page afterwards; a form that was sent is not sent again."""
    came_by_link = request.method in ("GET", "HEAD")
    to = redirect_to_login(request.get_full_path()) if came_by_link else redirect("accounts:login")
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("accounts:login") if not came_by_link else to.url)
    return to


def _note_refusal(request: HttpRequest, error: PermissionDenied) -> None:
    match, user = request.resolver_match, request.user
    held = appointments_of(user)
    chain.note(
        "refused",
        actor=user.get_username(),
        region=held[0].region if held else "",
        detail={
            "page": match.view_name if match else "",
            "method": request.method,
            "action": str(error)[:60],
        },
    )
