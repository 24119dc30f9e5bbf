"""The functions of one rule as Python source: its conditions and worth, one by one or for many units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhida.feel import nodes
from zhida.feel.nodes import Node, walk
from zhida.feel.printer import to_feel
from zhida.library import Library
from zhida.library.rule import Condition, Expression, FactPath, Rule
from zhida.profile.folding import fold
from zhida.profile.python import HELPERS, Value, Writer

FACT_KINDS = {
    "boolean": "boolean", "count": "number", "number": "number", "money": "number", "rate": "number",
    "date": "date", "set": "list",
}  # fmt: skip
COLUMN_KINDS = {"number": "number", "money": "number", "boolean": "boolean", "text": "text"}
ZERO = Decimal(0)


def reviewed(holds: Any, review: Any, if_unknown: bool) -> Any:
    """The truth of a condition that does not hold, or is unknown, and can go to review (see `judge`)."""
    if holds is None:
        return "review" if if_unknown and review is True else None
    return None if review is None else "review" if review else False


@dataclass(frozen=True, slots=True)
class Source:
    """Generated functions as text, and the constants that they use."""

    text: str
    constants: dict[str, Any]

    def __str__(self) -> str:
        return self.text

    def compiled(self, filename: str, **given: Any) -> dict[str, Any]:
        """The functions by their names; `given` is what they call besides."""
        space = {**HELPERS, "ZERO": ZERO, "reviewed": reviewed, **self.constants, **given}
        exec(compile(self.text, filename, "exec"), space)
        return space


class RuleWriter:
    """Writes what decides one rule; `entities` are those whose facts are read since it was emptied.

    `ask` is the call that gives a fact which the case does not state, `interpreter` that for a tree.
    """

    ask, interpreter = "fact({})", "interpret({})"
    longest_in_place = 40
    """Nodes of a derived fact's formula that is still written out where a rule reads the fact."""

    def __init__(self, library: Library, rule: Rule) -> None:
        self.library, self.rule = library, rule
        self.writer = Writer(self, self.column)
        self.entities: dict[str, None] = {}

    def name(self, fact: nodes.Fact) -> str:
        return f"{fact.entity}_{fact.key}"

    def interpret(self, tree: str) -> str:
        return self.interpreter.format(tree)

    def column(self, name: str) -> str:
        table, _, column = name.partition(".")
        definition = self.library.tables[table].definition
        return next((COLUMN_KINDS[c.type] for c in definition.columns if c.name == column), "")

    def load(self, writer: Writer, fact: nodes.Fact, name: str) -> Value:
        """A fact that is given, else what history, its formula or its absence says."""
        path, definition = (fact.entity, fact.key), self.library.facts[fact.entity, fact.key]
        self.entities[fact.entity] = None
        default = self.absent(path)
        kind = FACT_KINDS.get(definition.type, "text")
        told, derived = self.rule.from_history.get(path), self.rule.derived.get(path)
        if told is None and derived is None:
            writer.write(f"{name} = {fact.entity}.get({fact.key!r}{', ' * bool(default)}{default})")
            return Value(name, kind, not default)
        writer.write(f"{name} = {fact.entity}.get({fact.key!r})")
        writer.write(f"if {name} is None:")
        if told is not None:
            nothing = "ZERO" if told.months else "False"
            asked = self.ask.format(f"{fact.entity!r}, {fact.key!r}")
            writer.write(f"    {name} = {asked} if history else {nothing}")
            return Value(name, kind)
        assert derived is not None
        self.derive(name, fact, fold(derived.expression.node))
        if default:
            writer.write(f"    if {name} is None:")
            writer.write(f"        {name} = {default}")
        return Value(name, kind, not default)

    def derive(self, name: str, fact: nodes.Fact, formula: Node) -> None:
        """A short formula is written where it is needed; a long one is asked for, and shared by all rules."""
        writer = self.writer
        if sum(1 for _ in walk(formula)) > self.longest_in_place:
            writer.write(f"    {name} = {self.ask.format(f'{fact.entity!r}, {fact.key!r}')}")
            return
        with writer.branch() as lines:
            value = writer.value(formula)
        writer.lines += lines
        writer.write(f"    {name} = {value.text}")

    def absent(self, path: FactPath) -> str:
        """What an absent fact means, as Python; "" where it means unknown."""
        definition = self.library.facts[path]
        match definition.absence:
            case "not applicable" if definition.type == "boolean":
                return "False"
            case "zero":
                return "ZERO"
            case "case region":
                return "region"
        return ""

    # ---- conditions

    def condition(self, condition: Condition) -> Value:
        """The truth of a condition: True, "review", False or None."""
        writer = self.writer
        folded = fold(condition.when.node)
        writer.write(f"# {condition.id}: {to_feel(folded)}")
        when = writer.value(folded)
        if condition.review is None or when.text == "True":
            return when
        with writer.branch() as lines:
            review = writer.value(fold(condition.review.node))
        writer.steps += 1
        truth = Value(f"step_{writer.steps}", "", True)
        writer.write(f"{truth.text} = {when.text}")
        writer.write(f"if {truth.text} is {'not True' if condition.review_if_unknown else 'False'}:")
        writer.lines += lines
        writer.write(
            f"    {truth.text} = reviewed({truth.text}, {review.text}, {condition.review_if_unknown})"
        )
        return truth

    # ---- functions

    def traced(self) -> Source:
        """`truths(scope)`; `worth(scope)` and `to_settle(scope)` where the rule has such expressions."""
        rule = self.rule
        texts = [self.function("truths", self.truths)]
        for name, expression in (("worth", rule.amount), ("to_settle", rule.amount_review)):
            if expression is not None:
                texts.append(self.function(name, lambda e=expression: self.single(e)))  # type: ignore[misc]
        return self.joined(texts)

    def joined(self, functions: list[str]) -> Source:
        return Source("\n\n".join(functions), self.writer.constants)

    def truths(self) -> str:
        truths = [self.condition(condition).text for condition in self.rule.conditions]
        return f"({''.join(f'{truth}, ' for truth in truths)})"

    def single(self, expression: Expression) -> str:
        return self.writer.value(fold(expression.node)).text

    def function(self, name: str, body: Callable[[], str]) -> str:
        """One function of a scope; `body` writes its statements and gives what it returns."""
        writer = self.writer
        writer.lines, writer.reach, self.entities = [], [{}], {}
        result = body()
        entities = (f"    {entity} = scope.entry({entity!r}).facts" for entity in self.entities)
        head = [
            f"def {name}(scope):",
            "    on, region, history = scope.case.on, scope.case.region, scope.case.history",
            "    fact, interpret, lookup = scope.stated, scope.interpreted, scope.standard",
        ]
        return "\n".join([*head, *entities, *writer.lines, f"    return {result}", ""])
