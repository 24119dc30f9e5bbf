"""A library in which figures have other values than the documents gave them: what would be if.

An assumption holds in every provision of its measure at a place and below it. Where the place itself enacts
nothing, that is the nearest place above it that does. What the places above set stays: their caps bind (A40).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhida.diagnostics import Diagnostic
from zhida.feel.printer import to_feel
from zhida.library.compile import figure_problem
from zhida.library.conflicts import conflict_message
from zhida.library.consistency import figure_value, switch_parameters
from zhida.library.contents import Library
from zhida.library.figures import figures_of, literal
from zhida.library.model import DocumentDef, MeasureDef, ParameterDef, ProvisionDef
from zhida.library.resolve import layers_of
from zhida.standards.regions import ancestors

SOURCE = "假设（--set）"
"""Stands as the document of a figure that no document set."""

YES, NO = ("true", "是"), ("false", "否")
NUMERIC = ("money", "number", "rate", "count")
SEPARATORS = re.compile("[,，、;；]")
UNIT = re.compile(r"(?P<number>[-+0-9./]+%?)\s*(?P<unit>|[\u4e00-\u9fff].*)")


class AssumptionError(ValueError):
    """Assumptions that cannot be made; `diagnostics` says all that is wrong with them."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure as it shall be; `text` is how it was written."""

    measure: str
    parameter: ParameterDef
    value: Any
    text: str


def with_figures(
    library: Library, figures: Mapping[tuple[str, str], Any], region: str | None = None
) -> Library:
    """The library with other figures, keyed by (measure, parameter), each by its key or Chinese name.

    Values are those of policy files, numbers also as texts: 0.9, "90%", "2/3", ["小型", "微型"], True,
    a date. They hold in `region` and below it; everywhere without one. Each says that it is assumed, and
    the hash is that of the library and the assumptions. Raises AssumptionError.
    """
    problems: list[Diagnostic] = []
    made: list[Assumption] = []
    for (measure, parameter), value in figures.items():
        found = _parameter(library, measure, parameter, f"{measure}.{parameter}")
        if isinstance(found, Diagnostic):
            problems.append(found)
            continue
        made.append(Assumption(found[0], found[1], value, f"{measure}.{parameter}={value}"))
    if problems:
        raise AssumptionError(tuple(problems))
    return assume(library, made, region)


def read_assumptions(library: Library, texts: Iterable[str]) -> tuple[Assumption, ...]:
    """`稳岗返还.rate_small=90%` and the like as typed on a command line. Raises AssumptionError."""
    found = [_read(library, text) for text in texts]
    if problems := tuple(item for item in found if isinstance(item, Diagnostic)):
        raise AssumptionError(problems)
    return tuple(item for item in found if isinstance(item, Assumption))


def assume(library: Library, made: Iterable[Assumption], region: str | None = None) -> Library:
    """The library under these assumptions. Raises AssumptionError with everything that is wrong."""
    made = tuple(made)
    problems = list(_problems(made))
    places = {a.measure: _places(library, a.measure, region) for a in made}
    problems += [
        _problem(a.text, "assumption/not-enacted", f"{a.measure} is enacted neither in {region} nor below it")
        for a in made
        if not places[a.measure]
    ]
    if problems:
        raise AssumptionError(tuple(problems))
    documents = [(_document(document, made, places), source) for document, source in library.documents]
    identity = hashlib.sha256("\n".join([library.hash, region or "", *_lines(made)]).encode()).hexdigest()
    assumed = replace(library, hash=identity, documents=documents, resolved={}, derived={})
    if beyond := tuple(_beyond_caps(assumed, made)):
        raise AssumptionError(beyond)
    return assumed


def _lines(made: tuple[Assumption, ...]) -> list[str]:
    return sorted(f"{a.measure}.{a.parameter.name}={_canonical(a)}" for a in made)


def _canonical(assumption: Assumption) -> str:
    kind, value = assumption.parameter.type, assumption.value
    return to_feel(literal(sorted(value) if kind == "set" else value, kind))


def _problem(text: str, code: str, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, message, hint, file=f"--set {text}")


def _problems(made: tuple[Assumption, ...]) -> Iterator[Diagnostic]:
    seen: set[tuple[str, str]] = set()
    for assumption in made:
        name = assumption.parameter.name
        if (assumption.measure, name) in seen:
            yield _problem(assumption.text, "assumption/twice", f"{name} is set twice")
        seen.add((assumption.measure, name))
        if wrong := _wrong(assumption.parameter, assumption.value):
            yield _problem(assumption.text, "document/figure", f"{name}: {wrong}")


def _wrong(parameter: ParameterDef, value: Any) -> str | None:
    """What is wrong with the value, in the words of policy files; choices are held to more strictly."""
    if wrong := figure_problem(parameter, value):
        return wrong
    if parameter.type != "set" and parameter.values and str(value) not in parameter.values:
        return f"found {value}, expected one of {'、'.join(parameter.values)}"
    return None


