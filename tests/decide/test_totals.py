"""Money balances: units and payers add up to the amount, which is rounded once."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import POLICIES
from zhida.decide import build_case, decide
from zhida.library import load

LIBRARY, _ = load(POLICIES)
CENTS = st.integers(1, 10**9).map(lambda n: str(Decimal(n) / 1000))


@settings(max_examples=60, deadline=None)
@given(interest=st.lists(CENTS, min_size=1, max_size=6))
def test_units_and_payers_add_up_to_the_amount(interest: list[str]) -> None:
    loans = [
        {"id": f"l{i}", "kind": "个人", "amount": 100000, "applied_on": "2020-11-20",
         "subsidised_interest": x, "night_or_online_economy": True}
        for i, x in enumerate(interest)
    ]  # fmt: skip
    data = {"region": "210302", "on": "2020-12-20", "applicant": {"unemployed": True}, "loans": loans}
    case, problems = build_case(LIBRARY, data)
    assert case is not None, problems
    outcome = decide(LIBRARY, case, ["loan-interest-sharing"])
    [found] = outcome.decisions
    assert found.verdict == "eligible"
    assert found.amount == sum(unit.amount or 0 for unit in found.units)
    assert found.amount == sum(part.amount for part in found.components)
    assert found.amount == outcome.package.total
    exact = sum(map(Decimal, interest))
    assert abs(found.amount - exact) <= Decimal("0.005")
