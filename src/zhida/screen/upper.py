"""The most that an amount can be while facts are missing, as `zhida.decide.ranges` says it of one case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import reduce

from zhida.feel import nodes
from zhida.feel.nodes import Node
from zhida.profile.folding import is_unset
from zhida.screen import arithmetic, choice
from zhida.screen.lowering import Columns, Lowering, place
from zhida.screen.terms import VOID, Term, constant_term, is_unknown

ZERO = constant_term(Decimal(0))
RATE_SCALE = 6


def upper(node: Node, columns: Columns) -> Term:
    """The value of a folded amount where it is known, else its upper bound; NULL where it has none."""
    return _Bounds(Lowering(columns)).most(node)


class _Bounds:
    """One amount over one set of columns."""

    def __init__(self, lowering: Lowering) -> None:
        self.lowering, self.columns = lowering, lowering.columns

    def most(self, node: Node) -> Term:
        """The bound of a sum, product, extreme or choice is its value where that is known; of the rest the
        value is asked for first. What is not followed is unbounded."""
        value = self.lowering.term(node)
        if not value.nullable:
            return value
        if _is_followed(node):
            return self.of_parts(node)
        share = self.columns.share
        return choice.first_known([choice.share_whole(part, share) for part in (value, self.bound(node))])

    def of_parts(self, node: Node) -> Term:
        match node:
            case nodes.If(condition, consequent, alternative):
                return self.of_choice(condition, consequent, alternative)
            case nodes.Binary("+", left, right):
                return arithmetic.add(self.most(left), self.most(right))
            case nodes.Binary("*", left, right):
                return self.of_product(self.shared(left), self.shared(right))
            case nodes.Call(nodes.Name("min"), arguments):
                return reduce(self.smaller, map(self.shared, arguments))
            case nodes.Call(nodes.Name("max"), arguments):
                return choice.extreme("GREATEST", self.all(arguments), self.lowering.shared)
        return VOID

    def bound(self, node: Node) -> Term:
        match node:
            case nodes.Fact(entity, key):
                return self.of_fact(entity, key)
            case nodes.Call(nodes.Name("lookup")) if not self.lowering.term(node).is_void:
                return self.columns.most(*place(node))
        return VOID

    def all(self, parts: Sequence[Node]) -> list[Term]:
        return [self.most(part) for part in parts]

    def shared(self, node: Node) -> Term:
        return choice.share_whole(self.most(node), self.lowering.shared)

    def of_choice(self, condition: Node, consequent: Node, alternative: Node) -> Term:
        """The branch that is taken; while that is open, the greater of those that have a figure here."""
        test = self.lowering.shared(self.lowering.term(condition))
        yes, no = self.shared(consequent), self.shared(alternative)
        offered = [bound for bound, branch in ((yes, consequent), (no, alternative)) if not is_unset(branch)]
        open = choice.extreme("GREATEST", offered, self.lowering.shared) if offered else VOID
        if test.is_void:
            return open
        return choice.cases([(test.sql, yes), (is_unknown(test), open)], no, (test, yes, no, open))

    def of_fact(self, entity: str, key: str) -> Term:
        """A derived fact is bounded by its formula, a rate by 1; nothing else has a bound."""
        formula = self.columns.formula(entity, key)
        if formula is not None:
            return self.most(formula)
        fact = self.columns.fact(entity, key)
        is_rate = fact.scale == RATE_SCALE and fact.most == 10**RATE_SCALE
        return constant_term(Decimal(1)) if is_rate else VOID

    def of_product(self, left: Term, right: Term) -> Term:
        """Nothing times what is unbounded is nothing."""
        zeros = [choice.compare("=", side, ZERO) for side in (left, right)]
        nothing = choice.any_of(zeros)
        if nothing.is_void:
            return VOID
        zero = replace(choice.cases([(nothing.sql, ZERO)], VOID, (left, right)), nullable=True)
        return choice.first_known((arithmetic.multiply(left, right), zero))

    def smaller(self, left: Term, right: Term) -> Term:
        """The least of the bounds that there are."""
        if left.is_void or right.is_void:
            return right if left.is_void else left
        both = choice.extreme("LEAST", (left, right), self.lowering.shared)
        return choice.first_known((both, left, right))


def _is_followed(node: Node) -> bool:
    match node:
        case nodes.If() | nodes.Binary("+" | "*") | nodes.Call(nodes.Name("min" | "max")):
            return True
    return False
