"""Limits against history and within one case."""

from decimal import Decimal
from typing import Any

import pytest

from tests.decide.cases import EMPLOYER, decision, outcome
from zhida.library import Library


def certificates(*levels_and_trades: tuple[str, str]) -> dict[str, Any]:
    return {
        "region": "621025",
        "on": "2022-08-15",
        "applicant": {"id": "p1", "receiving_unemployment_benefit": True},
        "certificates": [
            {"id": f"c{i}", "level": level, "trade": trade, "issued_on": "2022-03-01"}
            for i, (level, trade) in enumerate(levels_and_trades)
        ],
    }


def paid(found: Any) -> list[str]:
    return [str(unit.amount) for unit in found.units]


def test_three_certificates_a_year_and_the_best_three(library: Library) -> None:
    case = certificates(("初级", "电工"), ("高级", "焊工"), ("中级", "钳工"), ("中级", "车工"))
    found = decision(outcome(library, case), "skill-upgrade")
    assert paid(found) == ["0.00", "2000.00", "1500.00", "1500.00"]
    assert found.amount == Decimal("5000.00")
    assert found.units[0].barred_by == "每人每年不超过规定次数"


def test_a_higher_level_bars_a_lower_one_of_the_same_trade(library: Library) -> None:
    found = decision(outcome(library, certificates(("中级", "电工"), ("高级", "电工"))), "skill-upgrade")
    assert paid(found) == ["0.00", "2000.00"]


@pytest.mark.parametrize(
    ("grants", "amount"),
    [
        ([], "2000.00"),
        ([{"on": "2022-02-01"}] * 2, "2000.00"),
        ([{"on": "2022-02-01"}] * 3, "0.00"),
        ([{"on": "2021-02-01"}] * 3, "2000.00"),
        ([{"on": "2022-02-01", "trade": "电工", "level": "高级"}], "0.00"),
        ([{"on": "2022-02-01", "trade": "电工", "level": "中级"}], "2000.00"),
    ],
)
def test_history_counts_by_year_trade_and_level(
    library: Library, grants: list[dict[str, str]], amount: str
) -> None:
    case = certificates(("高级", "电工"))
    case["history"] = [{"measure": "skill-upgrade", "subject": "p1", **grant} for grant in grants]
    assert paid(decision(outcome(library, case), "skill-upgrade")) == [amount]


def test_the_same_person_hired_twice_counts_once(library: Library) -> None:
    first = {**EMPLOYER["hires"][0]}
    first["person"] = {**first["person"], "id": "p1"}
    again = {**first, "id": "h2", "hired_on": "2022-09-01"}
    found = decision(outcome(library, {**EMPLOYER, "hires": [first, again]}), "hiring-subsidy")
    assert paid(found) == ["1000.00", "0.00"]


def test_months_already_paid_shorten_the_schedule(library: Library) -> None:
    case = {
        "region": "621025",
        "on": "2022-08-15",
        "applicant": {
            "id": "p1",
            "education": "本科",
            "graduated_on": "2021-06-30",
            "flexibly_employed": True,
            "social_insurance_paid": "900",
            "social_insurance_at_full_base": "800",
        },
        "history": [{"measure": "flexible-insurance-subsidy", "subject": "p1", "months": 20}],
    }
    found = decision(outcome(library, case), "flexible-insurance-subsidy")
    assert found.amount == Decimal("533.33")
    assert found.schedule == {"kind": "monthly", "months": 4, "last_month": "2022-11"}
    case["history"][0]["months"] = 24
    assert decision(outcome(library, case), "flexible-insurance-subsidy").amount == Decimal("0.00")
