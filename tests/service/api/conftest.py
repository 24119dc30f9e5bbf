"""Programs that ask: with a token, with another, without."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from zhida.service.accounts.models import User
from zhida.service.api import rates, tokens
from zhida.service.api.models import Scope

Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def nothing_in_hand() -> Iterator[None]:
    rates.forget()
    yield
    rates.forget()


@pytest.fixture
def token_of() -> Callable[..., str]:
    """`token_of(user, *scopes, days=…, per_minute=…)`: a new token's text; all scopes if none is named."""

    def issued(user: User, *scopes: str, days: int = 1, per_minute: int = 6000) -> str:
        wanted = scopes or Scope.values
        return tokens.issue(user, "test", wanted, days=days, per_minute=per_minute, by="operator")[1]

    return issued


@pytest.fixture
def token(applicant: User, token_of: Callable[..., str]) -> str:
    return token_of(applicant)


@pytest.fixture
def ask() -> Ask:
    """`ask("POST", "decide?on=…", body, token)`."""

    def asked(method: str, path: str, body: Any = None, token: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        content = body if isinstance(body, bytes | str) else json.dumps(body) if body is not None else ""
        kind = more.pop("content_type", "application/json")
        return Client(raise_request_exception=False).generic(
            method, f"/api/v1/{path}", content, kind, headers=headers, **more
        )

    return asked
