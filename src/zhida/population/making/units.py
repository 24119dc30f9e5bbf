"""Hires, internships, placements, certificates, loans, ventures, bases, trainings of a part's employers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhida.population.making.draws import Draws
from zhida.population.making.employers import (
    HIRES,
    INTERNSHIPS,
    ORG_TYPES,
    OTHERS,
    PERSON_STRIDE,
    PERSONS,
    PLACEMENTS,
)
from zhida.population.making.recipe import Recipe

FIRST_IDS = {
    entity: PERSONS * number
    for number, entity in enumerate(
        ("hire", "internship", "placement", "certificate", "loan", "venture", "base", "training"), start=2
    )
}
TRADES = (
    "电工",
    "焊工",
    "钳工",
    "车工",
    "养老护理员",
    "育婴员",
    "保育师",
    "中式烹调师",
    "中式面点师",
    "美容师",
    "美发师",
    "汽车维修工",
    "起重装卸机械操作工",
    "劳动关系协调师",
    "企业人力资源管理师",
    "电子商务师",
    "茶艺师",
    "砌筑工",
    "农业技术员",
    "互联网营销师",
)
CHANGED_EMPLOYER = 30
"""Of a thousand hires, those of a person whom the employer before in the file hired as well."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the rows of one part are made from: the query of its employers, and of its persons."""

    seed: int
    on: date
    employers: str
    persons: str


def hire_recipe(scene: Scene) -> Recipe:
    """About one in thirty is of a person hired by two employers of the same county."""
    d = Draws(scene.seed, "hire", "id")
    own = f"{PERSONS} + employer_id * {PERSON_STRIDE} + slot"
    before = f"{PERSONS} + (employer_id - 1) * {PERSON_STRIDE}"
    rows = f"""
        SELECT *, CASE WHEN n_before > 0 AND slot = 0 AND {d.chance("same person", CHANGED_EMPLOYER)}
                  THEN {before} ELSE {own} END AS person_id
        FROM (SELECT {FIRST_IDS["hire"]} + id * {PERSON_STRIDE} + slot AS id, id AS employer_id,
                     * EXCLUDE (id)
              FROM (SELECT *, unnest(range({HIRES}, {HIRES} + n_hires)) AS slot FROM ({scene.employers})))"""
    visible = ("id", "employer_id", "person_id")
    return Recipe("hire", rows, tuple(_hire_steps(d, scene.on)), _hire_facts(d), d, scene.on, visible)


def _hire_steps(d: Draws, on: date) -> list[dict[str, str]]:
    return [
        {"h_days": f"CAST(floor(600 * pow({d.share('days')}, 1.6)) AS INTEGER)"},
        {"h_on": f"DATE '{on}' - h_days", "h_months": "h_days // 31"},
    ]


def _hire_facts(d: Draws) -> dict[str, str]:
    def months(name: str) -> str:
        return f"greatest(0, h_months - {d.pick(name, {'0': 75, d.between(f'{name}/gap', 1, 6): 25})} + 1)"

    left = d.pick("left", {"0": 80, d.between("left/months", 1, 9): 20})
    contract = {"36": 36, "12": 26, "24": 14, "60": 5, "6": 7, "3": 6, "0": 6}
    return {
        "hired_on": "h_on",
        "contract_months": d.pick("contract", contract),
        "full_time": d.chance("full time", 920),
        "unemployment_insured_months": months("unemployment"),
        "three_insurance_months": months("three"),
        "social_insured_months": months("social"),
        "months_employed": f"greatest(0, h_months - {left})",
        "identity_used_expansion": d.pick("used", {"TRUE": 30, "FALSE": 400, "NULL": 570}),
        "public_post": d.pick("public", {"TRUE": 70, "FALSE": 600, "NULL": 330}),
        "hours": d.pick("hours", {d.between("hours/some", 10, 120): 80, "NULL": 920}),
        "person_is_owner": d.pick("owner", {"TRUE": 30, "FALSE": 600, "NULL": 370}),
        "apprentice_months": d.pick("apprentice", {d.between("apprentice/months", 3, 24): 120, "NULL": 880}),
        "shortage_trade": d.pick("shortage", {"TRUE": 100, "FALSE": 300, "NULL": 600}),
    }


