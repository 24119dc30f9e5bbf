"""统一社会信用代码 and 公民身份号码 that are nobody's and pass their checks, as SQL."""

from __future__ import annotations

from zhida.population.conversion import literal
from zhida.population.identifier_sql import id_number_check
from zhida.population.making.draws import Draws
from zhida.standards.identifiers import USCC_ALPHABET, USCC_WEIGHTS

USCC_TYPES = {
    "企业": "91",
    "个体工商户": "92",
    "农民专业合作社": "93",
    "社会团体": "51",
    "基金会": "53",
    "社会服务机构": "52",
    "律师事务所": "31",
    "事业单位": "12",
    "机关": "11",
}
BODIES = 100_000_000
"""Numbers of eight digits: so many employers have an organisation code of their own."""
STEP = 48_271_007
"""Has no factor in common with BODIES: multiplying by it shuffles them."""
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714: of the eight digits in a USCC that have a check character of their own."""
SERIALS = 1000
DAYS = 365
ID_STEP = 1_000_000_007
"""A prime, hence without a factor in common with any number of counties × DAYS × SERIALS."""


def organisation_body(draws: Draws) -> str:
    """SQL: the eight digits of an organisation code, as a number that no other row of the stream has."""
    return f"(({draws.key}) * {STEP} + {draws.constant('uscc') % BODIES}) % {BODIES}"


def uscc(body: str, kind: str, county: str, county_sum: str) -> str:
    """SQL: the code of an employer of `kind` in `county`, which adds `county_sum` to the check sum."""
    digits = [f"({body} // {10 ** (7 - place)} % 10)" for place in range(8)]
    check = f"(11 - ({_sum(digits, ORGANISATION_WEIGHTS)}) % 11) % 11"
    types = {name: str(_weighted(code, 0)) for name, code in USCC_TYPES.items()}
    start = _case(kind, types, types["企业"])
    prefix = _case(kind, {name: literal(code) for name, code in USCC_TYPES.items()}, "'91'")
    organisation = f"CASE WHEN {check} = 10 THEN {USCC_ALPHABET.index('X')} ELSE {check} END"
    total = (
        f"({start} + {county_sum} + {_sum(digits, USCC_WEIGHTS[8:16])} + {organisation} * {USCC_WEIGHTS[16]})"
    )
    return (
        f"concat({prefix}, {county}, substr(CAST({BODIES} + {body} AS VARCHAR), 2), "
        f"substr('0123456789X', {check} + 1, 1), "
        f"substr('{USCC_ALPHABET}', (31 - {total} % 31) % 31 + 1, 1))"
    )


def county_sum(county: str) -> int:
    """What the six digits of a county add to the check sum of a USCC."""
    return _weighted(county, 2)


def identity_slot(draws: Draws, places: int) -> str:
    """SQL: a number below places × DAYS × SERIALS: place of issue, day of the year and serial of one person.

    The ids below that number are only shuffled: no two of them share a slot.
    """
    space = places * DAYS * SERIALS
    return f"(({draws.key}) % {space} * {ID_STEP} + {draws.constant('identity') % space}) % {space}"


def id_number_start(place: str, born: str, serial: str) -> str:
    """SQL: the first 17 digits, as a BIGINT, of the number of a person born on DATE `born`."""
    day = f"(year({born}) * 10000 + month({born}) * 100 + day({born}))"
    return f"(CAST({place} AS BIGINT) * {10**11} + {day} * 1000 + {serial})"


def id_number(first17: str) -> str:
    """SQL: the whole number; `first17` is a column, as it is used for every digit."""
    return f"concat({first17}, {id_number_check(first17)})"


def _weighted(digits: str, start: int) -> int:
    return sum(int(digit) * USCC_WEIGHTS[place] for place, digit in enumerate(digits, start))


def _sum(digits: list[str], weights: tuple[int, ...]) -> str:
    return " + ".join(f"{digit} * {weight}" for digit, weight in zip(digits, weights, strict=True))


def _case(value: str, results: dict[str, str], other: str) -> str:
    cases = " ".join(f"WHEN {literal(name)} THEN {result}" for name, result in results.items())
    return f"CASE {value} {cases} ELSE {other} END"
