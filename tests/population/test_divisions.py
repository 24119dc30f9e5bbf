"""The list of divisions: complete, in order, and asked for by any level."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from zhida.population.divisions import counties, divisions, within
from zhida.standards.regions import NATION, is_region_code

POLICIES = Path(__file__).parents[2] / "policies"


def test_the_list_has_every_level() -> None:
    codes = list(divisions())
    assert codes == sorted(codes)
    assert all(is_region_code(code) for code in codes)
    assert sum(code.endswith("0000") for code in codes) == 34
    assert sum(code.endswith("00") and not code.endswith("0000") for code in codes) == 333
    assert sum(not code.endswith("00") for code in codes) == 2842


def test_names_agree_with_the_table_of_the_library() -> None:
    table: Any = YAML(typ="safe").load(POLICIES / "standards" / "regions.yaml")
    listed = divisions()
    named = {row["地区"]: row["名称"] for row in table["rows"]}
    assert not {code for code, name in named.items() if listed.get(code, name) != name}
    assert {code[4] for code in named if code not in listed} == {"7"}, "development zones have codes from 71"


@pytest.mark.parametrize(
    ("region", "number"), [("621025", 1), ("621000", 8), ("620000", 87), ("441900", 1), ("460300", 1)]
)
def test_a_region_has_its_counties(region: str, number: int) -> None:
    assert len(counties(region)) == number


def test_the_nation_is_every_province_that_is_insured() -> None:
    found = counties(NATION)
    assert {code[:2] for code in found} == {code[:2] for code in divisions()} - {"71", "81", "82"}
    assert {"441900", "620200", "460300", "621025"} <= set(found)
    assert "621000" not in found


def test_a_code_that_is_not_listed_stands_for_itself() -> None:
    assert counties("150271") == ("150271",)


@pytest.mark.parametrize(
    ("code", "region", "expected"),
    [
        ("621025", "621000", True),
        ("621025", "620000", True),
        ("621025", NATION, True),
        ("621025", "621025", True),
        ("621025", "620800", False),
        ("621000", "621025", False),
        ("620000", "621000", False),
    ],
)
def test_within(code: str, region: str, expected: bool) -> None:
    assert within(code, region) is expected
