"""Check characters in SQL agree with the ones that a single case is read under."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date

import duckdb

from zhida.population.identifier_sql import id_number_is_wrong, uscc_is_wrong
from zhida.standards.identifiers import (
    USCC_ALPHABET,
    id_number_check_character,
    id_number_problem,
    uscc_check_character,
    uscc_problem,
)

TODAY = date(2199, 12, 31)


def wrong_ones(
    connection: duckdb.DuckDBPyConnection, sql: Callable[[str], str], texts: list[str]
) -> list[bool]:
    query = f"SELECT {sql('text')} FROM (SELECT unnest($texts) AS text)"
    return [row[0] for row in connection.execute(query, {"texts": texts}).fetchall()]


def damaged(codes: list[str], alphabet: str, chance: random.Random) -> Iterator[str]:
    """Each code as it is, and with one character changed, lost, added or in another form."""
    for code in codes:
        yield code
        place = chance.randrange(len(code))
        yield code[:place] + chance.choice(alphabet) + code[place + 1 :]
        yield code[:-1]
        yield f"{code}0"
        yield code.lower()


def test_a_uscc_is_judged_alike(connection: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(1)
    firsts = ["".join(chance.choices(USCC_ALPHABET, k=17)) for _ in range(200)]
    codes = [*damaged([f + uscc_check_character(f) for f in firsts], USCC_ALPHABET, chance), "", "正宁"]
    expected = [uscc_problem(code) is not None for code in codes]
    assert any(expected) and not all(expected)
    assert wrong_ones(connection, uscc_is_wrong, codes) == expected


def test_an_id_number_is_judged_alike(connection: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(2)
    firsts = [
        f"621025{chance.randint(2070, 2199)}{chance.randint(1, 13):02}{chance.randint(1, 31):02}"
        f"{chance.randint(0, 999):03}"
        for _ in range(200)
    ]
    codes = [*damaged([f + id_number_check_character(f) for f in firsts], "0123456789X", chance), "", "正宁"]
    expected = [id_number_problem(code, TODAY) is not None for code in codes]
    assert any(expected) and not all(expected)
    assert wrong_ones(connection, id_number_is_wrong, codes) == expected


def test_what_is_not_given_is_not_wrong(connection: duckdb.DuckDBPyConnection) -> None:
    for sql in (uscc_is_wrong, id_number_is_wrong):
        row = connection.execute(f"SELECT {sql('text')} FROM (SELECT NULL::VARCHAR AS text)").fetchone()
        assert row == (False,)
