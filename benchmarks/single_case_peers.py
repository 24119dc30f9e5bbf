"""The six rules of single_case.py in zen-engine and OpenFisca-Core. Run by the peers' own Python.

    python single_case_peers.py CASE.json → JSON: versions, what each peer decides, and its seconds per case

OpenFisca-Core is AGPL: it stands in an environment of its own and nothing of the project imports it.
Neither peer knows unknown facts, citations or a trace: they are asked for reason and amount alone.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import zen
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

ROUNDS = 200
DEGREES = ("本科", "研究生", "专科")
HOSTS = ("社会服务机构", "事业单位", "律师事务所", "社会团体", "基金会", "企业", "会计师事务所")
ORGANISATIONS = ("社会服务机构", "律师事务所", "社会团体", "基金会", "会计师事务所")
FREE_INDUSTRIES = ("H62", "F52", "L7291", "N786", "G56", "G54", "G55", "G53")
DAY = "2022-10-01"

# ---- zen-engine: one expression for each rule; the reason is the first condition that fails

HIRE = (
    "date(#.hired_on) < date('2022-01-01') or date(#.hired_on) > date('2022-12-31') ? 'event-window' : "
    "employer.org_type != '企业' ? 'employer-type' : {size}"
    f"not (#.person.education in {list(DEGREES)}) ? 'graduate' : "
    "year(date(#.person.graduated_on)) != year(date(#.hired_on)) ? 'graduation-year' : "
    "not #.person.unemployed ? 'not-employed-before' : {last}"
)
ZEN = {
    "hiring-subsidy": "map(hires, "
    + HIRE.format(
        size="not (employer.size in ['微型', '小型', '中型']) ? 'employer-size' : ",
        last="#.contract_months < 12 ? 'contract-length' : 'eligible 1000'",
    )
    + ")",
    "hiring-expansion": "map(hires, "
    + HIRE.format(
        size="",
        last="#.contract_months <= 0 ? 'contract' : "
        "#.unemployment_insured_months < 1 ? 'unemployment-insured' : "
        "#.identity_used_expansion ? 'identity-unused' : 'eligible 1500'",
    )
    + ")",
    "internship-subsidy": "map(internships, "
    f"not (employer.org_type in {list(HOSTS)}) ? 'host' : "
    f"not (#.person.education in {list(DEGREES)} and #.person.unemployed "
    "and date(#.person.graduated_on) <= date(#.started_on) "
    "and d(#.started_on).isBefore(d(#.person.graduated_on).add('24M'))) ? 'trainee' : "
    "#.months < 3 ? 'length' : 'eligible ' + string(min([#.months, 12]) * "
    "(employer.internship_retention_rate >= 0.7 ? 1500 : employer.internship_retention_rate >= 0.6 ? 1350 : "
    "employer.internship_retention_rate >= 0.5 ? 1200 : 1000)))",
    "pension-deferral": f"employer.org_type in {['企业', '个体工商户', *ORGANISATIONS]} ? "
    f"(some({list(FREE_INDUSTRIES)}, startsWith(employer.industry, #)) ? 'eligible' : 'grounds') "
    ": 'employer-type'",
    "job-retention-refund": f"not (employer.org_type in {['企业', '个体工商户', *ORGANISATIONS]}) "
    "? 'employer-type' : "
    "not (employer.layoff_rate_last_year <= 0.055 or "
    "employer.insured_last_year_end <= 30 and employer.layoff_rate_last_year <= 0.2) ? 'layoff-rate' : "
    "employer.unemployment_contribution_months_last_year < 12 ? 'contribution-months' : "
    "employer.seriously_dishonest ? 'not-dishonest' : employer.labour_dispatch ? 'not-labour-dispatch' : "
    "'eligible ' + string(employer.unemployment_contributions_last_year "
    "* (employer.size == '大型' ? 0.5 : 0.9))",
    "stay-at-work-training": "not (employer.org_type in ['企业', '个体工商户']) ? 'employer-type' : "
    "not place.risk_area_found ? 'area-or-industry' : 'eligible ' + string(500 * employer.insured_now)",
}


def zen_decision() -> Any:
    expressions = [{"id": key, "key": key.replace("-", "_"), "value": text} for key, text in ZEN.items()]
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {
                "id": "rules",
                "name": "rules",
                "type": "expressionNode",
                "content": {"expressions": expressions},
            },
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "rules"},
            {"id": "2", "sourceId": "rules", "targetId": "out"},
        ],
    }
    return zen.ZenEngine().create_decision(json.dumps(graph))


def zen_context(case: dict[str, Any]) -> dict[str, Any]:
    """zen-engine has no decimals in JSON: texts of numbers become numbers."""
    numbers = ("layoff_rate_last_year", "unemployment_contributions_last_year", "internship_retention_rate")
    employer = {key: float(value) if key in numbers else value for key, value in case["employer"].items()}
    return {**case, "employer": employer}


def zen_found(result: dict[str, Any]) -> dict[str, list[str]]:
    found = {key: result["result"][key.replace("-", "_")] for key in ZEN}
    return {key: value if isinstance(value, list) else [value] for key, value in found.items()}


# ---- OpenFisca-Core: hires are the persons of a firm; a variable holds the code of the first that fails

HIRE_ENTITY = build_entity("hire", "hires", "A hire", is_person=True)
FIRM = build_entity("firm", "firms", "A firm", roles=[{"key": "staff", "plural": "staff", "label": "Staff"}])
REASONS = (
    "eligible", "event-window", "employer-type", "employer-size", "graduate", "graduation-year",
    "not-employed-before", "contract-length", "contract", "unemployment-insured", "identity-unused",
    "host", "trainee", "length", "grounds", "layoff-rate", "contribution-months", "not-dishonest",
    "not-labour-dispatch", "area-or-industry",
)  # fmt: skip
INPUTS = {
    HIRE_ENTITY: {"hired_on": int, "graduated_on": int, "education": int, "unemployed": bool,
                  "contract_months": int, "unemployment_insured_months": int,
                  "identity_used_expansion": bool},
    FIRM: {"org_type": int, "size": int, "industry": int, "layoff_rate": float, "insured_last_year_end": int,
           "contribution_months": int, "contributions": float, "dishonest": bool, "dispatch": bool,
           "insured_now": int,
           "risk_area": bool, "retention_rate": float, "intern_started": int, "intern_graduated": int,
           "intern_education": int, "intern_unemployed": bool, "intern_months": int},
}  # fmt: skip


def input_variable(entity: Any, name: str, kind: type) -> type:
    body = {"value_type": kind, "entity": entity, "definition_period": DateUnit.ETERNITY}
    return type(name, (Variable,), body)


def first(pairs: list[tuple[Any, str]], size: int) -> Any:
    """The code of the first condition that fails."""
    conditions = [np.broadcast_to(failed, size) for failed, _ in pairs]
    return np.select(conditions, [REASONS.index(reason) for _, reason in pairs], 0)


def hire_failures(hire: Any, period: Any, with_size: bool) -> list[tuple[Any, str]]:
    hired, graduated = hire("hired_on", period), hire("graduated_on", period)
    failures = [
        ((hired < 20220101) | (hired > 20221231), "event-window"),
        (hire.firm("org_type", period) != 0, "employer-type"),
        (hire.firm("size", period) > 2, "employer-size"),
        (hire("education", period) > 2, "graduate"),
        (hired // 10000 != graduated // 10000, "graduation-year"),
        (~hire("unemployed", period), "not-employed-before"),
    ]
    return failures if with_size else [pair for pair in failures if pair[1] != "employer-size"]


def formula(entity: Any, name: str, kind: type, body: Any) -> type:
    variable = {"value_type": kind, "entity": entity, "definition_period": DateUnit.ETERNITY, "formula": body}
    return type(name, (Variable,), variable)


def hiring_subsidy(hire: Any, period: Any) -> Any:
    failures = hire_failures(hire, period, True)
    return first([*failures, (hire("contract_months", period) < 12, "contract-length")], hire.count)


def hiring_expansion(hire: Any, period: Any) -> Any:
    own = [
        (hire("contract_months", period) <= 0, "contract"),
        (hire("unemployment_insured_months", period) < 1, "unemployment-insured"),
        (hire("identity_used_expansion", period), "identity-unused"),
    ]
    return first([*hire_failures(hire, period, False), *own], hire.count)


def internship(firm: Any, period: Any) -> Any:
    started, graduated = firm("intern_started", period), firm("intern_graduated", period)
    trainee = (firm("intern_education", period) <= 2) & firm("intern_unemployed", period)
    trainee &= (graduated <= started) & (started < graduated + 20000)
    pairs = [(firm("org_type", period) > 6, "host"), (~trainee, "trainee")]
    return first([*pairs, (firm("intern_months", period) < 3, "length")], firm.count)


def internship_amount(firm: Any, period: Any) -> Any:
    rate = firm("retention_rate", period)
    standard = np.select([rate >= 0.7, rate >= 0.6, rate >= 0.5], [1500, 1350, 1200], 1000)
    return np.minimum(firm("intern_months", period), 12) * standard


def deferral(firm: Any, period: Any) -> Any:
    failures = [(firm("org_type", period) > 6, "employer-type"), (firm("industry", period) != 0, "grounds")]
    return first(failures, firm.count)


def refund(firm: Any, period: Any) -> Any:
    rate = firm("layoff_rate", period)
    small = (firm("insured_last_year_end", period) <= 30) & (rate <= 0.2)
    failures = [
        (firm("org_type", period) > 6, "employer-type"),
        (~((rate <= 0.055) | small), "layoff-rate"),
        (firm("contribution_months", period) < 12, "contribution-months"),
        (firm("dishonest", period), "not-dishonest"),
        (firm("dispatch", period), "not-labour-dispatch"),
    ]
    return first(failures, firm.count)


def refund_amount(firm: Any, period: Any) -> Any:
    return firm("contributions", period) * np.where(firm("size", period) == 3, 0.5, 0.9)


def stay(firm: Any, period: Any) -> Any:
    failures = [
        (firm("org_type", period) > 1, "employer-type"),
        (~firm("risk_area", period), "area-or-industry"),
    ]
    return first(failures, firm.count)


def stay_amount(firm: Any, period: Any) -> Any:
    return 500 * firm("insured_now", period)


OPENFISCA = {
    "hiring-subsidy": (HIRE_ENTITY, hiring_subsidy, 1000),
    "hiring-expansion": (HIRE_ENTITY, hiring_expansion, 1500),
    "internship-subsidy": (FIRM, internship, internship_amount),
    "pension-deferral": (FIRM, deferral, None),
    "job-retention-refund": (FIRM, refund, refund_amount),
    "stay-at-work-training": (FIRM, stay, stay_amount),
}


def tax_benefit_system() -> Any:
    system = TaxBenefitSystem([HIRE_ENTITY, FIRM])
    for entity, names in INPUTS.items():
        for name, kind in names.items():
            system.add_variable(input_variable(entity, name, kind))
    for key, (entity, reason, amount) in OPENFISCA.items():
        name = key.replace("-", "_")
        system.add_variable(formula(entity, name, int, reason))
        if callable(amount):
            system.add_variable(formula(entity, f"{name}_amount", float, amount))
    return system


def openfisca_input(case: dict[str, Any]) -> dict[str, Any]:
    """The case as OpenFisca's own loader takes it: codes instead of texts, days as numbers."""

    def day(text: str) -> int:
        return int(text.replace("-", ""))

    def code(value: str, known: tuple[str, ...]) -> int:
        return known.index(value) if value in known else 99

    def always(values: dict[str, Any]) -> dict[str, Any]:
        return {name: {"ETERNITY": value} for name, value in values.items()}

    employer, intern = case["employer"], case["internships"][0]
    hires = {
        hire["id"]: always(
            {
                "hired_on": day(hire["hired_on"]),
                "graduated_on": day(hire["person"]["graduated_on"]),
                "education": code(hire["person"]["education"], DEGREES),
                "unemployed": hire["person"]["unemployed"],
                "contract_months": hire["contract_months"],
                "unemployment_insured_months": hire["unemployment_insured_months"],
                "identity_used_expansion": hire["identity_used_expansion"],
            }
        )
        for hire in case["hires"]
    }
    firm = always(
        {
            "org_type": code(employer["org_type"], ("企业", "个体工商户", *ORGANISATIONS)),
            "size": code(employer["size"], ("微型", "小型", "中型", "大型")),
            "industry": 0 if employer["industry"].startswith(FREE_INDUSTRIES) else 99,
            "layoff_rate": float(employer["layoff_rate_last_year"]),
            "insured_last_year_end": employer["insured_last_year_end"],
            "contribution_months": employer["unemployment_contribution_months_last_year"],
            "contributions": float(employer["unemployment_contributions_last_year"]),
            "dishonest": employer["seriously_dishonest"],
            "dispatch": employer["labour_dispatch"],
            "insured_now": employer["insured_now"],
            "risk_area": case["place"]["risk_area_found"],
            "retention_rate": float(employer["internship_retention_rate"]),
            "intern_started": day(intern["started_on"]),
            "intern_graduated": day(intern["person"]["graduated_on"]),
            "intern_education": code(intern["person"]["education"], DEGREES),
            "intern_unemployed": intern["person"]["unemployed"],
            "intern_months": intern["months"],
        }
    )
    return {"hires": hires, "firms": {"f": {"staff": list(hires), **firm}}}


