"""Log-in at an identity provider, by OpenID Connect: authorization code with PKCE, state and nonce.

Nothing that the provider's user calls themselves decides who they are here: issuer and subject do.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, Literal

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY = 60
TIMEOUT = 10

Reason = Literal["cancelled", "expired", "unreachable", "not-trusted"]


class NotVouched(Exception):
    """The provider vouches for nobody: the user cancelled, too much time went by, or something is wrong."""

    def __init__(self, reason: Reason, why: str = "") -> None:
        super().__init__(f"{reason}: {why}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Pending:
    """What a browser was sent to the provider with; kept in its session until it comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Pending:
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    name: str
    person_number: str
    employer_number: str


def address_for(pending: Pending, callback: str) -> str:
    """Where the browser goes; raises NotVouched where the provider cannot be reached."""
    endpoint = _discovered()["authorization_endpoint"]
    address, _ = _client(callback).create_authorization_url(
        endpoint, state=pending.state, nonce=pending.nonce, code_verifier=pending.verifier
    )
    return str(address)


def vouched_by(answer: Mapping[str, str], pending: Pending | None, callback: str) -> Vouched:
    """Whom the browser that came back with `answer` is vouched for as; raises NotVouched."""
    if pending is None:
        raise NotVouched("expired", "no log-in was begun in this session")
    if not compare_digest(answer.get("state", "").encode(), pending.state.encode()):
        raise NotVouched("not-trusted", "another state came back")
    if "error" in answer or not answer.get("code"):
        raise NotVouched("cancelled" if answer.get("error") == "access_denied" else "not-trusted")
    found = _discovered()
    token = _token(found["token_endpoint"], answer["code"], pending, callback)
    claims = read_id_token(token, _fetch(found["jwks_uri"]), pending.nonce, found["issuer"])
    return Vouched(
        issuer=found["issuer"],
        subject=str(claims["sub"]),
        name=_claim(claims, settings.OIDC_CLAIM_NAME),
        person_number=_claim(claims, settings.OIDC_CLAIM_PERSON).upper(),
        employer_number=_claim(claims, settings.OIDC_CLAIM_EMPLOYER).upper(),
    )


def read_id_token(token: str, keys: Mapping[str, Any], nonce: str, issuer: str) -> Mapping[str, Any]:
    """The claims of a token that the provider signed, for us, now, for this log-in; raises NotVouched."""
    client = settings.OIDC_CLIENT_ID
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        rules.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotVouched("not-trusted", type(error).__name__) from error
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client:
        raise NotVouched("not-trusted", "the token is for another client")
    if not compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotVouched("not-trusted", "the token is of another log-in")
    return claims


def _client(callback: str) -> OAuth2Session:
    return OAuth2Session(
        settings.OIDC_CLIENT_ID,
        settings.OIDC_CLIENT_SECRET,
        scope=settings.OIDC_SCOPE,
        redirect_uri=callback,
        code_challenge_method="S256",
    )


def _token(endpoint: str, code: str, pending: Pending, callback: str) -> str:
    try:
        answer = _client(callback).fetch_token(
            endpoint, code=code, code_verifier=pending.verifier, timeout=TIMEOUT
        )
    except AuthlibBaseError as error:
        raise NotVouched("not-trusted", type(error).__name__) from error
    except requests.RequestException as error:
        raise NotVouched("unreachable", type(error).__name__) from error
    return str(answer.get("id_token", ""))


def _discovered() -> Mapping[str, str]:
    """What the provider tells of itself; its issuer as it spells it, which may end with a slash."""
    found = _fetch(f"{settings.OIDC_ISSUER}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
        raise NotVouched("not-trusted", "the provider calls itself something else")
    missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - found.keys()
    if missing:
        raise NotVouched("not-trusted", f"the provider does not tell {', '.join(sorted(missing))}")
    return found


def _fetch(address: str) -> Mapping[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise NotVouched("unreachable", type(error).__name__) from error
    if not isinstance(found, dict):
        raise NotVouched("unreachable", "no JSON object")
    return found


def _claim(claims: Mapping[str, Any], name: str) -> str:
    """A claim as text, where it is asked for and there."""
    value = claims.get(name) if name else None
    return value.strip() if isinstance(value, str) else ""
