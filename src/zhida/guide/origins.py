"""Where a value comes from: what was given, what follows from other facts, and which text set a standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Call, Fact, Figure, Node, children, walk
from zhida.guide import wording
from zhida.library import Library
from zhida.library.rule import Expression
from zhida.library.tables import Row, Table
from zhida.profile import free_facts
from zhida.profile.folding import fold, is_unset

SURENESS = {"high": "高", "medium": "中", "low": "低"}


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact as a decision saw it; `origin` is empty where it was given or is unknown.

    `key` is its dotted key in the case, such as `hires.h1.person.graduated_on`.
    """

    key: str
    name: str
    value: str
    origin: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.value}" + (f"（{self.origin}）" if self.origin else "")


@dataclass(frozen=True, slots=True)
class FigureUsed:
    """A figure, and the document and clause, or the interpretation, that set it."""

    key: str
    name: str
    value: str
    source: str

    def __str__(self) -> str:
        return f"{self.name} {self.value}（{self.source}）"


@dataclass(frozen=True, slots=True)
class StandardUsed:
    """A standard that was looked up; of a table without days, such as the sizing rule, the text alone."""

    name: str
    value: str
    since: date | None
    document: str
    sureness: str

    def __str__(self) -> str:
        shown = f"{self.name} {self.value}" if self.value else self.name
        since = f"{self.since} 起执行，" if self.since else ""
        return f"{shown}（{since}{self.document}，可靠程度{self.sureness}）"


@dataclass(frozen=True, slots=True)
class Sources:
    """What expressions came to their values by."""

    facts: tuple[FactUsed, ...] = ()
    figures: tuple[FigureUsed, ...] = ()
    standards: tuple[StandardUsed, ...] = ()


def sources_of(library: Library, expressions: list[Expression], scope: UnitScope) -> Sources:
    """The facts that can matter here, figures, switches behind derived facts, standards looked up."""
    folded = [fold(e.node) for e in expressions]
    paths = dict.fromkeys((fact.entity, fact.key) for node in folded for fact in free_facts(node))
    waiting = {part.name for node in folded for part in walk(node) if isinstance(part, Figure)}
    figures = [f for e in expressions for f in e.figures if not is_unset(f) or f.name in waiting]
    figures += _switches_used(library, expressions, scope)
    return Sources(
        tuple(fact_used(library, scope, *path) for path in paths),
        tuple(figure_used(f) for f in {f.name: f for f in figures}.values()),
        tuple(_standards_used(library, expressions, scope)),
    )


def figure_used(figure: Figure) -> FigureUsed:
    source = figure.source
    return FigureUsed(source.key, figure.name, wording.figure_value(figure), wording.figure_source(figure))


def fact_used(library: Library, scope: UnitScope, entity: str, key: str) -> FactUsed:
    """A fact's name and value, and where the value comes from."""
    fact, path = library.facts[entity, key], scope.path(entity, key)
    name = wording.owner_name(library, path) + wording.fact_name(fact)
    value = wording.fact_value(fact, scope.fact(entity, key))
    return FactUsed(path, name, value, _origin(library, scope, entity, key))


def _origin(library: Library, scope: UnitScope, entity: str, key: str) -> str:
    if key in scope.entry(entity).facts:
        return ""
    if (entity, key) in scope.rule.from_history:
        return "查享受记录"
    derived = scope.rule.derived.get((entity, key))
    if derived is not None and (
        scope.fact(entity, key) is UNKNOWN or scope.computed((entity, key)) is not UNKNOWN
    ):
        facts = (part for part in _used(library, derived.expression.node, scope) if isinstance(part, Fact))
        used = dict.fromkeys((fact.entity, fact.key) for fact in facts)
        inputs = "、".join(str(fact_used(library, scope, *path)) for path in used)
        return f"由{inputs}推算" if inputs else "推算"
    return "" if scope.fact(entity, key) is UNKNOWN else "没有填，按此处理"


def _used(library: Library, node: Node, scope: UnitScope) -> Iterator[Node]:
    """The facts, figures and look-ups that a tree came to its value by: not those of a branch that was not
    taken, and in place of a step that only formulas know (`internal`) those of that step."""
    match node:
        case Fact(entity, key):
            derived = scope.rule.derived.get((entity, key))
            if library.facts[entity, key].internal and derived is not None:
                yield from _used(library, derived.expression.node, scope)
            else:
                yield node
        case nodes.If(condition, consequent, alternative) if scope.value(condition) is not UNKNOWN:
            yield from _used(library, condition, scope)
            yield from _used(library, consequent if scope.value(condition) else alternative, scope)
        case Figure():
            yield node
        case _:
            if isinstance(node, Call) and node.function == nodes.Name("lookup"):
                yield node
            for child in children(node):
                yield from _used(library, child, scope)


def _used_deeply(library: Library, node: Node, scope: UnitScope) -> Iterator[Node]:
    """As `_used`, and what the derived facts among them came to their values by."""
    for part in _used(library, node, scope):
        yield part
        if isinstance(part, Fact) and scope.is_derived((part.entity, part.key)):
            inner = scope.rule.derived[part.entity, part.key].expression.node
            yield from _used_deeply(library, inner, scope)


def _switches_used(library: Library, expressions: list[Expression], scope: UnitScope) -> Iterator[Figure]:
    """The switches that derived facts were computed under, beside those in the expressions themselves."""
    own = {figure.name for expression in expressions for figure in expression.figures}
    for expression in expressions:
        for part in _used_deeply(library, expression.node, scope):
            if isinstance(part, Figure) and part.name not in own:
                yield part


def _standards_used(
    library: Library, expressions: list[Expression], scope: UnitScope
) -> Iterator[StandardUsed]:
    """Each standard that was looked up, once."""
    parts = (part for e in expressions for part in _used_deeply(library, e.node, scope))
    calls = (part for part in parts if isinstance(part, Call))
    yield from dict.fromkeys(found for call in calls if (found := _standard(library, call, scope)))


def _standard(library: Library, call: Call, scope: UnitScope) -> StandardUsed | None:
    """What the look-up found; None where a key is unknown or the table has no such row."""
    place, keys, *rest = call.arguments
    assert isinstance(place, nodes.Literal), "the checker wants the name of a column here"
    name, _, column = str(place.value).partition(".")
    table = library.tables[name]
    found, day = _texts(scope.value(keys)), scope.value(rest[0]) if rest else None
    row = None if UNKNOWN in found or day is UNKNOWN else table.find(tuple(map(str, found)), day)
    return None if row is None else _row_used(table, column, row)


def _row_used(table: Table, column: str, row: Row) -> StandardUsed:
    definition = table.definition
    source = next(s for s in definition.sources if s.id == row.source)
    sureness = SURENESS[source.sureness]
    if not definition.dated:
        return StandardUsed(table.name, "", None, source.document, sureness)
    unit = next(c.unit for c in definition.columns if c.name == column)
    value = wording.value_text(row.values.get(column, UNKNOWN), unit)
    return StandardUsed(f"{table.name}.{column}", value, row.start, source.document, sureness)


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
