"""统一社会信用代码 (GB 32100-2015) and 公民身份号码 (GB 11643-1999), judged by their check digits.

The region inside an identifier is never judged: codes are retired, and holders keep their numbers.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
ID_CHECKS = "10X98765432"
OLDEST = 130
"""Years of age that no holder of a number exceeds; above it the birth date is a typing error."""


def uscc_problem(code: str) -> str | None:
    """What is wrong with a 统一社会信用代码, as `found …, expected …`; or None."""
    if len(code) != 18:
        return f"found {len(code)} characters, expected 18"
    if problem := _stranger(code, USCC_ALPHABET, "a digit or a capital letter other than I O S V Z"):
        return problem
    return _wrong_check(code, uscc_check_character(code[:17]))


def uscc_check_character(first17: str) -> str:
    """The 18th character that belongs to the first seventeen (GB 32100-2015, MOD 31-3)."""
    total = sum(
        USCC_ALPHABET.index(character) * weight
        for character, weight in zip(first17, USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[-total % 31]


def id_number_problem(number: str, on: date) -> str | None:
    """What is wrong with a 公民身份号码 on day `on`, as `found …, expected …`; or None."""
    if len(number) != 18:
        return f"found {len(number)} characters, expected 18"
    if problem := _stranger(number[:17], "0123456789", "a digit"):
        return problem
    if problem := _stranger(number[17], "0123456789X", "a digit or a capital X", offset=17):
        return problem
    return _birth_problem(number, on) or _wrong_check(number, id_number_check_character(number[:17]))


def id_number_check_character(first17: str) -> str:
    """The 18th character that belongs to the first seventeen digits (GB 11643-1999, MOD 11-2)."""
    digits = zip(first17, ID_WEIGHTS, strict=True)
    return ID_CHECKS[sum(int(digit) * weight for digit, weight in digits) % 11]


def birth_date(id_number: str) -> date:
    """The birth date in digits 7 to 14; ValueError where no such day exists."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def sex(id_number: str) -> Literal["男", "女"]:
    """The sex that the 17th digit tells: odd is male."""
    return "男" if int(id_number[16]) % 2 else "女"


def _stranger(text: str, alphabet: str, expected: str, offset: int = 0) -> str | None:
    for place, character in enumerate(text, start=offset + 1):
        if character not in alphabet:
            return f"found {character!r} as character {place}, expected {expected}"
    return None


def _wrong_check(text: str, expected: str) -> str | None:
    if text[17] == expected:
        return None
    return f"found check character {text[17]!r}, expected {expected!r}"


def _birth_problem(number: str, on: date) -> str | None:
    written = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    try:
        born = birth_date(number)
    except ValueError:
        return f"found birth date {written}, expected a day that exists"
    if born > on:
        return f"found birth date {written}, expected none after {on}"
    if on.year - born.year > OLDEST:
        return f"found birth date {written}, expected an age of at most {OLDEST}"
    return None
