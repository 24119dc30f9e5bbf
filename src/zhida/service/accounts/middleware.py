"""What the views' permissions raise, turned into pages and into entries of the audit."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from zhida.service.accounts.permissions import LoginRequired
from zhida.service.audit import chain


class PermissionMiddleware:
    """LoginRequired becomes the log-in page; a PermissionDenied is noted before it becomes 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, LoginRequired):
            return redirect_to_login(request.get_full_path())
        if isinstance(error, PermissionDenied):
            _note_refusal(request, error)
        return None


def _note_refusal(request: HttpRequest, error: PermissionDenied) -> None:
    match = request.resolver_match
    detail = {"page": match.view_name if match else "", "method": request.method, "action": str(error)[:60]}
    chain.note("refused", actor=request.user.get_username(), detail=detail)
