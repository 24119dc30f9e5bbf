"""Keys, derived from the secrets of the environment, one for each purpose."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NAME = re.compile(r"[a-z0-9-]{1,20}")
SEAL_BYTES, HASH_BYTES, SECRET_BYTES = 16, 32, 32


@dataclass(frozen=True, slots=True)
class Keyring:
    """SM4 keys by their name, the newest first; and the keys of hashes, which never change."""

    seals: dict[str, bytes]
    index: bytes
    chain: bytes

    @property
    def newest(self) -> str:
        return next(iter(self.seals))


def new_secret(name: str) -> str:
    """A new key, as it stands in `ZHIDA_KEYS`."""
    return f"{name}:{base64.b64encode(os.urandom(SECRET_BYTES)).decode()}"


@cache
def keyring() -> Keyring:
    """From `ZHIDA_KEYS`: `name:base64` of 32 random bytes, several with commas, the newest first.

    The last one also makes the keys of hashes: they index what is stored, so they outlive a change of key.
    """
    secrets = dict(_secret(part) for part in settings.ZHIDA_KEYS)
    if not secrets:
        raise ImproperlyConfigured("ZHIDA_KEYS is empty: give name:base64 of 32 random bytes.")
    if len(secrets) != len(settings.ZHIDA_KEYS):
        raise ImproperlyConfigured("ZHIDA_KEYS: two keys have the same name.")
    oldest = list(secrets.values())[-1]
    return Keyring(
        seals={name: _derive(secret, b"seal", SEAL_BYTES) for name, secret in secrets.items()},
        index=_derive(oldest, b"index", HASH_BYTES),
        chain=_derive(oldest, b"chain", HASH_BYTES),
    )


def _secret(text: str) -> tuple[str, bytes]:
    name, _, encoded = text.partition(":")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except ValueError:
        secret = b""
    if not NAME.fullmatch(name) or len(secret) != SECRET_BYTES:
        raise ImproperlyConfigured(
            "ZHIDA_KEYS: each must be name:base64 of 32 random bytes, the name of small letters and digits."
        )
    return name, secret


def _derive(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=length, salt=None, info=b"zhida " + purpose).derive(secret)
