"""The figures of one provision: its own, else those of upper provisions, within their caps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node
from zhida.library.consistency import switch_parameters
from zhida.library.contents import Library
from zhida.library.model import CitedFigure, DocumentDef, MeasureDef, ParameterDef, ProvisionDef
from zhida.library.rule import Citation, Conflict

Figures = Mapping[str, nodes.Figure]


@dataclass(frozen=True, slots=True)
class Layer:
    """A provision and the document that it stands in."""

    document: DocumentDef
    provision: ProvisionDef


def figures_of(
    library: Library, measure: MeasureDef, layers: tuple[Layer, ...]
) -> tuple[dict[str, nodes.Figure], tuple[Conflict, ...]]:
    """Every parameter and switch by name, and where a place went beyond an upper cap (A40).

    `layers` go from the most specific provision up. The nearest that sets a figure gives it; beyond
    the cap of an upper one, the cap holds.
    """
    found: dict[str, nodes.Figure] = {}
    conflicts: list[Conflict] = []
    for parameter in switch_parameters(library):
        found[parameter.name] = _switch(library, parameter, layers)
    for parameter in (*switch_parameters(library), *measure.parameters):
        set_by = [(layer, raw) for layer in layers if (raw := _raw(layer, parameter)) is not None]
        figures = [_cited(parameter, layer, raw) for layer, raw in set_by]
        if figures:
            found[parameter.name] = figures[0]
            for (layer, _), upper in zip(set_by[1:], figures[1:], strict=True):
                if parameter.name in layer.provision.caps and _exceeds(found[parameter.name], upper):
                    conflicts.append(Conflict(parameter.name, found[parameter.name], upper))
                    found[parameter.name] = upper
        elif parameter.name not in found:
            found[parameter.name] = _unset(parameter, layers[0])
    return found, tuple(conflicts)


def _raw(layer: Layer, parameter: ParameterDef) -> Any:
    return layer.provision.figures.get(parameter.name)


def _switch(library: Library, parameter: ParameterDef, layers: tuple[Layer, ...]) -> nodes.Figure:
    """A switch of an interpretation: its default, or what the nearest layer chose (A47)."""
    interpretation = library.interpretations[parameter.key]
    switch = next(s for s in interpretation.switches if s.name == parameter.name)
    source = Citation(parameter.key, "", "", interpretation=parameter.key, unit=parameter.unit)
    for layer in layers:
        document, provision = layer.document, layer.provision
        if parameter.name in provision.switches:
            cited = replace(source, document=document.number, clause=provision.clause, row=provision.row)
            value = provision.switches[parameter.name]
            return nodes.Figure(parameter.name, literal(value, parameter.type), cited)
        if parameter.name in document.switches:
            value = document.switches[parameter.name]
            cited = replace(source, document=document.number)
            return nodes.Figure(parameter.name, literal(value, parameter.type), cited)
    return nodes.Figure(parameter.name, literal(switch.default, parameter.type), source)


def _cited(parameter: ParameterDef, layer: Layer, raw: Any) -> nodes.Figure:
    """A figure with its source: the provision's own clause, or what the figure itself cites."""
    figure = CitedFigure.model_validate(raw) if isinstance(raw, dict) else CitedFigure(value=raw)
    own = layer.provision
    source = Citation(
        parameter.key,
        figure.document or layer.document.number,
        figure.clause or ("" if figure.document else own.clause),
        figure.row or ("" if figure.document else own.row),
        figure.interpretation or "",
        parameter.unit,
    )
    return nodes.Figure(parameter.name, literal(figure.value, parameter.type), source)


def _unset(parameter: ParameterDef, layer: Layer) -> nodes.Figure:
    own = layer.provision
    source = Citation(parameter.key, layer.document.number, own.clause, own.row, unit=parameter.unit)
    value = nodes.Literal(UNKNOWN)
    if parameter.default is not None:
        return nodes.Figure(parameter.name, literal(parameter.default, parameter.type), source)
    return nodes.Figure(parameter.name, value, source)


def _exceeds(figure: nodes.Figure, cap: nodes.Figure) -> bool:
    values = [number(f.value) for f in (figure, cap)]
    return None not in values and values[0] > values[1]  # type: ignore[operator]


def number(node: Node) -> Decimal | None:
    """The value of a numeric figure, whether written plainly or as a fraction."""
    match node:
        case nodes.Literal(Decimal() as value):
            return value
        case nodes.Binary("/", nodes.Literal(Decimal() as over), nodes.Literal(Decimal() as under)):
            return over / under
    return None


def literal(value: Any, kind: str) -> Node:
    """A figure as a constant tree; a fraction such as 2/3 stays a fraction, 5.5% is 0.055."""
    if isinstance(value, list | tuple):
        return nodes.List(tuple(nodes.Literal(str(item)) for item in value))
    if kind not in ("money", "number", "rate", "count"):
        return nodes.Literal(value)
    over, slash, under = str(value).partition("/")
    if slash:
        return nodes.Binary("/", nodes.Literal(Decimal(over)), nodes.Literal(Decimal(under)))
    if over.endswith("%"):
        return nodes.Literal(Decimal(over[:-1]).scaleb(-2))
    return nodes.Literal(Decimal(over))


def constant(figure: nodes.Figure) -> Any:
    """The value of a figure that is a plain constant. TypeError for others."""
    if not isinstance(figure.value, nodes.Literal):
        raise TypeError(f"{figure.name} is not a plain constant")
    return figure.value.value
