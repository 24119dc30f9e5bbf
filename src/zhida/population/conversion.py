"""From the type that a column has in a file to its logical type: the SQL, and the test that it loses nothing.

An expression is exact or fails: a value that does not fit is never rounded and never turned into NULL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from zhida.population.schema import LOGICAL_TYPES

INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)
FLOATS = frozenset({"FLOAT", "DOUBLE"})
STAMPS = frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"})
DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
TRUE_WORDS = ("true", "1", "是")
FALSE_WORDS = ("false", "0", "否")
NUMBER_TEXT = r"[+-]?(\d+\.?\d*|\.\d+)"
DAY_TEXT = r"\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True, slots=True)
class Conversion:
    """SQL from a physical column to its logical value.

    `fits` is a condition that is true where a non-NULL value converts, or "" where all do; `wrong`
    completes "3 values …".
    """

    expression: str
    fits: str = ""
    wrong: str = ""


def quote(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def convert(kind: str, physical: str, column: str, id_type: str = "VARCHAR") -> Conversion | None:
    """How `column` of type `physical` becomes a value of `kind`; None where such a type never does.

    `column` is SQL. `id_type` is what an id becomes: BIGINT or VARCHAR.
    """
    if kind == "id":
        return _id(physical, column, id_type)
    return _BY_KIND[kind](physical, column, LOGICAL_TYPES[kind])


def expected_types(kind: str) -> str:
    """What a column of `kind` may be, for a message."""
    return _EXPECTED[kind]


def _id(physical: str, column: str, id_type: str) -> Conversion | None:
    if physical in INTEGERS:
        return _same(column) if physical == id_type else Conversion(f"CAST({column} AS {id_type})")
    if physical == "UUID":
        return Conversion(f"CAST({column} AS VARCHAR)")
    return _text(physical, column, "VARCHAR")


def _same(column: str) -> Conversion:
    return Conversion(column)


def _number(physical: str, column: str, logical: str) -> Conversion | None:
    """Numbers keep every digit: more decimals than the logical type has are an error, never rounded."""
    cast = f"CAST({column} AS {logical})"
    tried = f"TRY_CAST({column} AS {logical})"
    whole = logical == "BIGINT"
    if physical == logical:
        return _same(column)
    if physical in INTEGERS:
        return Conversion(cast, f"{tried} IS NOT NULL", "are too large")
    if decimal := DECIMAL.fullmatch(physical):
        if not whole and _holds(logical, int(decimal[1]), int(decimal[2])):
            return Conversion(cast)
        return Conversion(cast, f"{tried} = {column}", _too_fine(whole))
    if physical in FLOATS:
        fits = f"isfinite({column}) AND CAST({tried} AS {physical}) = {column}"
        return Conversion(cast, fits, f"are NaN, infinite, too large or {_finer(whole)}")
    if physical == "VARCHAR":
        text = f"trim({column})"
        # 34 digits beside 15 decimals hold all that is written with sense; the comparison finds lost digits
        wide = f"TRY_CAST({text} AS DECIMAL(38,15))"
        fits = f"regexp_full_match({text}, {literal(NUMBER_TEXT)}) AND TRY_CAST({text} AS {logical}) = {wide}"
        value = f"CAST(NULLIF({text}, '') AS {logical})"
        return Conversion(
            value, f"({text} = '' OR ({fits}))", f"are not numbers, too large or {_finer(whole)}"
        )
    return None


def _holds(logical: str, width: int, scale: int) -> bool:
    found = DECIMAL.fullmatch(logical)
    assert found is not None
    return scale <= int(found[2]) and width - scale <= int(found[1]) - int(found[2])


def _finer(whole: bool) -> str:
    return "not whole" if whole else "finer than the column's decimals"


def _too_fine(whole: bool) -> str:
    return f"are too large or {_finer(whole)}"


def _boolean(physical: str, column: str, logical: str) -> Conversion | None:
    if physical == logical:
        return _same(column)
    if physical in INTEGERS:
        return Conversion(f"({column} <> 0)", f"{column} IN (0, 1)", "are neither 0 nor 1")
    if physical == "VARCHAR":
        text = f"lower(trim({column}))"
        yes = ", ".join(map(literal, TRUE_WORDS))
        no = ", ".join(map(literal, FALSE_WORDS))
        value = f"CASE WHEN {text} IN ({yes}) THEN TRUE WHEN {text} IN ({no}) THEN FALSE END"
        return Conversion(value, f"{text} IN ({yes}, {no}, '')", "are neither true nor false")
    return None


def _date(physical: str, column: str, logical: str) -> Conversion | None:
    if physical == logical:
        return _same(column)
    if physical in STAMPS:
        day = f"CAST({column} AS DATE)"
        return Conversion(day, f"CAST({day} AS {physical}) = {column}", "have a time of day")
    if physical == "VARCHAR":
        text = f"trim({column})"
        shape = f"regexp_full_match({text}, {literal(DAY_TEXT)}) AND TRY_CAST({text} AS DATE) IS NOT NULL"
        value = f"CAST(NULLIF({text}, '') AS DATE)"
        return Conversion(value, f"({text} = '' OR ({shape}))", "are not dates")
    return None


def _text(physical: str, column: str, logical: str) -> Conversion | None:
    if physical in INTEGERS:
        return Conversion(f"CAST({column} AS VARCHAR)")
    if physical == "VARCHAR":
        return _same(column)
    if physical.startswith("ENUM("):
        return Conversion(f"CAST({column} AS VARCHAR)")
    return None


def _set(physical: str, column: str, logical: str) -> Conversion | None:
    """In text the members stand between semicolons; `;` alone is the empty set."""
    if physical == logical:
        return _same(column)
    if physical == "VARCHAR":
        parts = f"list_transform(string_split(replace({column}, '；', ';'), ';'), lambda x: trim(x))"
        return Conversion(f"list_filter({parts}, lambda x: x <> '')")
    return None


_BY_KIND: dict[str, Callable[[str, str, str], Conversion | None]] = {
    "money": _number,
    "count": _number,
    "number": _number,
    "rate": _number,
    "boolean": _boolean,
    "date": _date,
    "text": _text,
    "choice": _text,
    "code": _text,
    "region": _text,
    "set": _set,
}

_EXPECTED = {
    **dict.fromkeys(("money", "number", "rate"), "a decimal, an integer, a double or text"),
    "count": "an integer, a decimal, a double or text",
    "boolean": "a boolean, an integer (0, 1) or text",
    "date": "a date, a timestamp or text",
    **dict.fromkeys(("text", "choice", "code", "region", "id"), "text or an integer"),
    "set": "a list of text, or text",
}
