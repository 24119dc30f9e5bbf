"""The worked cases of the library as populations: screened, they say what the interpreter says, and what
was worked out by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.screen.populations import Settler
from tests.screen.sides import Comparison, Said, Sides, open_on
from tests.screen.worked import Worked, worked_cases

from zhida.decide.decision import ORDER
from zhida.library import Library, Rule
from zhida.screen.regions import is_below
from zhida.standards.regions import NATION

Group = tuple[Any, str, str]
"""Cases that can be in one population: of one day, and of one region where it says something of the place."""


def groups() -> dict[Group, list[Worked]]:
    found: dict[Group, list[Worked]] = defaultdict(list)
    for worked in worked_cases():
        place = worked.data.get("place")
        found[worked.on, "" if place is None else worked.region, str(place)].append(worked)
    return found


@pytest.fixture(scope="module")
def screened(
    library: Library,
    screening_connection: Any,
    decided: Counter[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Screened:
    result = Screened(library, screening_connection)
    for number, group in enumerate(groups().values()):
        result.add(tmp_path_factory.mktemp(f"worked{number}"), group)
    decided["duckdb, worked cases"] += result.comparison.rows
    return result


class Screened:
    """All worked cases, screened; `verdicts` are those of the units of each."""

    def __init__(self, library: Library, connection: Any) -> None:
        self.library, self.connection = library, connection
        self.comparison = Comparison()
        self.verdicts: list[tuple[Worked, set[str]]] = []

    def add(self, folder: Path, group: Sequence[Worked]) -> None:
        settler = Settler(self.library)
        kinds = {w.measure: self.library.measures[w.measure].definition.unit for w in group}
        parties = {settler.settle(worked.data, kinds[worked.measure]): worked for worked in group}
        if (place := group[0].data.get("place")) is not None:
            settler.rows.add("place", group[0].region, region=group[0].region, **place)
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)

        def seen(rule: Rule, unit: str, said: Said) -> None:
            for party in [unit.split("-")[0]] if "-" in unit else parties:
                found[party, rule.measure, rule.row].add(said[0])

        if settler.rows.tables:
            settler.rows.write(self.library, folder)
            sides = Sides(self.connection, self.library, folder, NATION, group[0].on)
            self.comparison += sides.compare(open_on(group[0].on, {w.measure for w in group}), seen=seen)
        self.verdicts += [(w, found[party, w.measure, w.row]) for party, w in parties.items()]


def test_every_worked_case_is_screened_as_the_interpreter_decides_it(screened: Screened) -> None:
    assert not screened.comparison.differences, screened.comparison.report()


def test_every_worked_case_has_the_verdict_that_was_worked_out(library: Library, screened: Screened) -> None:
    found = {
        (w.row, w.measure, w.case.name): next((v for v in ORDER if v in verdicts), None)
        for w, verdicts in screened.verdicts
    }
    worked_out = {(w.row, w.measure, w.case.name): verdict_of_units(library, w) for w, _ in screened.verdicts}
    assert {key: (v, worked_out[key]) for key, v in found.items() if v != worked_out[key]} == {}


def verdict_of_units(library: Library, worked: Worked) -> str | None:
    """What the units of a case are expected to be; None where a screening has none: on a day outside the
    window, without units, or where someone decided here is insured elsewhere."""
    unit = library.entities[library.measures[worked.measure].definition.unit]
    verdict = worked.case.expect.verdict
    without = unit.rows is not None and not worked.data.get(unit.case_key)
    said = [(worked.data.get(who) or {}).get("insured_region") for who in ("employer", "applicant")]
    elsewhere = any(place is not None and not is_below(str(place), worked.region) for place in said)
    return None if verdict == "not_open" or without or elsewhere else verdict
