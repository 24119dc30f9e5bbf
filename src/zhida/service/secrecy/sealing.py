"""Sealing text with SM4-GCM, and hashing it with HMAC-SM3 so that an exact match can still be searched."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from zhida.service.secrecy.keys import keyring

NONCE, TAG = 12, 16


class Unreadable(Exception):
    """Sealed text that no key opens: altered, or sealed with a key that is not here."""


def seal(text: str) -> str:
    """`key name:base64(nonce + ciphertext + tag)`; the same text gives another one each time."""
    keys = keyring()
    nonce = os.urandom(NONCE)
    encryptor = Cipher(algorithms.SM4(keys.seals[keys.newest]), modes.GCM(nonce)).encryptor()
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return f"{keys.newest}:{base64.b64encode(nonce + body + encryptor.tag).decode()}"


def unseal(sealed: str) -> str:
    """The text again; raises Unreadable."""
    name, _, encoded = sealed.partition(":")
    key = keyring().seals.get(name)
    if key is None:
        raise Unreadable(f"no key named {name!r}")
    try:
        raw = base64.b64decode(encoded, validate=True)
        nonce, body, tag = raw[:NONCE], raw[NONCE:-TAG], raw[-TAG:]
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        return (decryptor.update(body) + decryptor.finalize()).decode()
    except (ValueError, InvalidTag) as error:
        raise Unreadable("the sealed text was altered") from error


def keyed_hash(text: str) -> str:
    """64 hexadecimal digits that only this installation can compute; equal texts give equal ones."""
    return _mac(keyring().index, text.encode())


def chain_hash(content: bytes) -> str:
    """The link of a hash chain: whoever can write the database alone cannot make one."""
    return _mac(keyring().chain, content)


def _mac(key: bytes, content: bytes) -> str:
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(content)
    return mac.finalize().hex()
