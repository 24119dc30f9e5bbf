"""The operators and functions of FEEL, each declared once: signature, meaning, examples, implementation.

This is the vocabulary of both modes; what only standard FEEL has is declared in `zhida.dmn.functions`.
Implementations raise where their arguments make no sense: the standard logic turns that into null.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import partial, reduce
from typing import Any

from zhida.feel.values import CONTEXT, KINDS, UNKNOWN, Range, equal, kind, same, sort_keys
from zhida.temporal import YearsMonths, add_months, add_span, months_between, shift_months, subtract_moments

Call = Callable[..., Any]
YM, DT, MOMENT = "years and months duration", "days and time duration", "date and time"


@dataclass(frozen=True, slots=True)
class Operator:
    """A binary operator on two known values."""

    symbol: str
    doc: str
    examples: tuple[str, ...]
    apply: Call


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kinds` are the accepted kinds; a parameter that takes anything has none."""

    name: str
    kinds: frozenset[str]
    optional: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in function: `forms` are its alternative parameter lists."""

    name: str
    signature: str
    doc: str
    examples: tuple[str, ...]
    call: Call
    forms: tuple[tuple[Parameter, ...], ...]
    policy_only: bool = False
    takes_unknown: bool = False  # decides itself what an unknown argument means
    takes_scope: bool = False


KINDS[Builtin] = "function"


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(": ")
    accepted = frozenset() if kinds == "any" else frozenset(kinds.split("/"))
    return Parameter(name.rstrip("?*"), accepted, name.endswith("?"), name.endswith("*"))


def builtin(signature: str, doc: str, examples: str, call: Call, **flags: bool) -> Builtin:
    """`name(a: number, b?: string/list | c*: any)`: `?` may be left out, `*` repeats, `|` alternates."""
    name, _, rest = signature.removesuffix(")").partition("(")
    forms = tuple(
        tuple(_parameter(text) for text in form.split(", ") if text) for form in rest.split(" | ")
    )
    return Builtin(name, signature, doc, tuple(examples.split("; ")), call, forms, **flags)


def bind(function: Builtin, arguments: Sequence[Any], names: Sequence[str] = ()) -> list[Any]:
    """The arguments in the order of the first form they fit. TypeError where they fit none."""
    for form in function.forms:
        if names:
            given = dict(zip(names, arguments, strict=True))
            ordered = [given.pop(parameter.name, None) for parameter in form]
            fitted = None if given else _fit(form, ordered, set(names))
        else:
            fitted = _fit(form, arguments)
        if fitted is not None:
            return fitted
    raise TypeError(f"{function.signature} was given {', '.join(map(kind, arguments)) or 'nothing'}")


def _fit(form: tuple[Parameter, ...], values: Sequence[Any], named: Any = None) -> list[Any] | None:
    if form and form[-1].many:
        return [list(values)] if values else None
    if len(values) > len(form):
        return None
    fitted = []
    for index, parameter in enumerate(form):
        value = values[index] if index < len(values) else None
        absent = index >= len(values) or (named is not None and parameter.name not in named)
        if value is None and parameter.optional:
            fitted.append(None)
            continue
        if absent or (parameter.kinds and kind(value) not in parameter.kinds):
            value = _coerced(value, parameter.kinds)
            if absent or value is None:
                return None
        fitted.append(value)
    while fitted and fitted[-1] is None and form[len(fitted) - 1].optional:
        fitted.pop()
    return fitted


def _coerced(value: Any, kinds: frozenset[str]) -> Any:
    """A single value for its list of one, and the other way round; None where neither fits."""
    if value is UNKNOWN:
        return value
    if isinstance(value, list) and len(value) == 1 and kind(value[0]) in kinds:
        return value[0]
    return [value] if kinds == {"list"} and value is not None else None


# ---- operators

_Table = dict[tuple[str, str], Call]


def _swapped(table: _Table) -> _Table:
    return table | {(b, a): lambda x, y, f=f: f(y, x) for (a, b), f in table.items() if a != b}


def _by_kinds(table: _Table) -> Call:
    return lambda left, right: table[kind(left), kind(right)](left, right)


def scale(length: Any, factor: Decimal) -> Any:
    """A duration times a number, without what is less than a month or a microsecond."""
    if isinstance(length, YearsMonths):
        return YearsMonths(int(length.months * factor))
    return timedelta(microseconds=int(length // timedelta(microseconds=1) * factor))


def _ratio(left: Any, right: Any) -> Decimal:
    if isinstance(left, YearsMonths):
        return CONTEXT.divide(Decimal(left.months), Decimal(right.months))
    tick = timedelta(microseconds=1)
    return CONTEXT.divide(Decimal(left // tick), Decimal(right // tick))


def negate(value: Any) -> Any:
    """`-value` of a number or a duration."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    return YearsMonths(-value.months) if isinstance(value, YearsMonths) else -value


