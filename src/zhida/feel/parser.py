"""Text to syntax tree: a Pratt parser for expressions and for the cells of decision tables."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from zhida.diagnostics import Span
from zhida.feel import nodes
from zhida.feel.lexer import KEYWORDS, LOOSE_NAME, FeelSyntaxError, Lexer, Token, number_of, special_names
from zhida.feel.nodes import Node

# How tightly an infix operator binds; the operands of a prefix minus and of `instance of` bind tighter still.
BINDING = {
    "or": 1, "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), 3),
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6, "instance": 7, ".": 9, "[": 9, "(": 9,
}  # fmt: skip
COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
SPACED_NAMES = frozenset((
    "date and time", "years and months duration", "days and time duration", "add months", "full years",
    "full months", "has any", "time offset", "start included", "end included", "string length",
    "upper case", "lower case", "substring before", "substring after", "starts with", "ends with",
    "string join", "list contains", "list replace", "insert before", "index of", "distinct values",
    "round up", "round down", "round half up", "round half down", "day of year", "day of week",
    "month of year", "week of year", "get value", "get entries", "context put", "context merge",
    "met by", "overlaps before", "overlaps after", "finished by", "started by",
))  # fmt: skip
_KEY = re.compile(rf"\s*({LOOSE_NAME})\s*:")
_ITERATOR = re.compile(rf"\s*({LOOSE_NAME})\s+in\b")
_PARAMETER = re.compile(rf"\s*({LOOSE_NAME})\s*(?=[,):])")
_FOREIGN = {"==": "=", "<>": "!=", "&&": "and", "||": "or"}


def parse(text: str, *, names: Collection[str] = (), policy: bool = False) -> Node:
    """The tree of one expression. Raises FeelSyntaxError.

    `names` are the names in scope that contain spaces or operators; others need not be given.
    """
    return _parse(text, names, policy, Parser.expression)


def parse_unary_tests(text: str, *, names: Collection[str] = (), policy: bool = False) -> Node:
    """The tree of one decision table cell, which asks about the value named `?`. Raises FeelSyntaxError."""
    return _parse(text, names, policy, Parser.unary_tests)


def _parse(text: str, names: Collection[str], policy: bool, rule: Callable[[Parser], Node]) -> Node:
    parser = Parser(text, special_names(() if policy else names) | SPACED_NAMES, policy)
    try:
        node = rule(parser)
        parser.expect("end")
    except RecursionError:
        raise FeelSyntaxError("nested too deeply", Span(0, len(text)), "syntax/too-deep") from None
    return node


class Parser:
    """One pass over one text; `position` is where the next token is to be read."""

    def __init__(self, text: str, names: frozenset[str], policy: bool) -> None:
        self.lexer = Lexer(text, policy)
        self.text, self.names, self.policy = self.lexer.text, names, policy
        self.position = 0
        self.asks = False  # whether the current unary test mentions `?`

    # ---- tokens

    def peek(self) -> Token:
        return self.lexer.read(self.position, self.names)

    def advance(self) -> Token:
        token = self.peek()
        self.position = token.span.end
        return token

    def accept(self, kind: str) -> bool:
        token = self.peek()
        if token.kind == kind:
            self.position = token.span.end
        return token.kind == kind

    def expect(self, kind: str) -> Token:
        token = self.advance()
        if token.kind != kind:
            raise self.unexpected(token, {"end": "an operator or the end"}.get(kind, kind))
        return token

    def unexpected(self, token: Token, wanted: str) -> FeelSyntaxError:
        code = "syntax/unexpected-end" if token.kind == "end" else "syntax/unexpected-token"
        return FeelSyntaxError(f"found {token.text}, expected {wanted}", token.span, code, self.hint(token))

    def hint(self, token: Token) -> str:
        start = max(0, token.span.end - 2)
        meant = next((feel for other, feel in _FOREIGN.items() if other in self.text[start : start + 3]), "")
        if not meant and token.kind == "name":
            meant = next(iter(difflib.get_close_matches(token.text.lower(), KEYWORDS, 1, 0.75)), "")
        return f"did you mean {meant}?" if meant else ""

    def to_here(self, start: int) -> Span:
        return Span(start, self.position)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Names that are introduced inside are forgotten afterwards."""
        outer = self.names
        yield
        self.names = outer

    def attempt(self, rule: Callable[[], Node]) -> Node | None:
        """What `rule` reads, or None and nothing read."""
        start, names, asks = self.position, self.names, self.asks
        try:
            return rule()
        except FeelSyntaxError:
            self.position, self.names, self.asks = start, names, asks
            return None

    def introduce(self, pattern: re.Pattern[str], what: str) -> str:
        """A name that the expression itself declares, read up to what ends it."""
        found = pattern.match(self.text, self.position)
        if not found:
            raise self.unexpected(self.peek(), what)
        self.position = found.end(1)
        name = " ".join(found[1].split())
        self.names |= special_names([name])
        return name

    # ---- expressions

    def expression(self, binding: int = 0) -> Node:
        """Everything that holds together more tightly than `binding`."""
        left = self.prefix()
        while True:
            token = self.peek()
            power = BINDING.get(token.kind, 0)
            if power <= binding:
                return left
            self.position = token.span.end
            left = self.infix(left, token, power)

    def prefix(self) -> Node:
        token = self.advance()
        rule = PREFIX.get(token.kind)
        if rule is None:
            raise self.unexpected(token, "an expression")
        return rule(self, token)

    def infix(self, left: Node, token: Token, power: int) -> Node:
        rule = INFIX.get(token.kind)
        if rule is not None:
            return rule(self, left)
        right = self.expression(power)
        following = self.peek()
        if self.policy and token.kind in COMPARISONS and following.kind in COMPARISONS:
            raise FeelSyntaxError(
                "comparisons cannot be chained", following.span, "syntax/chained-comparison",
                "write a < b and b < c, or b in (a..c)",
            )
        return nodes.Binary(token.kind, left, right, span=self.to_here(left.span.start))

    def number(self, token: Token) -> Node:
        percent = self.policy and self.accept("%")
        return nodes.Literal(number_of(token, percent), span=self.to_here(token.span.start))

    def constant(self, token: Token) -> Node:
        if self.policy and token.kind == "null":
            raise FeelSyntaxError(
                "null has no place in a policy", token.span, "syntax/null",
                "what is not known is unknown by itself; state the absence in the vocabulary",
            )
        value = {"true": True, "false": False, "null": None}.get(token.kind, token.value)
        return nodes.Literal(value, span=token.span)

    def name(self, token: Token) -> Node:
        self.asks |= token.value == "?"
        return nodes.Name(token.value, span=token.span)

    def negation(self, token: Token) -> Node:
        return nodes.Negate(self.expression(BINDING["instance"]), span=self.to_here(token.span.start))

    def parenthesis(self, token: Token) -> Node:
        """`(a)`, `(> a)` or the range `(a..b]`."""
        if self.peek().kind in COMPARISONS:
            test = self.test()
            self.expect(")")
            return test
        first = self.expression()
        if self.accept(".."):
            return self.range(token, first)
        self.expect(")")
        return first

    def bracket(self, token: Token) -> Node:
        """`[a, b]` or the range `[a..b)`."""
        items: list[Node] = []
        while not self.accept("]"):
            if items:
                self.expect(",")
            items.append(self.item())
            if len(items) == 1 and self.accept(".."):
                return self.range(token, items[0])
        return nodes.List(tuple(items), span=self.to_here(token.span.start))

    def item(self) -> Node:
        return self.test() if self.peek().kind in COMPARISONS else self.expression()

    def outward(self, token: Token) -> Node:
        """`]a..b]`, the other way to write `(a..b]`."""
        low = self.expression()
        self.expect("..")
        return self.range(token, low)

    def range(self, opening: Token, low: Node) -> Node:
        """From after `..`. A closing `[` reads like a filter, so a bound without one is tried second."""
        def bound(binding: int) -> Callable[[], Node]:
            def read() -> Node:
                high = self.expression(binding) if binding == 0 else self.prefix()
                if self.peek().kind not in (")", "]", "["):
                    raise self.unexpected(self.peek(), "] or )")
                return high
            return read

        high = self.attempt(bound(0)) or self.attempt(bound(1)) or bound(0)()
        closing = self.advance()
        ends = (opening.kind == "[", closing.kind == "]")
        return nodes.Range(low, high, *ends, span=self.to_here(opening.span.start))

    def context(self, token: Token) -> Node:
        entries: dict[str, Node] = {}
        with self.scope():
            while not self.accept("}"):
                if entries:
                    self.expect(",")
                key_token = self.peek()
                key = self.advance().value if key_token.kind == "string" else self.introduce(_KEY, "a name")
                if key in entries:
                    raise FeelSyntaxError(f"{key} is there twice", key_token.span, "syntax/duplicate-key")
                self.expect(":")
                entries[key] = self.expression()
        return nodes.Context(tuple(entries.items()), span=self.to_here(token.span.start))

    def conditional(self, token: Token) -> Node:
        condition = self.expression()
        self.expect("then")
        consequent = self.expression()
        self.expect("else")
        alternative = self.expression()
        return nodes.If(condition, consequent, alternative, span=self.to_here(token.span.start))

    def iterators(self) -> tuple[nodes.Iterator, ...]:
        found: list[nodes.Iterator] = []
        while not found or self.accept(","):
            start = self.peek().span.start
            name = self.introduce(_ITERATOR, "a name and in")
            self.expect("in")
            domain = self.expression()
            high = self.expression() if self.accept("..") else None
            found.append(nodes.Iterator(name, domain, high, span=self.to_here(start)))
        return tuple(found)

    def loop(self, token: Token) -> Node:
        with self.scope():
            iterators = self.iterators()
            self.expect("return")
            return nodes.For(iterators, self.expression(), span=self.to_here(token.span.start))

    def quantified(self, token: Token) -> Node:
        with self.scope():
            iterators = self.iterators()
            self.expect("satisfies")
            body = self.expression()
        return nodes.Quantified(token.kind, iterators, body, span=self.to_here(token.span.start))

    def function(self, token: Token) -> Node:
        parameters: list[tuple[str, str]] = []
        with self.scope():
            self.expect("(")
            while not self.accept(")"):
                if parameters:
                    self.expect(",")
                name = self.introduce(_PARAMETER, "a parameter")
                parameters.append((name, self.type() if self.accept(":") else ""))
            external = self.accept("external")
            body = self.expression()
        return nodes.Function(tuple(parameters), body, external, span=self.to_here(token.span.start))

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
        arguments: list[Node] = []
        names: list[str] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            if found := _KEY.match(self.text, self.position):
                names.append(" ".join(found[1].split()))
                self.position = found.end()
            arguments.append(self.expression())
        if names and len(names) != len(arguments):
            raise FeelSyntaxError("name all arguments or none", self.peek().span, "syntax/mixed-arguments")
        return nodes.Call(function, tuple(arguments), tuple(names), span=self.to_here(function.span.start))

    def between(self, value: Node) -> Node:
        low = self.expression(BINDING["between"])
        self.expect("and")
        high = self.expression(BINDING["between"])
        return nodes.Between(value, low, high, span=self.to_here(value.span.start))

    def instance(self, value: Node) -> Node:
        self.expect("of")
        return nodes.InstanceOf(value, self.type(), span=self.to_here(value.span.start))

    def type(self) -> str:
        """A type as written, such as `list<number>`, `context<a: string>` or `function<number>->Any`."""
        token = self.advance()
        if token.kind not in ("name", "function", "null"):
            raise self.unexpected(token, "a type")
        name = token.text if token.kind != "name" else str(token.value)
        while self.accept("."):
            name += "." + str(self.advance().value)
        arguments: list[str] = []
        if self.accept("<"):
            while not self.accept(">"):
                if arguments:
                    self.expect(",")
                entry = _KEY.match(self.text, self.position) if name == "context" else None
                self.position = entry.end() if entry else self.position
                arguments.append((f"{entry[1]}: " if entry else "") + self.type())
            name += f"<{', '.join(arguments)}>"
        return name + (f"->{self.type()}" if self.accept("->") else "")

    # ---- tests

    def test(self) -> Node:
        """One of the alternatives after `in` or in a cell: `< 5`, a range, or a value."""
        token = self.peek()
        if token.kind not in COMPARISONS:
            return self.expression(BINDING["in"])
        self.advance()
        return nodes.Test(token.kind, self.expression(BINDING["in"]), span=self.to_here(token.span.start))

    def membership(self, value: Node) -> Node:
        tests = self.attempt_tests() or (self.test(),)
        return nodes.In(value, tests, span=self.to_here(value.span.start))

    def attempt_tests(self) -> tuple[Node, ...]:
        """`(test, test …)`, or nothing where the parenthesis opens a range or an expression."""
        def listed() -> Node:
            start = self.expect("(").span.start
            tests = self.tests()
            self.expect(")")
            if BINDING.get(self.peek().kind, 0) > BINDING["in"]:
                raise self.unexpected(self.peek(), "the end of the tests")
            return nodes.List(tests, span=self.to_here(start))

        found = self.attempt(listed) if self.peek().kind == "(" else None
        return found.items if isinstance(found, nodes.List) else ()

    def tests(self) -> tuple[Node, ...]:
        found = [self.test()]
        while self.accept(","):
            found.append(self.test())
        return tuple(found)

    def unary_tests(self) -> Node:
        """`-`, `not(tests)`, or tests of which one must hold."""
        start = self.position
        if self.accept("-"):
            if self.peek().kind == "end":
                return nodes.Literal(True, span=self.to_here(start))
            self.position = start
        found = self.attempt(self.negated_tests)
        return found or self.cell()

    def negated_tests(self) -> Node:
        start = self.peek()
        if start.text != "not":
            raise self.unexpected(start, "not")
        self.advance()
        self.expect("(")
        cell = self.cell()
        self.expect(")")
        if self.peek().kind != "end":
            raise self.unexpected(self.peek(), "the end")
        function = nodes.Name("not", span=start.span)
        return nodes.Call(function, (cell,), span=self.to_here(start.span.start))

    def cell(self) -> Node:
        """Alternatives joined by `or`: expressions that mention `?` stand for themselves."""
        whole: Node | None = None
        while whole is None or self.accept(","):
            start, self.asks = self.peek().span.start, False
            test = self.expression() if self.peek().kind not in COMPARISONS else self.test()
            span = self.to_here(start)
            if not self.asks or isinstance(test, nodes.Test):
                test = nodes.In(nodes.Name("?", span=span), (test,), span=span)
            whole = _either(whole, test) if whole else test
        return whole


def _either(left: Node, right: Node) -> Node:
    """Alternatives about the same value become one `in`."""
    span = Span(left.span.start, right.span.end)
    if isinstance(left, nodes.In) and isinstance(right, nodes.In) and left.value == right.value:
        return nodes.In(left.value, left.tests + right.tests, span=span)
    return nodes.Binary("or", left, right, span=span)


PREFIX: dict[str, Callable[[Parser, Token], Node]] = {
    "number": Parser.number,
    **dict.fromkeys(("string", "temporal", "true", "false", "null"), Parser.constant),
    "name": Parser.name,
    "-": Parser.negation,
    "(": Parser.parenthesis,
    "[": Parser.bracket,
    "]": Parser.outward,
    "{": Parser.context,
    "if": Parser.conditional,
    "for": Parser.loop,
    "some": Parser.quantified,
    "every": Parser.quantified,
    "function": Parser.function,
}
INFIX: dict[str, Callable[[Parser, Node], Node]] = {
    ".": Parser.path,
    "[": Parser.filter,
    "(": Parser.call,
    "between": Parser.between,
    "in": Parser.membership,
    "instance": Parser.instance,
}
