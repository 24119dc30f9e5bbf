"""Where a value comes from: what was given, what follows from other facts, and which text set a standard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from zhida.cli import wording
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Call, Fact, Figure, Node, children
from zhida.library import Library
from zhida.library.rule import Expression
from zhida.library.tables import Row, Table

SURENESS = {"high": "高", "medium": "中", "low": "低"}


def fact_line(library: Library, scope: UnitScope, entity: str, key: str) -> str:
    """A fact's name and value, and where the value comes from."""
    fact = library.facts[entity, key]
    value = wording.fact_value(fact, scope.fact(entity, key))
    name = wording.owner_name(library, scope.path(entity, key)) + wording.fact_name(fact)
    return f"{name} {value}{_origin(library, scope, entity, key)}"


def figure_line(figure: Figure) -> str:
    """A figure's name and value, and the document and clause, or the interpretation, that set it."""
    return f"{figure.name} {wording.figure_value(figure)}（{wording.figure_source(figure)}）"


def _origin(library: Library, scope: UnitScope, entity: str, key: str) -> str:
    if key in scope.entry(entity).facts:
        return ""
    if (entity, key) in scope.rule.from_history:
        return "（查享受记录）"
    derived = scope.rule.derived.get((entity, key))
    if derived is not None and (
        scope.fact(entity, key) is UNKNOWN or scope.computed((entity, key)) is not UNKNOWN
    ):
        facts = (part for part in _used(library, derived.expression.node, scope) if isinstance(part, Fact))
        used = dict.fromkeys((fact.entity, fact.key) for fact in facts)
        inputs = "、".join(fact_line(library, scope, *path) for path in used)
        return f"（由{inputs}推算）" if inputs else "（推算）"
    return "" if scope.fact(entity, key) is UNKNOWN else "（没有填，按此处理）"


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


def switches_used(library: Library, expressions: list[Expression], scope: UnitScope) -> Iterator[Figure]:
    """The switches that derived facts were computed under, beside those in the expressions themselves."""
    own = {figure.name for expression in expressions for figure in expression.figures}
    for expression in expressions:
        for part in _used_deeply(library, expression.node, scope):
            if isinstance(part, Figure) and part.name not in own:
                yield part


def standard_lines(library: Library, expressions: list[Expression], scope: UnitScope) -> Iterator[str]:
    """Each standard that was looked up: its value, since when, the text that set it, how sure that is.

    Of a table without days, such as the sizing rule, the text alone.
    """
    parts = (part for e in expressions for part in _used_deeply(library, e.node, scope))
    calls = (part for part in parts if isinstance(part, Call))
    yield from dict.fromkeys(line for call in calls if (line := _standard_line(library, call, scope)))


def _standard_line(library: Library, call: Call, scope: UnitScope) -> str:
    place, keys, *rest = call.arguments
    assert isinstance(place, nodes.Literal), "the checker wants the name of a column here"
    name, _, column = str(place.value).partition(".")
    table = library.tables[name]
    found, day = _texts(scope.value(keys)), scope.value(rest[0]) if rest else None
    row = None if UNKNOWN in found or day is UNKNOWN else table.find(tuple(map(str, found)), day)
    if row is None:
        return ""
    source = _source(table, row)
    if not table.definition.dated:
        return f"{name}（{source}）"
    unit = next(c.unit for c in table.definition.columns if c.name == column)
    value = wording.value_text(row.values.get(column, UNKNOWN), unit)
    return f"{name}.{column} {value}（{_since(row.start)}{source}）"


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _since(start: date | None) -> str:
    return f"{start} 起执行，" if start else ""


def _source(table: Table, row: Row) -> str:
    source = next(s for s in table.definition.sources if s.id == row.source)
    return f"{source.document}，可靠程度{SURENESS[source.sureness]}"
