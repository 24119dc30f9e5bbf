"""Interpretations that a document may choose otherwise (A47), each changing the decision it should."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import POLICIES
from tests.decide.cases import EMPLOYER, decision, outcome

from zhida.library import Library, load

DEFAULT = "switches: {身份使用范围: 年度}"


def with_switches(tmp_path: Path, switches: str) -> Library:
    """The project's library, in which 正宁 has chosen otherwise."""
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    path = root / "documents/621025/ZN91.yaml"
    text = path.read_text(encoding="utf-8")
    assert DEFAULT in text
    path.write_text(text.replace(DEFAULT, f"switches: {switches}", 1), encoding="utf-8")
    library, diagnostics = load(root)
    assert not diagnostics, "\n".join(map(str, diagnostics))
    return library


def internship_of(person: dict[str, Any]) -> dict[str, Any]:
    """Three months of internship from 1 July 2022 at a firm that kept nobody on."""
    return {
        "region": "621025",
        "on": "2022-10-01",
        "employer": {"org_type": "企业", "internship_retention_rate": "0"},
        "internships": [{"id": "i1", "started_on": "2022-07-01", "months": 3, "person": person}],
    }


HEADCOUNTS: dict[str, Any] = {
    "employer.layoff_rate_last_year": None,
    "employer.insured_last_year_start": 100,
    "employer.insured_last_year_end": 90,
    "employer.insured_monthly_average_last_year": 100,
    "employer.benefit_recipients_last_year": 5,
}


@pytest.mark.parametrize(
    ("formula", "recipients", "verdict"),
    [
        ("人数", 5, "ineligible"),
        ("领金人数", 5, "eligible"),
        ("领金人数", 6, "ineligible"),
        ("任一", 5, "eligible"),
        ("任一", 6, "ineligible"),
    ],
)
def test_a03_the_layoff_rate_by_headcount_or_by_recipients(
    tmp_path: Path, formula: str, recipients: int, verdict: str
) -> None:
    library = with_switches(tmp_path, f"{{身份使用范围: 年度, 裁员率口径: {formula}}}")
    changes = {**HEADCOUNTS, "employer.benefit_recipients_last_year": recipients}
    assert decision(outcome(library, EMPLOYER, changes), "job-retention-refund").verdict == verdict


def test_a03_only_the_facts_of_the_formula_in_use_are_missing(library: Library) -> None:
    found = decision(
        outcome(library, EMPLOYER, {"employer.layoff_rate_last_year": None}), "job-retention-refund"
    )
    assert found.missing == ("employer.layoff_rate_last_year", "employer.insured_last_year_start")


def test_a02_the_headcount_of_today_instead_of_last_year(tmp_path: Path) -> None:
    library = with_switches(tmp_path, "{身份使用范围: 年度, 人数口径: 当前参保人数}")
    changes = {"employer.insured_last_year_end": 40, "employer.insured_now": 30}
    assert decision(outcome(library, EMPLOYER, changes), "job-retention-refund").verdict == "eligible"


def test_a07_fewer_months_of_contributions(tmp_path: Path) -> None:
    library = with_switches(tmp_path, "{身份使用范围: 年度, 稳岗要求缴费月数: 6}")
    changes = {"employer.unemployment_contribution_months_last_year": 6}
    assert decision(outcome(library, EMPLOYER, changes), "job-retention-refund").verdict == "eligible"


def test_a24_another_last_day_of_grace(tmp_path: Path) -> None:
    library = with_switches(tmp_path, '{身份使用范围: 年度, 宽限截止: "02-28"}')
    changes = {"on": "2023-02-20", "hires.h1.hired_on": "2022-12-05"}
    assert decision(outcome(library, EMPLOYER, changes), "hiring-subsidy").verdict == "eligible"


def test_a33_whole_yuan(tmp_path: Path) -> None:
    library = with_switches(tmp_path, "{身份使用范围: 年度, 取整单位: 1}")
    found = decision(outcome(library, EMPLOYER), "job-retention-refund")
    assert found.amount == Decimal("11111")


@pytest.mark.parametrize(("reading", "verdict"), [("按日", "ineligible"), ("按年", "eligible")])
def test_a17_two_years_after_leaving_by_day_or_by_year(tmp_path: Path, reading: str, verdict: str) -> None:
    library = with_switches(tmp_path, f"{{身份使用范围: 年度, 离校期口径: {reading}}}")
    person = {"education": "本科", "graduated_on": "2020-06-30", "unemployed": True, "born_on": "1990-01-01"}
    assert decision(outcome(library, internship_of(person)), "internship-subsidy").verdict == verdict


@pytest.mark.parametrize(("reading", "verdict"), [("周岁", "ineligible"), ("出生年", "eligible")])
def test_a21_age_by_birthday_or_by_year_of_birth(tmp_path: Path, reading: str, verdict: str) -> None:
    library = with_switches(tmp_path, f"{{身份使用范围: 年度, 年龄口径: {reading}}}")
    person = {"born_on": "2006-12-31", "education": "其他", "unemployed": True, "graduated_on": "2015-06-30"}
    assert decision(outcome(library, internship_of(person)), "internship-subsidy").verdict == verdict


def test_a28_an_identity_used_in_an_earlier_year(tmp_path: Path) -> None:
    changes = {
        "hires.h1.identity_used_expansion": None,
        "hires.h1.person.id": "p1",
        "history": [{"measure": "hiring-expansion", "subject": "p1", "on": "2021-08-01"}],
    }
    yearly = with_switches(tmp_path / "a", "{身份使用范围: 年度}")
    assert decision(outcome(yearly, EMPLOYER, changes), "hiring-expansion").verdict == "eligible"
    for_life = with_switches(tmp_path / "b", "{身份使用范围: 终身}")
    assert decision(outcome(for_life, EMPLOYER, changes), "hiring-expansion").verdict == "ineligible"


def test_a32_a_place_that_does_not_offer_the_grant(tmp_path: Path) -> None:
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    path = root / "documents/621025/ZN91.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("switches: {本地已开展: true}", "switches: {本地已开展: false}"), encoding="utf-8"
    )
    library, _ = load(root)
    case = {"region": "621025", "on": "2022-10-01", "ventures": [{"id": "v1"}]}
    assert decision(outcome(library, case), "startup-grant").verdict == "ineligible"
