"""A package with one case, opened as applications do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from zhida.decide import build_case, decide
from zhida.service.cases.models import Case, Package
from zhida.service.cases.services import Applicant, open_package, provision_of
from zhida.service.law import library

EMPLOYER = {"org_type": "企业", "industry": "H62", "size": "小型"}


@pytest.fixture
def open_case(applicant: Any) -> Callable[..., Case]:
    """`open_case(measure, row, region=…)`: the case that the applicant's package begins with."""

    def opened(measure: str = "pension-deferral", row: str = "", region: str = "621025", **more: Any) -> Case:
        on = date(2022, 10, 10)
        facts = {"region": region, "on": on.isoformat(), "employer": EMPLOYER, **more}
        case, problems = build_case(library(), facts)
        assert case is not None, problems
        outcome = decide(library(), case, (measure,))
        decision = next(d for d in outcome.decisions if row in ("", d.rule.row))
        with transaction.atomic():
            package: Package = open_package(
                user=applicant,
                key=f"{measure}{row}{region}",
                applicant=Applicant("好味餐厅", "91621025MA7XXXXX0R", {"phone": "13900001234"}),
                commitment="承诺",
                facts=facts,
                outcome=outcome,
                decisions=[decision],
                amounts={provision_of(decision.rule): decision.amount},
            )
        return package.cases.get()

    return opened


@pytest.fixture
def case(open_case: Callable[..., Case]) -> Case:
    return open_case()
