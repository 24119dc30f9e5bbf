"""Decision tables: which rules match, and what a hit policy makes of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from zhida.dmn.model import DecisionTable, Output, Rule
from zhida.dmn.standard import Loops
from zhida.feel.functions import extreme, total
from zhida.feel.nodes import Node
from zhida.feel.values import same

Coerce = Callable[[Any, str], Any]
AGGREGATIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": total,
    "MIN": partial(extreme, "<"),
    "MAX": partial(extreme, ">"),
    "COUNT": lambda values: Decimal(len(values)),
}


def decide(table: DecisionTable, at: Loops, coerce: Coerce) -> Any:
    """The table's value for the names in scope."""
    values = [at.value(column.expression) for column in table.inputs]
    for column, value in zip(table.inputs, values, strict=True):
        if column.allowed is not None and value is not None and not _holds(column.allowed, value, at):
            return None
    hits = [rule for rule in table.rules if _matches(rule, values, at)]
    results = [_conclusion(rule, table.outputs, at, coerce) for rule in hits]
    if not hits and (table.policy != "COLLECT" or _has_default(table.outputs)):
        return _default(table.outputs, at)
    return POLICIES[table.policy](results, table, at)


def _holds(test: Node, value: Any, at: Loops) -> bool:
    return at.inside({"?": value}).value(test) is True


def _matches(rule: Rule, values: list[Any], at: Loops) -> bool:
    return all(_holds(test, value, at) for test, value in zip(rule.tests, values, strict=False))


def _conclusion(rule: Rule, outputs: tuple[Output, ...], at: Loops, coerce: Coerce) -> Any:
    values = [at.value(expression) for expression in rule.outputs]
    return _row(values, outputs, coerce)


def _row(values: list[Any], outputs: tuple[Output, ...], coerce: Coerce) -> Any:
    pairs = zip(values, outputs, strict=True)
    typed = [coerce(value, output.type) if output.type else value for value, output in pairs]
    if len(outputs) == 1:
        return typed[0]
    return {output.name: value for output, value in zip(outputs, typed, strict=True)}


def _has_default(outputs: tuple[Output, ...]) -> bool:
    return any(output.default is not None for output in outputs)


def _default(outputs: tuple[Output, ...], at: Loops) -> Any:
    if not _has_default(outputs):
        return None
    values = [at.value(output.default) if output.default else None for output in outputs]
    return _row(values, outputs, lambda value, type: value)


def _unique(results: list[Any], table: DecisionTable, at: Loops) -> Any:
    return results[0] if len(results) == 1 else None


def _any(results: list[Any], table: DecisionTable, at: Loops) -> Any:
    return results[0] if all(same(result, results[0]) for result in results) else None


def _first(results: list[Any], table: DecisionTable, at: Loops) -> Any:
    return results[0]


def _rule_order(results: list[Any], table: DecisionTable, at: Loops) -> Any:
    return results


def _output_order(results: list[Any], table: DecisionTable, at: Loops) -> Any:
    """Best first: by the place of each output among its output values, the first output deciding."""
    columns = [[at.value(value) for value in output.values] for output in table.outputs]

    def places(result: Any) -> list[int]:
        cells = list(result.values()) if len(table.outputs) > 1 else [result]
        return [_place(cell, column) for cell, column in zip(cells, columns, strict=True)]

    return sorted(results, key=places)


def _place(cell: Any, column: list[Any]) -> int:
    return next((index for index, value in enumerate(column) if same(value, cell)), len(column))


def _priority(results: list[Any], table: DecisionTable, at: Loops) -> Any:
    return _output_order(results, table, at)[0]


def _collect(results: list[Any], table: DecisionTable, at: Loops) -> Any:
    if not table.aggregation:
        return results
    if not results:
        return Decimal(0) if table.aggregation == "COUNT" else None
    return at.logic.apply(AGGREGATIONS[table.aggregation], results)


POLICIES: dict[str, Callable[[list[Any], DecisionTable, Loops], Any]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}
