"""Who bears which share of an amount, and what that waits for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.decide.cases import decision, outcome
from zhida.library import Library

LOAN: dict[str, Any] = {
    "region": "210302",
    "on": "2021-03-01",
    "loans": [
        {
            "id": "l1",
            "kind": "个人",
            "amount": 100000,
            "applied_on": "2020-11-01",
            "night_or_online_economy": True,
            "subsidised_interest": "4350.55",
        }
    ],
}
"""A small loan applied for in the window in which the province bears more."""


def test_the_shares_of_several_loans_add_up_to_the_amount(library: Library) -> None:
    second = {**LOAN["loans"][0], "id": "l2", "applied_on": "2021-01-01", "subsidised_interest": "0.05"}
    found = decision(outcome(library, {**LOAN, "loans": [*LOAN["loans"], second]}), "loan-interest-sharing")
    assert found.amount == Decimal("4350.60") == sum(part.amount for part in found.components)
    assert [part.share for part in found.components] == [Decimal("0.3"), None, None]


def test_a_fact_that_only_the_shares_need_is_missing_and_asked_for(library: Library) -> None:
    found = outcome(library, LOAN, {"loans.l1.applied_on": None})
    shared = decision(found, "loan-interest-sharing")
    assert (shared.verdict, shared.amount) == ("eligible", Decimal("4350.55"))
    assert (shared.components, shared.missing) == ((), ("loans.l1.applied_on",))


def test_it_is_asked_for_when_nothing_else_is_open(library: Library) -> None:
    lists = ("hires", "internships", "placements", "certificates", "ventures", "bases", "trainings")
    data = {**LOAN, **{key: [] for key in lists}}
    data |= {"applicant": {"flexibly_employed": False}, "place": {"assessment_rank": 4}}
    question = outcome(library, data, {"loans.l1.applied_on": None}).next_question
    assert question is not None
    assert question.fact == "loans.l1.applied_on"
    assert question.would_settle == ("loan-interest-sharing",)
