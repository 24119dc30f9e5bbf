"""A restaurant of ten people in 正宁 that hired one graduate: what it answers, whatever it is asked."""

from __future__ import annotations

from typing import Any

ANSWERS = {
    "employer.org_type": "企业",
    "employer.insured_as_unit": "是",
    "employer.industry": "H62",
    "employer.size": "微型",
    "employer.employees": "10",
    "employer.revenue": "900000",
    "employer.assets": "500000",
    "employer.staff": "10",
    "employer.insured_now": "10",
    "employer.insured_last_year_start": "9",
    "employer.insured_last_year_end": "9",
    "employer.unemployment_contributions_last_year": "6480",
    "employer.unemployment_contribution_months_last_year": "12",
    "employer.three_insurance_months_continuous": "36",
    "employer.temporarily_in_difficulty": "是",
    "employer.seriously_dishonest": "否",
    "employer.labour_dispatch": "否",
    "employer.in_loss": "是",
    "employer.repayment_promised": "是",
    "employer.bank_deposit": "3000",
    "employer.monthly_pension_due": "5000",
    "employer.monthly_injury_due": "50",
    "employer.monthly_unemployment_due": "220",
    "employer.jobs_created": "0",
    "employer.founder_groups": ["none"],
    "employer.returnee_base_recognised": "否",
    "employer.recognised_workshop": "否",
    "employer.established_on": "2019-05-01",
    "place.risk_area_found": "否",
    "place.county_risk_area_found": "否",
    "place.static_management_filed": "否",
    "place.static_management": "否",
    "place.filed": "否",
    "hires": "1",
    "placements": "0",
    "internships": "0",
    "loans": "0",
    "bases": "0",
    "trainings": "0",
    "hires.h1.hired_on": "2022-07-10",
    "hires.h1.contract_months": "12",
    "hires.h1.unemployment_insured_months": "3",
    "hires.h1.three_insurance_months": "3",
    "hires.h1.months_employed": "3",
    "hires.h1.person.graduated_on": "2022-06-30",
    "hires.h1.person.education": "本科",
    "hires.h1.person.unemployed": "是",
}
"""By dotted key, as a browser sends it; what is not here the owner does not know."""

SETTLED = (
    "job-retention-refund",
    "stay-at-work-training",
    "pension-deferral",
    "injury-deferral",
    "unemployment-deferral",
    "hiring-subsidy",
    "hiring-expansion",
)
MOST_SCREENS = 15


def answer_screen(visitor: Any) -> list[str]:
    """Answers everything that the page asks, as a person would; the keys that were asked."""
    page = visitor.page
    keys: list[str] = [node.get_attribute("value") for node in page.locator("input[name=key]").all()]
    for key in keys:
        for answer in _all(ANSWERS.get(key, [])):
            _answer(page.locator(f'[name="{key}"]'), answer)
    visitor.click("继续")
    return keys


def _all(answer: str | list[str]) -> list[str]:
    return [answer] if isinstance(answer, str) else answer


def _answer(controls: Any, answer: str) -> None:
    kind = controls.first.get_attribute("type")
    if kind in ("radio", "checkbox"):
        controls.and_(controls.page.locator(f'[value="{answer}"]')).check()
    elif kind == "text":
        controls.fill(answer)
    else:
        controls.select_option(answer)