def internship_recipe(scene: Scene) -> Recipe:
    d = Draws(scene.seed, "internship", "id")
    rows = _own_persons(scene, "internship", INTERNSHIPS, "n_internships")
    on = f"DATE '{scene.on}'"
    steps = [
        {
            "i_on": f"{on} - CAST({d.between('days', 5, 520)} AS INTEGER)",
            "i_months": d.pick(
                "months", {d.between("months/usual", 3, 12): 92, d.between("months/short", 1, 2): 8}
            ),
        },
        {
            "i_end": "CAST(i_on + to_months(CAST(i_months AS INTEGER)) AS DATE)",
            "i_signed": f"i_on + CAST({d.between('signed', 20, 400)} AS INTEGER)",
            "i_signs": d.chance("signs", 650),
        },
        {"i_over": f"i_end <= {on}"},
    ]
    facts = {
        "started_on": "i_on",
        "months": "i_months",
        "contract_signed_on": f"CASE WHEN i_signs AND i_signed <= {on} THEN i_signed END",
        "ended_on": "CASE WHEN i_over THEN i_end END",
        "completed": "i_over",
        "retained": f"i_over AND i_signs AND {d.chance('stays', 850)}",
    }
    visible = ("id", "employer_id", "person_id")
    return Recipe("internship", rows, tuple(steps), facts, d, scene.on, visible)


def placement_recipe(scene: Scene) -> Recipe:
    d = Draws(scene.seed, "placement", "id")
    facts = {
        "contract_fulfilled_months": d.between("months", 0, 14),
        "destination_org_type": d.pick_text("destination", ORG_TYPES),
    }
    rows = _own_persons(scene, "placement", PLACEMENTS, "n_placements")
    return Recipe("placement", rows, (), facts, d, scene.on, ("id", "employer_id", "person_id"))


def certificate_recipe(scene: Scene) -> Recipe:
    d = Draws(scene.seed, "certificate", "id")
    steps = {"c_days": f"CAST({d.between('days', 1, 500)} AS INTEGER)"}
    facts = {
        "level": d.pick_text("level", {"初级": 45, "中级": 35, "高级": 20}),
        "trade": d.one_of("trade", TRADES),
        "issued_on": f"DATE '{scene.on}' - c_days",
    }
    rows = _some_persons(scene, "certificate", 120)
    return Recipe("certificate", rows, (steps,), facts, d, scene.on, ("id", "person_id"))


def venture_recipe(scene: Scene) -> Recipe:
    d = Draws(scene.seed, "venture", "id")
    steps = {"v_days": f"CAST({d.between('days', 20, 1400)} AS INTEGER)"}
    moved = f"CAST({d.between('moved', 0, 400)} AS INTEGER)"
    facts = {
        "registered_on": f"DATE '{scene.on}' - v_days",
        "operating_months": f"greatest(0, v_days // 31 - {d.whole('idle', 5)})",
        "employs_others": d.chance("employs", 600),
        "files_tax": d.chance("tax", 850),
        "in_city_base_since": f"CASE WHEN {d.chance('in base', 500)} "
        f"THEN least(DATE '{scene.on}', DATE '{scene.on}' - v_days + {moved}) END",
        "rent_waived": d.chance("waived", 400),
        "annual_rent": f"{d.between('rent', 20, 600)} * 100",
        "star_recognised": d.pick("star", {"TRUE": 40, "FALSE": 400, "NULL": 560}),
    }
    rows = _some_persons(scene, "venture", 70, OTHERS)
    return Recipe("venture", rows, (steps,), facts, d, scene.on, ("id", "person_id"))


