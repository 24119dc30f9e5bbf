"""The keys of the environment."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from zhida.service.secrecy.keys import keyring

GOOD = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "keys",
    [[], ["a"], ["a:"], [f":{GOOD}"], ["a:short"], ["a:" + base64.b64encode(bytes(31)).decode()],
     [f"a:{GOOD}", f"a:{GOOD}"], [f"a:{GOOD}", "b:"]],
)  # fmt: skip
def test_keys_that_are_none_stop_the_start_without_being_shown(settings, keys):
    settings.ZHIDA_KEYS = keys
    keyring.cache_clear()
    with pytest.raises(ImproperlyConfigured) as caught:
        keyring()
    assert GOOD not in str(caught.value)
    keyring.cache_clear()


def test_the_newest_key_is_the_first(with_keys):
    with_keys("c", "b", "a")
    assert keyring().newest == "c" and list(keyring().seals) == ["c", "b", "a"]
