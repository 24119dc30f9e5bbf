"""The built-in functions of DMN that policies do not use; the others are in `zhida.feel.functions`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal
from functools import cmp_to_key, partial
from typing import Any

from zhida.dmn.intervals import RELATIONS
from zhida.dmn.patterns import compile_pattern, replacement
from zhida.dmn.standard import bind, evaluate, invoke
from zhida.dmn.values import to_text
from zhida.feel import nodes
from zhida.feel.functions import OPERATORS, Builtin, all_of, any_of, gathered, round_to, total
from zhida.feel.interpreter import Names
from zhida.feel.parser import parse
from zhida.feel.values import CONTEXT, Range, kind, same
from zhida.temporal import (
    DateTime,
    FarDate,
    Time,
    YearsMonths,
    day_number,
    day_of,
    make_date,
    make_offset,
    make_time,
    months_between,
    parse_duration,
    parse_moment,
    weekday,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _whole(number: Decimal) -> int:
    if number != int(number):
        raise ValueError(f"{number} is no whole number")
    return int(number)


# ---- conversion


def to_date(*given: Any) -> Any:
    if len(given) == 3:
        return make_date(*map(_whole, given))
    moment = parse_moment(given[0]) if isinstance(given[0], str) else given[0]
    if isinstance(moment, DateTime) and not isinstance(given[0], str):
        return moment.date
    if not isinstance(moment, date | FarDate):
        raise ValueError(f"{given[0]} is no date")
    return moment


def to_time(*given: Any) -> Time:
    if len(given) >= 3:
        hour, minute, second, *offset = given
        nanos = int(second % 1 * 1_000_000_000)
        zone = make_offset(offset[0]) if offset else None
        return make_time(_whole(hour), _whole(minute), int(second), nanos, zone)
    moment = parse_moment(given[0]) if isinstance(given[0], str) else given[0]
    if isinstance(given[0], str) and not isinstance(moment, Time):
        raise ValueError(f"{given[0]} is no time")
    if isinstance(moment, DateTime):
        return moment.time
    return moment if isinstance(moment, Time) else Time(0, UTC)


def to_date_and_time(*given: Any) -> DateTime:
    if len(given) == 2:
        day, time = given
        return DateTime(day.date if isinstance(day, DateTime) else day, time)
    moment = parse_moment(given[0]) if isinstance(given[0], str) else given[0]
    if isinstance(moment, Time):
        raise ValueError(f"{given[0]} has no date")
    return moment if isinstance(moment, DateTime) else DateTime(moment, Time(0))


def to_number(text: Any, grouping: str | None = None, point: str | None = None) -> Decimal:
    if isinstance(text, Decimal):
        return text
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise ValueError("the separators are a space, a comma or a full stop")
    if point and grouping == point:
        raise ValueError("the separators differ")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if not re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", plain, re.ASCII):
        raise ValueError(f"{text} is no number")
    return CONTEXT.create_decimal(plain)


def to_string(value: Any) -> str | None:
    return None if value is None else to_text(value)


def to_duration(value: Any) -> Any:
    return parse_duration(value) if isinstance(value, str) else value


def to_range(text: str) -> Range:
    """`[1..10]` of literals only; an end that is left out is open."""
    text = re.sub(r"^\s*\(\s*\.\.", "(null..", re.sub(r"\.\.\s*\)\s*$", "..null)", text))
    node = parse(text, names=FUNCTIONS_OF_DMN)
    if not isinstance(node, nodes.Range):
        raise ValueError(f"{text} is no range")
    ends = (node.low, node.high)
    if not all(isinstance(end, nodes.Literal | nodes.Negate | nodes.Call) for end in ends):
        raise ValueError("the ends of the range are not literals")
    value = evaluate(node, Names(FUNCTIONS_OF_DMN))
    open_ends = [value.low, value.high].count(None)
    if open_ends == 2 or (not open_ends and OPERATORS[">"].apply(value.low, value.high)):
        raise ValueError(f"{text} is no range")
    if (value.low is None and value.low_closed) or (value.high is None and value.high_closed):
        raise ValueError("an end that is open cannot be included")
    return value  # type: ignore[no-any-return]


# ---- strings


def substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    position = int(start)
    if not 1 <= abs(position) <= len(text) or (length is not None and length < 1):
        raise ValueError("outside the text")
    first = position - 1 if position > 0 else len(text) + position
    return text[first:] if length is None else text[first : first + int(length)]


def substring_before(text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


def substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


def replace(text: str, pattern: str, new: str, flags: str | None = None) -> str:
    compiled = compile_pattern(pattern, flags or "")
    if compiled.search(""):
        raise ValueError("the pattern matches nothing at all")
    return compiled.sub(replacement(new, compiled.groups), text)


def split(text: str, delimiter: str) -> list[str]:
    compiled = compile_pattern(delimiter)
    ends = [match.span() for match in compiled.finditer(text)]
    return [text[a:b] for (_, a), (b, _) in zip([(0, 0), *ends], [*ends, (len(text), 0)], strict=True)]


def string_join(values: list[Any], delimiter: str = "") -> str:
    return delimiter.join(value for value in values if value is not None)


def extract(text: str, pattern: str) -> list[str]:
    return [match[0] for match in compile_pattern(pattern).finditer(text)]


# ---- lists


def _position(values: list[Any], position: Decimal, beyond: int = 0) -> int:
    """The index of a position counted from 1, or from the end if negative."""
    index = int(position)
    if not 1 <= abs(index) <= len(values) + beyond:
        raise ValueError("outside the list")
    return index - 1 if index > 0 else len(values) + index


def sublist(values: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any]:
    first = _position(values, start)
    if length is not None and (length < 0 or first + int(length) > len(values)):
        raise ValueError("outside the list")
    return values[first:] if length is None else values[first : first + int(length)]


def insert_before(values: list[Any], position: Decimal, item: Any) -> list[Any]:
    index = _position(values, position, beyond=1)
    return [*values[:index], item, *values[index:]]


def remove(values: list[Any], position: Decimal) -> list[Any]:
    index = _position(values, position)
    return values[:index] + values[index + 1 :]


def _call(function: Any, *arguments: Any) -> Any:
    if isinstance(function, Builtin):
        return function.call(*bind(function, (), *arguments))
    return invoke(function, list(arguments))


def list_replace(values: list[Any], where: Any, item: Any) -> list[Any]:
    if isinstance(where, Decimal):
        index = _position(values, where)
        return [*values[:index], item, *values[index + 1 :]]
    matches = [_call(where, value, item) for value in values]
    if not all(isinstance(match, bool) for match in matches):
        raise TypeError("the match is not a boolean")
    return [item if match else value for value, match in zip(values, matches, strict=True)]


def concatenate(*lists: Any) -> list[Any]:
    if any(value is None for value in lists):
        raise TypeError("null is no list")
    return [item for value in lists for item in (value if isinstance(value, list) else [value])]


def index_of(values: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(i) for i, value in enumerate(values, 1) if same(value, match)]


def distinct(values: list[Any]) -> list[Any]:
    """The values in order of first appearance, each once."""
    found: list[Any] = []
    for value in values:
        if not any(same(value, other) for other in found):
            found.append(value)
    return found


def append(values: list[Any], *items: Any) -> list[Any]:
    return [*values, *items]


def flatten(values: list[Any]) -> list[Any]:
    return [leaf for v in values for leaf in (flatten(v) if isinstance(v, list) else [v])]


def sort(values: list[Any], precedes: Any) -> list[Any]:
    """Stable; the function says whether its first argument comes before its second."""

    def order(left: Any, right: Any) -> int:
        return -1 if _call(precedes, left, right) is True else int(_call(precedes, right, left) is True)

    return sorted(values, key=cmp_to_key(order))


def _numbers(values: list[Any]) -> list[Decimal]:
    if not values or any(kind(value) != "number" for value in values):
        raise TypeError("not a list of numbers")
    return values


def product(values: list[Any]) -> Decimal:
    result = Decimal(1)
    for value in _numbers(values):
        result = CONTEXT.multiply(result, value)
    return result


def mean(values: list[Any]) -> Any:
    return OPERATORS["/"].apply(total(values), Decimal(len(values)))


def median(values: list[Any]) -> Decimal:
    ordered = sorted(_numbers(values))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def stddev(values: list[Any]) -> Decimal:
    """Of a sample, hence n - 1."""
    average = mean(_numbers(values))
    squares = total([CONTEXT.power(CONTEXT.subtract(value, average), 2) for value in values])
    return CONTEXT.sqrt(CONTEXT.divide(squares, Decimal(len(values) - 1)))


def mode(values: list[Any]) -> list[Decimal]:
    if not values:
        return []
    most = max(map(_numbers(values).count, values))
    return sorted({value for value in values if values.count(value) == most})


# ---- numbers


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Takes the sign of the divisor, unlike Python's decimal remainder."""
    quotient = CONTEXT.divide(dividend, divisor)
    floor = quotient.to_integral_value("ROUND_FLOOR")
    return CONTEXT.subtract(dividend, CONTEXT.multiply(divisor, floor))


