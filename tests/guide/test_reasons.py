"""Why a decision is as it is: conditions, the facts and figures behind them, the amount, the choice."""

from __future__ import annotations

from tests.decide.cases import EMPLOYER, decision, outcome

from zhida.decide import Outcome
from zhida.guide.reasons import Reasons, reasons_of
from zhida.library import Library


def reasons(library: Library, found: Outcome, measure: str) -> Reasons:
    return reasons_of(library, found, decision(found, measure))


def refused(library: Library) -> Reasons:
    changes = {"employer.insured_last_year_end": 31, "employer.layoff_rate_last_year": "0.06"}
    return reasons(library, outcome(library, EMPLOYER, changes), "job-retention-refund")


def test_a_condition_that_holds_has_its_facts_and_cited_figures(
    library: Library, restaurant: Outcome
) -> None:
    found = reasons(library, restaurant, "job-retention-refund")
    layoff = next(c for c in found.units[0].conditions if c.id == "layoff-rate")
    assert (layoff.verdict, layoff.mark, layoff.deciding) == (True, "✓", ())
    assert ("employer.insured_last_year_end", "28 人") in [(f.key, f.value) for f in layoff.sources.facts]
    limit = next(f for f in layoff.sources.figures if f.name == "小单位裁员率上限")
    assert (limit.value, limit.source) == ("20%", "正人社发〔2022〕91号 一(十)")


def test_a_condition_that_fails_names_the_parts_that_fail(library: Library) -> None:
    layoff = next(c for c in refused(library).units[0].conditions if c.id == "layoff-rate")
    assert (layoff.verdict, layoff.mark, layoff.word) == (False, "✗", "不成立")
    assert layoff.deciding == (
        "上年度裁员率不高于裁员率上限（5.5%）",
        "上年末参保人数不超过小单位人数线（30人）",
    )


def test_a_refusal_has_neither_amount_nor_payment_but_the_change_that_would_turn_it(library: Library) -> None:
    found = refused(library)
    assert (found.amount, found.payment, found.units[0].amount) == ("", None, None)
    assert found.change == "上年末参保人数由 31 人 变为 30 人，可得 11,111.10 元"


def test_what_is_missing_says_which_department_knows_it(library: Library) -> None:
    unknown = outcome(library, EMPLOYER, {"employer.layoff_rate_last_year": None})
    found = reasons(library, unknown, "job-retention-refund")
    assert [fact.name for fact in found.missing] == ["上年度裁员率", "上年初参保人数"]
    assert all(fact.source and fact.question for fact in found.missing)
    layoff = next(c for c in found.units[0].conditions if c.verdict is None)
    assert (layoff.mark, layoff.word) == ("?", "未知")


def test_the_amount_shows_formula_result_and_what_is_due(library: Library, restaurant: Outcome) -> None:
    amount = reasons(library, restaurant, "job-retention-refund").units[0].amount
    assert amount is not None
    assert amount.result == "11,111.103 元，四舍五入到 0.01 元得 11,111.10 元（A33）"
    assert amount.due == "11,111.10 元"
    assert [str(limit) for limit in amount.limits] == ["同一单位一年返还一次"]


def test_what_is_given_up_says_why(library: Library, restaurant: Outcome) -> None:
    unit = reasons(library, restaurant, "hiring-subsidy").units[0]
    assert unit.name == "招用 h1"
    (choice,) = unit.choices
    assert choice.startswith("放弃：同一人不能与一次性扩岗补助重复享受")


def test_only_the_unit_that_is_asked_for_is_explained(library: Library, restaurant: Outcome) -> None:
    found = decision(restaurant, "hiring-subsidy")
    assert reasons_of(library, restaurant, found, "h7").units == ()
    assert len(reasons_of(library, restaurant, found, "h1").units) == 1


def test_a_derived_fact_says_what_it_was_computed_from(library: Library) -> None:
    changes = {
        "employer.layoff_rate_last_year": None,
        "employer.insured_last_year_start": 30,
        "employer.insured_last_year_end": 28,
    }
    found = reasons(library, outcome(library, EMPLOYER, changes), "job-retention-refund")
    facts = {f.name: f for c in found.units[0].conditions for f in c.sources.facts}
    assert facts["上年度裁员率"].origin == "由上年初参保人数 30 人、上年末参保人数 28 人推算"
    assert facts["上年末参保人数"].origin == ""


def test_a_standard_says_since_when_and_how_sure_it_is(library: Library) -> None:
    person = {
        "unemployment_insured_months": 24,
        "involuntary": False,
        "receiving_unemployment_benefit": False,
        "unemployment_benefit_exhausted": False,
        "became_unemployed_on": "2022-03-01",
    }
    case = {"region": "621025", "on": "2022-10-01", "applicant": person}
    amount = reasons(library, outcome(library, case), "unemployment-assistance").units[0].amount
    assert amount is not None
    (standard,) = amount.sources.standards
    assert (standard.name, standard.value, standard.sureness) == ("失业保险金.月标准", "1,503 元/月", "高")
    assert standard.since is not None


def test_a_measure_that_is_not_open_has_no_units(library: Library) -> None:
    found = reasons(library, outcome(library, EMPLOYER, {"on": "2026-01-01"}), "hiring-subsidy")
    assert (found.verdict, found.verdict_text, found.units, found.amount) == ("not_open", "未开放", (), "")
    assert "办理时间为2022-01-01至2023-01-31" in found.note
