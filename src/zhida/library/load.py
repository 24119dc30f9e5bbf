"""A folder of policy files to a checked `Library`, or to every error that is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from zhida.diagnostics import Diagnostic
from zhida.library.compile import (
    Compiler,
    entity_names,
    fact_type,
    measure_names,
    substitute,
    vocabulary_names,
)
from zhida.library.consistency import (
    check_documents,
    check_measures,
    check_parents,
    derivation_cycles,
    names_in,
    unlisted,
    with_all_names,
)
from zhida.library.contents import CompiledDerivation, CompiledMeasure, Library
from zhida.library.model import (
    DocumentDef,
    EntityDef,
    InterpretationsDef,
    MeasureDef,
    ParameterDef,
    TableDef,
    WorkdaysDef,
)
from zhida.library.tables import build_table
from zhida.library.yaml_source import KeyPath, YamlSource, read_yaml_file
from zhida.profile import types
from zhida.profile.names import Names
from zhida.standards.workdays import Calendar

Model = TypeVar("Model", bound=BaseModel)
Kept = TypeVar("Kept")

ENTITIES = ("employer", "person", "place", "fund", "history")
"""Those that every case has; a library may add others."""

FOLDERS = ("vocabulary", "interpretations", "standards", "measures", "documents")


def load(root: Path) -> tuple[Library, list[Diagnostic]]:
    """Read and check the library under `root`. With errors the library is partial: do not decide."""
    library = Library(root)
    if not (root / "measures").is_dir():
        message = f"no policy library here: {root}"
        hint = "a library has vocabulary/, standards/, measures/ and documents/"
        return library, [Diagnostic("library/missing", message, hint, file=str(root))]
    loader = _Loader(library)
    loader.run()
    return library, loader.diagnostics


def content_hash(root: Path) -> str:
    """SHA-256 over the names and bytes of every file that can change a decision."""
    digest = hashlib.sha256()
    for path in sorted(_files(root, FOLDERS)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(root: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (root / folder).rglob("*.yaml") if path.is_file())


class _Loader:
    """The stages of loading, in order; each adds to the library and to `diagnostics`."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.diagnostics: list[Diagnostic] = []

    def run(self) -> None:
        library = self.library
        library.hash = content_hash(library.root)
        vocabulary = self.vocabulary()
        self.interpretations()
        self.standards()
        names = vocabulary_names(library.entities.values(), library.tables, library.interpretations.values())
        self.derivations(vocabulary, names)
        self.measures(names)
        self.documents()
        self.diagnostics += derivation_cycles(library.derivations, library.facts, vocabulary)
        self.diagnostics += unlisted(library.facts, library.tables, vocabulary)
        self.diagnostics += check_parents(library, vocabulary)
        self.diagnostics += check_measures(library)
        self.diagnostics += check_documents(library)

    def read(self, folder: str) -> Iterator[YamlSource]:
        root = self.library.root
        for path in sorted((root / folder).rglob("*.yaml")):
            source = read_yaml_file(path, str(path))
            self.diagnostics += source.diagnostics
            if source.diagnostics:
                continue
            if isinstance(source.data, dict):
                yield source
            else:
                self.diagnostics.append(source.problem((), "shape/value", "found no mapping in this file"))

    def keep(self, into: dict[str, Kept], key: str, found: Kept, source: YamlSource, at: KeyPath) -> None:
        """Put under its key what may stand in the library once only."""
        if key in into:
            message = f"{key} stands in another file too"
            self.diagnostics.append(source.problem(at, "library/duplicate", message))
        into[key] = found

    def model(self, kind: type[Model], source: YamlSource) -> Model | None:
        try:
            return kind.model_validate(source.data)
        except ValidationError as error:
            for item in error.errors(include_url=False):
                self.diagnostics.append(_shape_problem(source, item["loc"], item))
            return None

    def vocabulary(self) -> dict[str, YamlSource]:
        sources: dict[str, YamlSource] = {}
        for source in self.read("vocabulary"):
            entity = self.model(EntityDef, source)
            if entity is None:
                continue
            sources[entity.entity] = source
            self.keep(self.library.entities, entity.entity, entity, source, ("entity",))
            for index, fact in enumerate(entity.facts):
                path = (entity.entity, fact.key)
                if path in self.library.facts:
                    message = f"found {fact.key} twice"
                    self.diagnostics.append(
                        source.problem(("facts", index, "key"), "vocabulary/duplicate", message)
                    )
                self.library.facts[path] = fact
        if lacking := [name for name in ENTITIES if name not in self.library.entities]:
            message = f"no file says what {', '.join(lacking)} is"
            self.diagnostics.append(Diagnostic("vocabulary/missing", message, file=str(self.library.root)))
        return sources

    def interpretations(self) -> None:
        for source in self.read("interpretations"):
            file = self.model(InterpretationsDef, source)
            for index, found in enumerate(file.interpretations if file else ()):
                at: KeyPath = ("interpretations", index, "id")
                self.keep(self.library.interpretations, found.id, found, source, at)

    def standards(self) -> None:
        for source in self.read("standards"):
            if "calendar" in source.data:
                self.workdays(source)
                continue
            definition = self.model(TableDef, source)
            if definition is None:
                continue
            table, problems = build_table(definition)
            self.keep(self.library.tables, table.name, table, source, ("name",))
            for index, message in problems:
                at = ("rows", index)
                self.diagnostics.append(source.problem(at, "table/row", message))

    def workdays(self, source: YamlSource) -> None:
        found = self.model(WorkdaysDef, source)
        if found is None:
            return
        if self.library.calendar is not None:
            message = "found a second calendar of workdays"
            self.diagnostics.append(source.problem(("calendar",), "library/duplicate", message))
        years = {year: (y.off, y.worked) for year, y in found.years.items()}
        try:
            self.library.calendar = Calendar.from_years(years)
        except ValueError as error:
            self.diagnostics.append(source.problem(("years",), "table/workdays", str(error)))

    def derivations(self, sources: dict[str, YamlSource], names: Names) -> None:
        for entity in self.library.entities.values():
            compiler = Compiler(sources[entity.entity], entity_names(names, entity.entity))
            for index, fact in enumerate(entity.facts):
                if fact.derived is None:
                    continue
                at: KeyPath = ("facts", index, "derived")
                where = compiler.expression(fact.derived.where, (*at, "where"), types.Boolean())
                formula = compiler.expression(fact.derived.formula, (*at, "formula"), fact_type(fact), where)
                if formula is not None:
                    derivation = CompiledDerivation(formula, where, names_in(formula, where))
                    self.library.derivations[entity.entity, fact.key] = derivation
            self.diagnostics += compiler.diagnostics
        self.library.derivations = with_all_names(self.library.derivations)

    def measures(self, names: Names) -> None:
        for source in self.read("measures"):
            definition = self.model(MeasureDef, source)
            if definition is None:
                continue
            definition = self.with_choices(definition)
            compiler = Compiler(source, measure_names(names, definition))
            terms = compiler.terms(definition)
            nodes = {
                path: substitute(node, terms)
                for path, text, expected in measure_expressions(definition)
                if (node := compiler.expression(text, path, expected)) is not None
            }
            self.diagnostics += compiler.diagnostics
            unit = unit_of(compiler.types.get(("amount", "value")))
            compiled = CompiledMeasure(definition, nodes, source, unit)
            self.keep(self.library.measures, definition.measure, compiled, source, ("measure",))

    def with_choices(self, measure: MeasureDef) -> MeasureDef:
        """Parameters `of` a fact take the choices of that fact."""
        by_name = {
            f"{self.library.entities[entity].name}.{fact.name}": (
                *fact.values,
                *fact.derived_values,
            )
            for (entity, _), fact in self.library.facts.items()
        }
        parameters: list[ParameterDef] = [
            p.model_copy(update={"values": by_name.get(p.of, ())}) if p.of else p for p in measure.parameters
        ]
        return measure.model_copy(update={"parameters": tuple(parameters)})

    def documents(self) -> None:
        for source in self.read("documents"):
            found = self.model(DocumentDef, source)
            if found is None:
                continue
            if any(found.document == other.document for other, _ in self.library.documents):
                message = f"{found.document} stands in another file too"
                self.diagnostics.append(source.problem(("document",), "library/duplicate", message))
            self.library.documents.append((found, source))


