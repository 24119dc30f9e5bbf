"""What an expression over rows waits for, walked and compiled."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhida.decide import build_case
from zhida.decide.missing import ask, missing
from zhida.decide.scope import UnitScope
from zhida.decide.waiting import compile_waiting
from zhida.feel import nodes
from zhida.feel.nodes import Node
from zhida.library import Library, resolve
from zhida.profile.folding import fold

ROWS = nodes.Rows("hire")
MONTHS = "contract_months"
KNOWN = {"id": "h1", "contract_months": 12, "hired_on": "2022-07-10"}
UNSTATED = {"id": "h2", "hired_on": "2022-08-10"}


def total(rows: Node) -> Node:
    return nodes.Call(nodes.Name("sum"), (nodes.Path(rows, MONTHS),))


def waits_for(library: Library, node: Node, hires: Any) -> tuple[str, ...]:
    data = {"region": "621025", "on": "2022-10-01", "hires": hires}
    case, problems = build_case(library, data)
    assert case is not None, problems
    rule = resolve(library, "621025", date(2022, 10, 1))[0]
    scope = UnitScope(library, rule, case, case.entries["employer"], case.entries["person"])
    found = missing(node, scope)
    assert compile_waiting(library, rule, fold(node), ask, missing)(scope) == found
    return found


@pytest.mark.parametrize(
    ("hires", "expected"),
    [
        (None, ("hires",)),
        ([], ()),
        ([KNOWN], ()),
        ([KNOWN, UNSTATED], ("hires.h2.contract_months",)),
    ],
)
def test_a_sum_names_the_missing_fact_of_each_row(
    library: Library, hires: Any, expected: tuple[str, ...]
) -> None:
    assert waits_for(library, total(ROWS), hires) == expected


def test_only_the_rows_that_are_kept_are_asked_about(library: Library) -> None:
    early = nodes.Binary("<", nodes.Fact("hire", "hired_on"), nodes.Literal(date(2022, 8, 1)))
    assert waits_for(library, total(nodes.Filter(ROWS, early)), [KNOWN, UNSTATED]) == ()
    undated = {"id": "h3", "contract_months": 6}
    found = waits_for(library, total(nodes.Filter(ROWS, early)), [KNOWN, undated])
    assert found == ("hires.h3.hired_on",)
