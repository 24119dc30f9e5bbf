"""The checked tree of a policy to SQL over columns: what the interpreter computes for one case, for each row.

Unknown is NULL. What both leave open is said in `docs/sql.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from sqlglot.expressions import Expr

from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node
from zhida.profile.folding import OPEN, constant, is_unset
from zhida.screen import choice
from zhida.screen.choice import first_known
from zhida.screen.dialects import Dialect
from zhida.screen.operators import FUNCTIONS, NEGATE, OPERATORS, Forms, Unsupported, part_of
from zhida.screen.terms import Kind, Term, constant_term, void

HEAVY = 6
"""From this size on a term that is needed twice is computed once, in a column of its own."""


class Columns(Protocol):
    """Where an expression finds its columns: the rows of one kind of unit."""

    @property
    def dialect(self) -> Dialect: ...

    def fact(self, entity: str, key: str) -> Term:
        """A fact of the row or of one of its parents; NULL where it is unknown."""

    def name(self, name: str) -> Term:
        """办理日期 or 办理地区."""

    def lookup(self, table: str, column: str, keys: tuple[Node, ...]) -> Term:
        """A column of a standards table; the keys are constants, facts or 办理地区."""

    def count(self, entity: str, condition: Node | None) -> Term:
        """How many rows of `entity` belong to this one; NULL where that is unknown."""

    def share(self, term: Term, hint: str = "part") -> Term:
        """The same value as a column, computed once."""

    def known(self, term: Term) -> Term:
        """The column that has the value already, or `term` itself."""

    def most(self, table: str, column: str, keys: tuple[Node, ...]) -> Term:
        """The greatest of what the parts of a place have where the place itself has no figure."""

    def formula(self, entity: str, key: str) -> Node | None:
        """What a derived fact is computed from."""

    def is_internal(self, entity: str, key: str) -> bool: ...

    def table_name(self, table: str) -> str:
        """The key of a table by its Chinese name."""

    def rows_key(self, entity: str) -> str:
        """What is missing where nothing is known of the rows of `entity`."""

    def missing_in_rows(self, entity: str, condition: Node) -> Iterable[tuple[str, Expr]]:
        """Which facts of the rows of `entity` are missing for `condition` in one of them."""


def lower(node: Node, columns: Columns) -> Term:
    """The SQL of a folded, checked tree. Raises Unsupported for what SQL cannot say."""
    return Lowering(columns).term(node)


@dataclass(slots=True)
class Lowering:
    """One tree over one set of columns."""

    columns: Columns

    @property
    def forms(self) -> Forms:
        return Forms(self.columns.dialect, self.shared)

    def term(self, node: Node) -> Term:
        value = constant(node)
        if value is not OPEN:
            return constant_term(value)
        return RULES[type(node)](self, node)

    def shared(self, term: Term) -> Term:
        """`term`, in a column of its own where repeating it would be long."""
        if term.weight < HEAVY or term.divisor:
            return term
        return self.columns.share(term)

    def terms(self, parts: Sequence[Node]) -> list[Term]:
        return [self.term(part) for part in parts]

    # ---- one rule for each kind of node

    def literal(self, node: Any) -> Term:
        return constant_term(node.value)

    def name(self, node: Any) -> Term:
        return self.columns.name(node.name)

    def fact(self, node: Any) -> Term:
        return self.columns.fact(node.entity, node.key)

    def figure(self, node: Any) -> Term:
        return self.term(node.value)

    def path(self, node: Any) -> Term:
        if isinstance(node.base, nodes.Rows | nodes.Filter):
            raise Unsupported("the facts of rows are counted: count(rows[condition])")
        return part_of(self.forms, self.term(node.base), node.name)

    def negate(self, node: Any) -> Term:
        return NEGATE(self.forms, self.term(node.operand))

    def binary(self, node: Any) -> Term:
        if node.op in ("and", "or"):
            return (choice.all_of if node.op == "and" else choice.any_of)(self.terms(junction(node)))
        return OPERATORS[node.op](self.forms, self.term(node.left), self.term(node.right))

    def between(self, node: Any) -> Term:
        value = self.shared(self.term(node.value))
        low, high = self.term(node.low), self.term(node.high)
        return choice.all_of((self.compared(">=", value, low), self.compared("<=", value, high)))

    def compared(self, op: str, left: Term, right: Term) -> Term:
        return OPERATORS[op](self.forms, left, right)

    def contained(self, node: Any) -> Term:
        """`in`: any of the tests."""
        value = self.term(node.value)
        if value.divisor is None:
            value = self.shared(value)
        return choice.any_of(self.holds(value, test) for test in node.tests)

    def holds(self, value: Term, test: Node) -> Term:
        match test:
            case nodes.Range(Node() as low, Node() as high):
                above, below = ">=" if test.low_closed else ">", "<=" if test.high_closed else "<"
                ends = self.terms((low, high))
                return choice.all_of(map(self.compared, (above, below), (value, value), ends))
            case nodes.Test(op, operand):
                return self.compared(op, value, self.term(operand))
            case nodes.List(items):
                return choice.any_of(self.holds(value, item) for item in items)
        other = self.term(test)
        if other.kind is Kind.TEXTS:
            return self.held(other, value)
        return self.compared("=", value, other)

    def held(self, values: Term, value: Term) -> Term:
        """`in` a list: in an empty one nothing is, known or not; else as `list contains`."""
        return FUNCTIONS["list contains"](self.forms, values, value)

    def list(self, node: Any) -> Term:
        raise Unsupported("a list is written where it is looked into")

    def choice(self, node: Any) -> Term:
        test, yes, no = self.terms((node.condition, node.consequent, node.alternative))
        return choice.choose(test, yes, no, self.shared)

    def rows(self, node: Any) -> Term:
        raise Unsupported("rows are counted: count(rows[condition])")

    def call(self, node: Any) -> Term:
        name = node.function.name
        special = SPECIAL.get(name)
        if special is not None:
            found = special(self, node)
            if found is not None:
                return found
        return FUNCTIONS[name](self.forms, *self.terms(node.arguments))

    # ---- functions of lists that are written out, of rows and of tables

    def listed(self, node: Any) -> Term | None:
        """`list contains([a, 单位.乙], x)`: items that are not all constants."""
        match node.arguments:
            case (nodes.List(items), element) if items and constant(node.arguments[0]) is OPEN:
                value = self.shared(self.term(element))
                return choice.any_of(self.compared("=", value, self.term(item)) for item in items)
        return None

    def has_any(self, node: Any) -> Term | None:
        """With a list that is written out, one test for each of its items."""
        for one, other in (node.arguments, reversed(node.arguments)):
            if isinstance(one, nodes.List) and constant(one) is OPEN and one.items:
                rewritten = [_contains(other, item) for item in one.items]
                return choice.any_of(self.term(part) for part in rewritten)
        return None

    def count(self, node: Any) -> Term | None:
        match node.arguments[0]:
            case nodes.Rows(entity):
                return self.columns.count(entity, None)
            case nodes.Filter(nodes.Rows(entity), condition):
                return self.columns.count(entity, condition)
            case nodes.List(items):
                return self.counted(self.terms(items))
        return None

    def counted(self, terms: Sequence[Term]) -> Term:
        """How many items: unknown where one of them is."""
        return choice.strict(constant_term(Decimal(len(terms))), terms)

    def total(self, node: Any) -> Term | None:
        match node.arguments[0]:
            case nodes.List(items) if items:
                whole, *rest = self.terms(items)
                for term in rest:
                    whole = OPERATORS["+"](self.forms, whole, term)
                return whole
        return None

    def listed_extreme(self, node: Any) -> Term | None:
        match node.arguments:
            case (nodes.List(items),) if items:
                return FUNCTIONS[node.function.name](self.forms, *self.terms(items))
        return None

    def lookup(self, node: Any) -> Term:
        table, column, keys = place(node)
        if any(is_unset(part) or part == nodes.Literal(UNKNOWN) for part in keys):
            return void(Kind.NOTHING)
        return self.columns.lookup(table, column, keys)


def junction(node: nodes.Binary) -> list[Node]:
    """The operands of `a and b and c`, or of a chain of `or`."""
    found: list[Node] = []
    for side in (node.left, node.right):
        chained = isinstance(side, nodes.Binary) and side.op == node.op
        found += junction(side) if chained else [side]  # type: ignore[arg-type]
    return found


def place(node: nodes.Call) -> tuple[str, str, tuple[Node, ...]]:
    """Of a `lookup` its table, column and keys."""
    name, key, *_ = node.arguments
    table, _, column = str(constant(name)).partition(".")
    return table, column, key.items if isinstance(key, nodes.List) else (key,)


def _contains(values: Node, item: Node) -> Node:
    return nodes.Call(nodes.Name("list contains"), (values, item))


RULES: dict[type[Node], Callable[[Lowering, Any], Term]] = {
    nodes.Literal: Lowering.literal,
    nodes.Name: Lowering.name,
    nodes.Fact: Lowering.fact,
    nodes.Figure: Lowering.figure,
    nodes.Rows: Lowering.rows,
    nodes.Path: Lowering.path,
    nodes.Negate: Lowering.negate,
    nodes.Binary: Lowering.binary,
    nodes.Between: Lowering.between,
    nodes.In: Lowering.contained,
    nodes.List: Lowering.list,
    nodes.If: Lowering.choice,
    nodes.Filter: Lowering.rows,
    nodes.Call: Lowering.call,
}
SPECIAL: dict[str, Callable[[Lowering, Any], Term | None]] = {
    "list contains": Lowering.listed,
    "has any": Lowering.has_any,
    "count": Lowering.count,
    "sum": Lowering.total,
    "min": Lowering.listed_extreme,
    "max": Lowering.listed_extreme,
    "lookup": Lowering.lookup,
}
__all__ = ["Columns", "Lowering", "Unsupported", "first_known", "junction", "lower", "place"]
