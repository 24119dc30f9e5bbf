"""Persons: graduates of these years, young unemployed, hardship, rural, staff; and their insurance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhida.population.conversion import literal
from zhida.population.making.codes import DAYS, SERIALS, id_number, id_number_start, identity_slot
from zhida.population.making.draws import Draws
from zhida.population.making.employers import (
    HIRES,
    INTERNSHIPS,
    OTHERS,
    PERSON_STRIDE,
    PERSONS,
    PLACEMENTS,
)
from zhida.population.making.recipe import Recipe

KINDS = {"毕业生": 36, "青年": 10, "困难": 12, "脱贫": 15, "农民工": 11, "退役": 4, "职工": 12}
GROUPS = {
    "毕业生": ("[]", "['困难高校毕业生']", "['登记失业人员']", "['在校生']"),
    "青年": ("['登记失业人员']", "['登记失业人员', '城乡未升学毕业生']", "['登记失业人员']", "[]"),
    "困难": (
        "['就业困难人员', '登记失业人员']",
        "['就业困难人员']",
        "['就业困难人员', '残疾人']",
        "['登记失业人员']",
    ),
    "脱贫": ("['脱贫劳动力']", "['脱贫劳动力', '农民工']", "['易地搬迁劳动力']", "['脱贫劳动力']"),
    "农民工": ("['农民工']", "['返乡创业农民工']", "['自主创业农民']", "['农村转移就业劳动者']"),
    "退役": ("['退役军人']", "['退役军人', '登记失业人员']", "['留学回国人员']", "['刑满释放人员']"),
    "职工": ("['企业在职职工']", "['企业在职职工']", "[]", "['化解过剩产能人员']"),
}
AGES = {
    "青年": (17, 24),
    "困难": (40, 62),
    "脱贫": (19, 58),
    "农民工": (20, 60),
    "退役": (21, 55),
    "职工": (20, 61),
}
EDUCATION = {
    "研究生": 3,
    "本科": 26,
    "专科": 28,
    "中职": 16,
    "技师学院高级工班": 3,
    "预备技师班": 2,
    "特教职教": 1,
    "其他": 21,
}
GRADUATE_EDUCATION = {
    "研究生": 8,
    "本科": 42,
    "专科": 32,
    "中职": 8,
    "技师学院高级工班": 6,
    "预备技师班": 2,
    "特教职教": 2,
}
YOUNGEST = 17
"""Years: everybody is at least so old on the day of the population."""


def person_rows(employers: str) -> str:
    """A query with one row for each person of these employers, in the order of the employers."""
    ranges = ", ".join(
        f"range({start}, {start} + n_{name})"
        for start, name in (
            (HIRES, "hires"),
            (INTERNSHIPS, "internships"),
            (PLACEMENTS, "placements"),
            (OTHERS, "others"),
        )
    )
    return f"""
        SELECT *, person_id AS id
        FROM (SELECT {PERSONS} + id * {PERSON_STRIDE} + slot AS person_id,
                     CASE WHEN slot < {PLACEMENTS} THEN id END AS employer_id, * EXCLUDE (id)
              FROM (SELECT *, unnest(list_concat({ranges})) AS slot FROM ({employers})))"""


def person_recipe(seed: int, on: date, rows: str, places: int) -> Recipe:
    """The facts of the person `person_id` of each row: of its own file, or beside a hire.

    `rows` need `person_id` and the county of the employer; `issuing_places` is a variable of `places` codes.
    """
    draws = Draws(seed, "person", f"(person_id - {PERSONS})")
    slot = f"({draws.key} % {PERSON_STRIDE})"
    return Recipe("person", rows, tuple(_steps(draws, on, slot, places)), _facts(draws, on), draws, on)


def _steps(d: Draws, on: date, slot: str, places: int) -> Iterator[dict[str, str]]:
    now = f"DATE '{on}'"
    yield {
        "p_kind": d.pick_text("kind", KINDS),
        "p_identity": identity_slot(d, places),
        "p_group": d.whole("group", 4),
        "p_other": f"{slot} >= {OTHERS}",
    }
    years = {f"{on.year}": 48, f"{on.year - 1}": 26, f"{on.year - 2}": 16, f"{on.year - 3}": 6}
    next_year = d.pick("class", {**years, f"{on.year + 1}": 14})
    this_year = d.pick("class", years)
    day = d.between("graduation day", 1, 30)
    ages = " ".join(
        f"WHEN {literal(kind)} THEN {d.between(f'age/{kind}', low, high)}"
        for kind, (low, high) in AGES.items()
    )
    yield {
        "p_class": f"CASE WHEN p_other THEN {next_year} ELSE {this_year} END",
        "p_age": f"CASE p_kind {ages} ELSE 0 END",
        "p_place": f"p_identity // {DAYS * SERIALS}",
    }
    yield {
        "p_graduated": f"CASE WHEN p_kind = '毕业生' THEN make_date(p_class, 6, {day}) END",
        "p_birth_year": "CASE WHEN p_kind = '毕业生' "
        f"THEN p_class - {d.between('age at graduation', 20, 26)} ELSE {on.year} - p_age END",
    }
    yield {"p_day": f"CAST(p_identity // {SERIALS} % {DAYS} AS INTEGER)"}
    yield {"p_first_born": "make_date(p_birth_year, 1, 1) + p_day"}
    # nobody is younger than YOUNGEST: the date of birth of the very young is a year earlier
    limit = f"DATE '{on.replace(year=on.year - YOUNGEST, day=min(on.day, 28))}'"
    yield {
        "p_born": f"CASE WHEN p_first_born > {limit} THEN make_date(p_birth_year - 1, 1, 1) + p_day "
        "ELSE p_first_born END"
    }
    groups = " ".join(
        f"WHEN {literal(kind)} THEN list_extract([{', '.join(lists)}], 1 + p_group)"
        for kind, lists in GROUPS.items()
    )
    yield {
        "p_groups": f"CASE p_kind {groups} END",
        "p_lost_on": f"{now} - CAST({d.between('lost', 3, 620)} AS INTEGER)",
        "p_issued_at": "list_extract(getvariable('issuing_places'), 1 + p_place)",
    }
    yield {"p_first17": id_number_start("p_issued_at", "p_born", f"p_identity % {SERIALS}")}


def _facts(d: Draws, on: date) -> dict[str, str]:
    school = f"make_date(p_birth_year + {d.between('school', 16, 23)}, 7, 1)"
    education = (
        f"CASE WHEN p_kind = '毕业生' THEN {d.pick_text('education/graduate', GRADUATE_EDUCATION)} "
        f"ELSE {d.pick_text('education', EDUCATION)} END"
    )
    paid = d.between("paid", 0, 1600)
    registered = d.between("registered", 1, 24)
    jobless = "list_contains(p_groups, '登记失业人员')"
    return {
        "id_number": id_number("p_first17"),
        "born_on": "p_born",
        "household_region": f"CASE WHEN {d.chance('from elsewhere', 150)} THEN p_issued_at ELSE county END",
        "groups": "p_groups",
        "education": education,
        "graduated_on": f"CASE WHEN p_kind = '毕业生' THEN p_graduated "
        f"WHEN {d.chance('older graduate', 350)} AND {school} <= DATE '{on}' THEN {school} END",
        "unemployed": d.chance("unemployed", 760),
        "registered_unemployed_months": f"CASE WHEN {jobless} THEN {registered} ELSE 0 END",
        "unemployment_insured_months": d.pick(
            "insured",
            {"0": 15, d.between("insured/short", 1, 11): 25, d.between("insured/long", 12, 180): 60},
        ),
        "involuntary": d.chance("involuntary", 600),
        "became_unemployed_on": "CASE WHEN p_lost_on > p_born + 5900 "
        f"AND {d.chance('has lost', 800)} THEN p_lost_on END",
        "receiving_unemployment_benefit": d.chance("receiving", 180),
        "unemployment_benefit_exhausted": d.chance("exhausted", 120),
        "no_other_loans": d.chance("no loans", 700),
        "first_venture": d.chance("first", 750),
        "flexibly_employed": d.chance("flexible", 350),
        "social_insurance_paid": f"CASE WHEN {d.chance('pays', 700)} THEN {paid} ELSE 0 END",
        "social_insurance_at_full_base": f"{paid} * {d.spread('full base', 0.8, 1.7)}",
        "insured_region": "county",
        "pension_as_individual": d.chance("individual", 300),
        "contribution_difficulty": d.chance("hard to pay", 400),
        "flexible_subsidy_expired_on": d.pick(
            "expired", {f"DATE '{on}' + CAST({d.between('expiry', -400, 400)} AS INTEGER)": 120, "NULL": 880}
        ),
        "unemployment_benefit_months_received": d.pick(
            "received", {d.between("months", 0, 24): 150, "NULL": 850}
        ),
        "continuous_work_months": d.pick("worked", {d.between("worked/months", 1, 60): 400, "NULL": 600}),
        "employer_paid_unemployment_insurance": d.pick(
            "by employer", {"TRUE": 400, "FALSE": 100, "NULL": 500}
        ),
        "contract_ended": d.pick("ended", {"TRUE": 350, "FALSE": 150, "NULL": 500}),
        "grassroots_post": d.pick("grassroots", {"TRUE": 120, "FALSE": 300, "NULL": 580}),
        "works_away": d.pick("away", {"TRUE": 200, "FALSE": 300, "NULL": 500}),
        "epidemic_stranded": d.pick("stranded", {"TRUE": 100, "FALSE": 300, "NULL": 600}),
        "months_without_income": d.pick("no income", {d.between("income/months", 1, 8): 150, "NULL": 850}),
        "on_minimum_living": d.pick("minimum", {"TRUE": 50, "FALSE": 400, "NULL": 550}),
    }
