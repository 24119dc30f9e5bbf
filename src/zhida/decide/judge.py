"""Many cases without a trace: verdict, first reason and worth of every unit.

One generated function for each kind of unit: rules on the same units share the loop, the facts, and the
conditions that they have in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.decide.case import SINGLETONS, Case, Entry
from zhida.decide.scope import UnitScope, look_up
from zhida.decide.source import ZERO, RuleWriter, Source
from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node, walk
from zhida.library import Library, Rule
from zhida.library.rule import Condition
from zhida.profile.folding import fold
from zhida.profile.python import Value

Judged = tuple[str, str | None, Decimal | None]
"""Of one unit: verdict, id of the first condition that fails, and what it is worth before limits; the worth
is 0 of a unit that is refused, and None where it is unknown or the rule grants no money."""


class Judge:
    """Decides the conditions of some rules. Called with a case it gives, in the order of `rules`, what is
    judged of each of their units, in the order of the case.

    None stands for a rule whose provision is not open on the day of the case, or of whose units the case
    does not say whether there are any. Limits and exclusions, which look at several units, are not applied.
    """

    def __init__(self, library: Library, rules: Iterable[Rule]) -> None:
        groups: dict[str, list[Rule]] = {}
        for rule in rules:
            groups.setdefault(rule.unit, []).append(rule)
        self.rules = tuple(rule for group in groups.values() for rule in group)
        """Those given, by kind of unit."""
        self.sources = tuple(GroupWriter(library, group).source() for group in groups.values())
        self.functions = tuple(
            (unit, unit in SINGLETONS, [None] * len(group), _compiled(library, group, source))
            for (unit, group), source in zip(groups.items(), self.sources, strict=True)
        )

    def __call__(self, case: Case) -> list[list[Judged] | None]:
        found: list[list[Judged] | None] = []
        for unit, single, nothing, judge in self.functions:
            units = (case.entries[unit],) if single else case.rows.get(unit)
            found += nothing if units is None else judge(case, units)
        return found


def _compiled(library: Library, rules: Sequence[Rule], source: Source) -> Callable[..., Any]:
    remembered = library.looked_up

    def lookup(name: str, keys: tuple[Any, ...], on: date | None = None) -> Any:
        found = remembered.get((name, keys, on))
        if found is None:
            found = look_up(library, name, keys, on)
        return None if found is UNKNOWN else found

    calls = _calls(library, rules)
    judge: Callable[..., Any] = source.compiled(f"units of {rules[0].unit}", lookup=lookup, **calls)["judge"]
    return judge


def _calls(library: Library, rules: Sequence[Rule]) -> dict[str, Callable[..., Any]]:
    """What `judge` calls for a fact that the case does not state, or a tree that has no Python form."""
    calls: dict[str, Callable[..., Any]] = {}
    for number, rule in enumerate(rules):

        def scope(case: Case, unit: Entry, rule: Rule = rule) -> UnitScope:
            return UnitScope(library, rule, case, unit, case.person_of(unit))

        calls[f"fact_{number}"] = lambda case, unit, entity, key, at=scope: at(case, unit).stated(entity, key)
        calls[f"interpret_{number}"] = lambda case, unit, node, at=scope: at(case, unit).interpreted(node)
    return calls


class GroupWriter(RuleWriter):
    """Writes `judge(case, units)` for rules on the same kind of unit: what is judged, rule by rule."""

    def __init__(self, library: Library, rules: Sequence[Rule]) -> None:
        super().__init__(library, rules[0])
        self.rules = rules
        self.own = (self.rule.unit, "person")
        self.formulas: dict[str, list[Any]] = {}
        self.found: dict[Any, Value] = {}

    def name(self, fact: nodes.Fact) -> str:
        """A fact that rules derive differently has several names."""
        name, path = super().name(fact), (fact.entity, fact.key)
        formulas = self.formulas.setdefault(name, [])
        formula = self.rule.from_history.get(path) or self.rule.derived.get(path)
        if formula not in formulas:
            formulas.append(formula)
        number = formulas.index(formula)
        return f"{name}_{number + 1}" if number else name

    def turn_to(self, rule: Rule) -> None:
        number = self.rules.index(rule)
        self.rule, self.result = rule, f"{rule.measure.replace('-', '_')}_{number}"
        self.ask, self.interpreter = (
            f"fact_{number}(case, unit, {{}})",
            f"interpret_{number}(case, unit, {{}})",
        )

    def source(self) -> Source:
        writer = self.writer
        self.write_shared(self.is_of_case, 1)
        with writer.branch() as lines:
            self.write_facts()
            self.write_shared(lambda condition: not self.is_of_case(condition), 2)
            for rule in self.rules:
                self.turn_to(rule)
                self.write_rule()
        return Source(
            "\n".join([*self.head(), *writer.lines, *self.loop(), *lines, *self.tail()]), writer.constants
        )

    def results(self) -> str:
        names = []
        for rule in self.rules:
            self.turn_to(rule)
            names.append(self.result)
        return "".join(f"{name}, " for name in names)

    def head(self) -> list[str]:
        common = sorted(self.entities.keys() - set(self.own))
        return [
            "def judge(case, units):",
            "    on, region, history = case.on, case.region, case.history",
            *map(self.opening, self.rules),
            "    if not units:",
            f"        return {self.results()}",
            "    unit = units[0]",
            *(f"    {entity} = case.entries[{entity!r}].facts" for entity in common),
        ]

    def opening(self, rule: Rule) -> str:
        """A list for what is judged, or None on a day on which the provision is not open."""
        self.turn_to(rule)
        first, last = rule.opening.start, rule.opening.grace_end or rule.opening.end
        tests = [f"{self.writer.constant(first, 'open_from')} <= on"] if first else []
        tests += [f"on <= {self.writer.constant(last, 'open_to')}"] if last else []
        is_open = " and ".join(tests) or "True"
        return (
            f"    {self.result} = [] if {is_open if rule.opening.status == 'in-force' else False} else None"
        )

    def loop(self) -> list[str]:
        own = [entity for entity in self.own if entity in self.entities]
        applicant = ["    applicant = case.entries['person']"] if "person" in own else []
        facts = {self.rule.unit: "unit.facts", "person": "(unit.person or applicant).facts"}
        facts[self.rule.unit] = "unit.facts"
        return [
            *applicant,
            "    for unit in units:",
            *(f"        {e} = {facts[e]}" for e in dict.fromkeys(own)),
        ]

    def tail(self) -> list[str]:
        return [f"    return {self.results()}", ""]

    # ---- what rules share

    def write_shared(self, wanted: Callable[[Condition], bool], least: int) -> None:
        """Write the `wanted` conditions that at least so many rules have; each of them once."""
        keys = [(rule, condition, _key(condition)) for rule in self.rules for condition in rule.conditions]
        count = Counter(key for _, _, key in keys)
        for rule, condition, key in keys:
            if (
                count[key] >= least
                and wanted(condition)
                and key not in self.found
                and not self.is_asked(condition)
            ):
                self.turn_to(rule)
                self.found[key] = self.named(self.condition(condition))

    def write_facts(self) -> None:
        """Load the facts of a unit that several rules read."""
        read = (dict.fromkeys(f for c in rule.conditions for f in _facts(c)) for rule in self.rules)
        for fact, readers in Counter(fact for facts in read for fact in facts).items():
            if readers > 1 and fact.entity in self.own and not self.is_special(fact):
                self.writer.fact(fact)

    def is_of_case(self, condition: Condition) -> bool:
        """Whether the condition is the same for all units of a case."""
        parts = _parts(condition)
        rows = any(isinstance(node, nodes.Rows) for part in parts for node in walk(part))
        return not rows and not any(fact.entity in self.own for fact in _facts(condition))

    def is_asked(self, condition: Condition) -> bool:
        """Whether it reads derived facts of the unit, which rules derive each in its own way."""
        return any(self.is_special(fact) and fact.entity in self.own for fact in _facts(condition))

    def is_special(self, fact: nodes.Fact) -> bool:
        path = (fact.entity, fact.key)
        return path in self.rule.derived or path in self.rule.from_history

    def named(self, truth: Value) -> Value:
        return truth if truth.text.isidentifier() else self.writer.name(truth.text, "boolean", truth.open)

    # ---- one rule

    def write_rule(self) -> None:
        """The rule's conditions in order, as far as the first that fails; then what the unit is worth."""
        writer = self.writer
        writer.write(f"while {self.result} is not None:")
        with writer.branch() as lines:
            writer.write("verdict = 'eligible'")
            for condition in self.rule.conditions:
                truth = self.found.get(_key(condition))
                self.check(condition, self.condition(condition) if truth is None else truth)
            self.settle()
        writer.lines += [*lines]

    def check(self, condition: Condition, truth: Value) -> None:
        """Leave the rule where the condition fails."""
        write = self.writer.write
        refused = ("ineligible", condition.id, ZERO)
        name = self.writer.constant(refused, f"no_{condition.id}".replace("-", "_"))
        failed = f"{self.result}.append({name})"
        if truth.text == "True":
            return
        if not truth.open:
            write(f"if not {truth.text}:")
            write(f"    {failed}")
            write("    break")
            return
        unknown = "verdict = 'unknown'"
        if condition.review is not None:
            unknown += f" if {truth.text} is None or verdict == 'unknown' else 'review'"
        write(f"if {truth.text} is not True:")
        write(f"    if {truth.text} is False:")
        write(f"        {failed}")
        write("        break")
        write(f"    {unknown}")

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
        writer.write(f"{self.result}.append((verdict, None, {worth}))")
        writer.write("break")


def _parts(condition: Condition) -> tuple[Node, ...]:
    return tuple(fold(part.node) for part in (condition.when, condition.review) if part is not None)


def _key(condition: Condition) -> Any:
    return _parts(condition), condition.review_if_unknown


def _facts(condition: Condition) -> tuple[nodes.Fact, ...]:
    found = (node for part in _parts(condition) for node in walk(part))
    return tuple(dict.fromkeys(node for node in found if isinstance(node, nodes.Fact)))
