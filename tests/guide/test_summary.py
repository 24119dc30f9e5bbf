"""An outcome in words, by verdict."""

from __future__ import annotations

from tests.decide.cases import EMPLOYER, outcome

from zhida.decide import Outcome
from zhida.guide.summary import VerdictGroup, summary_of
from zhida.library import Library


def group(library: Library, found: Outcome, verdict: str) -> VerdictGroup:
    return next(g for g in summary_of(library, found).groups if g.verdict == verdict)


def test_decisions_are_grouped_best_first(library: Library, restaurant: Outcome) -> None:
    groups = summary_of(library, restaurant).groups
    verdicts = [g.verdict for g in groups]
    order = ["eligible", "review", "unknown", "ineligible", "not_open"]
    assert verdicts == sorted(verdicts, key=order.index)
    assert groups[0].text == "能享受"


def test_every_decision_is_shown_or_left_out_once(library: Library, restaurant: Outcome) -> None:
    summary = summary_of(library, restaurant)
    shown = sum(len(g.lines) for g in summary.groups) + sum(len(x.titles) for x in summary.left_out)
    assert shown == len(restaurant.decisions)
    assert "证书名单" in [x.subject for x in summary.left_out]


def test_a_line_has_amount_basis_and_details(library: Library, restaurant: Outcome) -> None:
    line = next(
        x for x in group(library, restaurant, "eligible").lines if x.measure == "job-retention-refund"
    )
    assert (line.amount, line.basis) == ("11,111.10 元", "正人社发〔2022〕91号 一(十)")


def test_a_refusal_says_what_is_not_met_and_what_would_turn_it(library: Library) -> None:
    changes = {"employer.insured_last_year_end": 31, "employer.layoff_rate_last_year": "0.06"}
    refused = group(library, outcome(library, EMPLOYER, changes), "ineligible")
    line = next(x for x in refused.lines if x.measure == "job-retention-refund")
    assert (refused.column, line.amount) == ("原因", "")
    assert line.details == (
        "不符合：上年度未裁员或裁员率不高于控制目标",
        "只差：上年末参保人数由 31 人 变为 30 人，可得 11,111.10 元",
    )


def test_the_package_tells_what_is_taken_and_what_is_given_up(library: Library, restaurant: Outcome) -> None:
    package = summary_of(library, restaurant).package
    assert package is not None
    assert package.total == "12,611.10 元"
    assert "hiring-expansion" in [grant.measure for grant in package.taken]
    (given_up,) = package.given_up
    assert (given_up.measure, given_up.unit, given_up.amount) == ("hiring-subsidy", "招用 h1", "1,000.00 元")
    assert given_up.because


def test_there_is_no_package_where_nothing_is_paid(library: Library) -> None:
    empty = outcome(library, {"region": "621025", "on": "2026-01-01"})
    assert summary_of(library, empty).package is None


def test_a_place_without_documents_has_nothing_to_show(library: Library) -> None:
    summary = summary_of(library, outcome(library, {**EMPLOYER, "region": "110000"}))
    assert (summary.groups, summary.left_out, summary.documents) == ((), (), ())
