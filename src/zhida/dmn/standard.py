"""The constructs of standard FEEL that policies do without: loops, contexts, functions, calls by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from itertools import count
from typing import Any, Self

from zhida.dmn.values import FunctionValue
from zhida.feel import interpreter, nodes
from zhida.feel.functions import OPERATORS, Builtin, all_of, any_of, bounds
from zhida.feel.interpreter import Evaluation, Logic, Scope, call_builtin, is_row
from zhida.feel.nodes import Node
from zhida.feel.values import UNKNOWN, Range, Unknown, kind
from zhida.temporal import FarDate, date_of, day_number, part_of

STEPS = 500_000  # of loops and calls in one evaluation, so that none runs for ever


class Exhausted(RuntimeError):
    """An evaluation that took more than STEPS; it is no null."""


@dataclass(frozen=True, slots=True)
class Local:
    """Names that an expression introduced, before those of the scope it stands in."""

    names: Mapping[str, Any]
    outer: Any

    def name(self, name: str) -> Any:
        return self.names[name] if name in self.names else self.outer.name(name)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.outer, attribute)


class Loops(Evaluation):
    """An evaluation that can introduce names and counts how often it does."""

    __slots__ = ("steps",)

    def __init__(
        self, scope: Any, logic: Logic, trace: Any = None, steps: Iterator[int] | None = None
    ) -> None:
        super().__init__(scope, logic, trace)
        self.steps = steps or count()

    def within(self, scope: Any) -> Self:
        self.step()
        return type(self)(scope, self.logic, self.trace, self.steps)

    def step(self) -> None:
        if next(self.steps) > STEPS:
            raise Exhausted("too many steps")

    def inside(self, names: Mapping[str, Any], item: Any = None) -> Self:
        """With more names; where `item` is a row, with that row's facts."""
        if item is None or not is_row(item):
            return self.within(Local(names, self.scope))
        outer = self.scope.names if isinstance(self.scope, Local) else {}
        return self.within(Local({**outer, **names}, item))


def evaluate(node: Node, scope: Scope, logic: Logic | None = None, steps: Iterator[int] | None = None) -> Any:
    """The value of any FEEL expression. Exhausted where it takes too many steps."""
    return Loops(scope, logic or STANDARD, None, steps).value(node)


