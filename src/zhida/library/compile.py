"""Text of policy files to checked trees: names resolved, types and units checked, every error collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhida.diagnostics import Diagnostic, Span
from zhida.feel import FeelSyntaxError, nodes, parse
from zhida.feel.nodes import Node, rebuild
from zhida.library.model import EntityDef, FactDef, InterpretationDef, MeasureDef, ParameterDef
from zhida.library.tables import Table
from zhida.library.yaml_source import KeyPath, YamlSource
from zhida.profile import types
from zhida.profile.checker import check
from zhida.profile.fragment import unsupported
from zhida.profile.names import FactType, LookupType, Names, Problem
from zhida.profile.types import Type

SINGLETONS = frozenset({"employer", "person", "place", "fund"})


def fact_type(fact: FactDef) -> Type:
    """The language's type of a vocabulary fact."""
    match fact.type:
        case "boolean":
            return types.Boolean()
        case "choice":
            return types.Choice((*fact.values, *fact.derived_values))
        case "set":
            return types.Set(fact.values)
        case "code":
            return types.Code()
        case "region":
            return types.Region()
        case "date":
            return types.Date()
        case "text":
            return types.Text()
        case "rate":
            return types.Number(types.RATIO)
    return types.Number(types.parse_unit(fact.unit))


def parameter_type(kind: str, unit: str, values: tuple[str, ...] = ()) -> Type:
    """The language's type of a measure's parameter, a switch or a table column."""
    match kind:
        case "text" | "month-day":
            return types.Choice(values) if values else types.Text()
        case "set":
            return types.Set(values) if values else types.List(types.Text())
        case "boolean":
            return types.Boolean()
        case "date":
            return types.Date()
        case "rate":
            return types.Number(types.RATIO)
    return types.Number(types.parse_unit("元" if unit == "万元" else unit))


def vocabulary_names(
    entities: Iterable[EntityDef],
    tables: Mapping[str, Table],
    interpretations: Iterable[InterpretationDef],
) -> Names:
    """What every policy expression may speak of, before a measure adds its parameters."""
    entities = tuple(entities)
    variables: dict[str, Type] = {"办理日期": types.Date(), "办理地区": types.Region()}
    for interpretation in interpretations:
        for switch in interpretation.switches:
            variables[switch.name] = parameter_type(switch.type, switch.unit, switch.values)
    return Names(
        variables=variables,
        facts={e.name: {f.name: FactType(e.entity, f.key, fact_type(f)) for f in e.facts} for e in entities},
        rows={e.rows: e.entity for e in entities if e.rows},
        tables={
            f"{table.name}.{column.name}": LookupType(
                tuple(_KEY_TYPES[key.type] for key in table.definition.keys),
                parameter_type(column.type, column.unit),
                table.definition.dated,
            )
            for table in tables.values()
            for column in table.definition.columns
        },
        parents={e.entity: e.parents for e in entities},
    )


_KEY_TYPES: dict[str, Type] = {
    "text": types.Text(),
    "code": types.Code(),
    "region": types.Region(),
}


@dataclass(slots=True)
class Compiler:
    """Compiles expressions of one file; what is wrong goes to `diagnostics` with its place."""

    source: YamlSource
    names: Names
    diagnostics: list[Diagnostic] = field(default_factory=list)
    types: dict[KeyPath, Type] = field(default_factory=dict)

    def expression(
        self,
        text: str | None,
        path: KeyPath,
        expected: Type | None = None,
        assuming: Node | None = None,
    ) -> Node | None:
        """The checked tree of the text under `path`, or None where it is absent or wrong."""
        if text is None:
            return None
        try:
            tree = parse(text, policy=True)
        except FeelSyntaxError as error:
            self.diagnostics.append(self.at(path, text, error.span, error.code, error.message, error.hint))
            return None
        checked = check(tree, self.names, expected, assuming)
        self.types[path] = checked.type
        problems = checked.problems or tuple(unsupported(checked.node))
        for problem in problems:
            self.add(path, text, problem)
        return None if problems else checked.node

    def terms(self, measure: MeasureDef) -> dict[str, Node]:
        """The trees of a measure's terms, each with the terms before it put in; later texts may use them."""
        found: dict[str, Node] = {}
        for i, term in enumerate(measure.terms):
            if term.name in self.names.variables:
                message = f"found {term.name}, which is a parameter, a switch or a term already"
                self.diagnostics.append(
                    self.source.problem(("terms", i, "name"), "measure/duplicate", message)
                )
            path: KeyPath = ("terms", i, "means")
            tree = self.expression(term.means, path)
            known = {**self.names.variables, term.name: self.types.get(path, types.Boolean())}
            self.names = replace(self.names, variables=known)
            if tree is not None:
                found[term.name] = substitute(tree, found)
        return found

    def add(self, path: KeyPath, text: str, problem: Problem) -> None:
        self.diagnostics.append(
            self.at(path, text, problem.span, problem.code, problem.message, problem.hint)
        )

    def at(self, path: KeyPath, text: str, span: Span, code: str, message: str, hint: str) -> Diagnostic:
        """A diagnostic whose caret stands under the span, also inside a block of several lines."""
        line, column = self._locate(path, text, span.start)
        source_line = self.source.line_text(line)
        return Diagnostic(
            code if "/" in code else f"feel/{code}",
            message,
            hint,
            file=self.source.file,
            line=line,
            column=column,
            length=max(1, min(span.end - span.start, len(source_line) - column + 1)),
            source_line=source_line,
        )

    def _locate(self, path: KeyPath, text: str, offset: int) -> tuple[int, int]:
        place = self.source.place(path)
        before = text[:offset]
        if place.block:
            first = self.source.line_text(place.line + 1)
            indent = len(first) - len(first.lstrip(" "))
            row = before.count("\n")
            return place.line + 1 + row, indent + len(before) - (before.rfind("\n") + 1) + 1
        quoted = self.source.line_text(place.line)[place.column - 1 : place.column] in ("'", '"')
        return place.line, place.column + quoted + offset


