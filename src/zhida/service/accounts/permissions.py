"""What each role may do. Views ask on their first line; the whole table is here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from zhida.service.accounts.roles import Role

# A User or AnonymousUser: the models need this module, which therefore cannot need them.
Somebody = Any

OFFICIALS: frozenset[Any] = frozenset(Role) - {Role.APPLICANT}


def _only(*roles: Any) -> frozenset[Any]:
    return frozenset(roles)


ACTIONS: Mapping[str, frozenset[Any]] = {
    "apply": _only(Role.APPLICANT),
    "follow own cases": _only(Role.APPLICANT),
    "see registry": OFFICIALS - {Role.ADMINISTRATION},
    "import registry": _only(Role.INTAKE, Role.POLICY),
    "export registry": _only(Role.INTAKE, Role.POLICY),
    "open personal data": _only(
        Role.INTAKE, Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.FINAL_REVIEW, Role.FINANCE
    ),
    "verify representation": _only(Role.INTAKE),
    "see cases": OFFICIALS - {Role.ADMINISTRATION, Role.POLICY},
    "work on cases": _only(
        Role.INTAKE, Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.FINAL_REVIEW, Role.FINANCE
    ),
    "export cases": OFFICIALS - {Role.ADMINISTRATION, Role.POLICY},
    "draw samples": _only(Role.FINAL_REVIEW, Role.SUPERVISION),
    "check samples": _only(Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.FINAL_REVIEW, Role.SUPERVISION),
    "see notices": OFFICIALS - {Role.ADMINISTRATION, Role.POLICY},
    "publish": _only(Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.FINAL_REVIEW),
    "rule on objections": _only(Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.FINAL_REVIEW),
    "see proactive": OFFICIALS - {Role.ADMINISTRATION, Role.POLICY},
    "run proactive": _only(Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.FINAL_REVIEW),
    "answer proactive": _only(Role.INTAKE, Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.FINAL_REVIEW),
    "confirm proactive": _only(Role.APPLICANT),
    "see payments": _only(Role.FINANCE, Role.SUPERVISION, Role.AUDIT),
    "pay": _only(Role.FINANCE),
    "see audit": _only(Role.AUDIT, Role.SUPERVISION),
    "manage accounts": _only(Role.ADMINISTRATION),
}


class LoginRequired(Exception):
    """Nobody is logged in; the middleware sends them to the log-in page and back."""


def require(request: HttpRequest, action: str) -> Somebody:
    """The user, if one of their roles may do `action`; raises LoginRequired or PermissionDenied."""
    user = require_login(request)
    if not may(user, action):
        raise PermissionDenied(action)
    return user


def require_login(request: HttpRequest) -> Somebody:
    """The user, whatever their roles: for what concerns only themselves; raises LoginRequired."""
    if not request.user.is_authenticated:
        raise LoginRequired
    return request.user


def may(user: Somebody, action: str) -> bool:
    return bool(appointments_for(user, action))


def appointments_for(user: Somebody, action: str) -> tuple[Any, ...]:
    """The appointments in whose roles the user may do `action`."""
    allowed = ACTIONS[action]
    return tuple(held for held in appointments_of(user) if held.role in allowed)


def appointments_of(user: Somebody) -> tuple[Any, ...]:
    """All that the user is appointed to, read once for each request; none for someone locked out."""
    if not user.is_authenticated or not user.is_active:
        return ()
    found: tuple[Any, ...] | None = getattr(user, "_appointments", None)
    if found is None:
        found = tuple(user.appointments.all())
        user._appointments = found
    return found


def roles_of(user: Somebody) -> frozenset[Any]:
    return frozenset(Role(held.role) for held in appointments_of(user))
