"""What no single file can show: names across files, cycles, figures that fit, exclusions we can solve."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from zhida.diagnostics import Diagnostic
from zhida.feel import nodes
from zhida.feel.nodes import Node, walk
from zhida.library.compile import figure_problem
from zhida.library.contents import CompiledDerivation, CompiledMeasure, Library
from zhida.library.model import CitedFigure, DocumentDef, FactDef, MeasureDef, ParameterDef, ProvisionDef
from zhida.library.procedure import Procedure
from zhida.library.reported import check_reported
from zhida.library.rule import FactPath
from zhida.library.tables import Table
from zhida.library.yaml_source import KeyPath, YamlSource
from zhida.profile import free_facts
from zhida.standards.regions import ancestors

AMOUNT_UNITS = ("元", "元/人")
MONTHLY_AMOUNT_UNITS = ("元", "元/月")
PERIODS = ("ever", "year", "终身", "年度")
DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]+〔(19|20)\d\d〕[1-9]\d*号")
FACT = nodes.Fact("", "")
"""Stands for an expression that was reported as broken already."""


def names_in(*trees: Node | None) -> tuple[str, ...]:
    """Every name in the trees, each once: switches, and functions, which are no figures."""
    found = (node for tree in trees if tree is not None for node in walk(tree))
    return tuple(sorted({node.name for node in found if isinstance(node, nodes.Name)}))


def derivation_cycles(
    derivations: Mapping[FactPath, CompiledDerivation],
    facts: Mapping[FactPath, FactDef],
    sources: Mapping[str, YamlSource],
) -> Iterator[Diagnostic]:
    """One error for each derived fact that needs itself."""
    needs = _needs(derivations)
    for path in needs:
        if path in _reachable(path, needs):
            entity, key = path
            index = [k for e, k in facts if e == entity].index(key)
            yield sources[entity].problem(
                ("facts", index, "derived"),
                "vocabulary/cycle",
                f"{facts[path].name} is derived from itself",
                "break the circle: one of the facts must be given",
            )


def unlisted(
    facts: Mapping[FactPath, FactDef], tables: Mapping[str, Table], sources: Mapping[str, YamlSource]
) -> Iterator[Diagnostic]:
    """One error for each fact whose `listed_in` is no standard that gives codes their names."""
    for (entity, key), fact in facts.items():
        if not fact.listed_in or (fact.type == "code" and _names_codes(tables.get(fact.listed_in))):
            continue
        index = [k for e, k in facts if e == entity].index(key)
        yield sources[entity].problem(
            ("facts", index, "listed_in"),
            "vocabulary/list",
            f"{fact.name} cannot be chosen from {fact.listed_in}",
            "for a fact of type code: a standard with one key and the columns 名称 and 门类",
        )


def _names_codes(table: Table | None) -> bool:
    if table is None or len(table.definition.keys) != 1:
        return False
    return {"名称", "门类"} <= {column.name for column in table.definition.columns}


def with_all_names(derivations: Mapping[FactPath, CompiledDerivation]) -> dict[FactPath, CompiledDerivation]:
    """Each derivation with the names that the facts it reads use too: its value depends on those switches."""
    needs = _needs(derivations)
    found = {}
    for path, derivation in derivations.items():
        read = [derivations[other] for other in _reachable(path, needs) if other in derivations]
        names = {name for each in (derivation, *read) for name in each.names}
        found[path] = replace(derivation, names=tuple(sorted(names)))
    return found


def _needs(derivations: Mapping[FactPath, CompiledDerivation]) -> dict[FactPath, set[FactPath]]:
    """The facts that each formula reads."""
    return {
        path: {
            (fact.entity, fact.key)
            for tree in (derivation.formula, derivation.where)
            if tree is not None
            for fact in free_facts(tree)
        }
        for path, derivation in derivations.items()
    }


def _reachable(start: FactPath, needs: Mapping[FactPath, set[FactPath]]) -> set[FactPath]:
    found: set[FactPath] = set()
    todo = list(needs.get(start, ()))
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += needs.get(path, ())
    return found


def check_parents(library: Library, sources: Mapping[str, YamlSource]) -> Iterator[Diagnostic]:
    """The rows of an entity belong to entities that there are, and not to itself."""
    for entity in library.entities.values():
        for i, parent in enumerate(entity.parents):
            if parent == entity.entity or parent not in library.entities:
                message = f"found {parent}, expected another entity of the vocabulary"
                yield sources[entity.entity].problem(("parents", i), "vocabulary/parents", message)


def check_measures(library: Library) -> Iterator[Diagnostic]:
    """Exclusions must be groups per person; units, payees and history facts must exist."""
    for compiled in library.measures.values():
        measure, source = compiled.definition, compiled.source
        if measure.unit not in library.entities:
            yield source.problem(("unit",), "measure/unit", f"unknown entity {measure.unit}")
        if measure.exclusion and measure.exclusion.per != "person":
            yield source.problem(
                ("exclusion", "per"),
                "measure/exclusion",
                f"found an exclusion per {measure.exclusion.per}, expected a group per person",
                "measures exclude each other for the same person, as one clique (A26)",
            )
        yield from _unknown_interpretations(library, measure, source)
        yield from _duplicate_ids(measure, source)
        yield from _amount_unit(compiled)
        yield from _limits(library, compiled)
        yield from _defaults(measure, source)
        for i, parameter in enumerate(measure.parameters):
            if parameter.of and not parameter.values:
                at = ("parameters", i, "of")
                yield source.problem(at, "measure/parameter", f"{parameter.of} has no choices")
    for fact in library.facts.values():
        if fact.from_history and fact.from_history.measure not in library.measures:
            yield Diagnostic("vocabulary/history", f"{fact.key}: unknown measure {fact.from_history.measure}")


def _limits(library: Library, compiled: CompiledMeasure) -> Iterator[Diagnostic]:
    """Limits group by facts, rank by a choice, and count by year, ever, or as a switch says."""
    source = compiled.source
    texts = {p.name for p in switch_parameters(library) if p.type == "text"}
    for i, limit in enumerate(compiled.definition.limits):
        if limit.period not in (*PERIODS, *texts):
            message = f"found {limit.period}, expected {', '.join(PERIODS)} or a switch"
            yield source.problem(("limits", i, "period"), "measure/limit", message)
        for j, text in enumerate(limit.same):
            at: KeyPath = ("limits", i, "same", j)
            if not isinstance(compiled.nodes.get(at, FACT), nodes.Fact):
                yield source.problem(at, "measure/limit", f"found {text}, expected a fact")
        at = ("limits", i, "higher_bars_lower")
        ranked = compiled.nodes.get(at)
        if ranked is None:
            continue
        if not isinstance(ranked, nodes.Fact) or not library.facts[ranked.entity, ranked.key].values:
            message = f"found {limit.higher_bars_lower}, expected a fact with choices from low to high"
            yield source.problem(at, "measure/limit", message)


def _defaults(measure: MeasureDef, source: YamlSource) -> Iterator[Diagnostic]:
    for i, parameter in enumerate(measure.parameters):
        if parameter.default is None:
            continue
        if message := figure_problem(parameter, parameter.default):
            yield source.problem(("parameters", i, "default"), "measure/parameter", message)


def _amount_unit(compiled: CompiledMeasure) -> Iterator[Diagnostic]:
    """An amount is yuan: for the one person of an award unit, or for the one month of a benefit."""
    unit = compiled.amount_unit
    allowed = MONTHLY_AMOUNT_UNITS if compiled.definition.kind == "monthly" else AMOUNT_UNITS
    if unit and unit not in allowed:
        message = f"found an amount in {unit}, expected {' or '.join(allowed)}"
        yield compiled.source.problem(("amount", "value"), "measure/amount-unit", message)


def _duplicate_ids(measure: MeasureDef, source: YamlSource) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for i, condition in enumerate(measure.conditions):
        if condition.id in seen:
            yield source.problem(("conditions", i, "id"), "measure/duplicate", f"found {condition.id} twice")
        seen.add(condition.id)


def _unknown_interpretations(
    library: Library, measure: MeasureDef, source: YamlSource
) -> Iterator[Diagnostic]:
    for i, condition in enumerate(measure.conditions):
        for j, cited in enumerate(condition.interpretations):
            if cited not in library.interpretations:
                at = ("conditions", i, "interpretations", j)
                yield source.problem(at, "measure/interpretation", f"unknown interpretation {cited}")


def check_documents(library: Library) -> Iterator[Diagnostic]:
    """Provisions enact known measures with figures that fit their parameters, once per row."""
    for parameter in switch_parameters(library):
        if message := figure_problem(parameter, parameter.default):
            yield Diagnostic("interpretation/switch", f"{parameter.key} {parameter.name}: {message}")
    for document, source in library.documents:
        yield from _check_switches(library, document.switches, source, ("switches",))
        yield from _upper(library, document, source)
        yield from _repeated_rows(document, source)
        yield from check_reported(document, source)
        yield from _procedures(document, source)
        for i, provision in enumerate(document.provisions):
            at: KeyPath = ("provisions", i)
            compiled = library.measures.get(provision.measure)
            if compiled is None:
                yield source.problem(
                    (*at, "measure"), "document/measure", f"unknown measure {provision.measure}"
                )
                continue
            yield from _check_switches(library, provision.switches, source, (*at, "switches"))
            yield from _check_figures(library, compiled, provision, source, at)
            yield from _check_windows(provision, source, at)
            for j, cited in enumerate(provision.interpretations):
                if cited not in library.interpretations:
                    path = (*at, "interpretations", j)
                    yield source.problem(path, "document/interpretation", f"unknown {cited}")


def _upper(library: Library, document: DocumentDef, source: YamlSource) -> Iterator[Diagnostic]:
    """What a document carries out: documents of the library for places above it, and known ones outside."""
    regions = {other.number: other.region for other, _ in library.documents}
    for i, number in enumerate(document.upper):
        if number not in regions:
            message = f"found {number}, which no document of this library has"
            hint = "put the numbers of documents outside the library under basis"
            yield source.problem(("upper", i), "document/upper", message, hint)
        elif regions[number] not in ancestors(document.region)[1:]:
            message = f"found {number} of {regions[number]}, which is not above {document.region}"
            yield source.problem(("upper", i), "document/upper", message)
    for i, number in enumerate(document.basis):
        if number in regions:
            message = f"found {number}, which is in this library"
            yield source.problem(("basis", i), "document/upper", message, "put it under upper")
        elif not DOCUMENT_NUMBER.fullmatch(number):
            message = f"found {number}, expected a number such as 国办发〔2020〕27号"
            yield source.problem(("basis", i), "document/upper", message)


def _repeated_rows(document: DocumentDef, source: YamlSource) -> Iterator[Diagnostic]:
    """A row may enact several measures, each once; and it is carried in one role only."""
    seen: set[tuple[str, str]] = set()
    for i, provision in enumerate(document.provisions):
        for row, what in ((provision.row, provision.measure), *((r, "also") for r in provision.also)):
            if (row, what) in seen:
                message = f"found {row} twice for {provision.measure}"
                yield source.problem(("provisions", i, "row"), "document/row", message)
            seen.add((row, what))
    rows = {p.row for p in document.provisions}
    for i, provision in enumerate(document.provisions):
        others = [p.measure for p in document.provisions[:i] if p.row == provision.row]
        kinds = {p.clause for p in document.provisions if p.row == provision.row}
        if others and len(kinds) > 1:
            message = f"found {provision.row} under two clauses"
            yield source.problem(("provisions", i, "row"), "document/row", message)
        if any(row in rows for row in provision.also):
            message = f"found {provision.row} as a provision and inside another one"
            yield source.problem(("provisions", i, "also"), "document/row", message)


def _procedures(document: DocumentDef, source: YamlSource) -> Iterator[Diagnostic]:
    for i, provision in enumerate(document.provisions):
        if provision.procedure:
            yield from _check_procedure(provision.procedure, source, ("provisions", i, "procedure"))
    for i, clarification in enumerate(document.clarifications):
        if clarification.procedure:
            yield from _check_procedure(clarification.procedure, source, ("clarifications", i, "procedure"))


def _check_procedure(procedure: Procedure, source: YamlSource, at: KeyPath) -> Iterator[Diagnostic]:
    """公示 has a step and a number of days, and what is called 承诺 demands one."""
    published = [i for i, step in enumerate(procedure.steps) if step.publicity]
    if published and procedure.publicity_days is None:
        message = "found the task publicity, expected publicity_days beside the steps"
        hint = "where the text gives no number: publicity_days: 5 and publicity_interpretation: A38"
        yield source.problem((*at, "steps", published[0], "tasks"), "document/procedure", message, hint)
    for name in ("publicity_days", "publicity_interpretation"):
        if not published and getattr(procedure, name) is not None:
            message = f"found {name}, expected a step with the task publicity"
            yield source.problem((*at, name), "document/procedure", message, "the step that is the 公示")
    if procedure.mode == "承诺" and not procedure.commitment:
        message = "found the mode 承诺, expected commitment: true"
        yield source.problem((*at, "mode"), "document/procedure", message)


def _check_windows(provision: ProvisionDef, source: YamlSource, at: KeyPath) -> Iterator[Diagnostic]:
    for name in ("valid", "event"):
        window = getattr(provision, name)
        if window.start and window.end and window.end < window.start:
            message = f"found a window that ends on {window.end}, before it starts on {window.start}"
            yield source.problem((*at, name), "document/window", message)


def _check_figures(
    library: Library,
    compiled: CompiledMeasure,
    provision: ProvisionDef,
    source: YamlSource,
    at: KeyPath,
) -> Iterator[Diagnostic]:
    known = {p.name: p for p in (*compiled.definition.parameters, *switch_parameters(library))}
    for name, raw in provision.figures.items():
        path = (*at, "figures", name)
        if name not in known:
            yield source.problem(
                path,
                "document/figure",
                f"{provision.measure} has no parameter {name}",
                f"its parameters are {'、'.join(p.name for p in compiled.definition.parameters)}",
            )
            continue
        try:
            value = figure_value(raw)
        except ValidationError as error:
            message = f"{name}: {error.errors()[0]['msg']}"
            yield source.problem(path, "document/figure", message, "a mapping has value: and its citation")
            continue
        if wrong := figure_problem(known[name], value):
            yield source.problem(path, "document/figure", f"{name}: {wrong}")


def _check_switches(
    library: Library, switches: Mapping[str, Any], source: YamlSource, at: KeyPath
) -> Iterator[Diagnostic]:
    known = {p.name: p for p in switch_parameters(library)}
    for name, value in switches.items():
        if name not in known:
            yield source.problem((*at, name), "document/switch", f"unknown switch {name}")
        elif message := figure_problem(known[name], value):
            yield source.problem((*at, name), "document/switch", f"{name}: {message}")
        elif known[name].values and str(value) not in known[name].values:
            expected = "、".join(known[name].values)
            message = f"{name}: found {value}, expected one of {expected}"
            yield source.problem((*at, name), "document/switch", message)


def switch_parameters(library: Library) -> Iterator[ParameterDef]:
    """The switches of interpretation A47, as parameters."""
    for interpretation in library.interpretations.values():
        for switch in interpretation.switches:
            yield ParameterDef(key=interpretation.id, **switch.model_dump())


def figure_value(raw: Any) -> Any:
    """The value of a figure, whether written plainly or with its own citation."""
    return CitedFigure.model_validate(raw).value if isinstance(raw, dict) else raw
