"""The functions of one rule as Python source: its conditions and worth, one by one or for many units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhida.feel import nodes
from zhida.feel.nodes import walk
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
    """Writes the functions of one rule; `entities` are those whose facts the function at hand reads.

    `bulk`: for many units without a scope of their own.
    """

    def __init__(self, library: Library, rule: Rule, bulk: bool = False) -> None:
        self.library, self.rule, self.bulk = library, rule, bulk
        interpret = f"interpret({'case, unit, ' * bulk}{{}})"
        self.writer = Writer(self.load, self.column, interpret)
        self.entities: dict[str, None] = {}

    def column(self, name: str) -> str:
        table, _, column = name.partition(".")
        definition = self.library.tables[table].definition
        return next((COLUMN_KINDS[c.type] for c in definition.columns if c.name == column), "")

    def load(self, writer: Writer, fact: nodes.Fact) -> Value:
        """A fact that is given, else what history, its formula or its absence says."""
        path, definition = (fact.entity, fact.key), self.library.facts[fact.entity, fact.key]
        self.entities[fact.entity] = None
        name, default = f"{fact.entity}_{fact.key}", self.absent(path)
        kind = FACT_KINDS.get(definition.type, "text")
        told = self.rule.from_history.get(path)
        if told is None and path not in self.rule.derived:
            writer.write(f"{name} = {fact.entity}({fact.key!r}{', ' * bool(default)}{default})")
            return Value(name, kind, not default)
        asked = f"fact({'case, unit, ' * self.bulk}{fact.entity!r}, {fact.key!r})"
        if told is not None and self.bulk:
            asked += f" if history else {'ZERO' if told.months else 'False'}"
        writer.write(f"{name} = {fact.entity}({fact.key!r})")
        writer.write(f"if {name} is None:")
        writer.write(f"    {name} = {asked}")
        return Value(name, kind, not default and told is None)

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
        return Source("\n\n".join(texts), self.writer.constants)

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
        entities = (f"    {entity} = scope.entry({entity!r}).facts.get" for entity in self.entities)
        head = [
            f"def {name}(scope):",
            "    on, region = scope.case.on, scope.case.region",
            "    fact, interpret = scope.stated, scope.interpreted",
        ]
        return "\n".join([*head, *entities, *writer.lines, f"    return {result}", ""])

    def judging(self) -> Source:
        """`judge(case, units, …)`: what `Judgement` says of each unit, settled by the first that fails.

        What depends on no unit is computed before the first one.
        """
        rule, writer = self.rule, self.writer
        before = {
            condition.id: self.named(condition) for condition in rule.conditions if self.is_common(condition)
        }
        common, self.entities = self.entities, {}
        with writer.branch() as lines:
            writer.write('verdict = "eligible"')
            for condition in rule.conditions:
                self.check(condition, before.get(condition.id) or self.condition(condition))
            self.settle()
        own = [entity for entity in self.entities if entity in (rule.unit, "person")]
        common |= {entity: None for entity in self.entities if entity not in own}
        head = [
            "def judge(case, units):",
            "    on, region, history = case.on, case.region, case.history",
            *(f"    {entity} = case.entries[{entity!r}].facts.get" for entity in common),
            *(
                ["    applicant = case.entries['person']"]
                if "person" in own and rule.unit != "person"
                else []
            ),
            "    judged = []",
            *(["    unit = units[0] if units else None"] if common else []),
        ]
        loop = ["    for unit in units:", *(f"        {entity} = {self.of_unit(entity)}" for entity in own)]
        return Source(
            "\n".join([*head, *writer.lines, *loop, *lines, "    return judged", ""]), writer.constants
        )

    def of_unit(self, entity: str) -> str:
        other = entity == "person" and self.rule.unit != "person"
        return "(unit.person or applicant).facts.get" if other else "unit.facts.get"

    def is_common(self, condition: Condition) -> bool:
        """Whether the condition is the same for all units of a case."""
        parts = [fold(part.node) for part in (condition.when, condition.review) if part is not None]
        found = [node for part in parts for node in walk(part)]
        own = (self.rule.unit, "person")
        return not any(
            (isinstance(node, nodes.Fact) and node.entity in own) or isinstance(node, nodes.Rows)
            for node in found
        )

    def named(self, condition: Condition) -> Value:
        truth = self.condition(condition)
        return truth if truth.text.isidentifier() else self.writer.name(truth.text, "boolean", truth.open)

    def check(self, condition: Condition, truth: Value) -> None:
        """Go on to the next unit where the condition fails."""
        if truth.text == "True":
            return
        write, failed = self.writer.write, f"judged.append((unit.id, 'ineligible', {condition.id!r}, ZERO))"
        if not truth.open:
            write(f"if not {truth.text}:")
            write(f"    {failed}")
            write("    continue")
            return
        write(f"if {truth.text} is not True:")
        write(f"    if {truth.text} is False:")
        write(f"        {failed}")
        write("        continue")
        if condition.review is not None:
            write(f"    verdict = 'unknown' if {truth.text} is None or verdict == 'unknown' else 'review'")
        else:
            write("    verdict = 'unknown'")

    def settle(self) -> None:
        """What the unit is worth, and whether a person has to settle that."""
        rule, writer = self.rule, self.writer
        if rule.amount_review is not None:
            with writer.branch() as lines:
                review = writer.value(fold(rule.amount_review.node))
            writer.write("if verdict == 'eligible':")
            writer.lines += lines
            writer.write(f"    if {review.text} is True:")
            writer.write("        verdict = 'review'")
        worth = "None" if rule.amount is None else writer.value(fold(rule.amount.node)).text
        writer.write(f"judged.append((unit.id, verdict, None, {worth}))")