def training_recipe(scene: Scene) -> Recipe:
    d = Draws(scene.seed, "training", "id")
    on = f"DATE '{scene.on}'"
    kinds = {"就业技能培训": 40, "岗位技能提升培训": 35, "创业培训": 15, "新型学徒制": 10}
    steps = [
        {
            "t_on": f"{on} - CAST({d.between('days', 3, 400)} AS INTEGER)",
            "t_planned": f"{d.between('planned', 5, 60)} * 100",
            "t_done": d.chance("done", 550),
            "t_good": d.chance("good", 880),
        },
        {"t_end": f"least({on}, t_on + CAST({d.between('length', 5, 90)} AS INTEGER))"},
    ]
    facts = {
        "started_on": "t_on",
        "planned_amount": "t_planned",
        "actual_amount": f"CASE WHEN t_done AND t_good THEN t_planned - {d.whole('cut', 4)} * 100 END",
        "progress": f"CASE WHEN t_done THEN 1 ELSE {d.whole('progress', 100)} / 100.0 END",
        "accepted": "CASE WHEN t_done THEN t_good END",
        "kind": d.pick_text("kind", kinds),
        "shortage_trade": d.chance("shortage", 150),
        "ended_on": "CASE WHEN t_done THEN t_end END",
        "publicity_ended_on": f"CASE WHEN t_done AND t_good AND t_end + 15 <= {on} THEN t_end + 15 END",
        "prepaid": d.pick("prepaid", {"t_planned * 0.3": 400, "0": 200, "NULL": 400}),
    }
    rows = _some_persons(scene, "training", 80)
    return Recipe("training", rows, tuple(steps), facts, d, scene.on, ("id", "employer_id", "person_id"))


def loan_recipe(scene: Scene) -> Recipe:
    """Loans of employers first, then of persons, employer by employer."""
    d = Draws(scene.seed, "loan", "id")
    of_employers = f"""
        SELECT {FIRST_IDS["loan"]} + id * {PERSON_STRIDE} AS id, id AS employer_id, NULL::BIGINT AS person_id,
               '小微企业' AS l_kind
        FROM ({scene.employers}) WHERE {Draws(scene.seed, "loan", "id").chance("employer", 30)}"""
    borrows = Draws(scene.seed, "loan", "person_id").chance("person", 60)
    partner = d.pick_text("partners?", {"个人": 80, "合伙": 20})
    of_persons = f"""
        SELECT id - {PERSONS} + {FIRST_IDS["loan"]} AS id, NULL::BIGINT AS employer_id, person_id,
               '' AS l_kind
        FROM ({scene.persons}) WHERE slot >= {OTHERS} AND {borrows}"""
    rows = f"SELECT * FROM ({of_employers} UNION ALL {of_persons}) ORDER BY id"
    on = f"DATE '{scene.on}'"
    steps = [
        {
            "l_type": f"CASE WHEN l_kind = '' THEN {partner} ELSE l_kind END",
            "l_on": f"{on} - CAST({d.between('days', 5, 900)} AS INTEGER)",
        },
        {
            "l_amount": f"CASE WHEN l_kind = '' THEN {d.between('amount', 3, 20)} "
            f"ELSE {d.between('amount/firm', 20, 300)} END * 10000",
            "l_months": d.pick("months", {"12": 20, "24": 50, "36": 30}),
        },
    ]
    facts = {
        "kind": "l_type",
        "amount": "l_amount",
        "months": "l_months",
        "applied_on": "l_on",
        "partners": f"CASE WHEN l_type = '合伙' THEN {d.between('partners', 1, 6)} ELSE 0 END",
        "subsidised_interest": f"l_amount * {d.between('rate', 15, 45)} / 1000.0",
        "night_or_online_economy": d.chance("night", 120),
        "matures_on": "CAST(l_on + to_months(CAST(l_months AS INTEGER)) AS DATE)",
        "extended_before": d.chance("extended", 80),
        "hit_by_disaster": d.chance("disaster", 250),
        "extension_months": d.pick("extension", {"12": 30, "6": 20, "24": 5, "NULL": 45}),
        "interest_months_paid": f"least(l_months, {d.between('paid', 0, 24)})",
    }
    return Recipe("loan", rows, tuple(steps), facts, d, scene.on, ("id", "employer_id", "person_id"))


