"""Employers of 正宁 as the registry has them: one that is paid, and others that are kept back."""

from __future__ import annotations

from typing import Any

from zhida.service.registry.models import Employer
from zhida.standards.identifiers import uscc_check_character

REGION, MEASURE = "621025", "job-retention-refund"
PAID = {
    "org_type": "企业", "size": "微型", "insured_last_year_start": 9, "insured_last_year_end": 9,
    "unemployment_contributions_last_year": "4860.00", "unemployment_contribution_months_last_year": 12,
    "seriously_dishonest": False, "labour_dispatch": False,
}  # fmt: skip


def number(place: int) -> str:
    """A number with its check digit."""
    first = f"91621025MA7{place:06d}"
    return first + uscc_check_character(first)


def employer(place: int, account: str = "6217000000000000001", **facts: Any) -> Employer:
    """One of 稳岗返还 4,374.00 元, unless other facts are given; None takes a fact away."""
    known = {key: value for key, value in (PAID | facts).items() if value is not None}
    return Employer.objects.create(
        number=number(place),
        name=f"第{place}饭庄（演示）",
        region=REGION,
        contact="李梅",
        phone="13900001234",
        bank_account=account,
        facts=known,
    )


def county() -> dict[str, Employer]:
    """What every list of the tests is drawn from."""
    return {
        "paid": employer(1),
        "larger": employer(2, unemployment_contributions_last_year="12000.00"),
        "no account": employer(3, account=""),
        "no size": employer(4, size=None),
        "no data": employer(5, seriously_dishonest=None),
        "dispatch": employer(6, labour_dispatch=True),
        "laid off": employer(7, insured_last_year_start=40, insured_last_year_end=20),
    }
