"""Evaluates decisions, business knowledge models and decision services of DMN models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from zhida.dmn.functions import FUNCTIONS_OF_DMN
from zhida.dmn.model import (
    Boxed,
    Decision,
    DecisionTable,
    Element,
    InputData,
    ItemDefinition,
    Knowledge,
    Model,
    Service,
    Typed,
)
from zhida.dmn.standard import STANDARD as FEEL
from zhida.dmn.standard import Loops, evaluate
from zhida.dmn.tables import decide
from zhida.dmn.types import coerce, conforms
from zhida.dmn.values import FunctionValue
from zhida.feel.functions import FUNCTIONS
from zhida.feel.interpreter import Names
from zhida.feel.nodes import Node
from zhida.temporal import DateTime, Time, parse_temporal

BUILTINS: dict[str, Any] = {**FUNCTIONS, **FUNCTIONS_OF_DMN}
DEEPEST = 100  # calls and requirements inside each other


class Engine:
    """Models that may import each other, and a clock for today() and now()."""

    def __init__(self, models: Iterable[Model], clock: Callable[[], datetime]) -> None:
        self.models = {model.namespace: model for model in models}
        moment = clock()
        now = parse_temporal(moment.isoformat())
        today = now.date
        zoned = now if now.time.zone else DateTime(now.date, Time(now.time.nanos))
        self.builtins = {
            **BUILTINS,
            "today": FunctionValue((), lambda: today),
            "now": FunctionValue((), lambda: zoned),
        }

    def evaluate(self, model: Model, name: str, inputs: Mapping[str, Any]) -> Any:
        """The value of the decision of that name. LookupError if there is none."""
        return Run(self, model, inputs).named(name, Decision)

    def invoke(self, model: Model, name: str, inputs: Mapping[str, Any]) -> Any:
        """The result of the service or knowledge model of that name, its parameters taken by name."""
        run = Run(self, model, inputs)
        element = run.find(name, (Service, Knowledge))
        if isinstance(element, Service):
            return run.serve(element, {key: inputs[key] for key in run.inputs_of(element) if key in inputs})
        function = run.value_of(element)
        arguments = [inputs.get(parameter) for parameter, _ in function.parameters]
        return function.call(*arguments)


class ModelScope:
    """What one element's logic may name, then the built-in functions; knows the model's types."""

    def __init__(self, run: Run, names: Callable[[str], Any]) -> None:
        self.run, self.names = run, names

    def name(self, name: str) -> Any:
        try:
            return self.names(name)
        except LookupError:
            return self.run.engine.builtins[name]

    def is_instance(self, value: Any, type: str) -> bool | None:
        if type not in self.run.types and value is None:
            return type in ("Null", "null")
        return value is not None and conforms(value, type, self.run.types)

    def coerce(self, value: Any, type: str) -> Any:
        return coerce(value, type, self.run.types, self.run.allows)


class Run:
    """One evaluation of one model: inputs, and the values of the decisions reached so far."""

    def __init__(self, engine: Engine, model: Model, inputs: Mapping[str, Any], steps: Any = None) -> None:
        self.engine, self.model, self.inputs = engine, model, inputs
        self.steps = steps or count()
        self.given = False  # whether inputs stand for decisions too, as those of a decision service do
        self.values: dict[str, Any] = {}
        self.busy: set[str] = set()
        self.imported: dict[str, Run] = {}
        self.types = self._types()

    def _types(self) -> dict[str, ItemDefinition]:
        types = dict(self.model.types)
        for link in self.model.imports:
            model = self.engine.models.get(link.namespace)
            for name, item in model.types.items() if model else ():
                types[f"{link.name}.{name}"] = item
                types.setdefault(name, item)
        return types

    def find(self, name: str, kinds: type[Any] | tuple[type[Any], ...]) -> Any:
        for element in self.model.elements.values():
            if isinstance(element, kinds) and element.variable.name == name:
                return element
        raise LookupError(name)

    def named(self, name: str, kinds: type[Any]) -> Any:
        return self.value_of(self.find(name, kinds))

    # ---- references

    def resolve(self, reference: str) -> tuple[str, Run, Element]:
        """(the import's name or "", where it is evaluated, the element) of `#id` or `namespace#id`."""
        namespace, _, id = reference.rpartition("#")
        if namespace in ("", self.model.namespace):
            return "", self, self.model.elements[id]
        link = next(link for link in self.model.imports if link.namespace == namespace)
        return link.name, self.other(link.name, namespace), self.engine.models[namespace].elements[id]

    def other(self, name: str, namespace: str) -> Run:
        """The run of an imported model, which takes its inputs from this one's."""
        if namespace not in self.imported:
            own = self.inputs.get(name)
            prefix = f"{name}."
            dotted = {k.removeprefix(prefix): v for k, v in self.inputs.items() if k.startswith(prefix)}
            inputs = {**dotted, **(own if isinstance(own, dict) else {})} or self.inputs
            model = self.engine.models[namespace]
            self.imported[namespace] = Run(self.engine, model, inputs, self.steps)
        return self.imported[namespace]

    def scope(self, references: Iterable[str]) -> ModelScope:
        """Names of the required elements, evaluated when they are first used."""
        found: dict[str, tuple[Run, Element]] = {}
        imports: dict[str, dict[str, tuple[Run, Element]]] = {}
        for reference in references:
            try:
                link, run, element = self.resolve(reference)
            except (LookupError, StopIteration):
                continue
            target = imports.setdefault(link, {}) if link else found
            target[element.variable.name] = (run, element)

        def name(name: str) -> Any:
            if name in imports:
                return {key: run.value_of(element) for key, (run, element) in imports[name].items()}
            run, element = found[name]
            return run.value_of(element)

        return ModelScope(self, name)

    # ---- values

    def value_of(self, element: Element) -> Any:
        """Each element is evaluated once; one that requires itself is null."""
        if element.id in self.values:
            return self.values[element.id]
        if element.id in self.busy or len(self.busy) > DEEPEST:
            return None
        self.busy.add(element.id)
        try:
            value = self._compute(element)
        finally:
            self.busy.discard(element.id)
        self.values[element.id] = value
        return value

    def _compute(self, element: Element) -> Any:
        if isinstance(element, Service):
            return FunctionValue(self.parameters_of(element), lambda *given: self._call(element, given))
        if isinstance(element, Knowledge):
            return self.function(element)
        if element.variable.name in self.inputs and (isinstance(element, InputData) or self.given):
            return self.coerced(self.inputs[element.variable.name], element.variable.type)
        if isinstance(element, InputData) or element.logic is None:
            return None
        value = self.run(element.logic, self.scope(element.requires))
        return self.coerced(value, element.variable.type)

    def run(self, logic: Node, scope: Any) -> Any:
        return evaluate(logic, scope, STANDARD, self.steps)

    def coerced(self, value: Any, type: str) -> Any:
        """Null where the value does not have the type."""
        if not type:
            return value
        return STANDARD.apply(coerce, value, type, self.types, self.allows)

    def allows(self, test: Node, value: Any) -> Any:
        return evaluate(test, Names({"?": value}), STANDARD, self.steps)

    def function(self, element: Knowledge) -> Any:
        """A knowledge model as a function; with parameters missing from the model it is null."""
        if element.logic is None:
            return None
        logic, scope = element.logic, self.scope((*element.requires, f"#{element.id}"))

        def call(*arguments: Any) -> Any:
            names = self.bound(element.parameters, arguments)
            inner = Loops(scope, STANDARD, None, self.steps).inside(names)
            return self.coerced(inner.value(logic), self.result_type(element.variable.type))

        return FunctionValue(element.parameters, call)

    def bound(self, parameters: tuple[tuple[str, str], ...], arguments: Iterable[Any]) -> dict[str, Any]:
        """Arguments by name. TypeError for one that does not have its parameter's type."""
        return {
            name: coerce(value, type, self.types, self.allows) if type else value
            for (name, type), value in zip(parameters, arguments, strict=True)
        }

    # ---- decision services

    def parameters_of(self, service: Service) -> tuple[tuple[str, str], ...]:
        resolved = [self.resolve(reference)[2] for reference in service.inputs]
        return tuple((element.variable.name, element.variable.type) for element in resolved)

    def inputs_of(self, service: Service) -> list[str]:
        return [name for name, _ in self.parameters_of(service)]

    def _call(self, service: Service, arguments: tuple[Any, ...]) -> Any:
        return self.serve(service, self.bound(self.parameters_of(service), arguments))

    def serve(self, service: Service, inputs: Mapping[str, Any]) -> Any:
        """One output's value, or a context of all outputs. What is not given is null."""
        given = {**dict.fromkeys(self.inputs_of(service)), **inputs}
        inner = Run(self.engine, self.model, given, self.steps)
        inner.given, inner.busy = True, set(self.busy)
        results: dict[str, Any] = {}
        for reference in service.outputs:
            _, run, element = inner.resolve(reference)
            results[element.variable.name] = run.value_of(element)
        value = next(iter(results.values())) if len(results) == 1 else results
        return self.coerced(value, self.result_type(service.variable.type))

    def result_type(self, type: str) -> str:
        """What a function of that type returns; before DMN 1.3 the type was that of the result itself."""
        item = self.types.get(type)
        return type if item is None or item.function is None else item.function[1]


def _typed(node: Typed, at: Loops) -> Any:
    return at.logic.apply(at.scope.coerce, at.value(node.value), node.type)


def _boxed(node: Boxed, at: Loops) -> Any:
    entries: dict[str, Any] = {}
    inner = at.inside(entries)
    for name, value in node.entries:
        entries[name] = inner.value(value)
    return inner.value(node.result)


def _table(node: DecisionTable, at: Loops) -> Any:
    def conform(value: Any, type: str) -> Any:
        return at.logic.apply(at.scope.coerce, value, type)

    return at.logic.apply(decide, node, at, conform)


# Boxed expressions are FEEL trees with three more kinds of node.
STANDARD = replace(FEEL, rules={**FEEL.rules, Typed: _typed, Boxed: _boxed, DecisionTable: _table})
