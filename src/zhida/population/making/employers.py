"""Employers: industry, log-normal size, insurance, money and the many marks that departments keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from zhida.population.making.codes import organisation_body, uscc
from zhida.population.making.draws import Draws
from zhida.population.making.industry_mix import SLOTS, size_case
from zhida.population.making.recipe import Recipe

PERSON_STRIDE = 64
"""Ids of persons of one employer: those of hires from 0, of internships, of placements, others."""
HIRES, INTERNSHIPS, PLACEMENTS, OTHERS = 0, 40, 50, 54
MOST_HIRES, MOST_INTERNSHIPS, MOST_PLACEMENTS = INTERNSHIPS, PLACEMENTS - INTERNSHIPS, OTHERS - PLACEMENTS
PERSONS = 1_000_000_000_000
"""The first id of persons; every kind of row has its own million millions, so that no id means two things."""

ORG_TYPES = {
    "企业": 680,
    "个体工商户": 170,
    "农民专业合作社": 40,
    "社会团体": 15,
    "基金会": 5,
    "社会服务机构": 30,
    "律师事务所": 12,
    "会计师事务所": 8,
    "事业单位": 25,
    "机关": 8,
    "其他": 7,
}
FIRST_WORDS = tuple("华中金宏鑫恒永天盛泰瑞兴德安正东新博利嘉康达信万福顺陇源广昌祥隆")
SECOND_WORDS = tuple("源泰达茂丰盛和通瑞信诚业宇辉腾创联捷美佳益成旺峰海林川远邦元禾凯")
FOUNDERS = {
    "['登记失业人员']": 10,
    "['返乡创业农民工']": 15,
    "['农民工']": 10,
    "['退役军人']": 5,
    "['脱贫劳动力']": 8,
    "['就业困难人员', '登记失业人员']": 4,
    "['毕业5年内高校毕业生']": 12,
    "['残疾人']": 2,
    "[]": 34,
}


def employer_rows(draws: Draws, first: int, last: int, hires: float) -> str:
    """A query over the employers `first` … `last` - 1: id, place, industry, numbers of their rows.

    `n_before` is the number of hires of the employer before in the same county. Needs the table
    `county_ranges`; its facts the variable `industry_slots`.
    """
    counts = {
        "hires": draws.geometric("hires", hires, MOST_HIRES),
        "internships": f"CASE WHEN {draws.chance('host', 60)} "
        f"THEN {draws.between('internships', 1, MOST_INTERNSHIPS)} ELSE 0 END",
        "placements": f"CASE WHEN {draws.chance('placing', 40)} "
        f"THEN {draws.between('placements', 1, MOST_PLACEMENTS)} ELSE 0 END",
        "others": draws.pick("others", {"0": 30, "1": 40, "2": 20, "3": 10}),
    }
    before = replace(draws, key="(id - 1)").geometric("hires", hires, MOST_HIRES)
    counts["before"] = f"CASE WHEN id > first_id THEN {before} ELSE 0 END"
    numbers = ", ".join(f"CAST({sql} AS BIGINT) AS n_{name}" for name, sql in counts.items())
    return f"""
        SELECT *, {draws.whole("industry", SLOTS)} AS industry_slot, {numbers}
        FROM (SELECT unnest(range(greatest({first}, first_id), least({last}, last_id + 1))) AS id, *
              FROM county_ranges WHERE first_id < {last} AND last_id >= {first})"""


def employer_recipe(seed: int, on: date, rows: str) -> Recipe:
    """The file of employers, over `employer_rows`."""
    draws = Draws(seed, "employer", "id")
    return Recipe("employer", rows, _steps(draws, on), _facts(draws, on), draws, on)


def employer_draws(seed: int) -> Draws:
    return Draws(seed, "employer", "id")


def _steps(d: Draws, on: date) -> tuple[dict[str, str], ...]:
    kind = d.pick_text("org_type", ORG_TYPES)
    scale = (
        "CASE e_type WHEN '企业' THEN 1.0 WHEN '个体工商户' THEN 0.3 WHEN '事业单位' THEN 3.0 ELSE 0.6 END"
    )
    staff = f"round(e_in.median_staff * {scale} * exp(1.45 * {d.normal('employees')}))"
    drift = d.pick(
        "drift",
        {
            f"-{d.spread('growth', 0.0, 0.3)}": 400,
            "0.0": 180,
            d.spread("slight", 0.0, 0.06): 220,
            d.spread("heavy", 0.06, 0.5): 200,
        },
    )
    return (
        {
            "e_type": kind,
            "e_days": _age_in_days(d),
            "e_in": "list_extract(getvariable('industry_slots'), 1 + industry_slot)",
        },
        {
            "e_staff": f"CAST(greatest(n_hires, 1, least(300000, {staff})) AS BIGINT)",
            "e_months": "e_days // 31",
        },
        {
            "e_revenue": f"least(9e11, e_staff * e_in.revenue_each * exp(0.7 * {d.normal('revenue')}))",
            "e_now": f"CAST(ceil(e_staff * {d.spread('insured', 0.55, 1.0)}) AS BIGINT)",
            "e_base": f"CAST({d.between('wage', 3400, 7800)} AS BIGINT)",
            "e_drift": drift,
        },
        {
            "e_assets": f"least(9e11, e_revenue * e_in.assets_ratio * exp(0.6 * {d.normal('assets')}))",
            "e_start": f"CASE WHEN e_days < {_days_since_year_start(on)} THEN 0 ELSE "
            f"CAST(ceil(e_now * {d.spread('start', 0.85, 1.15)}) AS BIGINT) END",
        },
        {
            "e_end": "CASE WHEN e_start = 0 THEN e_now "
            "ELSE greatest(0, CAST(floor(e_start * (1 - e_drift)) AS BIGINT)) END"
        },
        {"e_body": organisation_body(d)},
    )


def _days_since_year_start(on: date) -> int:
    """Days from the first of January of last year: younger employers had nobody then."""
    return (on - date(on.year - 1, 1, 1)).days


def _age_in_days(d: Draws) -> str:
    young, old = d.between("days/young", 5, 700), d.between("days/old", 700, 9000)
    return d.pick("age", {young: 15, old: 85})


def representative(d: Draws) -> str:
    """SQL: the 法定代表人 of an employer; one in twenty is that of the employer before."""
    return f"concat('L', id - CASE WHEN id > first_id AND {d.chance('second firm', 50)} THEN 1 ELSE 0 END)"


def _facts(d: Draws, on: date) -> dict[str, str]:
    average = "((e_start + e_end) / 2.0)"
    months = f"least(e_months, {d.pick('months', {'12': 82, d.between('months/some', 0, 12): 18})})"
    dues = "e_now * e_base"
    company = d.pick_text("company", {"有限公司": 70, "有限责任公司": 20, "股份有限公司": 10})
    words = f"{d.one_of('first word', FIRST_WORDS)}, {d.one_of('second word', SECOND_WORDS)}"
    ending = f"CASE e_type WHEN '企业' THEN {company} WHEN '个体工商户' THEN '经营部' ELSE e_type END"
    return {
        "uscc": uscc("e_body", "e_type", "county", "county_sum"),
        "name": f"concat(county_name, {words}, {ending})",
        "org_type": "e_type",
        "insured_as_unit": f"CASE WHEN e_type = '个体工商户' THEN {d.chance('unit/one', 700)} "
        f"ELSE {d.chance('unit', 960)} END",
        "region": f"CASE WHEN {d.chance('elsewhere', 30)} THEN neighbour ELSE county END",
        "insured_region": "county",
        "industry": "e_in.industry",
        "employees": "e_staff",
        "staff": f"greatest(1, e_staff - {d.whole('staff', 3)})",
        "revenue": "e_revenue",
        "assets": "e_assets",
        "size": f"CASE WHEN e_type = '企业' THEN {size_case('e_staff', 'e_revenue', 'e_assets')} END",
        "established_on": f"DATE '{on}' - CAST(e_days AS INTEGER)",
        "operating_months": f"greatest(0, e_months - {d.whole('idle', 4)})",
        "insured_last_year_start": "e_start",
        "insured_last_year_end": "e_end",
        "insured_now": "e_now",
        "benefit_recipients_last_year": "CAST(greatest(0, e_start - e_end) * "
        f"{d.share('recipients')} AS BIGINT)",
        "insured_monthly_average_last_year": f"CAST(round({average}) AS BIGINT)",
        "unemployment_contributions_last_year": f"{average} * e_base * ({months}) * 0.01",
        "unemployment_contribution_months_last_year": months,
        "three_insurance_months_continuous": f"least(e_months, {d.between('continuous', 0, 60)})",
        "contribution_arrears": d.chance("arrears", 60),
        "wage_arrears": d.chance("wages", 30),
        "seriously_dishonest": d.chance("dishonest", 20),
        "in_loss": d.chance("loss", 380),
        "bank_deposit": f"least(9e11, e_staff * e_base * exp({d.normal('deposit')}))",
        "repayment_promised": d.chance("promise", 650),
        "temporarily_in_difficulty": d.chance("difficulty", 450),
        "has_corporate_account": d.chance("account", 930),
        "labour_dispatch": f"CASE WHEN e_in.industry = 'L7264' THEN {d.chance('dispatch', 300)} "
        f"ELSE {d.chance('dispatch/other', 8)} END",
        "licensed_intermediary": "CASE WHEN e_in.industry = 'L7264' OR n_placements > 0 "
        f"THEN {d.chance('licence', 750)} ELSE {d.chance('licence/other', 5)} END",
        "recognised_workshop": d.chance("workshop", 120),
        "new_hires_loan_eligible": f"CAST(round(e_staff * {d.spread('loan hires', 0.0, 0.35)}) AS BIGINT)",
        "jobs_created": f"least(e_staff, {d.between('jobs', 0, 30)})",
        "founder_groups": d.pick("founders", FOUNDERS),
        "legal_representative_paid": d.pick("paid", {"TRUE": 20, "FALSE": 180, "NULL": 800}),
        "labour_brand_level": d.pick("brand", {"'省级'": 20, "'国家级'": 10, "NULL": 970}),
        "returnee_base_recognised": d.pick("returnee", {"TRUE": 20, "FALSE": 900, "NULL": 80}),
        "service_grade": d.pick("grade", {"'一档'": 10, "'二档'": 20, "'三档'": 20, "NULL": 950}),
        "persons_served": d.pick("served", {d.between("served/many", 1, 120): 100, "0": 700, "NULL": 200}),
        "legal_representative_id": representative(d),
        "monthly_pension_due": f"{dues} * 0.16",
        "monthly_injury_due": f"{dues} * 0.004",
        "monthly_unemployment_due": f"{dues} * 0.005",
        "privately_owned": d.pick("owned", {"TRUE": 800, "FALSE": 100, "NULL": 100}),
        "livestream_commerce": d.pick("livestream", {"TRUE": 20, "FALSE": 300, "NULL": 680}),
    }
