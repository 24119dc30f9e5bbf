"""Small SQL trees: sqlglot's nodes with the parentheses that they need and nothing copied twice."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp
from sqlglot.expressions import Expr

_BINDING: dict[type[Expr], int] = {
    exp.Or: 1, exp.And: 2, exp.Not: 3, exp.Is: 4, exp.EQ: 4, exp.NEQ: 4, exp.LT: 4, exp.LTE: 4,
    exp.GT: 4, exp.GTE: 4, exp.Add: 5, exp.Sub: 5, exp.Mul: 6, exp.Div: 6, exp.IntDiv: 6, exp.Mod: 6,
    exp.Neg: 7,
}  # fmt: skip
ATOM = 9


def _operand(expression: Expr, least: int) -> Expr:
    """`expression` in parentheses where it binds less than `least`; a copy where it stands elsewhere."""
    if expression.parent is not None:
        expression = expression.copy()
    binding = _BINDING.get(type(expression), ATOM)
    return exp.Paren(this=expression) if binding < least else expression


def binary(kind: type[Expr], left: Expr, right: Expr) -> Expr:
    """`left op right`; what binds equally is put in parentheses on the right only."""
    binding = _BINDING[kind]
    chains = binding != _BINDING[exp.EQ]
    return kind(this=_operand(left, binding + (not chains)), expression=_operand(right, binding + 1))


def conjunction(parts: Iterable[Expr]) -> Expr:
    return _joined(exp.And, parts, True)


def disjunction(parts: Iterable[Expr]) -> Expr:
    return _joined(exp.Or, parts, False)


def _joined(kind: type[Expr], parts: Iterable[Expr], empty: bool) -> Expr:
    whole: Expr | None = None
    for part in parts:
        whole = part if whole is None else binary(kind, whole, part)
    return boolean(empty) if whole is None else whole


def negation(operand: Expr) -> Expr:
    return exp.Not(this=_operand(operand, 4))


def minus(operand: Expr) -> Expr:
    return exp.Neg(this=_operand(operand, 8))


def is_null(operand: Expr) -> Expr:
    return exp.Is(this=_operand(operand, 5), expression=exp.Null())


def is_not_null(operand: Expr) -> Expr:
    return negation(is_null(operand))


def call(name: str, *arguments: Expr) -> Expr:
    """A function under the engine's own name."""
    return exp.Anonymous(this=name, expressions=[_operand(argument, 0) for argument in arguments])


def cast(operand: Expr, to: str) -> Expr:
    """`to` is a type in any dialect's spelling, such as DECIMAL(18, 2) or BIGINT."""
    if to not in _TYPES:
        _TYPES[to] = exp.DataType.build(to, dialect="duckdb")
    return exp.Cast(this=_operand(operand, 0), to=_TYPES[to].copy())


_TYPES: dict[str, exp.DataType] = {}


TRUE, FALSE = exp.Boolean(this=True), exp.Boolean(this=False)


def case(arms: Iterable[tuple[Expr, Expr]], otherwise: Expr | None = None) -> Expr:
    """CASE WHEN … THEN … ELSE … END, or what is left of it where a test is constant.

    A CASE in ELSE is continued, not nested; what was tested before is not tested again.
    """
    ifs: list[Expr] = []
    for test, value in arms:
        if test == TRUE:
            otherwise = value
            break
        if test != FALSE:
            ifs.append(exp.If(this=_operand(test, 0), true=_operand(value, 0)))
    if not ifs:
        return exp.Null() if otherwise is None else _operand(otherwise, 0)
    if isinstance(otherwise, exp.Case) and otherwise.this is None:
        inner = otherwise.copy() if otherwise.parent is not None else otherwise
        tested = [arm.this for arm in ifs]
        ifs += [arm for arm in inner.args["ifs"] if arm.this not in tested]
        otherwise = inner.args.get("default")
    default = None if otherwise is None else _operand(otherwise, 0)
    return exp.Case(ifs=ifs, default=default)


def boolean(value: bool) -> Expr:
    return exp.Boolean(this=value)


def integer(value: int) -> Expr:
    return minus(integer(-value)) if value < 0 else exp.Literal.number(str(value))


def text(value: str) -> Expr:
    return exp.Literal.string(value)


def column(name: str, table: str = "") -> Expr:
    """A quoted name: Spark refuses Chinese ones without quotes."""
    return exp.Column(
        this=exp.Identifier(this=name, quoted=True),
        table=exp.Identifier(this=table, quoted=True) if table else None,
    )
