"""Cases from real provisions, and the officials who work on them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from tests.service.applications.conftest import RESTAURANT
from tests.service.cases.conftest import open_case as open_first_case

from zhida.service.accounts.models import User
from zhida.service.cases.models import Case
from zhida.service.casework.services import perform

open_first = open_first_case
BAOTOU = "150202"


@pytest.fixture
def open_case(open_first: Callable[..., Case]) -> Callable[..., Case]:
    """`open_case(measure, row, region=…)`: a submitted case of a real provision."""

    def opened(measure: str = "hiring-subsidy", row: str = "ZN91-002", **more: Any) -> Case:
        facts = RESTAURANT if measure.startswith("hiring") else {}
        return open_first(measure, row, **{**facts, **more})

    return opened


@pytest.fixture
def officials(appoint: Callable[..., User]) -> Callable[[str], SimpleNamespace]:
    """`officials("621025").intake` …: one of each role for a region."""

    def of(region: str) -> SimpleNamespace:
        roles = ("intake", "first-review", "second-review", "final-review", "finance")
        return SimpleNamespace(**{r.replace("-", "_"): appoint(r, region) for r in roles})

    return of


@pytest.fixture
def go(db: None) -> Callable[..., Case]:
    """`go(case, ("accept", clerk), ("pass first review", reviewer, {…}))`: one step after the other."""

    def gone(case: Case, *steps: Any) -> Case:
        for name, actor, *what in steps:
            case = perform(case, name, actor, **(what[0] if what else {}))
        return case

    return gone
