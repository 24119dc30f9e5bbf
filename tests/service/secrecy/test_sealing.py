"""Sealed text and keyed hashes."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.service.secrecy.keys import keyring
from zhida.service.secrecy.sealing import Unreadable, chain_hash, keyed_hash, seal, unseal


@given(st.text())
def test_sealed_text_opens_to_the_same(text):
    assert unseal(seal(text)) == text


def test_the_same_text_is_sealed_differently_each_time():
    assert seal("张三") != seal("张三")


def test_every_altered_byte_is_found():
    name, encoded = seal("13812345678").split(":")
    raw = base64.b64decode(encoded)
    for place in range(len(raw)):
        altered = bytearray(raw)
        altered[place] ^= 1
        with pytest.raises(Unreadable, match="altered"):
            unseal(f"{name}:{base64.b64encode(altered).decode()}")


@pytest.mark.parametrize(
    "sealed", ["", ":", "t1:", "t1:AAAA", "t1:not base64!", "t1:" + "A" * 16, "plain text"]
)
def test_what_was_never_sealed_is_unreadable(sealed):
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_a_cut_text_is_unreadable():
    sealed = seal("13812345678")
    name, encoded = sealed.split(":")
    for length in range(0, len(base64.b64decode(encoded))):
        with pytest.raises(Unreadable):
            unseal(f"{name}:{base64.b64encode(base64.b64decode(encoded)[:length]).decode()}")


def test_an_older_key_still_opens_what_it_sealed(with_keys):
    with_keys("a")
    old = seal("张三")
    with_keys("b", "a")
    assert unseal(old) == "张三" and seal("张三").startswith("b:")
    with_keys("b")
    with pytest.raises(Unreadable, match="no key named 'a'"):
        unseal(old)


def test_a_key_of_the_same_name_but_another_secret_opens_nothing(with_keys, settings):
    with_keys("a")
    old = seal("张三")
    settings.ZHIDA_KEYS = ["a:" + base64.b64encode(b"x" * 32).decode()]
    keyring.cache_clear()
    with pytest.raises(Unreadable):
        unseal(old)


def test_hashes_outlive_a_new_key(with_keys):
    with_keys("a")
    before = keyed_hash("62102519900101001X"), chain_hash(b"x")
    with_keys("b", "a")
    assert (keyed_hash("62102519900101001X"), chain_hash(b"x")) == before
    with_keys("b")
    assert keyed_hash("62102519900101001X") != before[0]


def test_a_keyed_hash_is_hmac_with_sm3():
    expected = hmac.new(
        keyring().index, "张三".encode(), lambda content=b"": hashlib.new("sm3", content)
    ).hexdigest()
    assert keyed_hash("张三") == expected


def test_purposes_have_keys_of_their_own():
    keys = keyring()
    assert len({keys.index, keys.chain, *keys.seals.values()}) == 3
