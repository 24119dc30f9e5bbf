"""The check characters of GB 32100-2015 (统一社会信用代码) and GB 11643-1999 (公民身份号码) as SQL."""

from __future__ import annotations

from zhida.population.conversion import literal
from zhida.standards.identifiers import ID_CHECKS, ID_WEIGHTS, USCC_ALPHABET, USCC_WEIGHTS

ID_PLACES = len(ID_WEIGHTS)
USCC_SHAPE = f"[{USCC_ALPHABET}]{{18}}"
ID_SHAPE = r"\d{17}[\dX]"


def uscc_is_wrong(code: str) -> str:
    """True where `code` (SQL text) is given but no 统一社会信用代码."""
    terms = (
        f"(instr('{USCC_ALPHABET}', substr({code}, {place}, 1)) - 1) * {weight}"
        for place, weight in enumerate(USCC_WEIGHTS, start=1)
    )
    expected = f"substr('{USCC_ALPHABET}', (31 - ({' + '.join(terms)}) % 31) % 31 + 1, 1)"
    shaped = f"regexp_full_match({code}, {literal(USCC_SHAPE)})"
    return f"{code} IS NOT NULL AND (NOT {shaped} OR substr({code}, 18, 1) <> {expected})"


def id_number_is_wrong(number: str) -> str:
    """True where `number` (SQL text) is given but no 公民身份号码: digits, birth date, check character."""
    shaped = f"regexp_full_match({number}, {literal(ID_SHAPE)})"
    first17 = f"TRY_CAST(substr({number}, 1, 17) AS BIGINT)"
    right = f"substr({number}, 18, 1) = {id_number_check(first17)}"
    return f"{number} IS NOT NULL AND (NOT {shaped} OR {birth_date(number)} IS NULL OR NOT ({right}))"


def birth_date(number: str) -> str:
    """The birth date in `number` as a DATE, NULL where there is no such day."""
    parts = ", '-', ".join(
        f"substr({number}, {start}, {length})" for start, length in ((7, 4), (11, 2), (13, 2))
    )
    return f"TRY_CAST(concat({parts}) AS DATE)"


def id_number_check(first17: str) -> str:
    """The 18th character that belongs to the first seventeen digits, which are one BIGINT."""
    terms = (
        f"(({first17}) // {10 ** (ID_PLACES - place)}) % 10 * {weight}"
        for place, weight in enumerate(ID_WEIGHTS, start=1)
    )
    return f"substr('{ID_CHECKS}', ({' + '.join(terms)}) % 11 + 1, 1)"