_MOMENTS = ("date", MOMENT)
_ADD = _swapped({
    ("number", "number"): CONTEXT.add,
    ("string", "string"): operator.add,
    (YM, YM): lambda a, b: YearsMonths(a.months + b.months),
    (DT, DT): operator.add,
    **{(moment, YM): add_months for moment in _MOMENTS},
    **{(moment, DT): add_span for moment in (*_MOMENTS, "time")},
})  # fmt: skip
_SUBTRACT: _Table = {
    ("number", "number"): CONTEXT.subtract,
    (YM, YM): lambda a, b: YearsMonths(a.months - b.months),
    (DT, DT): operator.sub,
    ("time", "time"): subtract_moments,
    **{(a, b): subtract_moments for a in _MOMENTS for b in _MOMENTS},
    **{(moment, YM): lambda a, b: add_months(a, negate(b)) for moment in _MOMENTS},
    **{(moment, DT): lambda a, b: add_span(a, -b) for moment in (*_MOMENTS, "time")},
}
_MULTIPLY = _swapped({
    ("number", "number"): CONTEXT.multiply, (YM, "number"): scale, (DT, "number"): scale,
})  # fmt: skip
_DIVIDE: _Table = {
    ("number", "number"): CONTEXT.divide, (YM, YM): _ratio, (DT, DT): _ratio,
    **{(length, "number"): lambda a, b: scale(a, CONTEXT.divide(Decimal(1), b)) for length in (YM, DT)},
}  # fmt: skip


def _ordered(comparison: Call) -> Call:
    return lambda left, right: comparison(*sort_keys(left, right))


OPERATORS = {
    symbol: Operator(symbol, doc, tuple(examples.split("; ")), apply)
    for symbol, doc, examples, apply in (
        ("+", "Sum; joins strings; moves dates by durations.",
         '1 + 2 → 3; @"2022-01-31" + @"P1M" → @"2022-02-28"', _by_kinds(_ADD)),
        ("-", "Difference; of two dates a duration.",
         '@"2022-03-01" - @"2022-02-01" → @"P28D"', _by_kinds(_SUBTRACT)),
        ("*", "Product, also of a duration and a number.", '2 * @"P6M" → @"P1Y"', _by_kinds(_MULTIPLY)),
        ("/", "Quotient; of two durations a number.", '1 / 4 → 0.25', _by_kinds(_DIVIDE)),
        ("**", "Power.", "2 ** 10 → 1024", _by_kinds({("number", "number"): CONTEXT.power})),
        ("=", "Equality of values of one type.", '1 = 1.0 → true; "a" = "b" → false', equal),
        ("!=", "The contrary of =.", "1 != 2 → true", lambda a, b: not equal(a, b)),
        ("<", "Less, earlier, shorter.", "1 < 2 → true", _ordered(operator.lt)),
        ("<=", "Less or equal.", "2 <= 2 → true", _ordered(operator.le)),
        (">", "Greater, later, longer.", '@"P1Y" > @"P11M" → true', _ordered(operator.gt)),
        (">=", "Greater or equal.", "2 >= 3 → false", _ordered(operator.ge)),
    )
}  # fmt: skip


# ---- functions


def integer(number: Decimal) -> int:
    """A count or position, without its fraction."""
    return int(number)


def third(values: Sequence[Any]) -> Any:
    """What stands between true and false where `values` did not decide."""
    return UNKNOWN if any(value is UNKNOWN for value in values) else None


def any_of(values: Sequence[Any]) -> Any:
    """Kleene's or: true where one is true, false where all are false."""
    if any(value is True for value in values):
        return True
    return False if all(value is False for value in values) else third(values)


def all_of(values: Sequence[Any]) -> Any:
    """Kleene's and."""
    if any(value is False for value in values):
        return False
    return True if all(value is True for value in values) else third(values)


def contains(values: Any, element: Any) -> Any:
    """Whether an element equals one of the values; unknown where an unknown one could be it."""
    if values is UNKNOWN or (element is UNKNOWN and values):
        return UNKNOWN
    if any(value is not UNKNOWN and same(value, element) for value in values):
        return True
    return UNKNOWN if UNKNOWN in values else False


def has_any(values: Any, wanted: Any) -> Any:
    """Whether the two lists share an element."""
    if wanted == [] or values == []:
        return False
    if wanted is UNKNOWN or values is UNKNOWN:
        return UNKNOWN
    return any_of([contains(values, element) for element in wanted])


def round_to(rounding: str, number: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
    """`number` with `digits` decimals."""
    places = integer(digits)
    if not -6111 <= places <= 6176:
        raise ValueError("no such scale")
    if -int(number.as_tuple().exponent) <= places:
        return number
    return number.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=CONTEXT)


def total(values: list[Any]) -> Any:
    """The sum of numbers or of durations."""
    return reduce(OPERATORS["+"].apply, values[1:], _number(values[0]))


def _number(value: Any) -> Any:
    if kind(value) not in ("number", YM, DT):
        raise TypeError(f"cannot add up {kind(value)}")
    return value


def extreme(comparison: str, values: list[Any]) -> Any:
    """The first value that no other precedes in the order of `comparison`."""
    apply = OPERATORS[comparison].apply
    best = values[0]
    apply(best, best)
    for value in values[1:]:
        best = value if apply(value, best) else best
    return best


