"""What makes the value of one column wrong, as SQL: the same limits that a single case is read under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhida.library.model import FactDef
from zhida.population.conversion import literal, quote
from zhida.population.identifier_sql import birth_date, id_number_is_wrong, uscc_is_wrong
from zhida.population.schema import NEEDS_EMPLOYER, NO_ID
from zhida.population.source import Column, Source
from zhida.standards.identifiers import OLDEST
from zhida.standards.regions import PROVINCES

MAX_TEXT = 200
MAX_ID = 100
TOO_LARGE = Decimal(10) ** 15
MOST = {"月": 2400, "年": 1000, "日": 100_000, "小时": 10_000}
FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"
REGION_SHAPE = f"({'|'.join(sorted(PROVINCES))})[0-9]{{4}}"
INDUSTRY_SHAPE = "[A-T][0-9]{0,4}"


@dataclass(frozen=True, slots=True)
class Rule:
    """`wrong` is SQL over `raw` or over the column's value, true where a value is wrong.

    `distinct`: few values are expected, so that it is cheaper to look at each once. `thorough`: too
    dear for a screening that only wants to know that its columns can be read.
    """

    code: str
    wrong: str
    message: str
    distinct: bool = False
    thorough: bool = False


def rules(source: Source, column: Column, fact: FactDef | None, on: date | None) -> list[Rule]:
    """The rules of one column: first that it converts at all. The others pass over what does not."""
    found = []
    if column.fits:
        raw = quote(column.name)
        wrong = f"{raw} IS NOT NULL AND NOT coalesce({column.fits}, FALSE)"
        found.append(Rule("value/type", wrong, column.wrong))
    value = f"CASE WHEN {column.fits} THEN {column.expression} END" if column.fits else column.expression
    found += _ids(source, column) if column.kind == "id" else _values(column, fact, value, on)
    return found


def _ids(source: Source, column: Column) -> Iterator[Rule]:
    needed = column.name == "id" and source.entity not in NO_ID
    needed |= column.name == "employer_id" and source.entity in NEEDS_EMPLOYER
    if needed:
        yield Rule("id/missing", f"{column.expression} IS NULL", "are missing")
    if column.logical == "VARCHAR" and column.physical == "VARCHAR":
        raw = column.expression
        wrong = f"trim({raw}) = '' OR strlen({raw}) > {MAX_ID} OR contains({raw}, '.')"
        message = f"are blank, longer than {MAX_ID} bytes or contain a dot"
        yield Rule("id/malformed", wrong, message, thorough=True)


def _values(column: Column, fact: FactDef | None, value: str, on: date | None) -> Iterator[Rule]:
    match column.kind:
        case "money" | "count" | "number" | "rate":
            yield from _numbers(column, fact, value)
        case "date":
            yield Rule(
                "date/out-of-range",
                f"{value} NOT BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}'",
                f"are not from {FIRST_DAY[:4]} to {LAST_DAY[:4]}",
            )
            if on is not None and fact is not None and fact.event:
                yield Rule("date/after", f"{value} > DATE '{on}'", f"are after {on}")
        case "choice" | "code" if fact is not None and fact.values:
            choices = ", ".join(map(literal, fact.values))
            yield Rule("choice/unknown", f"{value} NOT IN ({choices})", "are no known choice")
        case "set" if fact is not None:
            choices = ", ".join(map(literal, fact.values))
            strange = f"list_filter({value}, lambda x: x IS NULL OR x NOT IN ({choices}))"
            yield Rule("choice/unknown", f"len({strange}) > 0", "hold an unknown choice")
        case "region":
            shape = f"NOT regexp_full_match({value}, {literal(REGION_SHAPE)})"
            yield Rule("region/malformed", shape, "are not six digits of GB/T 2260", distinct=True)
        case "code" | "text":
            yield from _texts(column, value, on)


def _numbers(column: Column, fact: FactDef | None, value: str) -> Iterator[Rule]:
    if fact is None or not fact.signed:
        yield Rule("number/negative", f"{value} < 0", "are negative")
    if column.kind == "rate":
        yield Rule("rate/too-large", f"{value} > 1", "are over 1 (a rate is a share: 10 % is 0.1)")
    elif fact is not None and fact.unit in MOST:
        most = MOST[fact.unit]
        yield Rule("number/too-large", f"{value} > {most}", f"are over {most} {fact.unit}")
    elif column.kind in ("money", "count"):
        yield Rule("number/too-large", f"{value} >= {TOO_LARGE}", f"are {TOO_LARGE} or more")


def _texts(column: Column, value: str, on: date | None) -> Iterator[Rule]:
    if column.key == "industry":
        wrong = f"NOT regexp_full_match({value}, {literal(INDUSTRY_SHAPE)})"
        message = "are no codes of GB/T 4754-2017 (a letter A to T and up to four digits)"
        yield Rule("code/invalid", wrong, message, distinct=True)
    elif column.key == "uscc":
        message = "are wrong by their length, characters or check character (GB 32100)"
        yield Rule("code/invalid", uscc_is_wrong(value), message, thorough=True)
    elif column.key == "id_number":
        message = "are wrong by their length, characters, birth date or check character (GB 11643)"
        yield Rule("code/invalid", id_number_is_wrong(value), message, thorough=True)
        if on is not None:
            born = birth_date(value)
            wrong = f"{born} > DATE '{on}' OR {born} < DATE '{on.replace(year=on.year - OLDEST, day=1)}'"
            message = f"hold a birth date after {on} or more than {OLDEST} years before"
            yield Rule("code/birth-date", wrong, message, thorough=True)
    else:
        wrong = (
            f"trim({value}) = '' OR length({value}) > {MAX_TEXT} OR regexp_matches({value}, '[[:cntrl:]]')"
        )
        message = f"are blank, longer than {MAX_TEXT} characters or hold control characters"
        yield Rule("text/malformed", wrong, message, thorough=True)
