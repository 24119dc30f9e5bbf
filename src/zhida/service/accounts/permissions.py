"""What each role may do. Views ask on their first line; the whole table is here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from zhida.service.accounts.models import Role, User

OFFICIALS = frozenset(Role) - {Role.APPLICANT}

ACTIONS: Mapping[str, frozenset[Role]] = {
    "apply": frozenset({Role.APPLICANT}),
    "follow own cases": frozenset({Role.APPLICANT}),
    "see registry": OFFICIALS - {Role.ADMINISTRATION},
    "import registry": frozenset({Role.INTAKE, Role.POLICY}),
    "see audit": frozenset({Role.AUDIT, Role.SUPERVISION}),
    "manage accounts": frozenset({Role.ADMINISTRATION}),
}


class LoginRequired(Exception):
    """Nobody is logged in; the middleware sends them to the log-in page and back."""


def require(request: HttpRequest, action: str) -> User:
    """The user, if one of their roles may do `action`; raises LoginRequired or PermissionDenied."""
    user: Any = request.user
    if not user.is_authenticated:
        raise LoginRequired
    if not may(user, action):
        raise PermissionDenied(action)
    return user


def may(user: User, action: str) -> bool:
    return bool(roles_of(user) & ACTIONS[action])


def roles_of(user: User) -> frozenset[Role]:
    """The user's roles, read once for each request."""
    found: frozenset[Role] | None = getattr(user, "_roles", None)
    if found is None:
        found = frozenset(Role(role) for role in user.appointments.values_list("role", flat=True))
        user._roles = found
    return found


class LoginRequiredMiddleware:
    """Turns LoginRequired into the log-in page."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> Any:
        return redirect_to_login(request.get_full_path()) if isinstance(error, LoginRequired) else None
