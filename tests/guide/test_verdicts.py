"""Worth, change and what is missing, in words."""

from __future__ import annotations

import pytest
from tests.decide.cases import EMPLOYER, decision, outcome

from zhida.guide.verdicts import amount_text, change_text, missing_fact
from zhida.library import Library

from .conftest import RuleOf

DEFERRAL = {"employer.industry": "H62", "employer.monthly_pension_due": "12000"}


def test_each_kind_has_its_own_words(library: Library) -> None:
    found = outcome(library, EMPLOYER, DEFERRAL)
    assert amount_text(decision(found, "job-retention-refund")) == "11,111.10 元"
    assert amount_text(decision(found, "unemployment-rate-cut")) == "降低费率"
    assert amount_text(decision(found, "pension-deferral", "ZN91-025")) == "缓 3 个月，36,000.00 元"


def test_there_is_no_change_where_nothing_was_refused(library: Library) -> None:
    assert change_text(library, decision(outcome(library, EMPLOYER), "job-retention-refund")) == ""


@pytest.mark.parametrize(
    ("key", "name", "is_asked"),
    [
        ("employer.layoff_rate_last_year", "上年度裁员率", False),
        ("hires", "招用名单", True),
        ("parameters.per_head", "每人标准（文件没有写明）", False),
        ("standards.minimum-wage", "最低工资", False),
    ],
)
def test_what_is_missing_is_named(
    library: Library, rule_of: RuleOf, key: str, name: str, is_asked: bool
) -> None:
    fact = missing_fact(library, rule_of("hiring-subsidy"), key)
    assert (fact.name, fact.asked) == (name, is_asked)


def test_a_fact_names_its_department_and_question(library: Library) -> None:
    fact = missing_fact(library, None, "employer.layoff_rate_last_year")
    assert fact.source and fact.question.endswith("？")
    assert missing_fact(library, None, "standards.minimum-wage").source == ""
