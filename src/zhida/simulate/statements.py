"""A library as single statements, each under a key that survives formatting, so that two can be compared.

A statement's value compares by meaning: expressions as trees, figures as numbers, sets without an order.
What a file leaves at its default is no statement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from zhida.feel.nodes import Node
from zhida.library import Library
from zhida.library.consistency import switch_parameters
from zhida.library.figures import literal
from zhida.library.model import (
    CitedFigure,
    DocumentDef,
    MeasureDef,
    ParameterDef,
    ProvisionDef,
    ReportedFigure,
    SwitchDef,
    TableColumn,
    TableKey,
    TableSource,
    Window,
)
from zhida.library.procedure import Step
from zhida.library.tables import Row, Table
from zhida.library.yaml_source import KeyPath
from zhida.standards.regions import ancestors

Path = tuple[str, ...]

GROUPS = (
    "measure",
    "document",
    "provision",
    "duty",
    "clarification",
    "reported",
    "standard",
    "fact",
    "interpretation",
)
"""What a subject can be, in the order in which a difference is told."""

RECORDS = (ParameterDef, SwitchDef, TableKey, TableColumn, TableSource, ReportedFigure)
"""Small things that are one statement as a whole."""

LEADING = ("clause", "title", "status", "resolves_with", "valid", "event")
"""What is told of a provision before its figures."""

IDENTITIES = ("id", "key", "payer", "row", "name")
"""The first of these that an item of a list has tells it from the others."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What statements are about: `key` is stable, `name` for people; `place` says where it is written."""

    group: str
    key: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said about a subject. `label` says in Chinese which figure, row or condition.

    `value` is a `Node`, a mapping of a record's fields, a window (two days or None), a tuple or frozenset
    of texts, or a scalar.
    `source` cites what sets it where that is not the subject itself; `unit` is that of a figure.
    """

    subject: Subject
    path: Path
    value: Any
    label: str = ""
    source: str = ""
    unit: str = ""


def statements(library: Library, region: str | None = None) -> Iterator[Statement]:
    """Everything that the library says; keys (group, subject, path) are unique.

    With a region, of the documents only those of the region, of what is below it and of what is above.
    """
    yield from _measures(library)
    yield from _documents(library, region)
    for table in library.tables.values():
        yield from _table(table)
    yield from _calendar(library)
    yield from _vocabulary(library)
    for interpretation in library.interpretations.values():
        subject = Subject("interpretation", interpretation.id, interpretation.question)
        yield from model_statements(subject, interpretation, skip=("id",))


def _measures(library: Library) -> Iterator[Statement]:
    for key, measure in library.measures.items():
        definition = measure.definition
        subject = Subject("measure", key, definition.name)
        yield from model_statements(subject, definition, nodes=measure.nodes, skip=("measure", "terms"))
        yield Statement(subject, ("conditions",), tuple(c.id for c in definition.conditions))


def _documents(library: Library, region: str | None) -> Iterator[Statement]:
    for document, _ in library.documents:
        if region and region not in ancestors(document.region) and document.region not in ancestors(region):
            continue
        subject = Subject("document", document.document, document.title, document.number)
        parts = ("provisions", "duties", "clarifications", "reported")
        yield from model_statements(subject, document, skip=("document", "switches", *parts))
        yield from _switches(library, subject, document.switches)
        for provision in document.provisions:
            yield from _provision(library, document, provision)
        for group, items in (
            ("duty", document.duties),
            ("clarification", document.clarifications),
            ("reported", document.reported),
        ):
            seen: Counter[str] = Counter()
            for item in items:
                key = _numbered(f"{document.document}/{item.row}", seen)
                subject = Subject(group, key, item.row, f"{document.number} {item.clause}")
                yield from model_statements(subject, item, skip=("row",))


def _provision(library: Library, document: DocumentDef, provision: ProvisionDef) -> Iterator[Statement]:
    measure = library.measures[provision.measure].definition
    subject = provision_subject(document, provision, measure.name)
    own = ("row", "measure", "figures", "switches")
    said = list(model_statements(subject, provision, skip=own))
    yield from (statement for statement in said if statement.path[0] in LEADING)
    yield from _figures(library, subject, measure, provision)
    yield from _switches(library, subject, provision.switches)
    yield from (statement for statement in said if statement.path[0] not in LEADING)


def _figures(
    library: Library, subject: Subject, measure: MeasureDef, provision: ProvisionDef
) -> Iterator[Statement]:
    keys = {p.name: p.key for p in measure.parameters}
    known = {p.name: p for p in (*switch_parameters(library), *measure.parameters)}
    for name, raw in provision.figures.items():
        figure = CitedFigure.model_validate(raw) if isinstance(raw, dict) else CitedFigure(value=raw)
        value = figure_meaning(known[name], literal(figure.value, known[name].type))
        cited = (figure.document, figure.clause, figure.row, figure.interpretation)
        source = " ".join(part for part in cited if part)
        yield Statement(subject, ("figures", keys.get(name, name)), value, name, source, known[name].unit)


def _switches(library: Library, subject: Subject, chosen: Mapping[str, Any]) -> Iterator[Statement]:
    known = {p.name: p for p in switch_parameters(library)}
    for name, value in chosen.items():
        yield Statement(
            subject, ("switches", name), literal(value, known[name].type), name, "", known[name].unit
        )


def provision_subject(document: DocumentDef, provision: ProvisionDef, measure_name: str) -> Subject:
    """A provision is told from others of its document by its row and its measure."""
    key = f"{document.document}/{provision.row}/{provision.measure}"
    name = provision.title or measure_name
    return Subject("provision", key, name, f"{document.number} {provision.clause}")


def figure_meaning(parameter: ParameterDef, value: Node) -> Any:
    """A set has no order; every other figure is its tree."""
    items = getattr(value, "items", None)
    return frozenset(item.value for item in items) if parameter.type == "set" and items is not None else value


def _table(table: Table) -> Iterator[Statement]:
    definition = table.definition
    subject = Subject("standard", definition.table, definition.name)
    yield from model_statements(subject, definition, skip=("table", "rows", "missing"))
    if definition.missing != "unknown":
        yield Statement(subject, ("missing",), str(definition.missing))
    sources = {source.id: source.document for source in definition.sources}
    for keys, rows in table.rows.items():
        for row in rows:
            since = (row.start.isoformat(),) if row.start else ()
            path = ("rows", *keys, *since)
            yield Statement(subject, path, _row(row), "、".join((*keys, *since)), sources[row.source])


def _row(row: Row) -> dict[str, Any]:
    return row.values | ({"to": row.end} if row.end else {})


def _calendar(library: Library) -> Iterator[Statement]:
    calendar = library.calendar
    if calendar is None:
        return
    subject = Subject("standard", "workdays", "工作日")
    for year in range(calendar.first_year, calendar.last_year + 1):
        for name, days in (("off", calendar.off), ("worked", calendar.worked)):
            found = tuple(sorted(day for day in days if day.year == year))
            yield Statement(subject, ("years", str(year), name), found)


def _vocabulary(library: Library) -> Iterator[Statement]:
    for entity in library.entities.values():
        subject = Subject("fact", entity.entity, entity.name)
        yield from model_statements(subject, entity, skip=("entity", "facts"))
        for fact in entity.facts:
            derivation = library.derivations.get((entity.entity, fact.key))
            trees: dict[KeyPath, Node | None] = (
                {("derived", "formula"): derivation.formula, ("derived", "where"): derivation.where}
                if derivation
                else {}
            )
            nodes = {path: node for path, node in trees.items() if node is not None}
            subject = Subject("fact", f"{entity.entity}.{fact.key}", f"{entity.name}.{fact.name}")
            yield from model_statements(subject, fact, nodes=nodes, skip=("key",))


def model_statements(
    subject: Subject,
    model: BaseModel,
    path: Path = (),
    at: KeyPath = (),
    nodes: Mapping[KeyPath, Node] | None = None,
    skip: tuple[str, ...] = (),
) -> Iterator[Statement]:
    """The statements of a model's fields. `at` is the place in the file, under which `nodes` has its tree."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name not in skip and value != field.get_default(call_default_factory=True):
            yield from _value(subject, value, (*path, name), (*at, name), nodes or {})


