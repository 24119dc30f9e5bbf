"""Filling in a missing fact may settle an unknown verdict; it never turns a settled one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import POLICIES
from zhida.decide import build_case, decide
from zhida.library import load
from zhida.library.model import EntityDef, FactDef
from zhida.profile import free_facts

ON = date(2022, 10, 1)
LISTS = {
    "hires": "hire",
    "internships": "internship",
    "placements": "placement",
    "certificates": "certificate",
    "loans": "loan",
    "ventures": "venture",
    "bases": "base",
    "trainings": "training",
}
WITH_PERSON = ("hires", "internships", "placements")
GIVEN_THOUGH_DERIVED = {"layoff_rate_last_year", "size", "internship_retention_rate"}
INPUTS_OF_DERIVED = {"insured_last_year_start", "industry", "employees", "revenue", "assets"}
"""A given value that contradicts what is derived wins (and is warned about). So that filling one in
says nothing new, either a derived fact is given here or its inputs are, never both."""
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Shrinking a whole case takes minutes: add Phase.shrink when one is found."""


def values(fact: FactDef) -> st.SearchStrategy[Any]:
    """Plausible values, near the thresholds that policies use."""
    match fact.type:
        case "boolean":
            return st.booleans()
        case "choice":
            return st.sampled_from(fact.values)
        case "set":
            return st.lists(st.sampled_from(fact.values), max_size=3, unique=True)
        case "date":
            return st.integers(0, 1500).map(lambda days: (ON - timedelta(days=days)).isoformat())
        case "rate":
            return st.sampled_from(["0", "0.05", "0.055", "0.1", "0.3", "0.5", "0.7", "1"])
        case "region":
            return st.sampled_from(["621025", "621002", "620102", "110101"])
        case "count" | "number":
            return st.sampled_from([0, 1, 3, 5, 6, 11, 12, 30, 31, 50, 100, 101, 500, 900])
        case "money":
            return st.sampled_from(["0", "0.01", "999.99", "12345.67", "5000000"])
    return st.just("x")


def facts(entity: EntityDef) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the facts whose absence means unknown."""
    optional = {
        fact.key: values(fact)
        for fact in entity.facts
        if fact.absence == "unknown"
        and fact.type not in ("code", "text")
        and fact.key not in INPUTS_OF_DERIVED
        and not fact.from_history
        and (fact.derived is None or fact.key in GIVEN_THOUGH_DERIVED)
        and fact.key != "born_on"
    }
    return st.fixed_dictionaries({}, optional=optional)


LIBRARY, _ = load(POLICIES)
FACTS = {name: facts(entity) for name, entity in LIBRARY.entities.items()}


KEPT = {
    fact.key
    for path, derivation in LIBRARY.derivations.items()
    if LIBRARY.facts[path].absence == "not applicable"
    for fact in free_facts(derivation.formula)
}
"""Inputs of facts whose absence means that they do not apply: with one filled in, they may apply."""


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A case, and the same with some facts taken out."""
    full: dict[str, Any] = {"region": "621025", "on": ON.isoformat()}
    full["employer"] = draw(FACTS["employer"])
    full["applicant"] = draw(FACTS["person"])
    full["place"] = draw(FACTS["place"])
    for key, entity in LISTS.items():
        row = {"id": f"{key}-1", **draw(FACTS[entity])}
        if key in WITH_PERSON:
            row["person"] = draw(FACTS["person"])
        full[key] = [row]
    return full, draw(thinned(full))


@st.composite
def thinned(draw: st.DrawFn, data: dict[str, Any]) -> dict[str, Any]:
    """A copy with some of the facts dropped, never an id, the region or the day."""
    kept: dict[str, Any] = {}
    for key, value in data.items():
        if key in ("id", "region", "on"):
            kept[key] = value
        elif isinstance(value, dict):
            kept[key] = draw(thinned(value))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            kept[key] = [draw(thinned(item)) for item in value]
        elif key in KEPT or draw(st.booleans()):
            kept[key] = value
    return kept


@settings(max_examples=100, deadline=None, phases=QUICK, suppress_health_check=list(HealthCheck))
@given(pair=pairs())
def test_filling_a_fact_only_moves_unknown(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    full, part = pair
    full_case, problems = build_case(LIBRARY, full)
    part_case, _ = build_case(LIBRARY, part)
    assert full_case and part_case, problems
    after = {(d.rule.measure, d.rule.row): d for d in decide(LIBRARY, full_case).decisions}
    for before in decide(LIBRARY, part_case).decisions:
        settled = before.verdict not in ("unknown", "not_open")
        amount_open = before.verdict in ("eligible", "review") and before.amount is None
        if settled and not amount_open:
            found = after[before.rule.measure, before.rule.row]
            assert found.verdict == before.verdict, before.rule.measure
            assert found.amount == before.amount


@settings(max_examples=50, deadline=None, phases=QUICK, suppress_health_check=list(HealthCheck))
@given(pair=pairs())
def test_the_full_amount_lies_in_the_range_of_the_part(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    full, part = pair
    full_case, _ = build_case(LIBRARY, full)
    part_case, _ = build_case(LIBRARY, part)
    assert full_case and part_case
    after = {(d.rule.measure, d.rule.row): d for d in decide(LIBRARY, full_case).decisions}
    for before in decide(LIBRARY, part_case).decisions:
        found = after[before.rule.measure, before.rule.row]
        span = before.amount_range
        if span and span.high is not None and found.amount is not None:
            assert span.low <= found.amount <= span.high, before.rule.measure
