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

POST = "public-post-subsidy"
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


def with_provision_switch(tmp_path: Path, row: str, switches: str, document: str = "621025/ZN91") -> Library:
    """The project's library, in which the first provision of a ledger row has chosen otherwise."""
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    path = root / f"documents/{document}.yaml"
    text = path.read_text(encoding="utf-8")
    assert f"  row: {row}\n" in text
    path.write_text(
        text.replace(f"  row: {row}\n", f"  row: {row}\n  switches: {switches}\n", 1), encoding="utf-8"
    )
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


SIZED: dict[str, Any] = {
    "employer.size": None,
    "employer.industry": "H62",
    "employer.employees": 300,
    "employer.staff": 299,
    "employer.revenue": 200_000_000,
}
"""A restaurant that had 300 people at the end of last year and has 299 now: large, or medium."""


@pytest.mark.parametrize(
    ("headcount", "verdict"), [("上年末从业人员", "ineligible"), ("当前在职职工", "eligible")]
)
def test_a14_the_size_by_last_years_headcount_or_todays(tmp_path: Path, headcount: str, verdict: str) -> None:
    library = with_switches(tmp_path, f"{{身份使用范围: 年度, 划型人数口径: {headcount}}}")
    assert decision(outcome(library, EMPLOYER, SIZED), "hiring-subsidy").verdict == verdict


def test_a14_measures_under_different_switches_do_not_share_a_size(tmp_path: Path) -> None:
    library = with_provision_switch(tmp_path, "ZN91-002", "{划型人数口径: 当前在职职工}")
    found = outcome(library, EMPLOYER, {**SIZED, "employer.revenue": 100_000_000})
    refund = decision(found, "job-retention-refund")
    assert decision(found, "hiring-subsidy").verdict == "eligible"
    assert refund.amount == Decimal("6172.84")


@pytest.mark.parametrize(("reading", "verdict"), [("自然年", "eligible"), ("自然年内毕业后", "ineligible")])
@pytest.mark.parametrize("measure", ["hiring-subsidy", "hiring-expansion"])
def test_a16_a_hire_in_the_year_of_graduation_before_the_diploma(
    tmp_path: Path, measure: str, reading: str, verdict: str
) -> None:
    library = with_switches(tmp_path, f"{{身份使用范围: 年度, 毕业年度口径: {reading}}}")
    changes = {"hires.h1.hired_on": "2022-06-29"}
    assert decision(outcome(library, EMPLOYER, changes), measure).verdict == verdict


@pytest.mark.parametrize("reading", ["自然年", "自然年内毕业后"])
def test_a16_a_hire_on_the_day_of_the_diploma_counts_either_way(tmp_path: Path, reading: str) -> None:
    library = with_switches(tmp_path, f"{{身份使用范围: 年度, 毕业年度口径: {reading}}}")
    changes = {"hires.h1.hired_on": "2022-06-30"}
    assert decision(outcome(library, EMPLOYER, changes), "hiring-subsidy").verdict == "eligible"


@pytest.mark.parametrize(
    ("included", "graduated", "verdict"),
    [
        ("true", "2022-10-02", "eligible"),
        ("false", "2022-10-02", "ineligible"),
        ("false", "2022-10-01", "eligible"),
    ],
)
def test_a18_two_years_after_leaving_with_or_without_the_year_of_graduation(
    tmp_path: Path, included: str, graduated: str, verdict: str
) -> None:
    library = with_switches(tmp_path, f"{{身份使用范围: 年度, 离校期含毕业年度: {included}}}")
    case = {
        "region": "621025",
        "on": "2022-10-01",
        "applicant": {
            "education": "本科",
            "graduated_on": graduated,
            "groups": [],
            "flexibly_employed": True,
            "social_insurance_paid": 900,
            "social_insurance_at_full_base": 1000,
        },
    }
    assert decision(outcome(library, case), "flexible-insurance-subsidy").verdict == verdict


