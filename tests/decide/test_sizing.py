"""Sizes by 国统字〔2017〕213号 and 工信部联企业〔2011〕300号: every row of the table at each of its limits.

A class needs all its lower limits; a firm that misses one falls to the next class that fits, else it is 微型.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import POLICIES
from zhida.decide import build_case
from zhida.decide.scope import UnitScope
from zhida.feel import UNKNOWN
from zhida.library import Rule, load, resolve

LIBRARY, _ = load(POLICIES)
ON = date(2022, 10, 1)
BY_METHOD = {"国统字〔2017〕213号": "startup-loan-micro", "工信部联企业〔2011〕300号": "hiring-subsidy"}
CLASSES = ("大型", "中型", "小型")
INDICATORS = {"从业人员": "employees", "营业收入": "revenue", "资产总额": "assets"}
ROWS = [
    pytest.param(method, industry, rows[0].values, id=f"{method[-5:]}-{industry}")
    for (method, industry), rows in LIBRARY.tables["划型标准"].rows.items()
]


def rule(method: str) -> Rule:
    return next(r for r in resolve(LIBRARY, "621025", ON) if r.measure == BY_METHOD[method])


def size(method: str, industry: str, **facts: Any) -> Any:
    data = {"region": "621025", "on": ON.isoformat(), "employer": {"industry": industry, **facts}}
    case, problems = build_case(LIBRARY, data)
    assert case is not None, problems
    employer = case.entries["employer"]
    return UnitScope(LIBRARY, rule(method), case, employer, case.entries["person"]).fact("employer", "size")


def limits(values: dict[str, Any], name: str) -> dict[str, Decimal]:
    """The lower limits of one class, by fact key; those that the industry does not use are left out."""
    found = {key: values[f"{name}{label}"] for label, key in INDICATORS.items()}
    return {key: limit for key, limit in found.items() if limit}


@pytest.mark.parametrize(("method", "industry", "values"), ROWS)
def test_each_class_begins_exactly_at_its_limits(method: str, industry: str, values: dict[str, Any]) -> None:
    if not values["适用"]:
        assert size(method, industry) == "未划型"
        return
    for name in CLASSES:
        assert size(method, industry, **limits(values, name)) == name


@pytest.mark.parametrize(("method", "industry", "values"), ROWS)
def test_missing_one_limit_by_one_falls_to_the_class_that_fits(
    method: str, industry: str, values: dict[str, Any]
) -> None:
    if not values["适用"]:
        return
    for name, below in zip(CLASSES, (*CLASSES[1:], "微型"), strict=True):
        at = limits(values, name)
        for key, limit in at.items():
            assert size(method, industry, **{**at, key: limit - 1}) == below


@pytest.mark.parametrize(("method", "industry", "values"), ROWS)
def test_nothing_is_guessed_without_an_indicator(method: str, industry: str, values: dict[str, Any]) -> None:
    at = limits(values, "大型")
    for key in at:
        rest = {k: v for k, v in at.items() if k != key}
        assert size(method, industry, **rest) is UNKNOWN


def test_the_upper_bounds_printed_in_the_table_are_no_conditions() -> None:
    """1,200 people with 10 million yuan in manufacturing is 小型 (NBS's own answer)."""
    assert size("国统字〔2017〕213号", "C13", employees=1200, revenue=10_000_000) == "小型"
    assert size("国统字〔2017〕213号", "I65", employees=103, revenue=157_350_000) == "中型"


@pytest.mark.parametrize("industry", ["G53", "J66", "P83", "Q84", "S91", "T96", "K704"])
def test_industries_outside_213_have_no_class(industry: str) -> None:
    assert size("国统字〔2017〕213号", industry, employees=50) == "未划型"
    assert size("工信部联企业〔2011〕300号", industry, employees=50) == "小型"
