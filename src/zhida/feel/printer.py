"""A tree as canonical FEEL: plain numbers, one space around operators, no parenthesis to spare."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhida.feel import nodes
from zhida.feel.nodes import Node
from zhida.feel.values import format_value

LOWEST, COMPARISON, SUM, PREFIX, POSTFIX = 0, 3, 4, 8, 9
BINDING = {"or": 1, "and": 2, "+": SUM, "-": SUM, "*": 5, "/": 5, "**": 6}
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def to_feel(node: Node) -> str:
    """`parse(to_feel(node), policy=True) == node`; facts print their label, figures their name."""
    match node:
        case nodes.Literal(value):
            return _literal(value)
        case nodes.Name(name) | nodes.Figure(name):
            return name
        case nodes.Fact(entity, key, label):
            return label or f"{entity}.{key}"
        case nodes.Rows(entity, label):
            return label or entity
        case nodes.Path(base, name):
            return f"{_at(POSTFIX, base)}.{name}"
        case nodes.Filter(base, condition):
            return f"{_at(POSTFIX, base)}[{to_feel(condition)}]"
        case nodes.Negate(operand):
            return f"-{_at(PREFIX, operand)}"
        case nodes.Binary(op, left, right):
            level = _level(node)  # operators group to the left, but comparisons must not chain
            return f"{_at(level + (level == COMPARISON), left)} {op} {_at(level + 1, right)}"
        case nodes.Between(value, low, high):
            return f"{_at(SUM, value)} between {_at(SUM, low)} and {_at(SUM, high)}"
        case nodes.Range():
            return _range(node)
        case nodes.Test():
            return f"({_test(node)})"
        case nodes.In(value, tests):
            return f"{_at(SUM, value)} in {_tests(tests)}"
        case nodes.List(items):
            return f"[{', '.join(map(_test, items))}]"
        case nodes.Context(entries):
            pairs = (f"{_text(key)}: {to_feel(entry)}" for key, entry in entries)
            return "{" + ", ".join(pairs) + "}"
        case nodes.Call(function, arguments, names):
            labels = [f"{name}: " for name in names] or [""] * len(arguments)
            values = (label + to_feel(a) for label, a in zip(labels, arguments, strict=True))
            return f"{_at(POSTFIX, function)}({', '.join(values)})"
    return _keyword(node)


def _keyword(node: Node) -> str:
    """What begins with a keyword or ends with a type reads on as far as it can: no operand."""
    match node:
        case nodes.If(condition, consequent, alternative):
            parts = (to_feel(part) for part in (condition, consequent, alternative))
            return "if {} then {} else {}".format(*parts)
        case nodes.For(iterators, body):
            return f"for {', '.join(map(_iterator, iterators))} return {to_feel(body)}"
        case nodes.Quantified(kind, iterators, body):
            return f"{kind} {', '.join(map(_iterator, iterators))} satisfies {to_feel(body)}"
        case nodes.InstanceOf(value, kind):
            return f"{_at(POSTFIX, value)} instance of {kind}"
        case nodes.Function(parameters, body, external):
            names = ", ".join(f"{name}: {kind}" if kind else name for name, kind in parameters)
            return f"function({names}) {'external ' if external else ''}{to_feel(body)}"
    raise TypeError(f"cannot print {type(node).__name__}")


def _level(node: Node) -> int:
    match node:
        case nodes.Binary(op):
            return BINDING.get(op, COMPARISON)
        case nodes.Between() | nodes.In():
            return COMPARISON
        case nodes.Negate():
            return PREFIX
        case nodes.If() | nodes.For() | nodes.Quantified() | nodes.InstanceOf() | nodes.Function():
            return LOWEST
    return POSTFIX


def _at(level: int, node: Node) -> str:
    """The operand of something that binds at `level`."""
    text = to_feel(node)
    return text if _level(node) >= level else f"({text})"


def _literal(value: Any) -> str:
    match value:
        case str():
            return _text(value)
        case bool() | None | Decimal():
            return format_value(value)
    return f'@"{format_value(value)}"'


def _text(text: str) -> str:
    return '"' + text.translate(ESCAPES) + '"'


def _range(node: nodes.Range) -> str:
    low, high = (_at(SUM, end) if end else "" for end in (node.low, node.high))
    return f"{'[' if node.low_closed else '('}{low}..{high}{']' if node.high_closed else ')'}"


def _test(node: Node) -> str:
    return f"{node.op} {_at(SUM, node.operand)}" if isinstance(node, nodes.Test) else to_feel(node)


def _tests(tests: tuple[Node, ...]) -> str:
    single = len(tests) == 1 and not isinstance(tests[0], nodes.Test)
    texts = [_test(t) if isinstance(t, nodes.Test) else _at(SUM, t) for t in tests]
    return texts[0] if single else f"({', '.join(texts)})"


def _iterator(node: nodes.Iterator) -> str:
    high = f"..{to_feel(node.high)}" if node.high else ""
    return f"{node.name} in {to_feel(node.domain)}{high}"
