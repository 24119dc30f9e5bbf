"""One raw value to the value of a vocabulary fact, or what is wrong with it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhida.decide.input import shown
from zhida.library.model import FactDef
from zhida.standards.identifiers import id_number_problem, uscc_problem
from zhida.standards.regions import is_region_code

MAX_TEXT = 200
MAX_DIGITS = 15
MAX_DECIMALS = 15
MOST = {"月": Decimal(2400), "年": Decimal(1000), "日": Decimal(100_000), "小时": Decimal(10_000)}
"""Beyond these a length of time is a slip of the keyboard, and days could leave the calendar."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
PLAIN = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)
"""Numbers in which nothing can be wrong but that they are too large for their unit."""
WRITTEN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INDUSTRY = re.compile(r"[A-T]\d{0,4}")

Parser = Callable[[FactDef, Any, date], Any]
"""Of the fact, its raw value and the day of the decision the typed value. Raises Wrong."""


class Wrong(ValueError):
    """Why a value does not fit its fact: a stable code, and what was expected."""

    def __init__(self, code: str, expected: str, found: str | None = None) -> None:
        super().__init__(expected)
        self.code, self.expected, self.found = code, expected, found


def parse_fact(fact: FactDef, raw: Any, on: date) -> Any:
    """The typed value of `raw`. Raises Wrong; `on` is the day that no birth may follow."""
    return PARSERS[fact.type](fact, raw, on)


def _boolean(fact: FactDef, raw: Any, on: date) -> bool:
    if isinstance(raw, bool):
        return raw
    raise Wrong("type/boolean", "true or false")


def _number(fact: FactDef, raw: Any, on: date) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, Decimal | str | int | float):
        raise Wrong("type/number", "a number")
    text = str(raw).strip()
    if PLAIN.fullmatch(text):
        number = raw if type(raw) is Decimal else Decimal(text)
        if number <= MOST.get(fact.unit, number):
            return number
    if not text.isascii():
        normal = unicodedata.normalize("NFKC", text)
        raise Wrong("number/full-width", f"half-width digits such as {normal}")
    scale = Decimal("0.01") if text.endswith("%") and fact.type == "rate" else Decimal(1)
    try:
        number = Decimal(text.removesuffix("%") if scale != 1 else text)
    except InvalidOperation:
        raise Wrong("type/number", "a number") from None
    if not number.is_finite():
        raise Wrong("number/not-finite", "a finite number")
    if number and number.adjusted() >= MAX_DIGITS:
        raise Wrong("number/too-large", f"a number under 10^{MAX_DIGITS}")
    if number > MOST.get(fact.unit, number):
        raise Wrong("number/too-large", f"at most {MOST[fact.unit]} {fact.unit}")
    if -number.as_tuple().exponent > MAX_DECIMALS:  # type: ignore[operator]
        raise Wrong("number/too-precise", f"at most {MAX_DECIMALS} decimal places")
    if number < 0 and not fact.signed:
        raise Wrong("number/negative", "a number from 0 up")
    return number * scale


def _count(fact: FactDef, raw: Any, on: date) -> Decimal:
    number = _number(fact, raw, on)
    if number != number.to_integral_value():
        raise Wrong("number/not-whole", "a whole number")
    return number


def _rate(fact: FactDef, raw: Any, on: date) -> Decimal:
    number = _number(fact, raw, on)
    if number > 1:
        raise Wrong("rate/too-large", "a share from 0 to 1, or a percentage in quotes such as '10%'")
    return number


def _date(fact: FactDef, raw: Any, on: date) -> date:
    return parse_date(raw)


def parse_date(raw: Any) -> date:
    """A day written YYYY-MM-DD, near enough that months can be added to it. Raises Wrong."""
    day = raw if isinstance(raw, date) else _written_day(raw)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong("date/out-of-range", f"a day from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _written_day(raw: Any) -> date:
    if isinstance(raw, str) and WRITTEN_DAY.fullmatch(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise Wrong("date/no-such-day", "a day that exists, as YYYY-MM-DD") from None
    raise Wrong("type/date", "a day as YYYY-MM-DD")


def _text(fact: FactDef, raw: Any, on: date) -> str:
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str) or not raw.strip():
        raise Wrong("type/text", "a text")
    if len(raw) > MAX_TEXT:
        raise Wrong("text/too-long", f"at most {MAX_TEXT} characters")
    if not raw.isprintable() and any(unicodedata.category(c) == "Cc" for c in raw):
        raise Wrong("text/control-character", "printable characters")
    return raw.strip()


def _choice(fact: FactDef, raw: Any, on: date) -> str:
    if isinstance(raw, str) and raw in fact.values:
        return raw
    near = difflib.get_close_matches(str(raw), fact.values, 1, 0.5)
    hint = f" (did you mean {near[0]}?)" if near else ""
    raise Wrong("choice/unknown", f"one of {'、'.join(fact.values)}{hint}")


def _set(fact: FactDef, raw: Any, on: date) -> list[str]:
    if not isinstance(raw, list):
        raise Wrong("type/set", "a list of choices")
    for item in raw:
        try:
            _choice(fact, item, on)
        except Wrong as wrong:
            raise Wrong(wrong.code, wrong.expected, shown(item)) from None
    return [str(item) for item in raw]


def _region(fact: FactDef, raw: Any, on: date) -> str:
    text = str(raw) if isinstance(raw, Decimal | str | int) else ""
    if is_region_code(text):
        return text
    raise Wrong("region/malformed", "six digits of GB/T 2260 such as 621025")


def _code(fact: FactDef, raw: Any, on: date) -> str:
    text = _text(fact, raw, on)
    check = _CODES.get(fact.key)
    problem = check(text, on) if check else None
    if problem:
        found, _, expected = problem.removeprefix("found ").partition(", expected ")
        raise Wrong("code/invalid", expected, found)
    if fact.values and text not in fact.values:
        near = difflib.get_close_matches(text, fact.values, 1, 0.5)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise Wrong("code/unknown", f"a known key{hint}")
    return text


def _industry_problem(text: str, on: date) -> str | None:
    if INDUSTRY.fullmatch(text):
        return None
    expected = "a code of GB/T 4754-2017: a letter A to T and up to four digits, such as H62"
    return f"found {shown(text)}, expected {expected}"


_CODES: dict[str, Callable[[str, date], str | None]] = {
    "uscc": lambda text, on: uscc_problem(text),
    "id_number": id_number_problem,
    "industry": _industry_problem,
}

PARSERS: dict[str, Parser] = {
    "boolean": _boolean,
    "number": _number,
    "money": _number,
    "count": _count,
    "rate": _rate,
    "date": _date,
    "text": _text,
    "choice": _choice,
    "set": _set,
    "region": _region,
    "code": _code,
}
