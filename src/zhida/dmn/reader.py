"""DMN 1.2 to 1.5 XML to a model."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar
from xml.etree.ElementTree import Element

from zhida.dmn.cells import parse_unary_tests
from zhida.dmn.functions import FUNCTIONS_OF_DMN
from zhida.dmn.model import (
    Boxed,
    Decision,
    DecisionTable,
    Import,
    Input,
    InputData,
    ItemDefinition,
    Knowledge,
    Model,
    Output,
    Rule,
    Service,
    Typed,
    Variable,
)
from zhida.dmn.model import Element as ModelElement
from zhida.feel import nodes
from zhida.feel.lexer import FeelSyntaxError
from zhida.feel.nodes import Node
from zhida.feel.parser import parse

NULL = nodes.Literal(None)
PROPERTIES = ("time offset", "start included", "end included")
LARGEST = 50_000_000  # bytes of one file
_GLOBAL = frozenset((
    "inputData", "decision", "businessKnowledgeModel", "decisionService", "import", "variable",
    "itemComponent", "itemDefinition", "column", "output",
))  # fmt: skip
_LOCAL = frozenset(("formalParameter", "for", "some", "every"))


class DmnError(Exception):
    """A file that is no DMN model."""


def read_xml(path: Path) -> Element:
    """The root with tags stripped of namespaces. DmnError for what is not plain XML."""
    content = path.read_bytes()
    if len(content) > LARGEST or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DmnError(f"{path.name}: a document type or a size that is not accepted")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise DmnError(f"{path.name}: {error}") from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def read_model(path: Path, others: Iterable[Model] = ()) -> Model:
    """The model in a file; `others` are those that it may import. DmnError if it is none."""
    root = read_xml(path)
    if root.tag != "definitions":
        raise DmnError(f"{path.name}: no DMN definitions")
    try:
        return _Reader(root, others).model()
    except RecursionError:
        raise DmnError(f"{path.name}: nested too deeply") from None


def _text(element: Element | None, path: str = "text") -> str:
    found = None if element is None else element.find(path)
    return "" if found is None else (found.text or "").strip()


def _name(element: Element) -> str:
    return " ".join(element.get("name", "").split())


def _id(element: Element) -> str:
    return element.get("id") or _name(element)


def _type(text: str | None) -> str:
    """`feel:number` and `number` are the same; other prefixes are of imported models."""
    return re.sub(r"^feel[:.]", "", text or "")


class _Reader:
    """Reads one file; all names that occur in it are known to every expression."""

    def __init__(self, root: Element, others: Iterable[Model]) -> None:
        self.root = root
        self.names = {*FUNCTIONS_OF_DMN, *PROPERTIES}
        for element in root.iter():
            if element.tag in _GLOBAL:
                self.names.add(_name(element))
        for model in others:
            self.names |= {item.variable.name for item in model.elements.values()}
            self.names |= {part.name for item in model.types.values() for part in item.components}
            self.names |= set(model.types)
        self.everywhere = frozenset(self.names)

    def model(self) -> Model:
        types = (self.item_definition(element) for element in self.root.findall("itemDefinition"))
        return Model(
            self.root.get("namespace", ""),
            _name(self.root),
            {item.name: item for item in types},
            {item.id: item for item in self.elements()},
            tuple(Import(_name(e), e.get("namespace", "")) for e in self.root.findall("import")),
        )

    def elements(self) -> Iterable[ModelElement]:
        readers: dict[str, Callable[[Element], ModelElement]] = {
            "inputData": self.input_data,
            "decision": self.decision,
            "businessKnowledgeModel": self.knowledge,
            "decisionService": self.service,
        }
        for element in self.root:
            if element.tag in readers:
                local = (_name(e) or e.get("iteratorVariable", "") for e in element.iter() if e.tag in _LOCAL)
                self.names = {*self.everywhere, *local} - {""}
                yield readers[element.tag](element)

    # ---- types

    def item_definition(self, element: Element) -> ItemDefinition:
        allowed = element.find("allowedValues")
        function = element.find("functionItem")
        signature = None
        if function is not None:
            parameters = tuple(_type(p.get("typeRef")) for p in function.findall("parameters"))
            signature = (parameters, _type(function.get("outputTypeRef")))
        return ItemDefinition(
            _name(element),
            _type(_text(element, "typeRef")),
            tuple(self.item_definition(part) for part in element.findall("itemComponent")),
            element.get("isCollection") == "true",
            None if allowed is None else self.tests(_text(allowed)),
            signature,
        )

    # ---- elements

    def variable(self, element: Element) -> Variable:
        variable = element.find("variable")
        if variable is None:
            return Variable(_name(element))
        return Variable(_name(variable) or _name(element), _type(variable.get("typeRef")))

    def requires(self, element: Element) -> tuple[str, ...]:
        kinds = ("requiredInput", "requiredDecision", "requiredKnowledge")
        return tuple(
            reference.get("href", "")
            for requirement in element
            for reference in requirement
            if reference.tag in kinds
        )

    def input_data(self, element: Element) -> InputData:
        return InputData(_id(element), self.variable(element))

    def decision(self, element: Element) -> Decision:
        logic = next((self.boxed(child) for child in element if child.tag in self.FORMS), None)
        return Decision(_id(element), self.variable(element), self.requires(element), logic)

    def knowledge(self, element: Element) -> Knowledge:
        logic = element.find("encapsulatedLogic")
        parameters = self.parameters(logic)
        body = None if logic is None else self.only(logic)
        return Knowledge(_id(element), self.variable(element), self.requires(element), parameters, body)

    def service(self, element: Element) -> Service:
        def references(tag: str) -> tuple[str, ...]:
            return tuple(child.get("href", "") for child in element.findall(tag))

        inputs = references("inputData") + references("inputDecision")
        return Service(_id(element), self.variable(element), references("outputDecision"), inputs)

    def parameters(self, element: Element | None) -> tuple[tuple[str, str], ...]:
        found = () if element is None else element.findall("formalParameter")
        return tuple((_name(p), _type(p.get("typeRef"))) for p in found)

    # ---- expressions

    def feel(self, text: str) -> Node:
        """Text that is not FEEL is null, as is everything that fails."""
        try:
            return parse(text, names=self.names)
        except FeelSyntaxError:
            return NULL

    def tests(self, text: str) -> Node:
        try:
            return parse_unary_tests(text or "-", names=self.names)
        except FeelSyntaxError:
            return NULL

    def listed(self, text: str) -> tuple[Node, ...]:
        """The values of `"A", "B"` in their order."""
        node = self.feel(f"[{text}]")
        return node.items if isinstance(node, nodes.List) else ()

    def boxed(self, element: Element) -> Node:
        form = self.FORMS.get(element.tag)
        node = form(self, element) if form else NULL
        type_ref = _type(element.get("typeRef"))
        return Typed(node, type_ref) if type_ref and element.tag != "functionDefinition" else node

    def only(self, element: Element | None) -> Node:
        """The expression inside an element."""
        children = () if element is None else element
        return next((self.boxed(child) for child in children if child.tag in self.FORMS), NULL)

    def literal(self, element: Element) -> Node:
        language = element.get("expressionLanguage", "feel").lower()
        return self.feel(_text(element)) if "feel" in language else NULL

    def table(self, element: Element) -> Node:
        outputs = [self.output(output) for output in element.findall("output")]
        rules = [
            Rule(
                tuple(self.tests(_text(entry)) for entry in rule.findall("inputEntry")),
                tuple(self.feel(_text(entry)) for entry in rule.findall("outputEntry")),
            )
            for rule in element.findall("rule")
        ]
        return DecisionTable(
            element.get("hitPolicy", "UNIQUE"),
            element.get("aggregation", ""),
            tuple(self.input(column) for column in element.findall("input")),
            tuple(outputs),
            tuple(rules),
        )

    def input(self, element: Element) -> Input:
        expression = element.find("inputExpression")
        allowed = _text(element, "inputValues/text")
        type_ref = "" if expression is None else _type(expression.get("typeRef"))
        node = self.feel(_text(expression))
        return Input(node, type_ref, self.tests(allowed) if allowed else None)

    def output(self, element: Element) -> Output:
        default = element.find("defaultOutputEntry")
        return Output(
            _name(element),
            _type(element.get("typeRef")),
            self.listed(_text(element, "outputValues/text")),
            None if default is None else self.feel(_text(default)),
        )

    def context(self, element: Element) -> Node:
        entries: list[tuple[str, Node]] = []
        result: Node | None = None
        for entry in element.findall("contextEntry"):
            variable = entry.find("variable")
            value = self.only(entry)
            if variable is None or not _name(variable):
                result = value
                continue
            type_ref = _type(variable.get("typeRef"))
            entries.append((_name(variable), Typed(value, type_ref) if type_ref else value))
        if len({name for name, _ in entries}) < len(entries):
            return NULL
        return nodes.Context(tuple(entries)) if result is None else Boxed(tuple(entries), result)

    def invocation(self, element: Element) -> Node:
        bindings = element.findall("binding")
        names = tuple(_name(p) for binding in bindings for p in binding.findall("parameter"))
        arguments = tuple(self.only(binding) for binding in bindings)
        return nodes.Call(self.only(element), arguments, names)

    def relation(self, element: Element) -> Node:
        columns = [_name(column) for column in element.findall("column")]
        rows = ([self.boxed(cell) for cell in row] for row in element.findall("row"))
        return nodes.List(tuple(nodes.Context(tuple(zip(columns, row, strict=False))) for row in rows))

    def list(self, element: Element) -> Node:
        return nodes.List(tuple(self.boxed(child) for child in element if child.tag in self.FORMS))

    def function(self, element: Element) -> Node:
        body = self.only(element)
        type_ref = _type(element.get("typeRef"))
        external = element.get("kind", "FEEL") != "FEEL"
        typed = Typed(body, type_ref) if type_ref else body
        return nodes.Function(self.parameters(element), typed, external)

    def conditional(self, element: Element) -> Node:
        return nodes.If(*(self.only(element.find(part)) for part in ("if", "then", "else")))

    def filter(self, element: Element) -> Node:
        return nodes.Filter(self.only(element.find("in")), self.only(element.find("match")))

    def iterators(self, element: Element) -> tuple[nodes.Iterator, ...]:
        name = " ".join(element.get("iteratorVariable", "").split())
        return (nodes.Iterator(name, self.only(element.find("in"))),)

    def loop(self, element: Element) -> Node:
        return nodes.For(self.iterators(element), self.only(element.find("return")))

    def quantified(self, element: Element) -> Node:
        body = self.only(element.find("satisfies"))
        return nodes.Quantified(element.tag, self.iterators(element), body)

    FORMS: ClassVar[dict[str, Callable[[_Reader, Element], Node]]] = {
        "literalExpression": literal,
        "decisionTable": table,
        "context": context,
        "invocation": invocation,
        "relation": relation,
        "list": list,
        "functionDefinition": function,
        "conditional": conditional,
        "filter": filter,
        "for": loop,
        "some": quantified,
        "every": quantified,
    }