def base_recipe(scene: Scene) -> Recipe:
    """Two employers in a hundred run a base; two thirds of these were built to the standard."""
    d = Draws(scene.seed, "base", "id")
    chosen = Draws(scene.seed, "base", "id").chance("runs one", 20)
    rows = f"""
        SELECT {FIRST_IDS["base"]} + id AS id, id AS employer_id FROM ({scene.employers}) WHERE {chosen}"""

    def either(name: str, good: str, any: str) -> str:
        return f"CASE WHEN b_good AND {d.chance(f'{name}?', 970)} THEN {good} ELSE {any} END"

    def share(name: str, low: int, high: int) -> str:
        return f"{d.between(name, low, high)} / 100.0"

    facts = {
        "recognised_level": d.pick_text("level", {"市级": 40, "省级": 45, "国家级": 15}),
        "already_city_level": either("city", "TRUE", d.chance("city", 500)),
        "operator_years": either("years", d.between("years/good", 2, 20), share("years", 10, 300)),
        "floor_area": either("area", d.between("area/good", 30, 300), d.between("area", 5, 60)) + " * 100",
        "tower_type": d.chance("tower", 300),
        "technology_focus": d.chance("technology", 200),
        "lease_years": either("lease", d.between("lease/good", 3, 15), d.between("lease", 1, 6)),
        "incubation_success_rate": either("success", share("success/good", 40, 95), share("success", 10, 80)),
        "graduation_rate": either(
            "graduation", share("graduation/good", 50, 95), share("graduation", 10, 80)
        ),
        "mentors": either("mentors", d.between("mentors/good", 4, 30), d.between("mentors", 0, 8)),
        "staff": either("staff", d.between("staff/good", 6, 40), d.between("staff", 1, 10)),
        "tenants": either("tenants", d.between("tenants/good", 50, 200), d.between("tenants", 10, 90)),
        "off_site_rate": either("off", share("off/good", 0, 25), share("off", 0, 60)),
        "jobs": either("jobs", d.between("jobs/good", 500, 3000), d.between("jobs", 50, 800)),
        "new_entity_rate": either("new", share("new/good", 40, 100), share("new", 10, 80)),
        "relaxed_county": d.chance("relaxed", 250),
        "owned": d.chance("owned", 300),
    }
    return Recipe(
        "base", rows, ({"b_good": d.chance("good", 660)},), facts, d, scene.on, ("id", "employer_id")
    )


def _own_persons(scene: Scene, entity: str, start: int, count: str) -> str:
    """One row for each internship or placement, with a person of its own."""
    number = f"employer_id * {PERSON_STRIDE} + slot"
    return f"""
        SELECT {FIRST_IDS[entity]} + {number} AS id, {PERSONS} + {number} AS person_id, *
        FROM (SELECT id AS employer_id, unnest(range({start}, {start} + {count})) AS slot, * EXCLUDE (id)
              FROM ({scene.employers}))"""


def _some_persons(scene: Scene, entity: str, per_mille: int, first_slot: int = 0) -> str:
    """One row for so many in a thousand of the persons."""
    chosen = Draws(scene.seed, entity, "person_id").chance("has one", per_mille)
    return f"""
        SELECT id - {PERSONS} + {FIRST_IDS[entity]} AS id, person_id, employer_id
        FROM ({scene.persons}) WHERE slot >= {first_slot} AND {chosen}"""


RECIPES = {
    "hire": hire_recipe,
    "internship": internship_recipe,
    "placement": placement_recipe,
    "certificate": certificate_recipe,
    "loan": loan_recipe,
    "venture": venture_recipe,
    "base": base_recipe,
    "training": training_recipe,
}

WITH_PERSON = frozenset({"hire", "internship", "placement"})
"""Entities whose rows may hold the facts of their persons beside their own."""