def log(number: Decimal) -> Decimal:
    if not number:
        raise ValueError("zero has no logarithm")
    return CONTEXT.ln(number)


# ---- dates


def day_of_year(value: Any) -> Decimal:
    day = day_of(value)
    return Decimal(day_number(day) - day_number(make_date(day.year, 1, 1)) + 1)


def week_of_year(value: Any) -> Decimal:
    """The ISO week; a far year has the weeks of its like in the calendar's cycle."""
    day = day_of(value)
    near = day if isinstance(day, date) else date((day.year - 1) % 400 + 1, day.month, day.day)
    return Decimal(near.isocalendar()[1])


def is_same(left: Any = None, right: Any = None) -> bool:
    """The same value of the same type: times with the same clock and zone."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, Time | DateTime):
        return bool(left == right)
    return same(left, right)


# ---- contexts


def get_value(context: dict[str, Any], key: Any) -> Any:
    value: Any = context
    for name in key if isinstance(key, list) else [key]:
        value = value[name]
    return value


def get_entries(context: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in context.items()]


def context_of(entries: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry["key"], str) or entry["key"] in found:
            raise ValueError("keys are different strings")
        found[entry["key"]] = entry["value"]
    return found


def context_put(context: dict[str, Any], key: Any, value: Any) -> dict[str, Any]:
    name, *rest = key if isinstance(key, list) else [key]
    if not isinstance(name, str):
        raise TypeError("a key is a string")
    if rest:
        inner = context[name]
        if not isinstance(inner, dict):
            raise TypeError(f"{name} is no context")
        value = context_put(inner, rest, value)
    return {**context, name: value}


def context_merge(contexts: list[Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for context in contexts:
        merged |= context
    return merged


_ANY_DURATION = "days and time duration/years and months duration"
_MOMENT = "date/date and time"
_LIST = "list: list | list*: any"
_REGEX = "input: string, pattern: string"
_N = "n: number"

_DECLARED: tuple[tuple[str, str, str, Callable[..., Any]], ...] = (
    (f"date(from: string/{_MOMENT} | year: number, month: number, day: number)",
     "A date.", 'date(2022, 1, 31) → @"2022-01-31"; date("2022-01-31") → @"2022-01-31"', to_date),
    ("time(from: string/time/date/date and time | hour: number, minute: number, second: number,"
     " offset?: days and time duration)",
     "A time of day.", 'time(11, 59, 0) → @"11:59:00"', to_time),
    (f"date and time(from: string/{_MOMENT} | date: {_MOMENT}, time: time)",
     "A date and time.", 'date and time("2022-01-31") → @"2022-01-31T00:00:00"', to_date_and_time),
    (f"duration(from: string/{_ANY_DURATION})", "A duration.", 'duration("P1Y") → @"P1Y"', to_duration),
    (f"years and months duration(from: {_MOMENT}, to: {_MOMENT})", "Complete months between.",
     'years and months duration(@"2011-12-22", @"2013-08-24") → @"P1Y8M"',
     lambda start, end: YearsMonths(months_between(start, end))),
    ("number(from: string/number | from: string, grouping separator?: string, decimal separator?: string)",
     "A number.", 'number("1.000,5", ".", ",") → 1000.5', to_number),
    ("string(from: any)", "A text.", 'string(1.10) → "1.1"', to_string),
    ("range(from: string)", "A range of literals.", 'range("[1..3)") → [1..3)', to_range),
    ("substring(string: string, start position: number, length?: number)",
     "A part of a text; positions count from 1, or from the end if negative.",
     'substring("foobar", 3, 2) → "ob"; substring("foobar", -2) → "ar"', substring),
    ("string length(string: string)", "How many characters.", 'string length("foo") → 3',
     lambda text: Decimal(len(text))),
    ("upper case(string: string)", "In capitals.", 'upper case("aBc4") → "ABC4"', str.upper),
    ("lower case(string: string)", "In small letters.", 'lower case("aBc4") → "abc4"', str.lower),
    ("substring before(string: string, match: string)", "What stands before.",
     'substring before("foobar", "bar") → "foo"', substring_before),
    ("substring after(string: string, match: string)", "What stands after.",
     'substring after("foobar", "ob") → "ar"', substring_after),
    (f"replace({_REGEX}, replacement: string, flags?: string)", "Each match of a pattern replaced.",
     'replace("abcd", "(ab)|(a)", "[1=$1]") → "[1=ab]cd"', replace),
    (f"matches({_REGEX}, flags?: string)", "Whether a pattern matches some part.",
     'matches("foobar", "^fo*b") → true',
     lambda text, pattern, flags="": compile_pattern(pattern, flags).search(text) is not None),
    ("split(string: string, delimiter: string)", "The parts between matches of a pattern.",
     'split("a;b", ";") → ["a", "b"]', split),
    (f"extract({_REGEX})", "Every match.", 'extract("a1b2", "[0-9]") → ["1", "2"]', extract),
    ("string join(list: list, delimiter?: string)", "The texts of a list as one.",
     'string join(["a", "b"], "-") → "a-b"', string_join),
    ("sublist(list: list, start position: number, length?: number)", "A part of a list.",
     "sublist([4, 5, 6], 1, 2) → [4, 5]", sublist),
    ("append(list: list, item*: any)", "A list with more items.", "append([1], 2, 3) → [1, 2, 3]", append),
    ("concatenate(list*: any)", "Several lists as one.", "concatenate([1], [2]) → [1, 2]", concatenate),
    ("insert before(list: list, position: number, newItem: any)", "A list with one item more.",
     "insert before([1, 3], 1, 2) → [2, 1, 3]", insert_before),
    ("remove(list: list, position: number)", "A list with one item less.",
     "remove([1, 2, 3], 2) → [1, 3]", remove),
    ("list replace(list: list, position: number, newItem: any | list: list, match: function, newItem: any)",
     "A list with other items.", "list replace([1, 2], 2, 3) → [1, 3]", list_replace),
    ("reverse(list: list)", "Backwards.", "reverse([1, 2]) → [2, 1]", lambda values: values[::-1]),
    ("index of(list: list, match: any)", "The positions of a value.",
     "index of([1, 2, 1], 1) → [1, 3]", index_of),
    ("union(list*: any)", "Several lists as one without repetition.", "union([1, 2], [2, 3]) → [1, 2, 3]",
     lambda *lists: distinct(concatenate(*lists))),
    ("flatten(list: list)", "Nested lists as one.", "flatten([[1, [2]], 3]) → [1, 2, 3]", flatten),
    ("sort(list: list, precedes: function)", "In an order.",
     "sort([3, 1, 2], function(x, y) x < y) → [1, 2, 3]", sort),
    (f"product({_LIST})", "The product.", "product(2, 3) → 6", gathered(product)),
    (f"mean({_LIST})", "The average.", "mean([1, 2]) → 1.5", gathered(mean)),
    (f"median({_LIST})", "The middle.", "median(8, 2, 5) → 5", gathered(median)),
    (f"stddev({_LIST})", "The sample's standard deviation.",
     "stddev(2, 4) → 1.414213562373095048801688724209698", gathered(stddev)),
    (f"mode({_LIST})", "The most frequent.", "mode(6, 3, 9, 6, 6) → [6]", gathered(mode)),
    (f"all({_LIST})", "Whether all are true.", "all([true, false]) → false", gathered(all_of)),
    (f"any({_LIST})", "Whether one is true.", "any([true, false]) → true", gathered(any_of)),
    ("distinct values(list: list)", "Each value once.", "distinct values([1, 2, 1]) → [1, 2]", distinct),
    ("contains(string: string, match: string)", "Whether a text is part of another.",
     'contains("foobar", "ob") → true', lambda text, match: match in text),
    ("ends with(string: string, match: string)", "Whether a text ends with another.",
     'ends with("foobar", "bar") → true', str.endswith),
    ("round up(n: number, scale: number)", "Away from zero.",
     "round up(1.121, 2) → 1.13", partial(round_to, ROUND_UP)),
    ("round down(n: number, scale: number)", "Towards zero.",
     "round down(1.129, 2) → 1.12", partial(round_to, ROUND_DOWN)),
    ("round half down(n: number, scale: number)", "Half towards zero.", "round half down(1.125, 2) → 1.12",
     partial(round_to, ROUND_HALF_DOWN)),
    ("decimal(n: number, scale: number)", "Rounded; half to even.", "decimal(1.115, 2) → 1.12",
     partial(round_to, ROUND_HALF_EVEN)),
    ("modulo(dividend: number, divisor: number)", "The rest, with the divisor's sign.",
     "modulo(-12, 5) → 3", modulo),
    ("sqrt(number: number)", "The square root.", "sqrt(16) → 4", CONTEXT.sqrt),
    ("log(number: number)", "The natural logarithm.", "log(1) → 0", log),
    ("exp(number: number)", "e to a power.", "exp(0) → 1", CONTEXT.exp),
    ("odd(number: number)", "Whether odd.", "odd(5) → true", lambda number: number % 2 in (1, -1)),
    ("even(number: number)", "Whether even.", "even(5) → false", lambda number: number % 2 == 0),
    (f"day of year(date: {_MOMENT})", "From 1 to 366.", 'day of year(@"2019-09-17") → 260', day_of_year),
    (f"day of week(date: {_MOMENT})", "The English name.", 'day of week(@"2019-09-17") → "Tuesday"',
     lambda value: WEEKDAYS[weekday(value) - 1]),
    (f"month of year(date: {_MOMENT})", "The English name.", 'month of year(@"2019-09-17") → "September"',
     lambda value: MONTHS[day_of(value).month - 1]),
    (f"week of year(date: {_MOMENT})", "The ISO week.", 'week of year(@"2019-09-17") → 38', week_of_year),
    ("is(value1?: any, value2?: any)", "The same value of the same type.",
     'is(@"P1Y", @"P12M") → true', is_same),
    ("get value(context: context, key: string | context: context, keys: list)", "An entry's value.",
     'get value({a: 1}, "a") → 1', get_value),
    ("get entries(context: context)", "The entries as a list.",
     "get entries({a: 1}) → [{key: \"a\", value: 1}]", get_entries),
    ("context(entries: list)", "A context of such a list.",
     'context([{key: "a", value: 1}]) → {a: 1}', context_of),
    ("context put(context: context, key: string, value: any | context: context, keys: list, value: any)",
     "A context with another entry.", 'context put({a: 1}, "b", 2) → {a: 1, b: 2}', context_put),
    ("context merge(contexts: list)", "Contexts as one; the last wins.",
     "context merge([{a: 1}, {b: 2}]) → {a: 1, b: 2}", context_merge),
    *RELATIONS,
)  # fmt: skip

FUNCTIONS_OF_DMN: dict[str, Builtin] = {
    signature.partition("(")[0]: Builtin(signature, doc, tuple(examples.split("; ")), call)
    for signature, doc, examples, call in _DECLARED
}