def unit_of(kind: types.Type | None) -> str:
    """The unit of a number, as written in policy files."""
    return str(kind.unit) if isinstance(kind, types.Number) and kind.unit else ""


def measure_expressions(
    measure: MeasureDef,
) -> Iterator[tuple[KeyPath, str | None, types.Type | None]]:
    """Every expression of a measure: its path, text and expected type."""
    boolean, number, day = types.Boolean(), types.Number(), types.Date()
    yield ("event",), measure.event, day
    for i, condition in enumerate(measure.conditions):
        yield ("conditions", i, "when"), condition.when, boolean
        yield ("conditions", i, "review"), condition.review, boolean
    if measure.amount:
        yield ("amount", "value"), measure.amount.value, number
        yield ("amount", "review"), measure.amount.review, boolean
    for i, limit in enumerate(measure.limits):
        yield ("limits", i, "times"), limit.times, number
        yield ("limits", i, "months"), limit.months, number
        yield ("limits", i, "higher_bars_lower"), limit.higher_bars_lower, None
        for j, same in enumerate(limit.same):
            yield ("limits", i, "same", j), same, None
    if measure.schedule:
        schedule = measure.schedule
        yield ("schedule", "months"), schedule.months, number
        yield ("schedule", "last_month"), schedule.last_month, day
        yield ("schedule", "monthly"), schedule.monthly, number
        yield ("schedule", "repay_by"), schedule.repay_by, day
        yield ("schedule", "rate"), schedule.rate, number
        for i, stage in enumerate(schedule.stages):
            at: KeyPath = ("schedule", "stages", i)
            yield (*at, "share"), stage.share, number
            yield (*at, "amount"), stage.amount, number
            yield (*at, "due_from"), stage.due_from, day
            yield (*at, "due_workdays"), stage.due_workdays, number
        if schedule.advance:
            yield ("schedule", "advance", "share"), schedule.advance.share, number
            yield ("schedule", "advance", "when"), schedule.advance.when, boolean
    for i, component in enumerate(measure.components):
        yield ("components", i, "share"), component.share, number


def _shape_problem(source: YamlSource, path: KeyPath, item: Any) -> Diagnostic:
    kind = item["type"]
    if kind == "extra_forbidden":
        return source.problem(
            path, "shape/unknown-key", f"unknown key {path[-1]}", "see docs/policy-files.md"
        )
    if kind == "missing":
        return source.problem(path, "shape/missing-key", f"missing key {path[-1]}")
    shown = repr(item.get("input"))
    shown = shown if len(shown) < 60 else shown[:57] + "…"
    if kind == "literal_error":
        return source.problem(path, "shape/value", f"found {shown}, expected {item['ctx']['expected']}")
    return source.problem(path, "shape/value", f"found {shown}: {item['msg']}")
