"""Region codes: their form, and who contains whom."""

import pytest

from zhida.standards import NATION, ancestors, is_region_code


@pytest.mark.parametrize(
    "code", ["621025", "621000", "620000", "110101", "150271", "620881", "710000", "820000"]
)
def test_codes_of_known_provinces_are_region_codes(code: str):
    assert is_region_code(code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "62102",
        "6210250",
        "62102X",
        "６21025",
        "621025\n",
        "160000",
        "990000",
        "000000",
        "²21025",
    ],
)
def test_anything_else_is_not(text: str):
    assert not is_region_code(text)


def test_a_region_lies_in_its_prefecture_its_province_and_the_nation():
    assert ancestors("621025") == ("621025", "621000", "620000", NATION)
    assert ancestors("621000") == ("621000", "620000", NATION)
    assert ancestors("620000") == ("620000", NATION)
    assert ancestors(NATION) == (NATION,)
