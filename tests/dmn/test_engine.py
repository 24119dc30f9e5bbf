"""Models of several elements: requirements, functions, services, imports, types."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.dmn.models import clock, decide, decision, input_data, literal, read

from zhida.dmn.engine import Engine

PERSON = """<itemDefinition name="tPerson">
<itemComponent name="full name"><typeRef>string</typeRef></itemComponent>
<itemComponent name="grade"><typeRef>string</typeRef>
<allowedValues><text>"A","B"</text></allowedValues></itemComponent></itemDefinition>
<itemDefinition name="tAges" isCollection="true"><typeRef>number</typeRef></itemDefinition>"""
DOUBLE = f"""<businessKnowledgeModel id="double" name="double it"><variable name="double it"/>
<encapsulatedLogic><formalParameter name="the n" typeRef="number"/>{literal("the n * 2")}</encapsulatedLogic>
</businessKnowledgeModel>"""


def test_a_decision_names_only_what_it_requires(tmp_path: Path) -> None:
    body = input_data("the n") + decision("a", literal("the n + 1"), "")
    with_input = body.replace('<variable name="a"/>', '<variable name="a"/><informationRequirement>'
                              '<requiredInput href="#the n"/></informationRequirement>')  # fmt: skip
    assert decide(read(tmp_path, body), "a", {"the n": Decimal(1)}) is None
    assert decide(read(tmp_path, with_input), "a", {"the n": Decimal(1)}) == 2


def test_decisions_follow_each_other_and_a_cycle_is_null(tmp_path: Path) -> None:
    chain = decision("a", literal("1"), "") + decision("b", literal("a + 1"), "a")
    cycle = decision("a", literal("b"), "b") + decision("b", literal("a"), "a")
    assert decide(read(tmp_path, chain), "b") == 2
    assert decide(read(tmp_path, cycle), "a") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("double it(2)", Decimal(4)), ("double it(the n: 2)", Decimal(4)), ("double it([2])", Decimal(4)),
     ('double it("2")', None), ("double it()", None), ("double it(n: 2)", None)],
)  # fmt: skip
def test_knowledge_models_are_typed_functions(tmp_path: Path, text: str, value: Any) -> None:
    model = read(tmp_path, DOUBLE + decision("d", literal(text), "knowledge=double"))
    assert decide(model, "d") == value


def test_invocations_bind_by_name(tmp_path: Path) -> None:
    binding = f'<binding><parameter name="the n"/>{literal("3")}</binding>'
    logic = f"<invocation>{literal('double it')}{binding}</invocation>"
    assert decide(read(tmp_path, DOUBLE + decision("d", logic, "knowledge=double")), "d") == 6


SERVICE = (
    input_data("n", "number")
    + decision("part", literal("n + 1"), "input=n")
    + decision("whole", literal("part * 10"), "part")
    + '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#whole"/>{}'
    + "</decisionService>"
    + decision("caller", literal("s({})"), "knowledge=s")
)


@pytest.mark.parametrize(
    ("inputs", "argument", "value"),
    [('<inputData href="#n"/>', "4", 50), ('<inputDecision href="#part"/>', "4", 40),
     ('<inputData href="#n"/>', '"4"', None)],
)  # fmt: skip
def test_services_are_functions(tmp_path: Path, inputs: str, argument: str, value: Any) -> None:
    model = read(tmp_path, SERVICE.replace("{}", inputs, 1).replace("{}", argument))
    assert decide(model, "caller") == value


def test_services_can_be_invoked_from_outside(tmp_path: Path) -> None:
    model = read(tmp_path, SERVICE.replace("{}", '<inputDecision href="#part"/>', 1).replace("{}", "1"))
    engine = Engine([model], clock)
    assert engine.invoke(model, "s", {"part": Decimal(2)}) == 20
    assert engine.invoke(model, "s", {}) is None


@pytest.mark.parametrize("name", ["lib", ""])
def test_imports(tmp_path: Path, name: str) -> None:
    library = read(tmp_path, PERSON + DOUBLE + decision("the answer", literal("42")), "urn:lib")
    prefix = f"{name}." if name else ""
    body = f'<import name="{name}" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    body += decision("d", literal(f"{prefix}double it({prefix}the answer)"),
                     "knowledge=urn:lib#double urn:lib#the_answer")  # fmt: skip
    body += decision("p", literal('{full name: "x", grade: "A"}'), type=f"{prefix}tPerson")
    model = read(tmp_path, body.replace("the_answer", "the answer"), "m", (library,))
    assert decide(model, "d", {}, library) == 84
    assert decide(model, "p", {}, library) == {"full name": "x", "grade": "A"}


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("number", "1", Decimal(1)),
        ("number", '"1"', None),
        ("number", "[1]", Decimal(1)),
        ("number", "[1, 2]", None),
        ("tAges", "[1, 2]", [1, 2]),
        ("tAges", "1", [1]),
        ("tAges", '[1, "2"]', None),
        ("tPerson", '{full name: "x", grade: "A", more: 1}', {"full name": "x", "grade": "A", "more": 1}),
        ("tPerson", '{full name: "x", grade: "C"}', None),
        ("tPerson", '{full name: "x"}', None),
        ("Any", '"x"', "x"),
    ],
)
def test_values_are_coerced_to_their_type(tmp_path: Path, type: str, text: str, value: Any) -> None:
    assert decide(read(tmp_path, PERSON + decision("d", literal(text), type=type)), "d") == value


def entry(name: str, text: str) -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{literal(text)}</contextEntry>"


def loop(kind: str, end: str, domain: str, body: str) -> str:
    parts = f"<in>{literal(domain)}</in><{end}>{literal(body)}</{end}>"
    return f'<{kind} iteratorVariable="an i">{parts}</{kind}>'


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        (f"<context>{entry('a b', '1')}{entry('c', 'a b + 1')}</context>", {"a b": 1, "c": 2}),
        (f"<context>{entry('a b', '1')}{entry('', 'a b + 1')}</context>", 2),
        (f"<list>{literal('1')}{literal('2')}</list>", [1, 2]),
        ('<relation><column name="x y"/><column name="z"/>'
         f"<row>{literal('1')}{literal('2')}</row></relation>", [{"x y": 1, "z": 2}]),
        (f"<conditional><if>{literal('1 > 0')}</if><then>{literal('1')}</then><else>{literal('2')}</else>"
         "</conditional>", 1),
        (f"<filter><in>{literal('[1,2,3]')}</in><match>{literal('item > 1')}</match></filter>", [2, 3]),
        (loop("for", "return", "[1..3]", "an i * 2"), [2, 4, 6]),
        (loop("for", "return", "[1, 2]", "count(partial)"), [0, 1]),
        (loop("some", "satisfies", "[1, 2]", "an i > 1"), True),
        (loop("every", "satisfies", "[1, 2]", "an i > 1"), False),
        (f"<context><contextEntry><variable name='f'/><functionDefinition><formalParameter name='n'/>"
         f"{literal('n + 1')}</functionDefinition></contextEntry>{entry('', 'f(1)')}</context>", 2),
        (f'<functionDefinition kind="Java">{literal("1")}</functionDefinition>', None),
        (literal("1 +"), None),
    ],
)  # fmt: skip
def test_boxed_expressions(tmp_path: Path, logic: str, value: Any) -> None:
    assert decide(read(tmp_path, decision("d", logic)), "d") == value


def test_the_clock_is_given(tmp_path: Path) -> None:
    model = read(tmp_path, decision("d", literal("[string(today()), string(now())]")))
    assert decide(model, "d") == ["2022-10-01", "2022-10-01T08:30:00Z"]


def test_what_never_ends_is_stopped(tmp_path: Path) -> None:
    logic = f"<encapsulatedLogic><formalParameter name='n'/>{literal('f(n + 1)')}</encapsulatedLogic>"
    endless = f"<businessKnowledgeModel id='f' name='f'>{logic}</businessKnowledgeModel>"
    model = read(tmp_path, endless + decision("d", literal("f(1)"), "knowledge=f"))
    assert decide(model, "d") is None
