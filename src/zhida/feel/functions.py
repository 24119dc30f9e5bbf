"""The operators, and the functions that policies use, each declared once with meaning and examples.

DMN's other functions are declared in the same way in `zhida.dmn.functions`. Implementations raise where
their arguments make no sense: the standard logic turns that into null, the policy checker excludes it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import partial, reduce
from typing import Any

from zhida import temporal
from zhida.feel.values import CONTEXT, KINDS, UNKNOWN, Range, equal, kind, same, sort_keys

Call = Callable[..., Any]
NUMBERS, STRINGS = (Decimal, Decimal), (str, str)


@dataclass(frozen=True, slots=True)
class Operator:
    """A binary operator on two known values."""

    symbol: str
    doc: str
    examples: tuple[str, ...]
    apply: Call


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function; the signature `f(a: number, b?: string/list, c*: any | d: date)` names its parameters.

    `?` may be left out, `*` repeats, `/` and `|` alternate. One that `takes_unknown` decides itself
    what an unknown argument means; one that `takes_scope` is given the scope before its arguments.
    """

    signature: str
    doc: str
    examples: tuple[str, ...]
    call: Call
    policy_only: bool = False
    takes_unknown: bool = False
    takes_scope: bool = False

    @property
    def name(self) -> str:
        return self.signature.partition("(")[0]


KINDS[Builtin] = "function"


def _by_types(table: temporal.Table) -> Call:
    return lambda left, right: table[type(left), type(right)](left, right)


def _ordered(comparison: Call) -> Call:
    return lambda left, right: comparison(*sort_keys(left, right))


def negate(value: Any) -> Any:
    """`-value` of a number or a duration."""
    return CONTEXT.minus(value) if isinstance(value, Decimal) else temporal.negate(value)


OPERATORS = {
    symbol: Operator(symbol, doc, tuple(examples.split("; ")), apply)
    for symbol, doc, examples, apply in (
        ("+", "Sum; joins strings; moves dates.", '1 + 2 → 3; @"2022-01-31" + @"P1M" → @"2022-02-28"',
         _by_types({NUMBERS: CONTEXT.add, STRINGS: operator.add, **temporal.SUMS})),
        ("-", "Difference; of two dates a duration.", '@"2022-03-01" - @"2022-02-01" → @"P28D"',
         _by_types({NUMBERS: CONTEXT.subtract, **temporal.DIFFERENCES})),
        ("*", "Product, also of a duration and a number.", '2 * @"P6M" → @"P1Y"',
         _by_types({NUMBERS: CONTEXT.multiply, **temporal.PRODUCTS})),
        ("/", "Quotient; of two durations a number.", "1 / 4 → 0.25",
         _by_types({NUMBERS: CONTEXT.divide, **temporal.QUOTIENTS})),
        ("**", "Power.", "2 ** 10 → 1024", _by_types({NUMBERS: CONTEXT.power})),
        ("=", "Equality of values of one type.", '1 = 1.0 → true; "a" = "b" → false', equal),
        ("!=", "The contrary of =.", "1 != 2 → true", lambda a, b: not equal(a, b)),
        ("<", "Less, earlier, shorter.", "1 < 2 → true", _ordered(operator.lt)),
        ("<=", "Less or equal.", "2 <= 2 → true", _ordered(operator.le)),
        (">", "Greater, later, longer.", '@"P1Y" > @"P11M" → true', _ordered(operator.gt)),
        (">=", "Greater or equal.", "2 >= 3 → false", _ordered(operator.ge)),
    )
}  # fmt: skip


def bounds(range: Range) -> tuple[tuple[str, Any], ...]:
    """The comparisons, each an operator and a bound, that a value in the range passes."""
    if range.op:
        return ((range.op, range.high if range.low is None else range.low),)
    above, below = ">=" if range.low_closed else ">", "<=" if range.high_closed else "<"
    return ((above, range.low), (below, range.high))


def third(values: Sequence[Any]) -> Any:
    """What stands between true and false where `values` did not decide."""
    return UNKNOWN if any(value is UNKNOWN for value in values) else None


def any_of(values: Sequence[Any]) -> Any:
    """Kleene's or: true where one is true, false where all are false."""
    decided = any(value is True for value in values)
    return decided if decided or all(value is False for value in values) else third(values)


def all_of(values: Sequence[Any]) -> Any:
    """Kleene's and: false where one is false, true where all are true."""
    decided = all(value is True for value in values)
    return decided if decided or any(value is False for value in values) else third(values)


def negation(value: Any) -> Any:
    """The contrary of true and false; otherwise what it was given."""
    return (not value) if isinstance(value, bool) else third([value])


def contains(values: Any, element: Any) -> Any:
    """Whether an element equals one of the values; unknown where an unknown one could be it."""
    if values == []:
        return False
    if values is UNKNOWN or element is UNKNOWN:
        return UNKNOWN
    return any_of([value if value is UNKNOWN else same(value, element) for value in values])


