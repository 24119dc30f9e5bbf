"""Every example of docs/language.md is run: checked as a policy, evaluated for one case, printed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.docs.markdown import DOCS, Example, blocks, examples
from zhida.decide import Case, build_case
from zhida.decide.scope import UnitScope
from zhida.feel import STANDARD, UNKNOWN, FeelSyntaxError, Names, evaluate, nodes, parse
from zhida.feel.functions import FUNCTIONS, OPERATORS
from zhida.feel.printer import to_feel
from zhida.library import Library, Rule, resolve
from zhida.library.compile import measure_names, vocabulary_names
from zhida.library.resolve import substitute
from zhida.library.yaml_source import read_yaml
from zhida.profile import checker, types

PAGE = DOCS / "language.md"
PAGE_TEXT = PAGE.read_text(encoding="utf-8")
MEASURE, REGION, DAY = "hiring-subsidy", "621025", date(2022, 10, 1)


@dataclass(frozen=True, slots=True)
class Bench:
    """The names, figures and facts that the examples read."""

    names: checker.Names
    rule: Rule
    scope: UnitScope

    def check(self, text: str) -> checker.Checked:
        return checker.check(parse(text, policy=True), self.names)

    def value(self, text: str) -> Any:
        checked = self.check(text)
        assert not checked.problems, checked.problems
        return self.scope.value(substitute(checked.node, self.rule.figures))


@pytest.fixture(scope="module")
def bench(library: Library) -> Bench:
    [block] = [b for b in blocks(PAGE, "yaml") if b.label == "case"]
    case, problems = build_case(library, read_yaml(block.text).data)
    assert case is not None, problems
    base = vocabulary_names(library.entities.values(), library.tables, library.interpretations.values())
    names = measure_names(base, library.measures[MEASURE].definition)
    [rule] = [r for r in resolve(library, REGION, DAY) if r.measure == MEASURE]
    return Bench(names, rule, scope_of_first_hire(library, rule, case))


def scope_of_first_hire(library: Library, rule: Rule, case: Case) -> UnitScope:
    hire = (case.units("hire") or ())[0]
    return UnitScope(library, rule, case, hire, case.person_of(hire))


def shown(value: Any) -> str:
    """A value as an expression that would give it."""
    if value is UNKNOWN:
        return "unknown"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return to_feel(nodes.Literal(value))


def rows(language: str) -> list[Any]:
    return [pytest.param(row, id=str(row)) for row in examples(PAGE, language)]


def declared(of: dict[str, Any]) -> list[Any]:
    """The examples of operators and functions, which the page shows in its tables."""
    texts = [text for item in of.values() for text in item.examples if " → " in text]
    return [pytest.param(*text.split(" → "), id=text) for text in texts]


@pytest.mark.parametrize("row", rows("feel"))
def test_an_example_has_the_value_that_the_page_says(bench: Bench, row: Example):
    assert shown(bench.value(row.expression)) == row.value


@pytest.mark.parametrize("row", rows("feel-type"))
def test_an_example_has_the_type_that_the_page_says(bench: Bench, row: Example):
    checked = bench.check(row.expression)
    assert not checked.problems
    assert types.describe(checked.type) == row.value


@pytest.mark.parametrize("row", rows("feel-refused"))
def test_an_example_is_refused_for_the_reason_that_the_page_gives(bench: Bench, row: Example):
    try:
        codes = [f"feel/{problem.code}" for problem in bench.check(row.expression).problems]
    except FeelSyntaxError as error:
        codes = [error.code]
    assert codes == [row.value]


@pytest.mark.parametrize("row", rows("feel-printed"))
def test_an_example_prints_as_the_page_says(row: Example):
    tree = parse(row.expression, policy=True)
    assert to_feel(tree) == row.value
    assert parse(row.value, policy=True) == tree


@pytest.mark.parametrize("row", rows("feel-standard"))
def test_an_example_of_standard_feel_has_the_value_that_the_page_says(row: Example):
    assert shown(evaluate(parse(row.expression), Names(), STANDARD)) == row.value


@pytest.mark.parametrize(("expression", "value"), declared(OPERATORS) + declared(FUNCTIONS))
def test_the_examples_of_the_declarations_are_true(expression: str, value: str):
    assert shown(evaluate(parse(expression), Names(), STANDARD)) == value


@pytest.mark.parametrize("name", [*checker.FUNCTIONS, "lookup"])
def test_every_function_of_a_policy_is_on_the_page(name: str):
    assert f"| `{name}(" in PAGE_TEXT


@pytest.mark.parametrize("name", sorted(checker.FUNCTIONS))
def test_every_function_that_the_checker_knows_can_be_evaluated(name: str):
    assert name in FUNCTIONS