def _places(library: Library, measure: str, region: str | None) -> frozenset[str]:
    """The regions whose provisions of the measure the assumption changes."""
    enacting = {d.region for d, _ in library.documents if any(p.measure == measure for p in d.provisions)}
    if region is None:
        return frozenset(enacting)
    nearest = next((code for code in ancestors(region) if code in enacting), None)
    below = {code for code in enacting if region in ancestors(code)}
    return frozenset(below | {nearest} if nearest else below)


def _document(
    document: DocumentDef, made: tuple[Assumption, ...], places: Mapping[str, frozenset[str]]
) -> DocumentDef:
    here = [a for a in made if document.region in places[a.measure]]
    if not any(a.measure == p.measure for a in here for p in document.provisions):
        return document
    return document.model_copy(update={"provisions": tuple(_provision(p, here) for p in document.provisions)})


def _provision(provision: ProvisionDef, made: list[Assumption]) -> ProvisionDef:
    """A figure that the provision sets to the same value already keeps its source."""
    figures = {
        a.parameter.name: {"value": a.value, "document": SOURCE}
        for a in made
        if a.measure == provision.measure and not _says(provision, a)
    }
    return provision.model_copy(update={"figures": provision.figures | figures}) if figures else provision


def _says(provision: ProvisionDef, assumption: Assumption) -> bool:
    name = assumption.parameter.name
    if name not in provision.figures:
        return False
    own = figure_value(provision.figures[name])
    return _canonical(replace(assumption, value=own)) == _canonical(assumption)


def _beyond_caps(library: Library, made: tuple[Assumption, ...]) -> Iterator[Diagnostic]:
    """One error for each assumption that a place above does not allow."""
    for assumption in made:
        name, measure = assumption.parameter.name, library.measures[assumption.measure].definition
        found = (
            conflict
            for document, _ in library.documents
            for provision in document.provisions
            if provision.measure == assumption.measure
            for conflict in figures_of(library, measure, layers_of(library, document, provision))[1]
            if conflict.name == name and conflict.figure.source.document == SOURCE
        )
        for message in dict.fromkeys(map(conflict_message, found)):
            hint = "the stricter figure would hold; simulate the place that set it (A40)"
            yield _problem(assumption.text, "document/conflict", message, hint)


def _parameter(
    library: Library, measure: str, parameter: str, text: str
) -> tuple[str, ParameterDef] | Diagnostic:
    """The measure's key and the parameter that are named, by key or Chinese name."""
    definition = _measure(library, measure)
    if definition is None:
        return _problem(text, "document/measure", f"unknown measure {measure}", "see zhida catalogue")
    switches = tuple(switch_parameters(library))
    for candidate in (*definition.parameters, *switches):
        if parameter == candidate.name or (candidate not in switches and parameter == candidate.key):
            return definition.measure, candidate
    known = "、".join(f"{p.name}（{p.key}）" for p in definition.parameters)
    message = f"{definition.measure} has no parameter {parameter}"
    return _problem(text, "document/figure", message, f"its parameters are {known}")


def _measure(library: Library, wanted: str) -> MeasureDef | None:
    definitions = (measure.definition for measure in library.measures.values())
    return next((d for d in definitions if wanted in (d.measure, d.name, *d.aliases)), None)


def _read(library: Library, text: str) -> Assumption | Diagnostic:
    target, equals, written = text.partition("=")
    measure, dot, parameter = (part.strip() for part in target.partition("."))
    if not (equals and dot and measure and parameter):
        message = f"found {text!r}, expected MEASURE.PARAMETER=VALUE"
        return _problem(text, "assumption/shape", message, "such as job-retention-refund.rate_small=90%")
    found = _parameter(library, measure, parameter, text)
    if isinstance(found, Diagnostic):
        return found
    key, definition = found
    number, unit = _split_unit(definition, written.strip())
    if unit not in ("", definition.unit):
        message = f"{definition.name}: found {written.strip()!r}, expected a number in {definition.unit}"
        return _problem(text, "document/figure", message)
    return Assumption(key, definition, _value(definition, number), text)


def _split_unit(parameter: ParameterDef, written: str) -> tuple[str, str]:
    """`1500元/人` is the number and its unit; what is no number has none."""
    match = UNIT.fullmatch(written) if parameter.type in NUMERIC else None
    return (match["number"], match["unit"]) if match else (written, "")


def _value(parameter: ParameterDef, written: str) -> Any:
    """What is written, as a policy file would hold it; as it is where it does not fit."""
    if parameter.type == "boolean":
        return True if written in YES else False if written in NO else written
    if parameter.type == "set":
        return [part.strip() for part in SEPARATORS.split(written) if part.strip()]
    if parameter.type == "date":
        try:
            return date.fromisoformat(written)
        except ValueError:
            return written
    return written
