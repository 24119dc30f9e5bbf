"""The guide to a measure."""

from __future__ import annotations

import pytest

from zhida.diagnostics import display_width

from .conftest import MEASURES, Run


@pytest.fixture
def guide(run: Run) -> str:
    return run("show", "hiring-subsidy", "--region", "621025", "--on", "2022-10-01").stdout


@pytest.mark.parametrize(
    "part",
    [
        "谁能享受  企业（按招用计算，发给单位）",
        "给多少    一次性：每人标准（1000元/人）",
        "只选其一  同一人同一年内不能再领一次性扩岗补助",
        "办理时间  2022-01-01 至 2022-12-31（年底的事情可以办到 2023-01-31）",
        "材料      符合条件人员花名册、劳动合同复印件",
        "资金来源  就业补助资金",
        "科室      县人社局就业股",
        "电话      0934-5987433（文件印作 093-5987433）",
        "一(一)（ZN91-002）",
        "4. 属于规定规模的企业\n       企业规模属于适用规模（中型、小型、微型）\n",
        "       须人工核定：企业规模为未划型",
        "3. 县人社局：公示审核结果（公示 5 个工作日，A38）",
        "A19  什么是未就业？",
    ],
)
def test_the_guide_has(guide: str, part: str) -> None:
    assert part in guide


def test_the_guide_fits_a_hundred_columns(run: Run) -> None:
    for key in MEASURES:
        result = run("show", key)
        assert result.exit_code == 0
        assert max(map(display_width, result.stdout.splitlines())) <= 100


def test_figures_are_listed_with_their_source(guide: str) -> None:
    line = next(line for line in guide.splitlines() if line.strip().startswith("每人标准"))
    assert line.split() == ["每人标准", "1,000", "元/人", "正人社发〔2022〕91号", "一(一)"]


def test_a_monthly_benefit_says_what_ends_it(run: Run) -> None:
    text = run("show", "失业补助金", "--region", "621025", "--on", "2022-10-01").stdout
    assert "停发      领取期满；被用人单位招用并参保；死亡；应征服兵役；移居境外；享受养老保险待遇；" in text


def test_upper_documents_and_a_day_that_the_text_leaves_out(run: Run) -> None:
    text = run("show", "灵活就业社保补贴", "--region", "210300", "--on", "2021-01-01").stdout
    assert "上级文件  辽政办发〔2020〕25号" in text
    assert "起始日文件没有写，按 A45 理解" in text


def test_a_figure_that_the_place_neither_sets_nor_needs_is_left_out(run: Run) -> None:
    with_routes = run("show", "hiring-subsidy", "--region", "620802", "--on", "2023-10-01").stdout
    assert "最低年龄" in with_routes
    without = run("show", "hiring-subsidy", "--region", "621025", "--on", "2022-10-01").stdout
    assert "最低年龄" not in without


def test_what_may_be_paid_in_advance_is_shown(run: Run) -> None:
    text = run("show", "hiring-subsidy", "--region", "210000", "--on", "2021-01-01").stdout
    assert "预拨      社会保险费减免期内可以先拨，不超过 预拨比例上限（50%）" in text


def test_a_measure_enacted_twice_has_a_guide_for_each_audience(run: Run) -> None:
    text = run("show", "缓缴养老保险费").stdout
    assert "缓缴养老保险费（困难行业） · 正宁县" in text
    assert "缓缴养老保险费（严重地区中小微企业和个体工商户） · 正宁县" in text


def test_figures_from_other_documents_cite_them(run: Run) -> None:
    assert "人社部发〔2020〕40号" in run("show", "失业补助金").stdout


def test_a_region_without_it_says_so(run: Run) -> None:
    assert (
        "北京市（110000）收录的文件没有规定这项措施" in run("show", "稳岗返还", "--region", "110000").stdout
    )


def test_an_unknown_measure_gets_a_suggestion(run: Run) -> None:
    result = run("show", "hiring-subsidi", "--on", "x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean hiring-subsidy?" in result.stderr
    assert len(result.stderr.splitlines()) == 2
