"""Places and funds: a row for each division of the region and those it lies in, and for each of its funds."""

from __future__ import annotations

from collections import Counter
from datetime import date

from zhida.library import Library
from zhida.population.conversion import literal
from zhida.population.divisions import divisions, within
from zhida.population.making.draws import Draws
from zhida.population.making.employers import PERSONS
from zhida.population.making.recipe import Recipe
from zhida.standards.regions import NATION, ancestors

FUNDS = PERSONS * 11


def place_codes(region: str) -> list[str]:
    """The divisions of `region`, and those it lies in, in order of their codes."""
    codes = {code for code in divisions() if within(code, region)} | set(ancestors(region))
    return sorted(codes - {NATION})


def place_recipe(seed: int, on: date, region: str) -> Recipe:
    rows, before = [], Counter[str]()
    for code in place_codes(region):
        before[code[:4]] += 1
        rows.append(f"({literal(code)}, {before[code[:4]]})")
    d = Draws(seed, "place", "CAST(id AS BIGINT)")
    facts = {
        "region": "id",
        "risk_area_found": d.chance("risk", 600),
        "county_risk_area_found": d.chance("county risk", 500),
        "static_management": d.chance("static", 500),
        "filed": d.chance("filed", 550),
        "assessment_rank": "rank",
        "rank_tied": d.pick("tied", {"TRUE": 5, "FALSE": 60, "NULL": 35}),
    }
    query = f"SELECT * FROM (VALUES {', '.join(rows)}) AS place(id, rank)"
    return Recipe("place", query, (), facts, d, on, complete=frozenset({"region"}))


def fund_recipe(library: Library, seed: int, on: date, region: str) -> Recipe:
    kinds = next(fact.values for fact in library.entities["fund"].facts if fact.key == "kind")
    codes = ", ".join(f"({literal(code)})" for code in place_codes(region))
    numbered = ", ".join(f"({number}, {literal(kind)})" for number, kind in enumerate(kinds))
    d = Draws(seed, "fund", "id")
    facts = {
        "kind": "kind",
        "balance_last_year_end": f"{d.between('balance', 100, 90_000)} * 10000",
        "reserve_months": f"{d.between('reserve', 20, 480)} / 10.0",
        "earmarked_sufficient": d.chance("sufficient", 500),
        "deficit_this_year": d.pick("deficit", {"TRUE": 35, "FALSE": 45, "NULL": 20}),
        "no_usable_balance": d.pick("no balance", {"TRUE": 35, "FALSE": 45, "NULL": 20}),
        "remitted_in_full": d.pick("remitted", {"TRUE": 70, "FALSE": 15, "NULL": 15}),
    }
    query = f"""
        SELECT {FUNDS} + CAST(region AS BIGINT) * 10 + number AS id, region, kind
        FROM (VALUES {codes}) AS place(region), (VALUES {numbered}) AS fund(number, kind) ORDER BY id"""
    return Recipe("fund", query, (), facts, d, on, ("id", "region"), frozenset({"kind"}))
