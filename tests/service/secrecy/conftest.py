"""Keys of the tests' own."""

import base64

import pytest

from zhida.service.secrecy.keys import keyring


@pytest.fixture
def with_keys(settings):
    """`with_keys("b", "a")`: the keys of that name, the newest first; each name has one key."""

    def held(*names: str) -> None:
        settings.ZHIDA_KEYS = [
            f"{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}" for name in names
        ]
        keyring.cache_clear()

    yield held
    keyring.cache_clear()
