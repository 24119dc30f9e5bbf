"""The guide to a provision, part by part."""

from __future__ import annotations

from datetime import date

import pytest

from zhida.guide.provision import Guide, guide_of
from zhida.library import Library, resolve
from zhida.library.versions import enacting_regions, versions

from .conftest import DAY, RuleOf


@pytest.fixture
def guide(library: Library, rule_of: RuleOf) -> Guide:
    return guide_of(library, rule_of("hiring-subsidy"), DAY)


def test_who_gets_it_and_what_it_is_counted_by(guide: Guide) -> None:
    assert (guide.who.audience, guide.who.unit, guide.who.payee) == ("企业", "招用", "单位")
    assert str(guide.who) == "企业（按招用计算，发给单位）"


def test_the_formula_stands_beside_the_kind(guide: Guide) -> None:
    assert (guide.worth.kind, guide.worth.formula) == ("一次性", "每人标准（1000元/人）")


def test_what_excludes_it_is_named_with_its_key(guide: Guide) -> None:
    assert guide.alternatives.measures == (("hiring-expansion", "一次性扩岗补助"),)
    assert str(guide.alternatives) == "同一人同一年内不能再领一次性扩岗补助"


def test_the_window_is_open_on_one_day_and_closed_on_another(library: Library, rule_of: RuleOf) -> None:
    rule = rule_of("hiring-subsidy")
    assert guide_of(library, rule, DAY).when.is_open
    later = guide_of(library, rule, date(2026, 1, 1)).when
    assert (later.is_open, later.status) == (False, "2023-01-31 已截止")


def test_a_day_that_the_text_leaves_out_cites_its_interpretation(library: Library, rule_of: RuleOf) -> None:
    on = date(2021, 1, 1)
    when = guide_of(library, rule_of("flexible-insurance-subsidy", "210300", on), on).when
    assert when.interpretation == "A45"
    assert "起始日文件没有写，按 A45 理解" in str(when)


def test_steps_carry_actor_workdays_and_publicity(guide: Guide) -> None:
    step = guide.steps[2]
    assert (step.number, step.actor, step.publicity_days) == (3, "县人社局", 5)
    assert step.interpretations == ("A38",)
    assert str(step) == "县人社局：公示审核结果（公示 5 个工作日，A38）"


def test_a_phone_that_is_misprinted_is_given_as_printed_too(guide: Guide) -> None:
    assert (guide.phone.number, guide.phone.printed) == ("0934-5987433", "093-5987433")


def test_the_basis_names_document_clause_and_row(guide: Guide) -> None:
    basis = guide.basis
    assert (basis.number, basis.clause, basis.row) == ("正人社发〔2022〕91号", "一(一)", "ZN91-002")


def test_conditions_read_in_chinese_and_say_what_is_left_to_a_person(guide: Guide) -> None:
    size = next(c for c in guide.conditions if c.id == "employer-size")
    assert size.reading == "企业规模属于适用规模（中型、小型、微型）"
    assert size.review == "企业规模为未划型"


def test_figures_have_value_and_source(guide: Guide) -> None:
    per_head = next(f for f in guide.figures if f.key == "per_head")
    assert (per_head.name, per_head.value) == ("每人标准", "1,000 元/人")
    assert per_head.source == "正人社发〔2022〕91号 一(一)"


def test_interpretations_are_cited_in_order_with_question_and_answer(guide: Guide) -> None:
    ids = [i.id for i in guide.interpretations]
    assert ids == sorted(ids)
    assert next(i for i in guide.interpretations if i.id == "A19").question == "什么是未就业？"


def test_a_deferred_provision_says_what_it_waits_for(library: Library) -> None:
    on = date(2021, 1, 1)
    rule = next(r for r in resolve(library, "210000", on) if r.measure == "hiring-subsidy")
    when = guide_of(library, rule, on).when
    assert (when.is_open, when.status, when.waits_for) == (
        False,
        "等另外的文件",
        "辽宁省一次性吸纳就业补贴标准",
    )


@pytest.mark.parametrize(("measure", "payee"), [("assessment-award", "地方政府"), ("hiring-subsidy", "单位"),
    ("adjustment-fund-support", "资金专户"), ("unemployment-assistance", "个人")])  # fmt: skip
def test_each_payee_has_its_own_name(library: Library, measure: str, payee: str) -> None:
    rule = versions(library, measure, enacting_regions(library, measure)[0])[0]
    assert guide_of(library, rule, DAY).who.payee == payee


def test_every_provision_of_the_library_has_a_guide(library: Library) -> None:
    regions = {document.region for document, _ in library.documents}
    guides = [guide_of(library, rule, DAY) for code in regions for rule in resolve(library, code, DAY)]
    assert len(guides) > 100
    assert all(g.summary and g.basis.title and g.worth.kind and g.region_name for g in guides)
