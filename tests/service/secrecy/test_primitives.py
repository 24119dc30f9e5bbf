"""The cryptography library against the vectors printed in the standards."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def sm3(content: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


def test_sm3_of_gb_t_32905_annex_a():
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_of_gb_t_32907_annex_a_1():
    encryptor = Cipher(algorithms.SM4(KEY), modes.ECB()).encryptor()
    assert encryptor.update(KEY).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_of_gb_t_32907_annex_a_2_a_million_times():
    """Encrypting again and again is CBC over zeros that starts from the text."""
    encryptor = Cipher(algorithms.SM4(KEY), modes.CBC(KEY)).encryptor()
    assert encryptor.update(bytes(16) * 1_000_000)[-16:].hex() == "595298c7c6fd271f0402f804c33d3f66"


def test_sm4_gcm_of_rfc_8998_annex_a_1():
    nonce = bytes.fromhex("00001234567800000000abcd")
    encryptor = Cipher(algorithms.SM4(KEY), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    text = b"".join(bytes.fromhex(f"{digit}{digit}") * 8 for digit in "abcdefea")
    assert encryptor.update(text).hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    encryptor.finalize()
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"
