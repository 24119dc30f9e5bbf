"""A made population has something to find: of the measures of a county, units of every verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import duckdb
import pytest

from zhida.decide import decide
from zhida.decide.read import build_case
from zhida.library import Library, resolve
from zhida.population import open_population
from zhida.population.cases import Cases
from zhida.population.make import make
from zhida.population.making.order import Order

COUNTY = "621025"
ON = date(2022, 10, 1)
MOST = {"employer": 400}
"""Rows of a file that are decided, where not 100."""
WITH_EMPLOYER = ("hire", "internship")
"""Entities whose rows are part of the case of their employer."""
NEVER = {
    "unemployment-rate-cut": {"ineligible", "unknown"},
    "injury-rate-cut": {"ineligible", "unknown"},
    "labour-brand-award": {"ineligible"},
    "incubator-award": {"eligible"},
    "returnee-base-award": {"eligible"},
    "stay-at-work-training": {"eligible"},
}
"""Verdicts that the law, or the facts of one county, leave no room for."""


@pytest.fixture(scope="module")
def verdicts(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, set[str]]:
    """Measure → the verdicts of its units among the first rows of each file."""
    folder = tmp_path_factory.mktemp("county") / "population"
    make(library, Order(1500, COUNTY, seed=7), folder)
    found: dict[str, set[str]] = defaultdict(set)
    with duckdb.connect() as connection, open_population(connection, library, folder) as population:
        cases = Cases(connection, library, population, COUNTY, ON)
        for entity in set(population.sources) - set(WITH_EMPLOYER):
            units = (entity, *WITH_EMPLOYER) if entity == "employer" else (entity,)
            measures = {rule.measure for rule in resolve(library, COUNTY, ON) if rule.unit in units}
            for number, (_, data) in enumerate(cases.all(entity) if measures else ()):
                if number == MOST.get(entity, 100):
                    break
                case, problems = build_case(library, data)
                assert case is not None, problems
                for decision in decide(library, case, measures).decisions:
                    found[decision.rule.measure] |= {unit.verdict for unit in decision.units}
    return found


def test_every_measure_of_the_county_finds_every_verdict(
    library: Library, verdicts: Mapping[str, set[str]]
) -> None:
    lacking = {
        rule.measure: {"eligible", "ineligible", "unknown"} - verdicts[rule.measure]
        for rule in resolve(library, COUNTY, ON)
        if rule.opening.is_open(ON)
    }
    assert {key: lack for key, lack in lacking.items() if lack - NEVER.get(key, set())} == {}