def _value(
    subject: Subject, value: Any, path: Path, at: KeyPath, nodes: Mapping[KeyPath, Node]
) -> Iterator[Statement]:
    if isinstance(value, RECORDS):
        yield Statement(subject, path, _record(value), getattr(value, "name", ""))
    elif isinstance(value, Window):
        yield Statement(subject, path, (value.start, value.end))
    elif isinstance(value, BaseModel):
        label = getattr(value, "label", "")
        for statement in model_statements(subject, value, path, at, nodes, skip=("id", "payer")):
            yield replace(statement, label=label) if label else statement
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _value(subject, item, (*path, str(key)), (*at, key), nodes)
    elif isinstance(value, tuple) and value and isinstance(value[0], Step):
        yield Statement(subject, path, tuple(map(_record, value)))
    elif isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
        seen: Counter[str] = Counter()
        for index, item in enumerate(value):
            key = _numbered(_identity(item, index), seen)
            yield from _value(subject, item, (*path, key), (*at, index), nodes)
    elif isinstance(value, tuple) and (*at, 0) in nodes:
        for index in range(len(value)):
            yield Statement(subject, (*path, str(index + 1)), nodes[*at, index])
    else:
        found = nodes.get(at, value)
        yield Statement(subject, path, found.strip() if isinstance(found, str) else found)


def _record(value: BaseModel) -> dict[str, Any]:
    """The fields of a record that are given; a default compares as a figure."""
    found = value.model_dump(exclude_defaults=True)
    if "default" in found:
        found["default"] = literal(found["default"], found["type"])
    if isinstance(value, Step) and value.publicity:
        found["publicity"] = True
    return found


def _identity(item: BaseModel, index: int) -> str:
    return next((str(getattr(item, name)) for name in IDENTITIES if hasattr(item, name)), str(index + 1))


def _numbered(key: str, seen: Counter[str]) -> str:
    """`key`, and from its second time on `key#2`."""
    seen[key] += 1
    return key if seen[key] == 1 else f"{key}#{seen[key]}"
