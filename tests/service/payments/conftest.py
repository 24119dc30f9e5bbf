"""Approved cases, and a fund to pay them from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from zhida.decide import decide
from zhida.decide.read import build_case
from zhida.service.accounts.models import User
from zhida.service.cases.models import Case
from zhida.service.cases.services import Applicant, open_package, provision_of
from zhida.service.cases.states import State
from zhida.service.law import library
from zhida.service.payments import ledger, services
from zhida.service.payments.ledger import Posting
from zhida.service.payments.models import Fund, Payment
from zhida.service.payments.moves import Move
from zhida.service.secrecy.sealing import keyed_hash

ACCOUNT = {"holder": "正宁县山河饭庄有限公司", "number": "6217000000000000001", "bank": "某某银行正宁支行"}
REFUND = {
    "org_type": "企业", "size": "微型", "insured_last_year_start": 9, "insured_last_year_end": 9,
    "unemployment_contributions_last_year": "4860.00", "unemployment_contribution_months_last_year": 12,
    "seriously_dishonest": False, "labour_dispatch": False,
}  # fmt: skip
NUMBERS = count(1)


def hire(name: str) -> dict[str, Any]:
    """A graduate hired this summer, for whom 扩岗补助 can be had."""
    return {
        "id": name, "hired_on": date(2022, 7, 10), "contract_months": 24, "unemployment_insured_months": 3,
        "identity_used_expansion": False,
        "person": {"graduated_on": date(2022, 6, 30), "education": "专科", "unemployed": True},
    }  # fmt: skip


def open_approved(
    user: User,
    measure: str,
    number: str = "91621025MA0000001X",
    rows: Mapping[str, Any] | None = None,
    region: str = "621025",
    on: date = date(2022, 10, 10),
    account: Mapping[str, str] = ACCOUNT,
    **facts: Any,
) -> Case:
    """A case that was applied for, decided as it would be, and approved: it waits for its money."""
    case, problems = build_case(library(), {"region": region, "on": on, **facts})
    assert not problems
    outcome = decide(library(), case)
    chosen = [d for d in outcome.decisions if d.rule.measure == measure and d.verdict == "eligible"]
    with transaction.atomic():
        package = open_package(
            user=user,
            key=f"test{next(NUMBERS)}",
            applicant=Applicant("正宁县山河饭庄有限公司", number, {}, dict(account), rows or {}),
            commitment="承诺",
            facts=facts,
            outcome=outcome,
            decisions=chosen,
            amounts={provision_of(d.rule): d.amount for d in chosen},
        )
    package.cases.update(state=State.PAYABLE)
    _look_at(package.cases.get())
    return package.cases.get()


def _look_at(case: Case) -> None:
    """Every step before the money is done."""
    for step in case.steps.all():
        if not {"pay", "settle", "advance"} & set(step.tasks):
            step.tasks_done, step.started_on, step.ended_on = len(step.tasks), case.on, case.on
            step.save()


@pytest.fixture
def approved(applicant) -> Callable[..., Case]:
    """`approved("job-retention-refund", employer=…)`: a case that waits for its money."""
    return partial(open_approved, applicant)


@pytest.fixture
def refund(approved) -> Case:
    """稳岗返还 of 4,374.00 元."""
    return approved("job-retention-refund", employer=REFUND)


def about(*people: str) -> dict[str, dict[str, str]]:
    """Whom the hires of a package are about, by name."""
    return {f"hires.{name}": {"name": name, "number": name, "hash": keyed_hash(name)} for name in people}


@pytest.fixture
def fund(db) -> Fund:
    return open_fund()


def open_fund() -> Fund:
    """A fund with 100,000 元."""
    opened = ledger.open_fund("失业保险基金", "621025", 2022, by="财务甲")
    ledger.post(opened, [Posting(Move.BUDGET, Decimal(100_000), "budget:2022", "b")], by="财务甲")
    return opened


@pytest.fixture
def payable(fund, refund) -> Payment:
    return make_payable(refund, fund)[0]


def make_payable(case: Case, fund: Fund) -> list[Payment]:
    payments = services.plan(case, by="财务甲")
    services.reserve(payments, fund, by="财务甲")
    services.release_for_payment(payments, by="财务甲")
    return list(case.payments.all())
