"""Text to syntax tree: a Pratt parser for the expressions of FEEL."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from zhida.diagnostics import Span
from zhida.feel import nodes
from zhida.feel.functions import FUNCTIONS
from zhida.feel.lexer import KEYWORDS, LOOSE_NAME, FeelSyntaxError, Lexer, Token, special_names
from zhida.feel.nodes import Node
from zhida.feel.values import KINDS

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
# How tightly an infix operator binds. A minus before its operand binds as `instance of`.
BINDING = {
    "or": 1, "and": 2, **dict.fromkeys((*COMPARISONS, "between", "in"), 3),
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6, "instance": 7, "[": 9, ".": 10, "(": 10,
}  # fmt: skip
# The functions of all of FEEL, so that one outside the policy profile is reported by its name.
SPECIAL_NAMES = special_names((
    *FUNCTIONS, *KINDS.values(), "context merge", "context put", "day of week", "day of year",
    "distinct values", "ends with", "finished by", "get entries", "get value", "index of", "insert before",
    "list replace", "lower case", "met by", "month of year", "overlaps after", "overlaps before",
    "round down", "round half down", "round up", "started by", "string join", "string length",
    "substring after", "substring before", "upper case", "week of year",
))  # fmt: skip
_KEY = re.compile(rf"\s*({LOOSE_NAME})\s*:")
_ITERATOR = re.compile(rf"\s*({LOOSE_NAME})\s+in\b")
_PARAMETER = re.compile(rf"\s*({LOOSE_NAME})\s*(?=[,):])")
_FOREIGN = {"==": "=", "<>": "!=", "=>": ">=", "=<": "<="}
ATTEMPTS = 10_000  # to read one thing before another; nested ones would double at each level
_T = TypeVar("_T")


def parse(text: str, *, names: Collection[str] = (), policy: bool = False) -> Node:
    """The tree of one expression. Raises FeelSyntaxError.

    `names` are the names in scope; only those that contain spaces or operators need be given.
    """
    return Parser(text, names, policy).whole(Parser.expression)


class Parser:
    """One pass over one text; `position` is where the next token is to be read."""

    def __init__(self, text: str, names: Collection[str] = (), policy: bool = False) -> None:
        self.lexer = Lexer(text, policy)
        self.text, self.policy = self.lexer.text, policy
        self.position = self.attempts = 0
        self.names = SPECIAL_NAMES if policy else SPECIAL_NAMES | special_names(names)

    def whole(self, rule: Callable[[Any], Node]) -> Node:
        """What `rule` reads, which must be all of the text."""
        try:
            node = rule(self)
            self.expect("end", "an operator or the end")
        except RecursionError:
            raise FeelSyntaxError("nested too deeply", Span(0, len(self.text)), "syntax/too-deep") from None
        return node

    def peek(self) -> Token:
        return self.lexer.read(self.position, self.names)

    def advance(self) -> Token:
        token = self.peek()
        self.position = token.span.end
        return token

    def accept(self, kind: str) -> bool:
        """Whether a token of that kind is next, and if so past it."""
        token = self.peek()
        if token.kind == kind:
            self.position = token.span.end
        return token.kind == kind

    def expect(self, kind: str, what: str = "") -> Token:
        token = self.advance()
        if token.kind != kind:
            raise self.unexpected(token, what or kind)
        return token

    def unexpected(self, token: Token, wanted: str) -> FeelSyntaxError:
        code = "syntax/unexpected-end" if token.kind == "end" else "syntax/unexpected-token"
        meant = _FOREIGN.get(self.text[max(0, token.span.start - 1) : token.span.end], "")
        if token.kind == "name":
            meant = next(iter(difflib.get_close_matches(token.text.lower(), KEYWORDS, 1, 0.75)), "")
        hint = f"did you mean {meant}?" if meant else ""
        return FeelSyntaxError(f"found {token.text}, expected {wanted}", token.span, code, hint)

    def to_here(self, start: int) -> Span:
        return Span(start, self.position)

    def attempt(self, rule: Callable[[], _T]) -> _T | None:
        """What `rule` reads, or None and nothing read."""
        start, names = self.position, self.names
        self.attempts += 1
        if self.attempts > ATTEMPTS:
            raise FeelSyntaxError("too tangled to read", self.to_here(start), "syntax/too-deep")
        try:
            return rule()
        except FeelSyntaxError:
            self.position, self.names = start, names
            return None

    def declared(self, pattern: re.Pattern[str], what: str) -> str:
        """A name that the expression itself introduces, as far as what ends it."""
        found = pattern.match(self.text, self.position)
        if not found:
            raise self.unexpected(self.peek(), what)
        self.position = found.end(1)
        name = " ".join(found[1].split())
        self.names |= special_names([name])
        return name

    def separated(self, read: Callable[[], _T], end: str) -> list[_T]:
        """Items between commas, up to `end`."""
        items: list[_T] = []
        while not self.accept(end):
            if items:
                self.expect(",", f", or {end}")
            items.append(read())
        return items

    def expression(self, binding: int = 0) -> Node:
        """Everything that holds together more tightly than `binding`."""
        token = self.advance()
        if token.kind not in PREFIX:
            raise self.unexpected(token, "an expression")
        left = PREFIX[token.kind](self, token)
        while (power := BINDING.get((token := self.peek()).kind, 0)) > binding:
            self.position = token.span.end
            if token.kind in INFIX:
                left = INFIX[token.kind](self, left)
            else:
                right = self.expression(power)
                left = nodes.Binary(token.kind, left, right, span=self.to_here(left.span.start))
        return left

    def constant(self, token: Token) -> Node:
        if self.policy and token.kind == "null":
            hint = "what nobody has stated is unknown by itself; its absence is the vocabulary's"
            raise FeelSyntaxError("null has no place in a policy", token.span, "syntax/null", hint)
        value = {"true": True, "false": False, "null": None}.get(token.kind, token.value)
        return nodes.Literal(value, span=token.span)

    def name(self, token: Token) -> Node:
        return nodes.Name(token.value, span=token.span)

    def negation(self, token: Token) -> Node:
        operand = self.expression(BINDING["instance"])
        return nodes.Negate(operand, span=self.to_here(token.span.start))

    def parenthesis(self, token: Token) -> Node:
        """`(a)`, `(> a)` or the range `(a..b]`."""
        inner = self.test() if self.peek().kind in COMPARISONS else self.expression()
        if self.accept(".."):
            return self.range(token, inner)
        self.expect(")")
        return inner

    def bracket(self, token: Token) -> Node:
        """`[a, b]` or the range `[a..b)`."""
        items: list[Node] = []
        while not self.accept("]"):
            if items:
                self.expect(",", ", or ]")
            items.append(self.test(0))
            if len(items) == 1 and self.accept(".."):
                return self.range(token, items[0])
        return nodes.List(tuple(items), span=self.to_here(token.span.start))

    def outward(self, token: Token) -> Node:
        """`]a..b]`, the other way to write `(a..b]`."""
        low = self.expression()
        self.expect("..")
        return self.range(token, low)

    def range(self, opening: Token, low: Node) -> Node:
        """From after `..`. A closing `[` reads like a filter: a bound without one is tried second."""
        high = self.attempt(self.high_bound) or self.expression(BINDING["["])
        closing = self.advance()
        if closing.kind not in ("]", ")", "["):
            raise self.unexpected(closing, "] or )")
        ends = (opening.kind == "[", closing.kind == "]")
        return nodes.Range(low, high, *ends, span=self.to_here(opening.span.start))

    def high_bound(self) -> Node:
        high = self.expression()
        if self.peek().kind not in ("]", ")", "["):
            raise self.unexpected(self.peek(), "] or )")
        return high

    def context(self, token: Token) -> Node:
        entries = self.separated(self.entry, "}")
        if len(dict(entries)) < len(entries):
            span = self.to_here(token.span.start)
            raise FeelSyntaxError("a key is there twice", span, "syntax/duplicate-key")
        return nodes.Context(tuple(entries), span=self.to_here(token.span.start))

    def entry(self) -> tuple[str, Node]:
        quoted = self.peek().kind == "string"
        key = str(self.advance().value) if quoted else self.declared(_KEY, "a name and :")
        self.names |= special_names([key])
        self.expect(":")
        return key, self.expression()

    def conditional(self, token: Token) -> Node:
        condition = self.expression()
        self.expect("then")
        consequent = self.expression()
        self.expect("else")
        branches = (consequent, self.expression())
        return nodes.If(condition, *branches, span=self.to_here(token.span.start))

    def iteration(self, token: Token) -> Node:
        """`for … return`, `some … satisfies` or `every … satisfies`."""
        iterators = [self.iterator()]
        while self.accept(","):
            iterators.append(self.iterator())
        self.expect("return" if token.kind == "for" else "satisfies")
        parts = (tuple(iterators), self.expression())
        if token.kind == "for":
            return nodes.For(*parts, span=self.to_here(token.span.start))
        return nodes.Quantified(token.kind, *parts, span=self.to_here(token.span.start))

    def iterator(self) -> nodes.Iterator:
        start = self.peek().span.start
        name = self.declared(_ITERATOR, "a name and in")
        self.expect("in")
        domain = self.expression()
        high = self.expression() if self.accept("..") else None
        return nodes.Iterator(name, domain, high, span=self.to_here(start))

    def function(self, token: Token) -> Node:
        self.expect("(")
        parameters = tuple(self.separated(self.parameter, ")"))
        external = self.accept("external")
        body = self.expression()
        return nodes.Function(parameters, body, external, span=self.to_here(token.span.start))

    def parameter(self) -> tuple[str, str]:
        name = self.declared(_PARAMETER, "a parameter")
        return name, self.type() if self.accept(":") else ""

    def type(self) -> str:
        """A type as written: `list<number>`, `context<a: string>`, `function<number>->Any`."""
        token = self.advance()
        if token.kind not in ("name", "function", "null"):
            raise self.unexpected(token, "a type")
        name = str(token.value)
        while self.accept("."):
            name += "." + str(self.advance().value)
        if self.accept("<"):
            name += f"<{', '.join(self.separated(self.type_argument, '>'))}>"
        return name + (f"->{self.type()}" if self.accept("->") else "")

    def type_argument(self) -> str:
        key = _KEY.match(self.text, self.position)
        self.position = key.end() if key else self.position
        return (f"{key[1]}: " if key else "") + self.type()

    def path(self, left: Node) -> Node:
        token = self.advance()
        if token.kind != "name" and token.kind not in KEYWORDS:
            raise self.unexpected(token, "a name")
        return nodes.Path(left, token.value, span=self.to_here(left.span.start))

    def filter(self, left: Node) -> Node:
        condition = self.expression()
        self.expect("]")
        return nodes.Filter(left, condition, span=self.to_here(left.span.start))

    def call(self, function: Node) -> Node:
        arguments = self.separated(self.argument, ")")
        span = self.to_here(function.span.start)
        names = tuple(name for name, _ in arguments if name)
        if names and len(names) < len(arguments):
            raise FeelSyntaxError("name all arguments or none", span, "syntax/mixed-arguments")
        return nodes.Call(function, tuple(value for _, value in arguments), names, span=span)

    def argument(self) -> tuple[str, Node]:
        found = _KEY.match(self.text, self.position)
        self.position = found.end() if found else self.position
        return " ".join(found[1].split()) if found else "", self.expression()

    def between(self, value: Node) -> Node:
        low = self.expression(BINDING["between"])
        self.expect("and")
        high = self.expression(BINDING["between"])
        return nodes.Between(value, low, high, span=self.to_here(value.span.start))

    def instance(self, value: Node) -> Node:
        self.expect("of")
        return nodes.InstanceOf(value, self.type(), span=self.to_here(value.span.start))

    def membership(self, value: Node) -> Node:
        tests = self.attempt(self.tests_in_parenthesis) or (self.test(),)
        return nodes.In(value, tests, span=self.to_here(value.span.start))

    def tests_in_parenthesis(self) -> tuple[Node, ...]:
        """`(test, test …)`; not a range or an expression that only begins with a parenthesis."""
        self.expect("(")
        tests = self.separated(self.test, ")")
        if BINDING.get(self.peek().kind, 0) > BINDING["in"]:
            raise self.unexpected(self.peek(), "the end of the tests")
        return tuple(tests)

    def test(self, binding: int = BINDING["in"]) -> Node:
        """One of the alternatives after `in`: `< 5`, a range, or a value."""
        token = self.peek()
        if token.kind not in COMPARISONS:
            return self.expression(binding)
        self.advance()
        operand = self.expression(BINDING["in"])
        return nodes.Test(token.kind, operand, span=self.to_here(token.span.start))


PREFIX: dict[str, Callable[[Parser, Token], Node]] = {
    **dict.fromkeys(("number", "string", "temporal", "true", "false", "null"), Parser.constant),
    "name": Parser.name, "-": Parser.negation, "(": Parser.parenthesis, "[": Parser.bracket,
    "]": Parser.outward, "{": Parser.context, "if": Parser.conditional, "function": Parser.function,
    **dict.fromkeys(("for", "some", "every"), Parser.iteration),
}  # fmt: skip
INFIX: dict[str, Callable[[Parser, Node], Node]] = {
    ".": Parser.path, "[": Parser.filter, "(": Parser.call, "between": Parser.between,
    "in": Parser.membership, "instance": Parser.instance,
}  # fmt: skip
