"""Why: every condition with its facts and figures, the amount with its formula, what was given up."""

from __future__ import annotations

import copy

from .conftest import RESTAURANT, ROOT, Run, Write


def test_each_condition_shows_reading_facts_and_cited_figures(run: Run, restaurant: str) -> None:
    text = run("explain", restaurant, "job-retention-refund").stdout
    assert "结论      能享受 11,111.10 元" in text
    assert "✓ 上年度未裁员或裁员率不高于控制目标" in text
    assert "要求    上年度裁员率不高于裁员率上限（5.5%）" in text
    assert "上年末参保人数 28 人" in text
    assert "小单位裁员率上限 20%（正人社发〔2022〕91号 一(十)）" in text
    assert "人数口径 上年末参保人数（A02）" in text


def test_the_amount_shows_formula_result_and_rounding(run: Run, restaurant: str) -> None:
    text = run("explain", restaurant, "job-retention-refund").stdout
    assert "公式    上年度实际缴纳失业保险费乘以" in text
    assert "得数    11,111.103 元，四舍五入到 0.01 元得 11,111.10 元（A33）" in text
    assert "限制    同一单位一年返还一次" in text


def test_interpretations_are_cited_with_their_answers(run: Run, restaurant: str) -> None:
    text = run("explain", restaurant, "job-retention-refund").stdout
    assert "A04  人数增加时裁员率为负怎么办？视为没有裁员。" in text


def test_a_failing_condition_names_the_parts_that_fail(run: Run, write: Write) -> None:
    case = copy.deepcopy(RESTAURANT)
    case["employer"] |= {"insured_last_year_end": 31, "layoff_rate_last_year": "0.06"}
    text = run("explain", write(case), "job-retention-refund").stdout
    assert "✗ 上年度未裁员或裁员率不高于控制目标" in text
    assert "不成立  上年度裁员率不高于裁员率上限（5.5%）" in text
    assert "        上年末参保人数不超过小单位人数线（30人）" in text
    assert "\n              上年度裁员率不高于小单位裁员率上限（20%）" not in text  # that part holds
    assert "只差      上年末参保人数由 31 人 变为 30 人" in text


def test_an_unknown_condition_names_what_is_unknown(run: Run, write: Write) -> None:
    case = copy.deepcopy(RESTAURANT)
    del case["employer"]["layoff_rate_last_year"]
    text = run("explain", write(case), "job-retention-refund").stdout
    assert "? 上年度未裁员或裁员率不高于控制目标" in text
    assert "未知    上年度裁员率不高于裁员率上限（5.5%）" in text
    assert "缺少      上年度裁员率、上年初参保人数" in text


def test_a_derived_fact_shows_its_inputs(run: Run) -> None:
    text = run("explain", ROOT / "examples" / "2-manufacturer.yaml", "job-retention-refund").stdout
    assert "上年度裁员率 约 5.3571%（由上年初参保人数 112 人、上年末参" in text


def test_what_is_given_up_says_why(run: Run, restaurant: str) -> None:
    text = run("explain", restaurant, "hiring-subsidy").stdout
    assert "取舍    放弃：同一人不能与一次性扩岗补助重复享受" in text


def test_a_limit_that_bites_is_marked(run: Run) -> None:
    text = run("explain", ROOT / "examples" / "4-skilled-worker.yaml", "skill-upgrade", "--unit", "c1").stdout
    assert "限制    同一职业同一等级只享受一次，因此不再发放" in text
    assert "应得    0.00 元" in text
    assert "证书 c2" not in text


def test_human_judgement_is_marked(run: Run, write: Write) -> None:
    text = (ROOT / "examples" / "5-incubator.yaml").read_text(encoding="utf-8").replace("0.39", "0.45")
    out = run("explain", write(text), "incubator-award").stdout
    assert "⚖ 场地设施、管理制度、服务和政策落实由人社部门实地评估（须人工核定）" in out
    assert "结论      须人工核定 600,000.00 元" in out


def test_a_measure_is_found_by_its_chinese_name(run: Run, restaurant: str) -> None:
    assert "job-retention-refund" in run("explain", restaurant, "稳岗返还").stdout


def test_an_unknown_measure_or_unit_is_bad_input(run: Run, restaurant: str) -> None:
    result = run("explain", restaurant, "job-retension-refund")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "option/unknown-measure: found job-retension-refund" in result.stderr
    assert "did you mean job-retention-refund?" in result.stderr
    result = run("explain", restaurant, "hiring-subsidy", "--unit", "h7")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "--unit: id/unknown: found h7, expected a unit of the case (h1)\n"


def test_a_measure_that_is_not_open_says_so(run: Run, restaurant: str) -> None:
    text = run("explain", restaurant, "hiring-subsidy", "--on", "2026-01-01").stdout
    assert "结论      未开放" in text
    assert "办理时间为2022-01-01至2023-01-31" in text


def test_a_region_without_the_measure_says_so(run: Run, restaurant: str) -> None:
    text = run("explain", restaurant, "hiring-subsidy", "--region", "110000").stdout
    assert "没有规定一次性吸纳就业补贴" in text


def test_a_standard_shows_its_value_its_text_and_how_sure_it_is(run: Run, write: Write) -> None:
    case = {
        "region": "621025",
        "on": "2022-10-01",
        "applicant": {
            "unemployment_insured_months": 24,
            "involuntary": False,
            "receiving_unemployment_benefit": False,
            "unemployment_benefit_exhausted": False,
            "became_unemployed_on": "2022-03-01",
        },
    }
    text = run("explain", write(case), "unemployment-assistance").stdout
    assert "标准    失业保险金.月标准 1,503 元/月（2022-07-01 起执行，" in text
    assert "可靠程度高" in text
    assert "停发      领取期满；" in text


def test_a_derived_fact_shows_its_switches_and_the_rule_it_follows(run: Run, write: Write) -> None:
    case = copy.deepcopy(RESTAURANT)
    del case["employer"]["size"]
    case["employer"] |= {"industry": "H62", "employees": 40, "revenue": 9_000_000}
    text = run("explain", write(case), "hiring-subsidy").stdout
    assert "划型人数口径 上年末从业人员（A14）" in text
    assert "标准    划型标准（工信部联企业〔2011〕300号《中小企业划型标准规定》，可靠程度高）" in text


def test_what_cannot_matter_here_is_left_out(run: Run, restaurant: str) -> None:
    text = run("explain", restaurant, "hiring-subsidy").stdout
    assert "连续登记失业月数" not in text
    assert "文件没有写明" not in text


def test_the_sum_that_falls_due_is_explained_with_the_figures_behind_it(run: Run, write: Write) -> None:
    case = {
        "region": "621025",
        "on": "2022-10-01",
        "employer": {"org_type": "企业", "industry": "H62", "monthly_pension_due": "12000"},
    }
    text = run("explain", write(case), "pension-deferral").stdout
    assert "期满时一共要补缴 36,000.00 元" in text
    assert "缓缴截止 2022-12-31（正人社发〔2022〕91号 一(八)）" in text