def substitute(node: Node, meanings: Mapping[str, Node]) -> Node:
    """The tree with every name replaced by what it stands for: a parameter's figure, a term's tree."""
    if isinstance(node, nodes.Name):
        return meanings.get(node.name, node)
    return rebuild(node, lambda part: substitute(part, meanings))


def measure_names(base: Names, measure: MeasureDef) -> Names:
    """The names in a measure's expressions: vocabulary, switches and its own parameters."""
    own = {p.name: parameter_type(p.type, p.unit, p.values) for p in measure.parameters}
    return Names(
        variables={**base.variables, **own},
        facts=base.facts,
        rows=base.rows,
        tables=base.tables,
        visible=SINGLETONS | {measure.unit},
        parents=base.parents,
    )


def entity_names(base: Names, entity: str) -> Names:
    """The names in the formula of a derived fact of `entity`."""
    return Names(
        variables=base.variables,
        facts=base.facts,
        rows=base.rows,
        tables=base.tables,
        visible=SINGLETONS | {entity},
        parents=base.parents,
    )


FigureCheck = Callable[[ParameterDef, Any], str | None]


def figure_problem(parameter: ParameterDef, value: Any) -> str | None:
    """What is wrong with a document's value for a parameter, or None."""
    return _FIGURE_CHECKS[parameter.type](parameter, value)


def _number_problem(parameter: ParameterDef, value: Any) -> str | None:
    if isinstance(value, str) and "/" in value:
        good = re.fullmatch(r"\d+/0*[1-9]\d*", value, re.ASCII)
        return None if good else f"found {value!r}, expected a fraction such as 2/3"
    try:
        number = Decimal(str(value).removesuffix("%")) / (100 if str(value).endswith("%") else 1)
    except InvalidOperation:
        return f"found {value!r}, expected a number"
    if not number.is_finite() or number < 0:
        return f"found {value!r}, expected a number from 0 up"
    if parameter.type == "rate" and number > 1:
        return f"found {value!r}, expected a rate from 0 to 1 (or a percentage)"
    return None


def _set_problem(parameter: ParameterDef, value: Any) -> str | None:
    if not isinstance(value, list | tuple):
        return f"found {value!r}, expected a list"
    strange = [v for v in value if parameter.values and v not in parameter.values]
    return f"found {strange[0]}, expected one of {'、'.join(parameter.values)}" if strange else None


def _month_day_problem(parameter: ParameterDef, value: Any) -> str | None:
    try:
        date.fromisoformat(f"2000-{value}")
    except ValueError:
        return f"found {value!r}, expected a day of the year as MM-DD"
    return None


def _instance(kind: type, what: str) -> FigureCheck:
    def problem(parameter: ParameterDef, value: Any) -> str | None:
        return None if isinstance(value, kind) else f"found {value!r}, expected {what}"

    return problem


_FIGURE_CHECKS: dict[str, FigureCheck] = {
    "money": _number_problem,
    "number": _number_problem,
    "rate": _number_problem,
    "count": _number_problem,
    "set": _set_problem,
    "month-day": _month_day_problem,
    "text": _instance(str, "a text"),
    "boolean": _instance(bool, "true or false"),
    "date": _instance(date, "a date"),
}