# ---- calls


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kinds` are the accepted kinds of value; a parameter that takes anything has none."""

    name: str
    kinds: frozenset[str]
    optional: bool
    many: bool


@lru_cache(maxsize=256)
def parameter_lists(signature: str) -> tuple[tuple[Parameter, ...], ...]:
    """The alternative parameter lists of a built-in function."""
    forms = signature.partition("(")[2].removesuffix(")").split(" | ")
    return tuple(tuple(_parameter(text) for text in form.split(", ") if text) for form in forms)


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(": ")
    accepted = frozenset(() if kinds == "any" else kinds.split("/"))
    return Parameter(name.rstrip("?*"), accepted, name.endswith("?"), name.endswith("*"))


def bind(function: Builtin, names: Sequence[str], *arguments: Any) -> list[Any]:
    """The arguments in the order of the first parameter list they fit. TypeError where they fit none."""
    for form in parameter_lists(function.signature):
        fitted = _fit_names(form, names, arguments) if names else _fit(form, arguments)
        if fitted is not None:
            return fitted
    raise TypeError(f"{function.signature} was given {', '.join(map(kind, arguments)) or 'nothing'}")


_ABSENT = object()


def _fit_names(form: tuple[Parameter, ...], names: Sequence[str], values: Sequence[Any]) -> Any:
    given = dict(zip(names, values, strict=True))
    if not given.keys() <= {parameter.name for parameter in form} or (form and form[-1].many):
        return None
    return _fit(form, [given.get(parameter.name, _ABSENT) for parameter in form])


def _fit(form: tuple[Parameter, ...], values: Sequence[Any]) -> list[Any] | None:
    if form and form[-1].many:
        head = None if len(values) < len(form) else _fit(form[:-1], values[: len(form) - 1])
        return None if head is None else [*head, *values[len(form) - 1 :]]
    if len(values) > len(form):
        return None
    padded = [*values, *[_ABSENT] * (len(form) - len(values))]
    fitted = [_argument(value, parameter) for value, parameter in zip(padded, form, strict=True)]
    while fitted and fitted[-1] is None and form[len(fitted) - 1].optional:
        fitted.pop()
    return None if any(value is _ABSENT for value in fitted) else fitted


def _argument(value: Any, parameter: Parameter) -> Any:
    """The value, a single value for its list of one, or a list of it; absent where none fits."""
    if parameter.optional and (value is None or value is _ABSENT):
        return None
    kinds = parameter.kinds
    if value is _ABSENT or value is UNKNOWN or not kinds or kind(value) in kinds:
        return value
    if isinstance(value, list) and len(value) == 1 and kind(value[0]) in kinds:
        return value[0]
    return [value] if kinds == {"list"} and value is not None else _ABSENT


def _call(node: nodes.Call, at: Loops) -> Any:
    function = at.value(node.function)
    arguments = [at.value(argument) for argument in node.arguments]
    if isinstance(function, Builtin):
        bound = partial(_bound_call, function, node.names)
        return call_builtin(function, bound, arguments, at)
    if not isinstance(function, FunctionValue):
        return None
    at.step()
    return at.logic.apply(invoke, function, arguments, node.names)


def _bound_call(function: Builtin, names: Sequence[str], *given: Any) -> Any:
    if function.takes_scope:
        return function.call(given[0], *bind(function, names, *given[1:]))
    return function.call(*bind(function, names, *given))


def invoke(function: FunctionValue, arguments: list[Any], names: tuple[str, ...] = ()) -> Any:
    """Calls by position or by name. TypeError where the parameters are not exactly met."""
    expected = [name for name, _ in function.parameters]
    if len(arguments) != len(expected) or (names and set(names) != set(expected)):
        raise TypeError(f"expected {', '.join(expected)}")
    if names:
        given = dict(zip(names, arguments, strict=True))
        arguments = [given[name] for name in expected]
    return function.call(*arguments)


def _function(node: nodes.Function, at: Loops) -> Any:
    coerce = getattr(at.scope, "coerce", lambda value, type: value)

    def call(*arguments: Any) -> Any:
        given = zip(node.parameters, arguments, strict=True)
        names = {name: coerce(value, type) if type else value for (name, type), value in given}
        return at.inside(names).value(node.body)

    return None if node.external else FunctionValue(node.parameters, call)


# ---- contexts and types


def _context(node: nodes.Context, at: Loops) -> Any:
    entries: dict[str, Any] = {}
    inner = at.inside(entries)
    for key, value in node.entries:
        entries[key] = inner.value(value)
    return dict(entries)


def _path(node: nodes.Path, at: Loops) -> Any:
    base = at.value(node.base)
    if isinstance(base, list):
        return [at.logic.apply(_part, item, node.name) for item in base]
    return at.logic.apply(_part, base, node.name)


def _part(value: Any, name: str) -> Any:
    match value:
        case dict():
            return value[name]
        case Range(low=low, high=high, low_closed=first, high_closed=last):
            return {"start": low, "end": high, "start included": first, "end included": last}[name]
    return part_of(value, name)


def _filter(node: nodes.Filter, at: Loops) -> Any:
    """The items for which the condition holds, or the one at a position."""
    base = at.value(node.base)
    if base is UNKNOWN:
        return UNKNOWN
    items = base if isinstance(base, list) else [] if base is None else [base]
    kept = []
    for item in items or [None]:
        entries = item if isinstance(item, dict) else {}
        condition = at.inside({"item": item, **entries}, item).value(node.condition)
        if isinstance(condition, Decimal):
            return _element(items, int(condition))
        if condition is UNKNOWN or not _is_truth(condition):
            return at.logic.third
        if condition and items:
            kept.append(item)
    return kept


def _element(items: list[Any], position: int) -> Any:
    if not 1 <= abs(position) <= len(items):
        return None
    return items[position - 1 if position > 0 else position]


def _is_truth(value: Any) -> bool:
    """true, false, or neither; not a value of another type."""
    return value is None or isinstance(value, bool | Unknown)


def _instance_of(node: nodes.InstanceOf, at: Loops) -> Any:
    value = at.value(node.value)
    known = getattr(at.scope, "is_instance", None)
    if known is not None:
        return at.logic.apply(known, value, node.type)
    return value is not None and node.type in (kind(value), "Any")


# ---- loops


def _for(node: nodes.For, at: Loops) -> Any:
    results: list[Any] = []
    with_partial = _mentions(node.body, "partial")
    for inner in _combinations(node.iterators, at):
        if inner is None:
            return at.logic.third
        if with_partial:
            inner = inner.inside({"partial": list(results)})
        results.append(inner.value(node.body))
    return results


def _mentions(node: Node, name: str) -> bool:
    return nodes.Name(name) in nodes.walk(node)


def _quantified(node: nodes.Quantified, at: Loops) -> Any:
    results = [
        at.logic.third if inner is None else inner.value(node.body)
        for inner in _combinations(node.iterators, at)
    ]
    if not all(_is_truth(result) for result in results):
        return None
    return (any_of if node.kind == "some" else all_of)(results)


def _combinations(iterators: tuple[nodes.Iterator, ...], at: Loops) -> Iterator[Loops | None]:
    """An evaluation for each combination of items; None for one whose domain is not to be had."""
    if not iterators:
        yield at
        return
    items = _items(iterators[0], at)
    if items is None or items is UNKNOWN:
        yield None
        return
    for item in items:
        inner = at.inside({iterators[0].name: item}, item)
        yield from _combinations(iterators[1:], inner)


def _items(iterator: nodes.Iterator, at: Loops) -> Any:
    domain = at.value(iterator.domain)
    if iterator.high is not None:
        return at.logic.apply(_steps, domain, at.value(iterator.high))
    if isinstance(domain, Range):
        return at.logic.apply(_members, domain)
    return domain if isinstance(domain, list) or domain is None or domain is UNKNOWN else [domain]


def _members(range: Range) -> list[Any]:
    if OPERATORS[">"].apply(range.low, range.high):
        raise ValueError("a range runs upwards")
    return [value for value in _steps(range.low, range.high) if within(value, range)]


def within(value: Any, range: Range) -> bool:
    """Whether a value lies in a range. TypeError where they cannot be compared."""
    return all(OPERATORS[op].apply(value, bound) for op, bound in bounds(range))


def _steps(start: Any, end: Any) -> Iterable[Any]:
    """Each integer or day from start to end, in whichever direction."""
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        make: Callable[[int], Any] = Decimal
        first, last = int(start), int(end)
    elif isinstance(start, date | FarDate) and isinstance(end, date | FarDate):
        make, first, last = date_of, day_number(start), day_number(end)
    else:
        raise TypeError(f"cannot count from {kind(start)} to {kind(end)}")
    if abs(last - first) > STEPS:
        raise Exhausted("too many steps")
    step = 1 if first <= last else -1
    return map(make, range(first, last + step, step))


def extended(logic: Logic) -> Logic:
    """The logic with the rules of all of FEEL."""
    more: dict[type[Node], interpreter.Rule] = {
        nodes.Call: _call,
        nodes.Context: _context,
        nodes.Filter: _filter,
        nodes.For: _for,
        nodes.Function: _function,
        nodes.InstanceOf: _instance_of,
        nodes.Path: _path,
        nodes.Quantified: _quantified,
    }
    return replace(logic, rules={**logic.rules, **more})


STANDARD = extended(interpreter.STANDARD)