def openfisca_found(system: Any, described: dict[str, Any]) -> dict[str, list[str]]:
    simulation = SimulationBuilder().build_from_entities(system, described)
    found: dict[str, list[str]] = {}
    for key, (_, _, amount) in OPENFISCA.items():
        name = key.replace("-", "_")
        codes = simulation.calculate(name, DAY)
        worth = simulation.calculate(f"{name}_amount", DAY) if callable(amount) else [amount] * len(codes)
        found[key] = [_said(code, yuan) for code, yuan in zip(codes, worth, strict=True)]
    return found


def _said(code: int, yuan: Any) -> str:
    reason = REASONS[code]
    return reason if reason != "eligible" or yuan is None else f"eligible {float(yuan):g}"


def seconds(function: Any, rounds: int) -> list[float]:
    function()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        found.append(time.perf_counter() - start)
    return found


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    case = json.loads(text)
    decision, context, system = zen_decision(), zen_context(case), tax_benefit_system()
    described = openfisca_input(case)
    print(
        json.dumps(
            {
                "zen-engine": {
                    "version": version("zen-engine"),
                    "found": zen_found(decision.evaluate(context)),
                    "seconds": seconds(lambda: decision.evaluate(context), ROUNDS),
                    "json": seconds(
                        lambda: json.dumps(decision.evaluate(zen_context(json.loads(text)))), ROUNDS
                    ),
                },
                "OpenFisca-Core": {
                    "version": version("openfisca-core"),
                    "found": openfisca_found(system, described),
                    "seconds": seconds(lambda: openfisca_found(system, described), ROUNDS),
                    "json": seconds(
                        lambda: json.dumps(openfisca_found(system, openfisca_input(json.loads(text)))), ROUNDS
                    ),
                },
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
