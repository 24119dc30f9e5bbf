"""Rules that are decided often, compiled: what they say is what the interpreter says, only sooner."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhida.decide import formula
from zhida.decide.scope import UnitScope
from zhida.decide.source import RuleWriter, Source, reviewed
from zhida.library import Library
from zhida.library.rule import Condition, Expression, Rule

Truths = tuple[Any, ...]
"""Of each condition True, "review", False, or None while facts are missing."""


@dataclass(slots=True)
class Program:
    """One rule and the functions that decide it, interpreting at first."""

    library: Library
    rule: Rule
    uses: int = 0
    functions: dict[str, Any] = field(default_factory=dict)
    frame: Any = None

    def truths(self, scope: UnitScope) -> Truths:
        """The truth of every condition for one unit."""
        self.uses += 1
        if self.uses == formula.WARM:
            self.compile()
        if self.functions:
            found: Truths = self.functions["truths"](scope)
            return found
        return tuple(judge(condition, scope) for condition in self.rule.conditions)

    def worth(self, scope: UnitScope, amount: Expression) -> Any:
        """What the unit is worth; None is unknown."""
        return self.functions["worth"](scope) if self.functions else scope.interpreted(amount.node)

    def to_settle(self, scope: UnitScope) -> bool:
        """Whether a person has to settle what the amount depends on (A12)."""
        review = self.rule.amount_review
        if review is None:
            return False
        settle = self.functions["to_settle"](scope) if self.functions else scope.interpreted(review.node)
        return settle is True

    def compile(self) -> None:
        self.functions = self.source().compiled(self.rule.measure)

    def source(self) -> Source:
        """The generated functions, to be read."""
        return RuleWriter(self.library, self.rule).traced()


def program_of(library: Library, rule: Rule) -> Program:
    """The program of a rule, made once."""
    program: Program = library.prepared(rule, lambda: Program(library, rule))
    return program


def judge(condition: Condition, scope: UnitScope) -> Any:
    """True, "review" where only human judgement is left, False, or None while facts are missing."""
    holds = scope.interpreted(condition.when.node)
    if holds is True:
        return True
    review = False if condition.review is None else scope.interpreted(condition.review.node)
    return reviewed(holds, review, condition.review_if_unknown)
