"""The smallest single change that would turn a refusal."""

from typing import Any

import pytest

from tests.decide.cases import EMPLOYER, decision, outcome
from zhida.decide.decision import plain
from zhida.library import Library


@pytest.mark.parametrize(
    ("measure", "changes", "fact", "to"),
    [
        ("job-retention-refund", {"employer.layoff_rate_last_year": "0.21"},
         "employer.layoff_rate_last_year", "0.2"),
        ("job-retention-refund", {"employer.unemployment_contribution_months_last_year": 11},
         "employer.unemployment_contribution_months_last_year", "12"),
        ("hiring-subsidy", {"hires.h1.contract_months": 11}, "hires.h1.contract_months", "12"),
        ("hiring-expansion", {"hires.h1.unemployment_insured_months": 0},
         "hires.h1.unemployment_insured_months", "1"),
        ("hiring-subsidy", {"hires.h1.hired_on": "2021-12-31", "hires.h1.person.graduated_on": "2022-01-15"},
         "hires.h1.hired_on", "2022-01-01"),
    ],
)  # fmt: skip
def test_the_nearest_value_that_would_do(
    library: Library, measure: str, changes: dict[str, Any], fact: str, to: str
) -> None:
    change = decision(outcome(library, EMPLOYER, changes), measure).change
    assert change is not None
    assert (change.fact, plain(change.after)) == (fact, to)


def test_what_no_number_can_mend_has_no_change(library: Library) -> None:
    changes = {"employer.seriously_dishonest": True}
    assert decision(outcome(library, EMPLOYER, changes), "job-retention-refund").change is None


def test_two_failing_conditions_have_no_single_change(library: Library) -> None:
    changes = {"hires.h1.contract_months": 6, "hires.h1.person.unemployed": False}
    assert decision(outcome(library, EMPLOYER, changes), "hiring-subsidy").change is None
