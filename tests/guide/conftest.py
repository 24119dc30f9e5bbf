"""Rules of the library, and decisions on the small firm of the contract."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.decide.cases import EMPLOYER, outcome

from zhida.decide import Outcome
from zhida.library import Library, Rule, resolve

DAY = date(2022, 10, 1)
RuleOf = Callable[..., Rule]


@pytest.fixture
def rule_of(library: Library) -> RuleOf:
    """`rule_of("hiring-subsidy")`: the rule of 正宁县 in autumn 2022, or of another place and day."""

    def find(measure: str, region: str = "621025", on: date = DAY, row: str | None = None) -> Rule:
        rules = resolve(library, region, on)
        return next(r for r in rules if r.measure == measure and row in (None, r.row))

    return find


@pytest.fixture
def restaurant(library: Library) -> Outcome:
    return outcome(library, EMPLOYER)
