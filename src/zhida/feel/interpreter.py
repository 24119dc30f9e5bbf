"""Syntax tree and scope to value, in either of two logics that share every operator and function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Protocol

from zhida.feel import nodes
from zhida.feel.functions import FUNCTIONS, OPERATORS, Builtin, all_of, any_of, bind, negate, same, within
from zhida.feel.nodes import Node
from zhida.feel.values import KINDS, UNKNOWN, FunctionValue, Range, Unknown, kind
from zhida.temporal import FarDate, date_of, day_number, part_of

TRUTHS = {bool, type(None), Unknown}
STEPS = 2_000_000  # of loops and calls in one evaluation, so that none runs for ever
ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Exhausted(RuntimeError):
    """An evaluation that took more than STEPS; it is no null."""


class Scope(Protocol):
    """Where names and facts get their values. LookupError for a name that is not there.

    The policy profile adds `fact(entity, key)`, `rows(entity)` and `lookup(table, keys, date)`.
    """

    def name(self, name: str, /) -> Any: ...


class Trace(Protocol):
    """Told the value of every sub-expression, innermost first."""

    def record(self, node: Node, value: Any, /) -> None: ...


class Names(dict[str, Any]):
    """The plainest scope: a dictionary."""

    def name(self, name: str) -> Any:
        return self[name]


@dataclass(frozen=True, slots=True)
class Local:
    """Names that an expression introduced, before those of the scope it stands in."""

    names: Mapping[str, Any]
    outer: Any

    def name(self, name: str) -> Any:
        return self.names[name] if name in self.names else self.outer.name(name)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.outer, attribute)


@dataclass(frozen=True, slots=True)
class Logic:
    """`third` is what is neither true nor false; `apply` guards a function against it."""

    third: Any
    apply: Callable[..., Any]


def _null_on_error(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except ERRORS:
        return None


def _unknown_in(value: Any) -> bool:
    return value is UNKNOWN or (type(value) is list and any(map(_unknown_in, value)))


def _unknown_spreads(function: Callable[..., Any], *arguments: Any) -> Any:
    for argument in arguments:
        if argument is UNKNOWN or (type(argument) is list and _unknown_in(argument)):
            return UNKNOWN
    return function(*arguments)


STANDARD = Logic(None, _null_on_error)
POLICY = Logic(UNKNOWN, _unknown_spreads)


def evaluate(
    node: Node, scope: Scope, logic: Logic = STANDARD, trace: Trace | None = None, steps: Any = None
) -> Any:
    """The value of an expression. In the policy logic what cannot be computed raises."""
    return Evaluation(scope, logic, trace, steps or count()).value(node)


class Evaluation:
    """One scope and one logic; loops and calls make another with more names."""

    __slots__ = ("logic", "scope", "steps", "trace")

    def __init__(self, scope: Any, logic: Logic, trace: Trace | None, steps: Iterator[int]) -> None:
        self.scope, self.logic, self.trace, self.steps = scope, logic, trace, steps

    def value(self, node: Node) -> Any:
        result = RULES[type(node)](node, self)
        if self.trace is not None:
            self.trace.record(node, result)
        return result

    def inside(self, names: Mapping[str, Any], row: Any = None) -> Evaluation:
        """With more names, and where `row` is given with that row's facts."""
        if next(self.steps) > STEPS:
            raise Exhausted("too many steps")
        scope = self.scope
        if row is not None and isinstance(scope, Local):
            names = {**scope.names, **names}
        return Evaluation(Local(names, scope if row is None else row), self.logic, self.trace, self.steps)


def is_row(value: Any) -> bool:
    """Rows of an entity are scopes, not FEEL values."""
    return type(value) not in KINDS


def _literal(node: nodes.Literal, at: Evaluation) -> Any:
    return node.value


def _name(node: nodes.Name, at: Evaluation) -> Any:
    try:
        return at.scope.name(node.name)
    except LookupError:
        if at.logic is POLICY and node.name not in FUNCTIONS:
            raise
        return FUNCTIONS.get(node.name)


def _fact(node: nodes.Fact, at: Evaluation) -> Any:
    return at.scope.fact(node.entity, node.key)


def _rows(node: nodes.Rows, at: Evaluation) -> Any:
    rows = at.scope.rows(node.entity)
    return rows if rows is UNKNOWN else list(rows)


def _figure(node: nodes.Figure, at: Evaluation) -> Any:
    return at.value(node.value)


def _path(node: nodes.Path, at: Evaluation) -> Any:
    base = at.value(node.base)
    if isinstance(base, list):
        return [_property(at, item, node) for item in base]
    return _property(at, base, node)


def _property(at: Evaluation, base: Any, node: nodes.Path) -> Any:
    if isinstance(base, dict):
        return base[node.name] if at.logic is POLICY else base.get(node.name)
    if is_row(base):
        return base.fact(_entity(node.base), node.name)
    return at.logic.apply(_range_part if isinstance(base, Range) else part_of, base, node.name)


