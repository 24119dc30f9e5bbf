"""What would be if: a figure set otherwise everywhere below a place, checked as policy files are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhida.feel import nodes
from zhida.feel.nodes import Figure, Literal
from zhida.library import Library, resolve
from zhida.library.assumed import AssumptionError, assume, read_assumptions, with_figures

AUTUMN = date(2022, 10, 1)


def figure(library: Library, region: str, measure: str, name: str, on: date = AUTUMN) -> Figure:
    return next(r for r in resolve(library, region, on) if r.measure == measure).figures[name]


def number(library: Library, region: str, measure: str, name: str) -> Decimal:
    value = figure(library, region, measure, name).value
    assert isinstance(value, Literal)
    return value.value


def problems(library: Library, *texts: str, region: str | None = None) -> list[str]:
    with pytest.raises(AssumptionError) as found:
        assume(library, read_assumptions(library, texts), region)
    return [diagnostic.message for diagnostic in found.value.diagnostics]


def test_a_figure_has_another_value_wherever_the_measure_is_enacted(library: Library):
    assumed = with_figures(library, {("hiring-subsidy", "per_head"): 2000})
    regions = {d.region for d, _ in library.documents for p in d.provisions if p.measure == "hiring-subsidy"}
    assert len(regions) > 2
    assert {number(assumed, region, "hiring-subsidy", "每人标准") for region in regions} == {Decimal(2000)}
    assert number(library, "621025", "hiring-subsidy", "每人标准") == 1000


def test_it_says_that_it_is_an_assumption(library: Library):
    assumed = with_figures(library, {("hiring-subsidy", "每人标准"): 2000})
    source = figure(assumed, "621025", "hiring-subsidy", "每人标准").source
    assert (source.document, source.clause, source.row) == ("假设（--set）", "", "")


def test_what_a_provision_says_already_keeps_its_source(library: Library):
    assumed = with_figures(library, {("hiring-subsidy", "每人标准"): "1000.00"})
    assert figure(assumed, "621025", "hiring-subsidy", "每人标准").source.clause == "一(一)"
    assert figure(assumed, "150200", "hiring-subsidy", "每人标准").source.document == "假设（--set）"


def test_other_figures_keep_their_documents(library: Library):
    assumed = with_figures(library, {("hiring-subsidy", "每人标准"): 2000})
    for name in ("最短合同月数", "适用规模"):
        assert figure(assumed, "621025", "hiring-subsidy", name).source.clause == "一(一)"


def test_a_region_keeps_the_assumption_to_itself_and_what_is_below(library: Library):
    assumed = with_figures(library, {("hiring-subsidy", "per_head"): 2000}, "621025")
    assert number(assumed, "621025", "hiring-subsidy", "每人标准") == 2000
    assert number(assumed, "150200", "hiring-subsidy", "每人标准") == 1500


def test_a_county_without_a_document_assumes_what_its_prefecture_enacts(library: Library):
    assumed = with_figures(library, {("job-retention-refund", "rate_small"): "80%"}, "620821")
    assert number(assumed, "620821", "job-retention-refund", "中小微企业返还比例") == Decimal("0.8")


def test_what_no_text_sets_can_be_assumed(library: Library):
    assumed = with_figures(library, {("job-retention-refund", "rate_other"): "30%"}, "621025")
    assert number(assumed, "621025", "job-retention-refund", "其他企业返还比例") == Decimal("0.3")


def test_a_switch_can_be_assumed(library: Library):
    assumed = assume(library, read_assumptions(library, ["hiring-subsidy.身份使用范围=终身"]))
    rule = next(r for r in resolve(assumed, "621025", AUTUMN) if r.measure == "hiring-subsidy")
    assert rule.exclusion is not None and not rule.exclusion.by_year


@pytest.mark.parametrize(
    "text, name, value",
    [
        ("稳岗返还.rate_small=0.9", "中小微企业返还比例", Literal(Decimal("0.9"))),
        ("job-retention-refund.中小微企业返还比例=90%", "中小微企业返还比例", Literal(Decimal("0.9"))),
        ("job-retention-refund.rate_small=2/3", "中小微企业返还比例", None),
        (" hiring-subsidy . per_head = 1500 元/人 ", "每人标准", Literal(Decimal(1500))),
        (
            "hiring-subsidy.适用规模=小型，微型",
            "适用规模",
            nodes.List((Literal("小型"), Literal("微型"))),
        ),
        ("hiring-subsidy.适用规模=", "适用规模", nodes.List(())),
        ("pension-deferral.单独核对备案=是", "单独核对备案", Literal(True)),
        ("pension-deferral.last_day=2023-06-30", "缓缴截止", Literal(date(2023, 6, 30))),
    ],
)
def test_values_are_written_as_in_policy_files(
    library: Library, text: str, name: str, value: nodes.Node | None
):
    made = read_assumptions(library, [text])
    assumed = assume(library, made, "621025")
    found = figure(assumed, "621025", made[0].measure, name).value
    assert found == (value or nodes.Binary("/", Literal(Decimal(2)), Literal(Decimal(3))))


@pytest.mark.parametrize(
    "text, message",
    [
        ("hiring-subsidy", "found 'hiring-subsidy', expected MEASURE.PARAMETER=VALUE"),
        ("hiring-subsidy=3", "found 'hiring-subsidy=3', expected MEASURE.PARAMETER=VALUE"),
        ("none.per_head=3", "unknown measure none"),
        ("hiring-subsidy.none=3", "hiring-subsidy has no parameter none"),
        ("hiring-subsidy.per_head=many", "每人标准: found 'many', expected a number"),
        ("hiring-subsidy.per_head=-1", "每人标准: found '-1', expected a number from 0 up"),
        ("hiring-subsidy.per_head=", "每人标准: found '', expected a number"),
        ("hiring-subsidy.per_head=NaN", "每人标准: found 'NaN', expected a number from 0 up"),
        ("hiring-subsidy.per_head=1000元", "每人标准: found '1000元', expected a number in 元/人"),
        (
            "稳岗返还.rate_small=1.1",
            "中小微企业返还比例: found '1.1', expected a rate from 0 to 1 (or a percentage)",
        ),
        (
            "hiring-subsidy.适用规模=小型,微",
            "适用规模: found 微, expected one of 大型、中型、小型、微型、未划型",
        ),
        ("hiring-subsidy.身份使用范围=一季", "身份使用范围: found 一季, expected one of 年度、终身"),
        ("pension-deferral.last_day=2023-02-30", "缓缴截止: found '2023-02-30', expected a date"),
        ("pension-deferral.单独核对备案=perhaps", "单独核对备案: found 'perhaps', expected true or false"),
    ],
)
def test_what_does_not_fit_is_refused_in_the_words_of_policy_files(library: Library, text: str, message: str):
    assert problems(library, text) == [message]


def test_the_last_rate_and_number_that_fit_are_accepted(library: Library):
    for text in ("稳岗返还.rate_small=1", "稳岗返还.rate_small=0", "hiring-subsidy.per_head=0"):
        assume(library, read_assumptions(library, [text]))


def test_all_problems_are_said_at_once(library: Library):
    assert len(problems(library, "x.y=1", "hiring-subsidy.z=1")) == 2


def test_a_figure_is_set_once(library: Library):
    twice = ("hiring-subsidy.per_head=1", "hiring-subsidy.每人标准=2")
    assert problems(library, *twice) == ["每人标准 is set twice"]


def test_a_city_cannot_assume_more_than_its_province_allows(library: Library):
    assume(library, read_assumptions(library, ["flexible-insurance-subsidy.延长月数=6"]), "210300")
    [message] = problems(library, "flexible-insurance-subsidy.延长月数=7", region="210300")
    assert message == "延长月数 is 7, but 辽政办发〔2020〕25号 三(七) allows at most 6"


def test_the_province_itself_can(library: Library):
    made = read_assumptions(library, ["flexible-insurance-subsidy.延长月数=7"])
    assumed = assume(library, made, "210000")
    for region in ("210000", "210300"):
        assert number(assumed, region, "flexible-insurance-subsidy", "延长月数") == 7


def test_what_is_not_enacted_there_cannot_be_assumed(library: Library):
    [message] = problems(library, "hiring-subsidy.per_head=1", region="330000")
    assert message == "hiring-subsidy is enacted neither in 330000 nor below it"


def test_the_hash_is_that_of_the_library_and_the_assumptions(library: Library):
    one, two = ("hiring-subsidy", "per_head"), ("job-retention-refund", "rate_small")
    first = with_figures(library, {one: 1, two: "90%"})
    assert first.hash == with_figures(library, {two: "90%", one: 1}).hash
    others = [library, with_figures(library, {one: 2, two: "90%"}), with_figures(library, {one: 1}, "621025")]
    assert first.hash not in {other.hash for other in others}
    assert len({other.hash for other in others}) == 3


def test_the_hash_does_not_depend_on_how_a_value_is_written(library: Library):
    texts = (["稳岗返还.rate_small=90%"], ["job-retention-refund.中小微企业返还比例=0.90"])
    assert len({assume(library, read_assumptions(library, text)).hash for text in texts}) == 1
