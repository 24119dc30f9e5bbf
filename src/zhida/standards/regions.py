"""Codes of administrative divisions (GB/T 2260): their form, and the divisions that contain one."""

from __future__ import annotations

from itertools import chain

NATION = "000000"

PROVINCES = frozenset(
    str(prefix)
    for prefix in chain(
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82),
    )
)


def is_region_code(text: str) -> bool:
    """Whether `text` has six digits of which the first two are a province.

    Unlisted counties pass: statistics offices and 开发区 use codes that GB/T 2260 does not print.
    """
    return len(text) == 6 and text.isascii() and text.isdigit() and text[:2] in PROVINCES


def is_prefecture(code: str) -> bool:
    """Whether a code is one of 市、州、盟, which have counties."""
    return code.endswith("00") and not code.endswith("0000")


def ancestors(code: str) -> tuple[str, ...]:
    """`code`, its prefecture, its province and the nation, nearest first and each once."""
    chain_of_codes = (code, f"{code[:4]}00", f"{code[:2]}0000", NATION)
    return tuple(dict.fromkeys(chain_of_codes))
