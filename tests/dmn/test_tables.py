"""Hit policies, outputs and cells of decision tables."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.dmn.models import decide, decision, input_data, read, table

X = decision("d", "{}", "input=x input=y") + input_data("x") + input_data("y")
RANKED = '<output name="o"><outputValues><text>"high", "mid", "low"</text></outputValues></output>'
DEFAULT = '<output name="o"><defaultOutputEntry><text>"none"</text></defaultOutputEntry></output>'
RULES = ['> 10 → "low"', '> 20 → "mid"', '> 30 → "high"']
SAME = ['> 10 → "low"', '> 20 → "low"']
NUMBERS = ["> 10 → 1", "> 20 → 2", "> 30 → 4"]


def outcome(folder: Path, rules: list[str], policy: str, x: Any, y: Any = None, outputs: str = "") -> Any:
    logic = table(rules, policy, outputs or '<output name="o"/>')
    return decide(read(folder, X.format(logic)), "d", {"x": x, "y": y})


@pytest.mark.parametrize(
    ("rules", "policy", "outputs", "x", "value"),
    [
        (RULES, "", "", 15, "low"),
        (RULES, "", "", 25, None),
        (RULES, "", "", 5, None),
        (RULES, "", DEFAULT, 5, "none"),
        (SAME, 'hitPolicy="ANY"', "", 25, "low"),
        (RULES, 'hitPolicy="ANY"', "", 25, None),
        (RULES, 'hitPolicy="FIRST"', "", 99, "low"),
        (RULES, 'hitPolicy="PRIORITY"', RANKED, 99, "high"),
        (RULES, 'hitPolicy="OUTPUT ORDER"', RANKED, 25, ["mid", "low"]),
        (RULES, 'hitPolicy="RULE ORDER"', "", 25, ["low", "mid"]),
        (RULES, 'hitPolicy="COLLECT"', "", 25, ["low", "mid"]),
        (RULES, 'hitPolicy="COLLECT"', "", 5, []),
        (NUMBERS, 'hitPolicy="COLLECT" aggregation="SUM"', "", 25, Decimal(3)),
        (NUMBERS, 'hitPolicy="COLLECT" aggregation="MIN"', "", 25, Decimal(1)),
        (NUMBERS, 'hitPolicy="COLLECT" aggregation="MAX"', "", 25, Decimal(2)),
        (NUMBERS, 'hitPolicy="COLLECT" aggregation="COUNT"', "", 25, Decimal(2)),
        (RULES, 'hitPolicy="COLLECT"', DEFAULT, 5, "none"),
    ],
)
def test_hit_policies(
    tmp_path: Path, rules: list[str], policy: str, outputs: str, x: int, value: Any
) -> None:
    assert outcome(tmp_path, rules, policy, Decimal(x), outputs=outputs) == value


def test_several_outputs_are_a_context(tmp_path: Path) -> None:
    outputs = '<output name="rate"/><output name="note"/>'
    found = outcome(tmp_path, ['> 10 | - → 0.5 | "a"', '<= 10 | - → 1 | "b"'], "", Decimal(5), None, outputs)
    assert found == {"rate": Decimal(1), "note": "b"}


@pytest.mark.parametrize(
    ("cell", "x", "holds"),
    [
        ("-", None, True),
        ("3", Decimal(3), True),
        ("1, 3", Decimal(3), True),
        ("not(1, 3)", Decimal(3), False),
        ("not(1, 3)", Decimal(2), True),
        ("[1..3), > 5", Decimal(6), True),
        ("[1..3), > 5", Decimal(3), False),
        ("? > 2 and ? < 4", Decimal(3), True),
        ("? + 1 = y, 7", Decimal(7), True),
        ("y", Decimal(8), True),
        ("< y", Decimal(7), True),
        ("[1, 2, 3]", Decimal(2), True),
        ("-1", Decimal(-1), True),
        ("null", None, True),
        ("not(null)", None, False),
        ("not a test", Decimal(1), False),
    ],
)
def test_cells(tmp_path: Path, cell: str, x: Any, holds: bool) -> None:
    found = outcome(tmp_path, [f"{cell} | - → true"], "", x, Decimal(8))
    assert found is (True if holds else None)


def test_a_value_outside_the_input_values_has_no_result(tmp_path: Path) -> None:
    values = '<inputValues><text>"a","b"</text></inputValues>'
    logic = table(["- → 1"], "").replace("</input>", f"{values}</input>")
    model = read(tmp_path, X.format(logic))
    assert decide(model, "d", {"x": "a"}) == 1
    assert decide(model, "d", {"x": "c"}) is None
