"""Syntax tree and scope to value, in either of two logics that share every rule, operator and function.

Loops, quantifiers, contexts, positions in lists, functions defined in place and calls by name are for
DMN files alone: `zhida.dmn.standard` adds their rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, Self

from zhida.feel import nodes
from zhida.feel.functions import FUNCTIONS, OPERATORS, Builtin, all_of, any_of, bounds, negate
from zhida.feel.nodes import Node
from zhida.feel.values import KINDS, UNKNOWN, Range, same
from zhida.temporal import part_of

ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
Rule = Callable[[Any, Any], Any]  # of a node and the Evaluation that it is in


class Scope(Protocol):
    """Where names get their values. LookupError for a name that is not there.

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
class Logic:
    """`third` is what is neither true nor false; `apply` guards an implementation against it."""

    third: Any
    apply: Callable[..., Any]
    rules: Mapping[type[Node], Rule]


def null_on_error(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns, or null where it fails."""
    try:
        return function(*arguments)
    except ERRORS:
        return None


def _unknown_spreads(function: Callable[..., Any], *arguments: Any) -> Any:
    for argument in arguments:
        if argument is UNKNOWN or (type(argument) is list and UNKNOWN in argument):
            return UNKNOWN
    return function(*arguments)


def evaluate(node: Node, scope: Scope, logic: Logic | None = None, trace: Trace | None = None) -> Any:
    """The value of an expression, by default in the standard logic.

    In the policy logic what cannot be computed raises: the checker has excluded it.
    """
    return Evaluation(scope, logic or STANDARD, trace).value(node)


class Evaluation:
    """One scope, one logic and its rules."""

    __slots__ = ("logic", "rules", "scope", "trace")

    def __init__(self, scope: Any, logic: Logic, trace: Trace | None = None) -> None:
        self.scope, self.logic, self.rules, self.trace = scope, logic, logic.rules, trace

    def value(self, node: Node) -> Any:
        result = self.rules[type(node)](node, self)
        if self.trace is not None:
            self.trace.record(node, result)
        return result

    def within(self, scope: Any) -> Self:
        """The same in another scope, such as a row's."""
        return type(self)(scope, self.logic, self.trace)


def is_row(value: Any) -> bool:
    """Rows of an entity are scopes, not FEEL values."""
    return type(value) not in KINDS


def _name(node: nodes.Name, at: Evaluation) -> Any:
    try:
        return at.scope.name(node.name)
    except LookupError:
        if at.logic.third is UNKNOWN and node.name not in FUNCTIONS:
            raise
        return FUNCTIONS.get(node.name)


def _rows(node: nodes.Rows, at: Evaluation) -> Any:
    rows = at.scope.rows(node.entity)
    return rows if rows is UNKNOWN else list(rows)


def _path(node: nodes.Path, at: Evaluation) -> Any:
    """A fact of every row, or a property such as `日期.year`."""
    base = at.value(node.base)
    if isinstance(base, list) and (not base or is_row(base[0])):
        return [row.fact(_entity(node.base), node.name) for row in base]
    return at.logic.apply(part_of, base, node.name)


def _entity(node: Any) -> str:
    """Whose rows an expression gives: `实体` or `实体[condition]`."""
    return node.entity if isinstance(node, nodes.Rows) else _entity(node.base)


def _binary(node: nodes.Binary, at: Evaluation) -> Any:
    left = at.value(node.left)
    if node.op == "and" or node.op == "or":
        return _junction(node, left, at, node.op == "or")
    return at.logic.apply(OPERATORS[node.op].apply, left, at.value(node.right))


def _junction(node: nodes.Binary, left: Any, at: Evaluation, decisive: bool) -> Any:
    """Kleene's `and`, which false decides, or `or`, which true decides."""
    right = left if left is decisive else at.value(node.right)
    if right is decisive:
        return decisive
    return right if left is right is (not decisive) else at.logic.third


def _between(node: nodes.Between, at: Evaluation) -> Any:
    return _lies_in(at.value(node.value), Range(at.value(node.low), at.value(node.high), True, True), at)


def _lies_in(value: Any, range: Range, at: Evaluation) -> Any:
    """Kleene's conjunction of both ends, since one alone can decide."""
    return all_of([at.logic.apply(OPERATORS[op].apply, value, bound) for op, bound in bounds(range)])


def _range(node: nodes.Range, at: Evaluation) -> Any:
    low, high = (at.value(end) if end else None for end in (node.low, node.high))
    return Range(low, high, node.low_closed, node.high_closed)


def _test(node: nodes.Test, at: Evaluation) -> Any:
    """`(> 5)` is a range with one end; it remembers its operator."""
    bound, low, high = at.value(node.operand), node.op not in ("<", "<="), node.op not in (">", ">=")
    ends = (bound if low else None, bound if high else None)
    return Range(*ends, node.op in (">=", "="), node.op in ("<=", "="), node.op)


def _in(node: nodes.In, at: Evaluation) -> Any:
    value = at.value(node.value)
    return any_of([_holds(value, at.value(test), at) for test in node.tests])


def _holds(value: Any, test: Any, at: Evaluation) -> Any:
    """Whether a value passes one test: a range, a list of values or ranges, or a value to equal."""
    if isinstance(test, Range):
        return _lies_in(value, test, at)
    if isinstance(test, list) and not (isinstance(value, list) and same(value, test)):
        return any_of([
            _lies_in(value, item, at) if isinstance(item, Range) else at.logic.apply(same, value, item)
            for item in test
        ])  # fmt: skip
    return at.logic.apply(OPERATORS["="].apply, value, test)


def _if(node: nodes.If, at: Evaluation) -> Any:
    """An unknown condition does not matter where both branches agree."""
    condition = at.value(node.condition)
    if condition is None or isinstance(condition, bool):
        return at.value(node.consequent if condition else node.alternative)
    if condition is not UNKNOWN:
        return None
    consequent, alternative = at.value(node.consequent), at.value(node.alternative)
    return consequent if at.logic.apply(same, consequent, alternative) is True else UNKNOWN


def _filter(node: nodes.Filter, at: Evaluation) -> Any:
    """The rows for which the condition holds; unknown as a whole where one of them is."""
    rows = at.value(node.base)
    if rows is UNKNOWN:
        return UNKNOWN
    holds = [at.within(row).value(node.condition) for row in rows]
    if UNKNOWN in holds:
        return UNKNOWN
    return [row for row, kept in zip(rows, holds, strict=True) if kept]


def _call(node: nodes.Call, at: Evaluation) -> Any:
    function = FUNCTIONS[node.function.name]  # type: ignore[attr-defined]
    return call_builtin(function, function.call, [at.value(argument) for argument in node.arguments], at)


def call_builtin(function: Builtin, call: Callable[..., Any], arguments: list[Any], at: Evaluation) -> Any:
    """`call` is the implementation, or what prepares its arguments."""
    if function.takes_scope:
        call = partial(call, at.scope)
    if function.takes_unknown and at.logic.third is UNKNOWN:
        return call(*arguments)
    return at.logic.apply(call, *arguments)


RULES: dict[type[Node], Rule] = {
    nodes.Literal: lambda node, at: node.value,
    nodes.Name: _name,
    nodes.Fact: lambda node, at: at.scope.fact(node.entity, node.key),
    nodes.Figure: lambda node, at: at.value(node.value),
    nodes.Rows: _rows,
    nodes.Path: _path,
    nodes.Negate: lambda node, at: at.logic.apply(negate, at.value(node.operand)),
    nodes.Binary: _binary,
    nodes.Between: _between,
    nodes.Range: _range,
    nodes.Test: _test,
    nodes.In: _in,
    nodes.List: lambda node, at: [at.value(item) for item in node.items],
    nodes.If: _if,
    nodes.Filter: _filter,
    nodes.Call: _call,
}
STANDARD = Logic(None, null_on_error, RULES)
POLICY = Logic(UNKNOWN, _unknown_spreads, RULES)