def _range_part(range: Range, name: str) -> Any:
    parts = {"start included": range.low_closed, "end included": range.high_closed}
    return {"start": range.low, "end": range.high, **parts}[name]


def _entity(node: Node) -> str:
    """Whose rows an expression gives: `实体` or `实体[condition]`."""
    return node.entity if isinstance(node, nodes.Rows) else _entity(node.base)  # type: ignore[attr-defined]


def _negate(node: nodes.Negate, at: Evaluation) -> Any:
    return at.logic.apply(negate, at.value(node.operand))


def _binary(node: nodes.Binary, at: Evaluation) -> Any:
    op = node.op
    left = at.value(node.left)
    if op == "and" or op == "or":
        decisive = op == "or"
        if left is decisive:
            return decisive
        right = at.value(node.right)
        if right is decisive:
            return decisive
        return not decisive if left is right is (not decisive) else at.logic.third
    return at.logic.apply(OPERATORS[op].apply, left, at.value(node.right))


def _between(node: nodes.Between, at: Evaluation) -> Any:
    value, low, high = at.value(node.value), at.value(node.low), at.value(node.high)
    apply = at.logic.apply
    return all_of([apply(OPERATORS[">="].apply, value, low), apply(OPERATORS["<="].apply, value, high)])


def _range(node: nodes.Range, at: Evaluation) -> Any:
    low, high = (at.value(end) if end else None for end in (node.low, node.high))
    if UNKNOWN in (low, high):
        return UNKNOWN
    return Range(low, high, node.low_closed, node.high_closed)


def _test(node: nodes.Test, at: Evaluation) -> Any:
    bound = at.value(node.operand)
    if bound is UNKNOWN:
        return UNKNOWN
    low, high = node.op not in ("<", "<="), node.op not in (">", ">=")
    ends = (bound if low else None, bound if high else None)
    return Range(*ends, node.op in (">=", "="), node.op in ("<=", "="), node.op)


def _in(node: nodes.In, at: Evaluation) -> Any:
    value = at.value(node.value)
    return any_of([_holds(value, at.value(test), at) for test in node.tests])


def _holds(value: Any, test: Any, at: Evaluation) -> Any:
    """Whether a value passes one test: a range, a list of values or ranges, or a value to equal."""
    if isinstance(test, Range):
        return at.logic.apply(within, value, test)
    if isinstance(test, list) and not (isinstance(value, list) and _null_on_error(same, value, test)):
        return any_of([False, *(_holds_in_list(value, item, at) for item in test)])
    return at.logic.apply(OPERATORS["="].apply, value, test)


def _holds_in_list(value: Any, item: Any, at: Evaluation) -> Any:
    if isinstance(item, Range):
        return at.logic.apply(within, value, item)
    return at.logic.apply(same, value, item)


def _list(node: nodes.List, at: Evaluation) -> Any:
    return [at.value(item) for item in node.items]


def _context(node: nodes.Context, at: Evaluation) -> Any:
    entries: dict[str, Any] = {}
    inner = at.inside(entries)
    for key, value in node.entries:
        entries[key] = inner.value(value)
    return dict(entries)


def _if(node: nodes.If, at: Evaluation) -> Any:
    condition = at.value(node.condition)
    if condition is None or isinstance(condition, bool):
        return at.value(node.consequent if condition else node.alternative)
    if condition is not UNKNOWN:
        return None
    consequent, alternative = at.value(node.consequent), at.value(node.alternative)
    return consequent if at.logic.apply(same, consequent, alternative) is True else UNKNOWN


def _for(node: nodes.For, at: Evaluation) -> Any:
    results: list[Any] = []
    with_partial = _mentions(node.body, "partial")
    for inner in _bindings(node.iterators, at):
        if inner is None or inner is UNKNOWN:
            return inner
        if with_partial:
            inner = inner.inside({"partial": list(results)})
        results.append(inner.value(node.body))
    return results


def _mentions(node: Node, name: str) -> bool:
    return node == nodes.Name(name) or any(_mentions(child, name) for child in nodes.children(node))


def _quantified(node: nodes.Quantified, at: Evaluation) -> Any:
    results = [
        inner if inner is None or inner is UNKNOWN else inner.value(node.body)
        for inner in _bindings(node.iterators, at)
    ]
    if not set(map(type, results)) <= TRUTHS:
        return None
    return (any_of if node.kind == "some" else all_of)(results)


