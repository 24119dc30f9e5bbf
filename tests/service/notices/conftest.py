"""Cases of 正宁 that wait for their 公示, and who publishes and rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from tests.service.applications.conftest import RESTAURANT

from zhida.decide import build_case, decide
from zhida.service.accounts.models import User
from zhida.service.cases.models import Case
from zhida.service.cases.services import Applicant, open_package, provision_of
from zhida.service.casework.services import perform
from zhida.service.law import library
from zhida.service.notices.models import Publication
from zhida.service.notices.objecting import Said
from zhida.service.notices.publishing import publish
from zhida.service.secrecy.sealing import keyed_hash
from zhida.standards.identifiers import id_number_check_character, uscc_check_character

HOME = "621025"
ON = date(2022, 10, 10)
LAST = date(2022, 10, 17)
"""Five working days after the Monday on which they are published."""
HIRED = "欧阳小满"
PHONE = "13987654321"
ACCOUNT = "6217000012345678901"
NUMBERS = count(100)


def uscc(number: int) -> str:
    first = f"91621025MA7{number:06}"
    return first + uscc_check_character(first)


def id_number(number: int) -> str:
    first = f"62102519990702{number:03}"
    return first + id_number_check_character(first)


@pytest.fixture
def officials(appoint: Callable[..., User]) -> SimpleNamespace:
    roles = ("intake", "first-review", "second-review", "final-review", "finance")
    return SimpleNamespace(**{role.replace("-", "_"): appoint(role) for role in roles})


@pytest.fixture
def approved(applicant: User, officials: SimpleNamespace) -> Callable[..., Case]:
    """`approved()`: another restaurant's hiring subsidy for one graduate, reviewed and to be published."""

    def made(name: str = "", measure: str = "hiring-subsidy", row: str = "ZN91-002") -> Case:
        case, n = _opened(applicant, name, measure, row), next(NUMBERS)
        assert n
        case = perform(case, "accept", officials.intake)
        return perform(case, "pass first review", officials.first_review)

    return made


def _opened(applicant: User, name: str, measure: str, row: str) -> Case:
    n = next(NUMBERS)
    facts = {"region": HOME, "on": ON.isoformat(), **RESTAURANT}
    case, problems = build_case(library(), facts)
    assert case is not None, problems
    outcome = decide(library(), case, (measure,))
    decision = next(d for d in outcome.decisions if d.rule.row == row)
    who = {"name": HIRED, "number": id_number(n), "hash": keyed_hash(id_number(n))}
    account = {"holder": "某某", "number": ACCOUNT, "bank": "演示银行"}
    contact = {"contact": "李梅花", "phone": PHONE}
    with transaction.atomic():
        package = open_package(
            user=applicant,
            key=f"notice{n}",
            applicant=Applicant(name or f"好味餐厅{n}", uscc(n), contact, account, {"hires.h1": who}),
            commitment="承诺",
            facts=facts,
            outcome=outcome,
            decisions=[decision],
            amounts={provision_of(decision.rule): decision.amount},
        )
    return package.cases.get()


@pytest.fixture
def publication(approved: Callable[..., Case], officials: SimpleNamespace) -> Publication:
    """Three restaurants, published today by the first reviewer."""
    cases = [approved() for _ in range(3)]
    return publish(officials.first_review, [case.pk for case in cases], "", "a key")


@pytest.fixture
def tomorrow_of(settings: Any) -> Callable[[date], None]:
    """`tomorrow_of(day)`: the service's day is the one after."""

    def moved(day: date) -> None:
        settings.ZHIDA_TODAY = date.fromordinal(day.toordinal() + 1)

    return moved


def said(number: int = 1, text: str = "这家没有招过这个人") -> Said:
    return Said("王大明", "13811112222", id_number(900 - number), text)
