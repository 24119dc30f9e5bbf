"""Every provision of every region over random populations: screening says what the interpreter says.

Compared are verdict, first failing condition, amount, missing facts, upper bound and region of every unit
by every rule. Provisions that are deferred or drafts are compared as if they were open.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from tests.screen.engines import Spark
from tests.screen.parties import Parties, Provision, drawn
from tests.screen.populations import Settler
from tests.screen.sides import Choice, Comparison, Sides, open_on, opened
from tests.screen.worked import Worked, worked_cases

from zhida.library import Library, Rule, resolve
from zhida.screen.spark_engine import SparkDecider
from zhida.standards.regions import NATION

CASES = tuple(worked_cases())
PLACES = (
    "risk_area_found",
    "county_risk_area_found",
    "static_management",
    "filed",
    "static_management_filed",
)


@dataclass(frozen=True)
class Scene:
    """A day, and the regions whose provisions are looked at, with places in and beside them.

    `closed`: also the provisions that are not open on the day.
    """

    on: date
    regions: tuple[tuple[str, ...], ...]
    parties: int
    closed: bool = False

    def __str__(self) -> str:
        return f"{self.on} {' '.join(places[0] for places in self.regions)}"


GANSU, PINGLIANG = ("621025",), ("620802", "620800", "620826")
BAOTOU = ("150203", "150200", "150222")
LIAONING, ANSHAN = ("210100", "210000", "210211"), ("210302", "210300", "210323")
GUIZHOU = ("520100", "520000", "522601")
SCENES = (
    Scene(date(2022, 10, 1), (GANSU,), 12, closed=True),
    Scene(date(2022, 10, 10), (BAOTOU, GUIZHOU), 8, closed=True),
    Scene(date(2023, 10, 1), (PINGLIANG,), 8, closed=True),
    Scene(date(2021, 3, 1), (LIAONING,), 8, closed=True),
    Scene(date(2020, 12, 15), (ANSHAN,), 8, closed=True),
    Scene(date(2022, 6, 30), (GANSU, BAOTOU, GUIZHOU), 3),
    Scene(date(2023, 1, 31), (GANSU, BAOTOU, PINGLIANG), 3),
    Scene(date(2024, 1, 31), (PINGLIANG,), 4),
)


def chosen(scene: Scene) -> Choice:
    return opened if scene.closed else open_on(scene.on)


def provisions(library: Library, scene: Scene) -> Iterator[tuple[Provision, Parties]]:
    """The provisions of a scene, each in one of its places in turn."""
    by_rule: dict[tuple[str, str], list[Worked]] = {}
    for worked in CASES:
        by_rule.setdefault((worked.measure, worked.row), []).append(worked)
    choose = chosen(scene)
    for places in scene.regions:
        rules = [rule for rule in resolve(library, places[0], scene.on) if choose(rule)]
        parties, turns = Parties(library, CASES, rules, scene.on), itertools.cycle(places)
        for rule in rules:
            yield Provision(rule, by_rule[rule.measure, rule.row], next(turns)), parties


def populate(library: Library, scene: Scene, folder: Path) -> int:
    """Write a population for a scene; some parties are in places without documents, some in none."""
    settler = Settler(library)
    for provision, parties in provisions(library, scene):
        for number, case in enumerate(drawn(parties.parties(provision), scene.parties)):
            settler.settle(case, provision.rule.unit, inline=number % 4 == 3)
    add_places(settler, scene)
    settler.rows.add("employer", "elsewhere", insured_region="110105", org_type="企业")
    settler.rows.add("employer", "nowhere", org_type="企业")
    settler.rows.add("person", "nobody")
    settler.rows.write(library, folder)
    return settler.rows.size()


def add_places(settler: Settler, scene: Scene) -> None:
    """What is known of the places: of each something else."""
    truths = st.fixed_dictionaries({key: st.sampled_from([None, True, False]) for key in PLACES})
    facts = st.tuples(truths, st.sampled_from([None, 1, 2, 3, 4]), st.sampled_from([None, True, False]))
    places = [code for codes in scene.regions for code in codes]
    for code, (known, rank, tied) in zip(places[::-1], drawn(facts, len(places)), strict=False):
        settler.rows.add("place", code, region=code, **known, assessment_rank=rank, rank_tied=tied)


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_screening_says_of_every_row_what_the_interpreter_says(
    scene: Scene, library: Library, screening_connection: Any, decided: Counter[str], tmp_path: Path
) -> None:
    populate(library, scene, tmp_path)
    found = Sides(screening_connection, library, tmp_path, NATION, scene.on).compare(chosen(scene))
    decided["duckdb, random populations"] += found.rows
    assert not found.differences, found.report()
    if scene.closed:
        assert_both_sides_of_conditions(found, [p.rule for p, _ in provisions(library, scene)])


@pytest.mark.parametrize("scene", [SCENES[-1]], ids=str)
def test_spark_says_so_too(
    scene: Scene, library: Library, spark_engine: Spark, screening_connection: Any, decided: Counter[str],
    tmp_path: Path,
) -> None:  # fmt: skip
    populate(library, scene, tmp_path)
    decider = SparkDecider(spark_engine.session)
    sides = Sides(screening_connection, library, tmp_path, NATION, scene.on, decider)
    found = sides.compare(chosen(scene))
    decided["spark, random populations"] += found.rows
    assert not found.differences, found.report()


def assert_both_sides_of_conditions(found: Comparison, rules: Sequence[Rule]) -> None:
    """Few rules were refused everywhere, and many conditions were the first to fail somewhere."""
    granted = {(row, measure) for (row, measure, verdict) in found.verdicts if verdict != "ineligible"}
    asked = {(rule.row, rule.measure) for rule in rules}
    assert len(asked & granted) >= 0.8 * len(asked)
    assert len(found.failing) >= 0.4 * sum(len(rule.conditions) for rule in rules)


def test_the_scenes_look_at_every_provision(library: Library) -> None:
    seen = {(p.rule.measure, p.rule.row) for scene in SCENES for p, _ in provisions(library, scene)}
    written = {(p.measure, p.row) for document, _ in library.documents for p in document.provisions}
    assert seen == written


def test_the_scenes_open_every_provision_that_is_ever_open(library: Library) -> None:
    open_ones = {
        (p.rule.measure, p.rule.row)
        for scene in SCENES
        for p, _ in provisions(library, scene)
        if p.rule.opening.is_open(scene.on)
    }
    ever = {
        (rule.measure, rule.row)
        for document, _ in library.documents
        for rule in resolve(library, document.region, document.in_force or date(2022, 1, 1))
        if rule.opening.status == "in-force"
    }
    assert ever <= open_ones