def add_months_towards(day: Any, months: Decimal, direction: str) -> Any:
    if direction not in ("earlier", "later"):
        raise ValueError('the direction is "earlier" or "later"')
    return shift_months(day, integer(months), direction == "later")


def negation(value: Any) -> Any:
    return (not value) if isinstance(value, bool) else third([value])


def distinct(values: list[Any]) -> list[Any]:
    """The values in order of first appearance, each once."""
    found: list[Any] = []
    return [found.append(value) or value for value in values if not any(same(value, f) for f in found)]


def within(value: Any, range: Range) -> bool:
    """Whether `value` lies in the range."""
    if range.op:
        bound = range.high if range.low is None else range.low
        return bool(OPERATORS[range.op].apply(value, bound))
    above = OPERATORS[">=" if range.low_closed else ">"].apply(value, range.low)
    below = OPERATORS["<=" if range.high_closed else "<"].apply(value, range.high)
    return bool(above and below)


FUNCTIONS: dict[str, Builtin] = {f.name: f for f in (
    builtin("not(negand: boolean/null)", "The contrary.", "not(true) → false", negation, takes_unknown=True),
    builtin("all(list: list | list*: any)", "Whether all are true.", "all([true, false]) → false", all_of, takes_unknown=True),
    builtin("any(list: list | list*: any)", "Whether one is true.", "any([true, false]) → true", any_of, takes_unknown=True),
    builtin("list contains(list: list, element: any)", "Whether an element is in a list.", 'list contains(["a"], "a") → true', contains, takes_unknown=True),
    builtin("has any(list: list, wanted: list)", "Whether two lists share an element.", 'has any(["a", "b"], ["b", "c"]) → true', has_any, takes_unknown=True, policy_only=True),
    builtin("count(list: list | list*: any)", "How many.", "count([1, 2]) → 2", lambda v: Decimal(len(v))),
    builtin("sum(list: list | list*: any)", "The sum.", "sum([1, 2]) → 3", total),
    builtin("min(list: list | list*: any)", "The least.", "min(2, 1) → 1", partial(extreme, "<")),
    builtin("max(list: list | list*: any)", "The greatest.", "max([2, 1]) → 2", partial(extreme, ">")),
    builtin("abs(n: number/days and time duration/years and months duration)", "The size without its sign.", "abs(-1) → 1", lambda n: max(n, negate(n))),
    builtin("floor(n: number | n: number, scale: number)", "Rounded down.", "floor(-1.5) → -2", partial(round_to, ROUND_FLOOR)),
    builtin("ceiling(n: number | n: number, scale: number)", "Rounded up.", "ceiling(1.2) → 2", partial(round_to, ROUND_CEILING)),
    builtin("round up(n: number, scale: number)", "Rounded away from zero.", "round up(1.121, 2) → 1.13", partial(round_to, ROUND_UP)),
    builtin("round down(n: number, scale: number)", "Rounded towards zero.", "round down(1.129, 2) → 1.12", partial(round_to, ROUND_DOWN)),
    builtin("round half up(n: number, scale: number)", "Rounded; half away from zero.", "round half up(1.125, 2) → 1.13", partial(round_to, ROUND_HALF_UP)),
    builtin("round half down(n: number, scale: number)", "Rounded; half towards zero.", "round half down(1.125, 2) → 1.12", partial(round_to, ROUND_HALF_DOWN)),
    builtin("contains(string: string, match: string)", "Whether a text is part of another.", 'contains("foobar", "ob") → true', operator.contains),
    builtin("starts with(string: string, match: string)", "Whether a text begins with another.", 'starts with("foobar", "foo") → true', str.startswith),
    builtin("ends with(string: string, match: string)", "Whether a text ends with another.", 'ends with("foobar", "bar") → true', str.endswith),
    builtin("distinct values(list: list)", "Each value once.", "distinct values([1, 2, 1]) → [1, 2]", distinct),
    builtin("add months(date: date, months: number, direction: string)", "Where the month lacks the day: its last day, or the first of the next.",
            'add months(@"2022-01-31", 1, "earlier") → @"2022-02-28"; add months(@"2022-01-31", 1, "later") → @"2022-03-01"', add_months_towards, policy_only=True),
    builtin("full months(from: date, to: date)", "Complete months elapsed.", 'full months(@"2022-01-31", @"2022-02-28") → 0', lambda a, b: Decimal(months_between(a, b)), policy_only=True),
    builtin("full years(from: date, to: date)", "Complete years elapsed.", 'full years(@"2000-02-29", @"2022-02-28") → 21', lambda a, b: Decimal(int(months_between(a, b) / 12)), policy_only=True),
    builtin("lookup(table: string, key: any, date?: date)", "The figure in a column of a table, for a key or list of keys, on a date.", 'lookup("最低工资.月", "620000", @"2022-01-01")',
            lambda scope, table, key, date=None: scope.lookup(table, tuple(key) if isinstance(key, list) else (key,), date), takes_scope=True, policy_only=True),
)}
