"""Who may ask: anyone, so often from one address; or a token, within its scope and rate."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from zhida.service.api import rates, tokens
from zhida.service.api.models import Scope, Token
from zhida.service.api.problems import Refusal
from zhida.service.secrecy.sealing import keyed_hash

CHALLENGE = 'Bearer realm="zhida"'


class BearerToken(HttpBearer):
    """`Authorization: Bearer zhida_…`, with the scope that an endpoint needs. Raises Refusal."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        token = super().__call__(request)
        if token is None:
            # Guessing is as slow as asking without a token.
            take_of_address(request)
            raise Refusal(401, "a token that is valid is needed", WWW_Authenticate=CHALLENGE)
        if self.scope not in token.scopes:
            challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{self.scope}"'
            raise Refusal(403, f"the token lacks the scope {self.scope}", WWW_Authenticate=challenge)
        take_of_token(token)
        return token

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        return tokens.find(token)


def public(request: HttpRequest) -> bool:
    """Anyone, as often as one address may. Raises Refusal."""
    take_of_address(request)
    return True


def take_of_address(request: HttpRequest) -> None:
    address = request.META.get("REMOTE_ADDR", "")
    _take(keyed_hash(f"address {address}"), settings.ZHIDA_API_PER_MINUTE)


def take_of_token(token: Token) -> None:
    _take(f"token {token.pk}", token.per_minute)


def _take(key: str, per_minute: int) -> None:
    try:
        rates.take(key, per_minute)
    except rates.TooManyRequests as error:
        raise Refusal(429, "too many requests in this minute", Retry_After=str(error.seconds)) from error