def has_any(values: Any, wanted: Any) -> Any:
    """Whether the two lists share an element."""
    if values == [] or wanted == []:
        return False
    return UNKNOWN if wanted is UNKNOWN else any_of([contains(values, item) for item in wanted])


def round_to(rounding: str, number: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    """`number` with `scale` decimals, which the standard keeps between -6111 and 6176."""
    places = int(scale)
    if not -6111 <= places <= 6176:
        raise ValueError("no such scale")
    if -int(number.as_tuple().exponent) <= places:
        return number
    return number.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=CONTEXT)


def gathered(call: Callable[[list[Any]], Any]) -> Call:
    """Lets a function of a list be given the items one by one."""
    return lambda *given: call(given[0] if len(given) == 1 and kind(given[0]) == "list" else list(given))


def total(values: list[Any]) -> Any:
    """The sum of numbers or of durations, which unlike texts can be negated; not of none."""
    return reduce(OPERATORS["+"].apply, values[1:], negate(negate(values[0])))


def _sum(scope: Any, *given: Any) -> Any:
    """Of none it is 0 in a policy, whose scope has rows, and an error in the standard."""
    if given == ([],) and hasattr(scope, "rows"):
        return Decimal(0)
    return gathered(total)(*given)


def extreme(comparison: str, values: list[Any]) -> Any:
    """The first value that no other precedes in the order of `comparison`."""
    precedes = OPERATORS[comparison].apply
    precedes(values[0], values[0])  # a value without an order is no extreme even when alone
    return reduce(lambda best, value: value if precedes(value, best) else best, values)


def _add_months(day: Any, months: Decimal, direction: str) -> Any:
    return temporal.shift_months(day, int(months), {"earlier": False, "later": True}[direction])


def _lookup(scope: Any, table: str, key: Any, day: Any = None) -> Any:
    return scope.lookup(table, tuple(key) if isinstance(key, list) else (key,), day)


_LIST = "list: list | list*: any"
FUNCTIONS: dict[str, Builtin] = {
    function.name: function for function in (
        Builtin("not(negand: boolean/null)", "The contrary.", ("not(true) → false",),
                negation, takes_unknown=True),
        Builtin("abs(n: number/days and time duration/years and months duration)",
                "The size without its sign.", ("abs(-1) → 1",), lambda n: max(n, negate(n))),
        Builtin("floor(n: number | n: number, scale: number)", "Rounded down.",
                ("floor(-1.5) → -2",), partial(round_to, ROUND_FLOOR)),
        Builtin("ceiling(n: number | n: number, scale: number)", "Rounded up.",
                ("ceiling(1.2) → 2",), partial(round_to, ROUND_CEILING)),
        Builtin("round half up(n: number, scale: number)", "Rounded; half away from zero.",
                ("round half up(1.125, 2) → 1.13",), partial(round_to, ROUND_HALF_UP)),
        Builtin(f"min({_LIST})", "The least.", ("min(2, 1) → 1",), gathered(partial(extreme, "<"))),
        Builtin(f"max({_LIST})", "The greatest.", ("max(2, 1) → 2",), gathered(partial(extreme, ">"))),
        Builtin(f"sum({_LIST})", "The sum.", ("sum([1, 2]) → 3",), _sum, takes_scope=True),
        Builtin(f"count({_LIST})", "How many.", ("count([1, 2]) → 2",),
                gathered(lambda values: Decimal(len(values)))),
        Builtin("list contains(list: list, element: any)", "Whether an element is in a list.",
                ('list contains(["a"], "a") → true',), contains, takes_unknown=True),
        Builtin("has any(list: list, wanted: list)", "Whether two lists share an element.",
                ('has any(["a", "b"], ["b"]) → true',), has_any, True, takes_unknown=True),
        Builtin("starts with(string: string, match: string)", "Whether a text begins with another.",
                ('starts with("foobar", "foo") → true',), str.startswith),
        Builtin("add months(date: date, months: number, direction: string)",
                "Where the month lacks the day: its last day, or the first of the next.",
                ('add months(@"2022-01-31", 1, "earlier") → @"2022-02-28"',
                 'add months(@"2022-01-31", 1, "later") → @"2022-03-01"'), _add_months, True),
        Builtin("full years(from: date, to: date)", "Complete years elapsed, by the day of the month.",
                ('full years(@"2000-02-29", @"2022-02-28") → 21',),
                lambda start, end: Decimal(int(temporal.months_between(start, end) / 12)), True),
        Builtin("full months(from: date, to: date)", "Complete months elapsed, by the day of the month.",
                ('full months(@"2022-01-31", @"2022-02-28") → 0',),
                lambda start, end: Decimal(temporal.months_between(start, end)), True),
        Builtin("lookup(table: string, key: any, date?: date)",
                "The figure in a `table.column`, for a key or a list of keys, on a date.", (),
                _lookup, True, takes_scope=True),
    )
}  # fmt: skip
