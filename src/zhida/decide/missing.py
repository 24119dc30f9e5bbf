"""Which facts an unknown value waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from zhida.decide.formula import formula_of
from zhida.decide.recorded import Recorded
from zhida.decide.scope import UnitScope
from zhida.decide.waiting import compile_waiting
from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node, children
from zhida.library.rule import Derived, Expression
from zhida.profile.folding import is_unset


def waits_for(expression: Expression, scope: UnitScope) -> tuple[str, ...]:
    """What `missing` finds for an expression, compiled when it has been asked often enough."""
    formula = formula_of(scope.library, expression)
    if not formula.is_warm:
        return missing(formula.lean, scope)
    if formula.waiting is None:
        formula.waiting = compile_waiting(scope.library, scope.rule, formula.lean, ask, missing)
    return formula.waiting(scope)


def missing(node: Node, scope: UnitScope) -> tuple[str, ...]:
    """Dotted keys in the order they are met: a derived key first, then its absent inputs.

    Parts whose value is known are passed over: nothing that is asked for could change them.
    """
    walk = _Walk(scope)
    walk.visit(node)
    return tuple(walk.found)


@dataclass(slots=True)
class _Walk(Recorded):
    """One walk over a tree whose sub-expressions have been evaluated once, and recorded here."""

    found: dict[str, None] = field(default_factory=dict)

    def add(self, keys: Iterable[str]) -> None:
        self.found.update(dict.fromkeys(keys))

    def visit(self, node: Node) -> None:
        if type(node) is nodes.Literal:
            return
        value = self.value(node)
        if value is UNKNOWN or _unknown(value):
            _VISITS.get(type(node), _Walk.parts)(self, node)

    def parts(self, node: Node) -> None:
        for child in children(node):
            if not isinstance(child, nodes.Name):
                self.visit(child)

    def binary(self, node: nodes.Binary) -> None:
        self.visit(node.left)
        self.visit(node.right)

    def fact(self, node: nodes.Fact) -> None:
        ask(self.found, self.scope, node.entity, node.key)

    def rows(self, node: nodes.Rows) -> None:
        self.found[self.scope.library.entities[node.entity].case_key] = None

    def figure(self, node: nodes.Figure) -> None:
        self.found[f"parameters.{node.source.key}"] = None

    def choice(self, node: nodes.If) -> None:
        holds = self.value(node.condition)
        if holds is UNKNOWN:
            self.visit(node.condition)
            for branch in (node.consequent, node.alternative):
                if not is_unset(branch):  # one that this place has no figure for is not waited for in advance
                    self.visit(branch)
        else:
            self.visit(node.consequent if holds is True else node.alternative)

    def filter(self, node: nodes.Filter) -> None:
        self.each(node.base, node.condition)

    def path(self, node: nodes.Path) -> None:
        """The fact of each row, or a part of a date."""
        base: Any = node.base
        if isinstance(base, nodes.Rows | nodes.Filter):
            rows = self.value(base)
            self.each(base, nodes.Fact(rows[0].unit.entity, node.name) if rows is not UNKNOWN else base)
        else:
            self.visit(base)

    def each(self, base: Node, node: Node) -> None:
        """What `node` waits for in the rows of `base`, or these themselves where they are unknown."""
        rows = self.value(base)
        if rows is UNKNOWN:
            self.visit(base)
            return
        for row in rows:
            self.add(missing(node, row))

    def call(self, node: nodes.Call) -> None:
        self.parts(node)
        is_lookup = node.function == nodes.Name("lookup")
        if is_lookup and not any(_unknown(self.value(part)) for part in node.arguments):
            self.found[f"standards.{self.table(node.arguments[0])}"] = None

    def table(self, name: Node) -> str:
        table = str(self.value(name)).partition(".")[0]
        return self.scope.library.tables[table].definition.table


def ask(found: dict[str, None], scope: UnitScope, entity: str, key: str) -> None:
    """Add a fact that is unknown, and what it waits for where it is derived."""
    path = (entity, key)
    if not scope.library.facts[path].internal:
        found[scope.path(entity, key)] = None
    derived = scope.rule.derived.get(path)
    if derived is not None:
        found.update(dict.fromkeys(_inputs(derived, entity, scope)))


def _inputs(derived: Derived, entity: str, scope: UnitScope) -> tuple[str, ...]:
    """What a derived fact waits for: worked out once for all rules with the same formula."""
    key = ("missing", id(derived), scope.entry(entity).path)
    if key not in scope.shared:
        scope.shared[key] = waits_for(derived.expression, scope)
    found: tuple[str, ...] = scope.shared[key]
    return found


_VISITS: dict[type[Node], Callable[[_Walk, Any], None]] = {
    nodes.Binary: _Walk.binary,
    nodes.Fact: _Walk.fact,
    nodes.Rows: _Walk.rows,
    nodes.Figure: _Walk.figure,
    nodes.If: _Walk.choice,
    nodes.Filter: _Walk.filter,
    nodes.Path: _Walk.path,
    nodes.Call: _Walk.call,
}


def _unknown(value: Any) -> bool:
    return value is UNKNOWN or (isinstance(value, list) and any(map(_unknown, value)))
