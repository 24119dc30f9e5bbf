"""Text to tree: shapes, spans, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhida.diagnostics import Span
from zhida.feel import nodes
from zhida.feel.lexer import FeelSyntaxError
from zhida.feel.nodes import Node
from zhida.feel.parser import parse

ONE, TWO, A, B = nodes.Literal(Decimal(1)), nodes.Literal(Decimal(2)), nodes.Name("a"), nodes.Name("b")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * a", nodes.Binary("+", ONE, nodes.Binary("*", TWO, A))),
        ("1 - 2 - a", nodes.Binary("-", nodes.Binary("-", ONE, TWO), A)),
        ("-a ** 2", nodes.Binary("**", nodes.Negate(A), TWO)),
        ("a or b and a = 1", nodes.Binary("or", A, nodes.Binary("and", B, nodes.Binary("=", A, ONE)))),
        ("a.b[1]", nodes.Filter(nodes.Path(A, "b"), ONE)),
        ("a between 1 and 2 and b", nodes.Binary("and", nodes.Between(A, ONE, TWO), B)),
        ("a in (1, > 2)", nodes.In(A, (ONE, nodes.Test(">", TWO)))),
        ("a in (1..2]", nodes.In(A, (nodes.Range(ONE, TWO, False, True),))),
        ("a in ]1..2[ and b", nodes.Binary("and", nodes.In(A, (nodes.Range(ONE, TWO, False, False),)), B)),
        ("[1..a[2]]", nodes.Range(ONE, nodes.Filter(A, TWO), True, True)),
        ("[1..a(2)[", nodes.Range(ONE, nodes.Call(A, (TWO,)), True, False)),
        ("a in (1 + 2) * 2", nodes.In(A, (nodes.Binary("*", nodes.Binary("+", ONE, TWO), TWO),))),
        ("(> 1)", nodes.Test(">", ONE)),
        ("[> 1, 2]", nodes.List((nodes.Test(">", ONE), TWO))),
        ("if a then 1 else 2", nodes.If(A, ONE, TWO)),
        ("for x in 1..2 return x", nodes.For((nodes.Iterator("x", ONE, TWO),), nodes.Name("x"))),
        ("some x y in a satisfies x y",
         nodes.Quantified("some", (nodes.Iterator("x y", A),), nodes.Name("x y"))),
        ("{a b: 1, c: a b}.a b", nodes.Path(
            nodes.Context((("a b", ONE), ("c", nodes.Name("a b")))), "a b")),
        ("a(b: 1, c d: 2)", nodes.Call(A, (ONE, TWO), ("b", "c d"))),
        ("function(a: number, b) external a", nodes.Function((("a", "number"), ("b", "")), A, True)),
        ("a instance of context<x: list<number>, y: Any>",
         nodes.InstanceOf(A, "context<x: list<number>, y: Any>")),
        ("a instance of function<number, date and time>->string",
         nodes.InstanceOf(A, "function<number, date and time>->string")),
        ("string length(a)", nodes.Call(nodes.Name("string length"), (A,))),
    ],
)  # fmt: skip
def test_shapes(text: str, tree: Node) -> None:
    assert parse(text) == tree


def test_names_in_scope_may_hold_spaces_and_operators() -> None:
    assert parse("a-b + 1", names=["a-b"]) == nodes.Binary("+", nodes.Name("a-b"), ONE)
    assert parse("a-b + 1", names=["a-b"], policy=True) != parse("a-b + 1", names=["a-b"])


def spans(text: str, node: Node) -> list[str]:
    own = text[node.span.start : node.span.end]
    return [own, *(part for child in nodes.children(node) for part in spans(text, child))]


def test_walking_meets_every_node_in_source_order() -> None:
    tree = parse("a + 1 in (2, b)")
    assert [node for node in nodes.walk(tree) if isinstance(node, nodes.Name | nodes.Literal)] == [
        A,
        ONE,
        TWO,
        B,
    ]


def test_every_node_knows_its_place() -> None:
    text = "  （甲 ＋ 5.5%） in [1..乙)  "
    assert spans(text, parse(text, policy=True)) == [
        "（甲 ＋ 5.5%） in [1..乙)"[1:], "甲 ＋ 5.5%", "甲", "5.5%", "[1..乙)", "1", "乙",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "span", "hint"),
    [
        ("", "syntax/unexpected-end", (0, 0), ""),
        ("1 +", "syntax/unexpected-end", (3, 3), ""),
        ("(1", "syntax/unexpected-end", (2, 2), ""),
        ("1 2", "syntax/unexpected-token", (2, 3), ""),
        ("a == b", "syntax/unexpected-token", (3, 4), "did you mean =?"),
        ("a <> b", "syntax/unexpected-token", (3, 4), "did you mean !=?"),
        ("a AND b", "syntax/unexpected-token", (2, 5), "did you mean and?"),
        ("iff a then b else a", "syntax/unexpected-token", (4, 5), ""),
        ("if a then b", "syntax/unexpected-end", (11, 11), ""),
        ("null", "syntax/null", (0, 4), "unknown by itself"),
        ("{a: 1, a: 2}", "syntax/duplicate-key", (0, 12), ""),
        ("f(a: 1, 2)", "syntax/mixed-arguments", (0, 10), ""),
        ("employer name", "syntax/unexpected-token", (9, 13), ""),
    ],
)
def test_what_is_wrong_has_a_place_and_a_code(text: str, code: str, span: tuple[int, int], hint: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse(text, policy=True)
    assert (caught.value.code, caught.value.span) == (code, Span(*span))
    assert hint in caught.value.hint


@pytest.mark.parametrize("part", ["(", "[", "-", "[1..", "x in (", "if ", "{a:", "not("])
def test_monsters_are_refused_in_time(part: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse(part * 999)