def _bindings(iterators: tuple[nodes.Iterator, ...], at: Evaluation) -> Iterator[Any]:
    """An evaluation for each combination; None or UNKNOWN for one whose domain is not to be had."""
    if not iterators:
        yield at
        return
    items = _items(iterators[0], at)
    for item in (items,) if items is None or items is UNKNOWN else items:
        if items is None or items is UNKNOWN:
            yield items
        else:
            inner = at.inside({iterators[0].name: item}, item if is_row(item) else None)
            yield from _bindings(iterators[1:], inner)


def _items(iterator: nodes.Iterator, at: Evaluation) -> Iterable[Any] | None:
    domain = at.value(iterator.domain)
    if iterator.high is not None:
        return at.logic.apply(_steps, domain, at.value(iterator.high))  # type: ignore[no-any-return]
    if isinstance(domain, Range):
        return at.logic.apply(_members, domain)  # type: ignore[no-any-return]
    return domain if isinstance(domain, list) or domain in (None, UNKNOWN) else [domain]


def _members(range: Range) -> Iterable[Any]:
    inside = [value for value in _steps(range.low, range.high) if within(value, range)]
    if OPERATORS[">"].apply(range.low, range.high):
        raise ValueError("a range runs upwards")
    return inside


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


def _filter(node: nodes.Filter, at: Evaluation) -> Any:
    base = at.value(node.base)
    if base is UNKNOWN:
        return UNKNOWN
    items = base if isinstance(base, list) else [] if base is None else [base]
    kept = []
    for item in items or [None]:
        condition = _condition(node.condition, item, at)
        if isinstance(condition, Decimal):
            return _element(items, int(condition))
        if condition is UNKNOWN or type(condition) not in TRUTHS:
            return at.logic.third
        if condition is True and items:
            kept.append(item)
    return kept


def _condition(node: Node, item: Any, at: Evaluation) -> Any:
    if is_row(item):
        return at.inside({"item": item}, item).value(node)
    return at.inside({"item": item, **(item if isinstance(item, dict) else {})}).value(node)


def _element(items: list[Any], position: int) -> Any:
    if not 1 <= abs(position) <= len(items):
        return None
    return items[position - 1 if position > 0 else position]


def _call(node: nodes.Call, at: Evaluation) -> Any:
    function = at.value(node.function) if at.trace is None else RULES[type(node.function)](node.function, at)
    arguments = [at.value(argument) for argument in node.arguments]
    if isinstance(function, Builtin):
        return _call_builtin(function, arguments, node.names, at)
    if not isinstance(function, FunctionValue):
        return None
    if next(at.steps) > STEPS:
        raise Exhausted("too many steps")
    return at.logic.apply(invoke, function, arguments, node.names)


def _call_builtin(function: Builtin, arguments: list[Any], names: tuple[str, ...], at: Evaluation) -> Any:
    def call(*given: Any) -> Any:
        bound = bind(function, given, names)
        return function.call(at.scope, *bound) if function.takes_scope else function.call(*bound)

    if function.takes_unknown:
        return call(*arguments) if at.logic is POLICY else _null_on_error(call, *arguments)
    return at.logic.apply(call, *arguments)


def invoke(function: FunctionValue, arguments: list[Any], names: tuple[str, ...] = ()) -> Any:
    """Calls by position or by name. TypeError where the parameters are not exactly met."""
    expected = [name for name, _ in function.parameters]
    if len(arguments) != len(expected) or (names and set(names) != set(expected)):
        raise TypeError(f"expected {', '.join(expected)}")
    if names:
        given = dict(zip(names, arguments, strict=True))
        arguments = [given[name] for name in expected]
    return function.call(*arguments)


def _function(node: nodes.Function, at: Evaluation) -> Any:
    coerce = getattr(at.scope, "coerce", lambda value, type: value)

    def call(*arguments: Any) -> Any:
        given = zip(node.parameters, arguments, strict=True)
        names = {name: coerce(value, type) if type else value for (name, type), value in given}
        return at.inside(names).value(node.body)

    return None if node.external else FunctionValue(node.parameters, call)


def _instance_of(node: nodes.InstanceOf, at: Evaluation) -> Any:
    value = at.value(node.value)
    known = getattr(at.scope, "is_instance", None)
    if known is not None:
        return at.logic.apply(known, value, node.type)
    return value is not None and node.type in (kind(value), "Any")


RULES: dict[type[Node], Callable[[Any, Evaluation], Any]] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Path: _path,
    nodes.Fact: _fact,
    nodes.Rows: _rows,
    nodes.Figure: _figure,
    nodes.Negate: _negate,
    nodes.Binary: _binary,
    nodes.Between: _between,
    nodes.Range: _range,
    nodes.Test: _test,
    nodes.In: _in,
    nodes.List: _list,
    nodes.Context: _context,
    nodes.If: _if,
    nodes.For: _for,
    nodes.Quantified: _quantified,
    nodes.Filter: _filter,
    nodes.Call: _call,
    nodes.InstanceOf: _instance_of,
    nodes.Function: _function,
}
