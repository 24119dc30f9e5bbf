"""Which facts an unknown value waits for, row by row, as `zhida.decide.missing` says it of one case.

A flag is an SQL condition that is never NULL. A long part that may be known although some of it is not
(`and`, `or`, `in`, a choice …) is projected as a column first, so that no condition is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import nodes
from zhida.feel.nodes import Node, children
from zhida.profile.folding import OPEN, constant, is_unset
from zhida.screen import syntax
from zhida.screen.lowering import Columns, Lowering, junction, place
from zhida.screen.terms import Kind, Term, is_unknown

Flags = dict[str, Expr]
"""By dotted key the condition that it is missing; keys in the order in which the tree has them."""

PASSED_OVER = (nodes.Name, nodes.Range, nodes.Test, nodes.Literal)
KLEENE = ("list contains", "has any")
LONG_FLAG = 16
"""Nodes of SQL from which on a flag is worth a column of its own."""


def missing(node: Node, columns: Columns) -> tuple[tuple[str, Expr], ...]:
    """The dotted keys that the folded tree can wait for, a derived fact before its inputs; each with the
    condition that it is missing in this row. Parts whose value is known are passed over."""
    return tuple(_Missing(_Projected(columns)).flags(node).items())


@dataclass(slots=True)
class _Projected(Lowering):
    """A lowering that makes columns of the long parts that must be asked whether they are known."""

    terms_of: dict[int, tuple[Node, Term]] = field(default_factory=dict)

    def term(self, node: Node) -> Term:
        if id(node) not in self.terms_of:
            term = Lowering.term(self, node)
            if _is_kleene(node) and term.nullable and not term.is_void:
                term = self.shared(term)
            self.terms_of[id(node)] = (node, term)
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
    lowering: _Projected
    inputs: dict[tuple[str, str], Flags] = field(default_factory=dict)

    @property
    def columns(self) -> Columns:
        return self.lowering.columns

    def flags(self, node: Node) -> Flags:
        parts: Iterable[Flags]
        match node:
            case nodes.Fact(entity, key):
                return self.fact(node, entity, key)
            case nodes.Figure(value=value):
                return {f"parameters.{node.source.key}": syntax.boolean(True)} if _is_open(value) else {}
            case nodes.Rows(entity):
                return _where(is_unknown(self.columns.count(entity, None)), [self.columns.rows_key(entity)])
            case nodes.Filter(nodes.Rows(entity) as rows, condition):
                return _merged([self.flags(rows), dict(self.columns.missing_in_rows(entity, condition))])
            case nodes.Call(nodes.Name("lookup")):
                return self.lookup(node)
            case _ if isinstance(node, PASSED_OVER) or constant(node) is not OPEN:
                return {}
            case nodes.If():
                parts = self.branches(node)
            case nodes.Binary("and" | "or"):
                # an unknown `and` has no operand that is false: what is unknown in a link is so in all
                parts = map(self.flags, junction(node))
            case _:
                parts = map(self.flags, children(node))
        found = _merged(parts)
        return self.guarded(node, found) if _is_kleene(node) and found else found

    def guarded(self, node: Node, found: Flags) -> Flags:
        """Only where the whole is unknown: nothing that is asked for could change it otherwise."""
        term = self.lowering.term(node)
        return _under(is_unknown(term), found) if term.nullable else {}

    def fact(self, node: Node, entity: str, key: str) -> Flags:
        """A derived fact, then what its formula waits for."""
        term = self.lowering.term(node)
        if not term.nullable:
            return {}
        unknown, found = is_unknown(term), Flags()
        if not self.columns.is_internal(entity, key):
            found[f"{entity}.{key}"] = unknown
        formula = self.columns.formula(entity, key)
        if formula is None:
            return found
        if (entity, key) not in self.inputs:
            self.inputs[entity, key] = {k: self.projected(flag) for k, flag in self.flags(formula).items()}
        return _merged([found, _under(unknown, self.inputs[entity, key])])

    def projected(self, flag: Expr) -> Expr:
        """A long flag as a column: several parts of a tree may wait for the inputs of one derived fact."""
        if sum(1 for _ in flag.walk()) < LONG_FLAG:
            return flag
        return self.columns.share(Term(flag, Kind.BOOLEAN, nullable=False, gaps=()), "missing").sql

    def branches(self, node: nodes.If) -> Iterable[Flags]:
        """The condition; then the branch that is taken, or while that is open those with a figure here."""
        test = self.lowering.term(node.condition)
        yield self.flags(node.condition)
        for branch, taken in ((node.consequent, True), (node.alternative, False)):
            yield _under(_may_be(test, taken, not is_unset(branch)), self.flags(branch))

    def lookup(self, node: nodes.Call) -> Flags:
        """Unknown keys; where none can be told, the table has no figure for them."""
        term = self.lowering.term(node)
        if not term.nullable:
            return {}
        inputs = _merged(map(self.flags, node.arguments))
        table = f"standards.{self.columns.table_name(place(node)[0])}"
        told = syntax.disjunction(inputs.values())
        unknown = is_unknown(term)
        lacks = syntax.conjunction([unknown, syntax.negation(told)]) if inputs else unknown
        return _merged([_under(unknown, inputs), {table: lacks}])


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


def _where(condition: Expr, keys: Iterable[str]) -> Flags:
    return dict.fromkeys(keys, condition) if condition != syntax.boolean(False) else {}


def _under(condition: Expr, found: Flags) -> Flags:
    """The flags where `condition` holds too."""
    if condition == syntax.boolean(True):
        return found
    if condition == syntax.boolean(False):
        return {}
    return {key: _both(condition, flag) for key, flag in found.items()}


def _both(condition: Expr, flag: Expr) -> Expr:
    return condition if flag in (syntax.boolean(True), condition) else syntax.conjunction([condition, flag])


def _merged(parts: Iterable[Flags]) -> Flags:
    """All flags; of a key that occurs several times, where any of its places asks for it."""
    found: dict[str, list[Expr]] = {}
    for part in parts:
        for key, flag in part.items():
            flags = found.setdefault(key, [])
            if flag not in flags:
                flags.append(flag)
    return {key: syntax.disjunction(flags) for key, flags in found.items()}
