"""Which facts an unknown value waits for, row by row, as `zhida.decide.missing` says it of one case.

The answer is a number for each row, a bit for each fact. It is one nested CASE, so that an engine looks
into a part only in the rows that wait for it; nothing of it is a column that all rows would have to compute.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import nodes
from zhida.feel.nodes import Node, children
from zhida.profile.folding import OPEN, constant, is_unset
from zhida.screen import syntax
from zhida.screen.lowering import Columns, Lowering, junction, place
from zhida.screen.terms import Term, is_unknown

PASSED_OVER = (nodes.Name, nodes.Range, nodes.Test, nodes.Literal)
KLEENE = ("list contains", "has any")


@dataclass(frozen=True, slots=True)
class Waits:
    """What a row waits for where `condition` holds: the fact `key`, or all of `parts`."""

    condition: Expr
    key: str = ""
    parts: tuple[Waits, ...] = ()


def waits(node: Node, columns: Columns) -> tuple[Waits, ...]:
    """What the folded tree can wait for, a derived fact before its inputs, by dotted keys. Parts whose
    value is known are passed over."""
    return _Missing(_Remembered(columns)).waits(node)


def missing(node: Node, columns: Columns) -> tuple[tuple[str, Expr], ...]:
    """For each fact that the folded tree can wait for the condition that it does so; never NULL."""
    parts = waits(node, columns)
    return tuple((key, told(parts, key)) for key in dict.fromkeys(_keys(parts)))


def under(condition: Expr, parts: Sequence[Waits]) -> tuple[Waits, ...]:
    """The same where `condition` holds too."""
    if condition == syntax.FALSE or not parts:
        return ()
    if condition == syntax.TRUE or all(part.condition == condition for part in parts):
        return tuple(parts)
    return (Waits(condition, parts=tuple(parts)),)


def merged(groups: Iterable[Sequence[Waits]]) -> tuple[Waits, ...]:
    """All of them, each once: what is asked for anyway needs no further condition."""
    found: dict[Waits, None] = {}
    for group in groups:
        for part in group:
            rest = _beside(part, found)
            if rest is not None:
                found.setdefault(rest)
    return tuple(found)


def _beside(part: Waits, found: Container[Waits]) -> Waits | None:
    """What a part adds to what is found already."""
    if part in found:
        return None
    if part.key:
        return part
    parts = tuple(rest for inner in part.parts if (rest := _beside(inner, found)) is not None)
    return Waits(part.condition, parts=parts) if parts else None


def _keys(parts: Sequence[Waits]) -> Iterator[str]:
    for part in parts:
        if part.key:
            yield part.key
        yield from _keys(part.parts)


def mask(parts: Sequence[Waits], bit: Callable[[str], int]) -> Expr:
    """The sum of `bit(key)` over the facts that a row waits for; facts that are asked for alike, at once."""
    whole: Expr | None = None
    for part in parts:
        value = syntax.integer(bit(part.key)) if part.key else mask(part.parts, bit)
        if part.condition != syntax.TRUE:
            value = syntax.case([(part.condition, value)], syntax.integer(0))
        whole = value if whole is None else exp.BitwiseOr(this=whole, expression=value)
    return syntax.integer(0) if whole is None else whole


def told(parts: Sequence[Waits], key: str = "") -> Expr:
    """Whether a row waits for the fact `key`, or for any."""
    ways = []
    for part in parts:
        if part.key and key in ("", part.key):
            ways.append(part.condition)
        elif part.parts and (inner := told(part.parts, key)) != syntax.FALSE:
            both = [part.condition] if inner in (syntax.TRUE, part.condition) else [part.condition, inner]
            ways.append(syntax.conjunction(both))
    return syntax.disjunction(dict.fromkeys(ways))


@dataclass(slots=True)
class _Remembered(Lowering):
    """A lowering that says of each part once what it is; columns that are there already are used."""

    terms_of: dict[int, tuple[Node, Term]] = field(default_factory=dict)

    def term(self, node: Node) -> Term:
        if id(node) not in self.terms_of:
            self.terms_of[id(node)] = (node, self.columns.known(Lowering.term(self, node)))
        return self.terms_of[id(node)][1]


def _is_kleene(node: Node) -> bool:
    """Whether the value may be known although a part is not."""
    match node:
        case nodes.Binary("and" | "or") | nodes.In() | nodes.Between() | nodes.If():
            return True
        case nodes.Call(nodes.Name(name)):
            return name in KLEENE
    return False


@dataclass(frozen=True, slots=True)
class _Missing:
    lowering: _Remembered

    @property
    def columns(self) -> Columns:
        return self.lowering.columns

    def waits(self, node: Node) -> tuple[Waits, ...]:
        parts: Iterable[Sequence[Waits]]
        match node:
            case nodes.Fact(entity, key):
                return self.fact(node, entity, key)
            case nodes.Figure(value=value):
                return _where(syntax.boolean(_is_open(value)), f"parameters.{node.source.key}")
            case nodes.Rows(entity):
                return _where(is_unknown(self.columns.count(entity, None)), self.columns.rows_key(entity))
            case nodes.Filter(nodes.Rows(entity) as rows, condition):
                lacking = self.columns.missing_in_rows(entity, condition)
                return merged([self.waits(rows), *(_where(flag, key) for key, flag in lacking)])
            case nodes.Call(nodes.Name("lookup")):
                return self.lookup(node)
            case _ if isinstance(node, PASSED_OVER) or constant(node) is not OPEN:
                return ()
            case nodes.If():
                parts = self.branches(node)
            case nodes.Binary("and" | "or"):
                # an unknown `and` has no operand that is false: what is unknown in a link is so in all
                parts = map(self.waits, junction(node))
            case _:
                parts = map(self.waits, children(node))
        found = merged(parts)
        return self.guarded(node, found) if _is_kleene(node) and found else found

    def guarded(self, node: Node, found: Sequence[Waits]) -> tuple[Waits, ...]:
        """Only where the whole is unknown: nothing that is asked for could change it otherwise."""
        term = self.lowering.term(node)
        return under(is_unknown(term), found) if term.nullable else ()

    def fact(self, node: Node, entity: str, key: str) -> tuple[Waits, ...]:
        """A derived fact, then what its formula waits for."""
        term = self.lowering.term(node)
        if not term.nullable:
            return ()
        own = () if self.columns.is_internal(entity, key) else _where(syntax.TRUE, f"{entity}.{key}")
        formula = self.columns.formula(entity, key)
        inputs = () if formula is None else self.waits(formula)
        return under(is_unknown(term), merged([own, inputs]))

    def branches(self, node: nodes.If) -> Iterator[Sequence[Waits]]:
        """The condition; then the branch that is taken, or while that is open those with a figure here."""
        test = self.lowering.term(node.condition)
        yield self.waits(node.condition)
        for branch, taken in ((node.consequent, True), (node.alternative, False)):
            yield under(_may_be(test, taken, not is_unset(branch)), self.waits(branch))

    def lookup(self, node: nodes.Call) -> tuple[Waits, ...]:
        """Unknown keys; where none can be told, the table has no figure for them."""
        term = self.lowering.term(node)
        if not term.nullable:
            return ()
        inputs = merged(map(self.waits, node.arguments))
        table = f"standards.{self.columns.table_name(place(node)[0])}"
        known = syntax.negation(told(inputs)) if inputs else syntax.TRUE
        return under(is_unknown(term), merged([inputs, _where(known, table)]))


def _is_open(value: Node) -> bool:
    return constant(value) is OPEN


def _may_be(test: Term, taken: bool, offered: bool) -> Expr:
    """The condition that a branch is taken, or that it is `offered` while that is open."""
    if test.is_void:
        return syntax.boolean(offered)
    holds = test.sql if taken else syntax.negation(test.sql)
    if not test.nullable:
        return holds
    return exp.Coalesce(this=_once(holds), expressions=[syntax.boolean(offered)])


def _once(sql: Expr) -> Expr:
    return sql.copy() if sql.parent is not None else sql


def _where(condition: Expr, key: str) -> tuple[Waits, ...]:
    return () if condition == syntax.FALSE else (Waits(condition, key),)
