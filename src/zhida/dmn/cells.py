"""The cells of decision tables: unary tests about the value named `?`."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce

from zhida.feel import nodes
from zhida.feel.nodes import Node
from zhida.feel.parser import Parser


def parse_unary_tests(text: str, *, names: Collection[str] = ()) -> Node:
    """An expression that is true where the cell's tests hold. Raises FeelSyntaxError."""
    return CellParser(text, names).whole(CellParser.cell)


def _asks(node: Node) -> bool:
    return nodes.Name("?") in nodes.walk(node)


class CellParser(Parser):
    """Reads one cell."""

    def cell(self) -> Node:
        """`-` for any value, `not(tests)`, or tests of which one must hold."""
        if self.text.strip() == "-":
            return nodes.Literal(True, span=self.advance().span)
        return self.attempt(self.negated) or self.alternatives()

    def negated(self) -> Node:
        start = self.peek().span
        if self.advance().text != "not":
            raise self.unexpected(self.peek(), "not")
        self.expect("(")
        inner = self.alternatives()
        self.expect(")")
        if self.peek().kind != "end":
            raise self.unexpected(self.peek(), "the end")
        return nodes.Call(nodes.Name("not", span=start), (inner,), span=self.to_here(start.start))

    def alternatives(self) -> Node:
        """Tests are gathered into one `in`; expressions that mention `?` stand for themselves."""
        start, tests = self.position, [self.test(0)]
        while self.accept(","):
            tests.append(self.test(0))
        span = self.to_here(start)
        of_value = tuple(t for t in tests if isinstance(t, nodes.Test) or not _asks(t))
        whole = [test for test in tests if test not in of_value]
        if of_value:
            whole.insert(0, nodes.In(nodes.Name("?", span=span), of_value, span=span))
        return reduce(lambda left, right: nodes.Binary("or", left, right, span=span), whole)
