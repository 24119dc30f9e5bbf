"""Single expressions that are evaluated often: folded and compiled when they have been needed often enough.

Compiling costs as much as interpreting WARM times: a short command does not compile at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhida.decide.source import RuleWriter
from zhida.feel import UNKNOWN
from zhida.feel.nodes import Node
from zhida.library import Library
from zhida.library.rule import Expression, Rule
from zhida.profile.folding import OPEN, constant, fold

WARM = 40


@dataclass(slots=True)
class Formula:
    """An expression; `lean` is its tree, later what is left of it when it is folded. No fact can change what
    is `settled`, and `waiting` names the facts that an unknown value waits for."""

    lean: Node
    uses: int = 0
    settled: Any = OPEN
    function: Callable[[Any], Any] | None = None
    waiting: Callable[[Any], tuple[str, ...]] | None = None

    @property
    def is_warm(self) -> bool:
        return self.uses >= WARM

    def compile(self, library: Library, rule: Rule) -> Callable[[Any], Any]:
        """The function of a scope that gives the value, None for unknown.

        Of the rules that share the formula any will do: facts that they may derive differently are asked for.
        """
        writer = RuleWriter(library, rule)
        writer.longest_in_place = 0
        source = writer.joined([writer.function("value", lambda: writer.writer.value(self.lean).text)])
        function: Callable[[Any], Any] = source.compiled(f"formula of {rule.measure}")["value"]
        return function


def formula_of(library: Library, expression: Expression) -> Formula:
    """The formula of an expression, made once; each call counts as a use."""
    formula: Formula = library.prepared(expression, lambda: Formula(expression.node))
    formula.uses += 1
    if formula.uses == WARM:
        formula.lean = fold(expression.node)
        formula.settled = constant(formula.lean)
    return formula


def result(expression: Expression, scope: Any) -> Any:
    """The value of an expression in a UnitScope, UNKNOWN included."""
    formula = formula_of(scope.library, expression)
    if formula.settled is not OPEN:
        return formula.settled
    if not formula.is_warm:
        return scope.value(expression.node)
    if formula.function is None:
        formula.function = formula.compile(scope.library, scope.rule)
    value = formula.function(scope)
    return UNKNOWN if value is None else value
