"""Issuing tokens, finding the one a program shows, and taking them back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhida.service.api.models import Scope, Token
from zhida.service.audit import chain
from zhida.service.secrecy.sealing import keyed_hash

PREFIX = "zhida_"
SHOWN = 12
"""So much of a token is kept, that its owner can tell which one it is."""

# Said in SQL: every request of a program comes here, and building the query would cost a sixth of its time.
FOUND = (
    "SELECT token.* FROM api_token token JOIN accounts_user owner ON owner.id = token.user_id"
    " WHERE token.hash = %s AND token.revoked_at IS NULL AND owner.is_active"
)


class UnknownScope(ValueError):
    """A scope that there is not."""


def issue(
    user: Any, name: str, scopes: Iterable[str], *, days: int, per_minute: int, by: str
) -> tuple[Token, str]:
    """A new token, and its text, which is not kept and cannot be shown again. Raises UnknownScope."""
    wanted = sorted(set(scopes))
    if unknown := [scope for scope in wanted if scope not in Scope.values]:
        raise UnknownScope(f"found {unknown[0]!r}, expected one of {', '.join(Scope.values)}")
    text = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        token = Token.objects.create(
            hash=keyed_hash(text),
            start=text[:SHOWN],
            name=name,
            user=user,
            scopes=wanted,
            per_minute=per_minute,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        detail = {"scopes": wanted, "days": days, "per_minute": per_minute}
        chain.record("token issued", actor=by, subject=f"token {token.pk}", detail=detail)
    return token, text


def find(text: str) -> Token | None:
    """The token that a program shows, if it is still good and its user too."""
    token = next(iter(Token.objects.raw(FOUND, [keyed_hash(text)])), None)
    if token is None or token.expires_at <= timezone.now():
        return None
    today = timezone.localdate()
    if token.last_used_on != today:
        Token.objects.filter(pk=token.pk).update(last_used_on=today)
    return token


def revoke(token: Token, *, by: str) -> None:
    """From now on it opens nothing. Revoking again changes nothing."""
    with transaction.atomic():
        revoked = Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
        if revoked:
            chain.record("token revoked", actor=by, subject=f"token {token.pk}")