@pytest.mark.parametrize(
    ("included", "hired", "verdict"),
    [("true", "2023-06-29", "eligible"), ("false", "2023-06-29", "ineligible"),
     ("false", "2023-06-30", "eligible")],
)  # fmt: skip
def test_a18_where_a_text_lists_both_spans_a_hire_before_the_diploma(
    tmp_path: Path, included: str, hired: str, verdict: str
) -> None:
    library = with_provision_switch(tmp_path, "PL75-009", f"{{离校期含毕业年度: {included}}}", "620800/PL75")
    changes = {
        "region": "620802",
        "on": "2023-10-01",
        "hires.h1.hired_on": hired,
        "hires.h1.person": {
            "graduated_on": "2023-06-30",
            "education": "本科",
            "unemployed": True,
            "groups": [],
            "registered_unemployed_months": 0,
        },
    }
    assert decision(outcome(library, EMPLOYER, changes), "hiring-subsidy", "PL75-009").verdict == verdict


@pytest.mark.parametrize(("is_rate", "amount"), [("false", None), ("true", Decimal(2000))])
def test_a30_a_ceiling_stays_one_or_is_the_rate(tmp_path: Path, is_rate: str, amount: Decimal | None) -> None:
    library = with_provision_switch(tmp_path, "GZR-016", f"{{上限作标准: {is_rate}}}", "520000/GZR")
    case = {
        "region": "520000",
        "on": "2022-10-10",
        "applicant": {"groups": ["企业在职职工"], "unemployment_insured_months": 12},
        "certificates": [{"id": "c1", "level": "高级", "trade": "电工", "issued_on": "2022-03-01"}],
    }
    found = decision(outcome(library, case), "skill-upgrade")
    assert (found.verdict, found.amount) == ("eligible", amount)


@pytest.mark.parametrize(("is_rate", "amount"), [("false", None), ("true", Decimal(1610))])
def test_a30_the_minimum_wage_as_ceiling_or_as_rate_of_a_public_post(
    tmp_path: Path, is_rate: str, amount: Decimal | None
) -> None:
    library = with_provision_switch(tmp_path, "LN25-016", f"{{上限作标准: {is_rate}}}", "210000/LN25")
    hire = {"id": "h1", "public_post": True, "full_time": True, "hired_on": "2020-11-10",
            "person": {"groups": ["就业困难人员"]}}  # fmt: skip
    found = decision(outcome(library, {"region": "210302", "on": "2020-12-10", "hires": [hire]}), POST)
    assert (found.verdict, found.amount) == ("eligible", amount)


@pytest.mark.parametrize(
    ("switches", "extra_days", "amount"),
    [
        ("见习零头口径: 按工作日折算", 0, "3000.00"),
        ("见习零头口径: 按工作日折算", 11, "3500.00"),
        ("见习零头口径: 按工作日折算", 22, "4000.00"),
        ("见习零头口径: 按工作日折算", 23, "4000.00"),
        ("每月见习工作日: 20", 10, "3500.00"),
        ("见习零头口径: 舍去", 21, "3000.00"),
        ("见习零头口径: 按整月", 0, "3000.00"),
        ("见习零头口径: 按整月", 1, "4000.00"),
    ],
)
def test_a36_the_days_beyond_whole_months_of_an_internship(
    tmp_path: Path, switches: str, extra_days: int, amount: str
) -> None:
    library = with_switches(tmp_path, f"{{身份使用范围: 年度, {switches}}}")
    person = {"education": "本科", "graduated_on": "2021-06-30", "unemployed": True, "born_on": "1996-01-01"}
    case = internship_of(person)
    case["internships"][0]["extra_days"] = extra_days
    assert decision(outcome(library, case), "internship-subsidy").amount == Decimal(amount)


def test_a47_every_interpretation_that_it_names_has_a_switch(library: Library) -> None:
    named = "A02 A03 A07 A12 A14 A16 A17 A18 A21 A24 A28 A30 A32 A33 A36"
    switched = {i.id for i in library.interpretations.values() if i.switches}
    assert set(named.split()) <= switched


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
