"""The values of a tree's parts in one scope, each computed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhida.decide.scope import UnitScope
from zhida.feel import POLICY, evaluate
from zhida.feel.nodes import Node


@dataclass(slots=True)
class Recorded:
    """What was computed on the way to the value of a tree, for whoever looks at its parts afterwards."""

    scope: UnitScope
    values: dict[int, Any] = field(default_factory=dict)

    def record(self, node: Node, value: Any) -> None:
        self.values[id(node)] = value

    def value(self, node: Node) -> Any:
        """What was recorded; a branch that was not needed is evaluated now."""
        if id(node) not in self.values:
            evaluate(node, self.scope, POLICY, self)
        return self.values[id(node)]
