"""The tables of policies/standards: figures as the sources print them, and a form that holds."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from zhida.library import Library
from zhida.standards import is_region_code

Standard = Callable[[str], Any]

TABLES = (
    "industries",
    "industry-names",
    "key-counties",
    "minimum-wage",
    "regions",
    "sizing",
    "unemployment-benefit",
    "unemployment-insurance-terms",
    "urban-minimum-living",
    "working-age",
)

BY_213 = "国统字〔2017〕213号"
BY_300 = "工信部联企业〔2011〕300号"
CLASSES = ("大型", "中型", "小型")
INDICATORS = ("从业人员", "营业收入", "资产总额")

# 213号 附表: industries, indicator, and the lower limits of 大型, 中型 and 小型 (人 or 万元).
SIZES = [
    ("A", "营业收入", 20000, 500, 50),
    ("B C D", "从业人员", 1000, 300, 20),
    ("B C D", "营业收入", 40000, 2000, 300),
    ("E", "营业收入", 80000, 6000, 300),
    ("E", "资产总额", 80000, 5000, 300),
    ("F51", "从业人员", 200, 20, 5),
    ("F51", "营业收入", 40000, 5000, 1000),
    ("F52", "从业人员", 300, 50, 10),
    ("F52", "营业收入", 20000, 500, 100),
    ("G54 G55 G56 G57 G58 G591", "从业人员", 1000, 300, 20),
    ("G54 G55 G56 G57 G58 G591", "营业收入", 30000, 3000, 200),
    ("G592 G593 G594 G595 G596 G599", "从业人员", 200, 100, 20),
    ("G592 G593 G594 G595 G596 G599", "营业收入", 30000, 1000, 100),
    ("G60", "从业人员", 1000, 300, 20),
    ("G60", "营业收入", 30000, 2000, 100),
    ("H61 H62", "从业人员", 300, 100, 10),
    ("H61 H62", "营业收入", 10000, 2000, 100),
    ("I63 I64", "从业人员", 2000, 100, 10),
    ("I63 I64", "营业收入", 100000, 1000, 100),
    ("I65", "从业人员", 300, 100, 10),
    ("I65", "营业收入", 10000, 1000, 50),
    ("K701", "营业收入", 200000, 1000, 100),
    ("K701", "资产总额", 10000, 5000, 2000),
    ("K702", "从业人员", 1000, 300, 100),
    ("K702", "营业收入", 5000, 1000, 500),
    ("L", "从业人员", 300, 100, 10),
    ("L", "资产总额", 120000, 8000, 100),
    ("K703 K709 M N O Q85 R", "从业人员", 300, 100, 10),
]
OUTSIDE_213 = ["J", "P", "Q84", "S", "T", "G53", "K704"]


def limits(row: dict[str, Any], indicator: str) -> tuple[int, ...]:
    return tuple(int(row[size + indicator]) for size in CLASSES)


def sizing_rows(standard: Standard, by: str) -> dict[str, dict[str, Any]]:
    return {row["行业"]: row for row in standard("sizing")["rows"] if row["办法"] == by}


@pytest.mark.parametrize("by", [BY_213, BY_300])
@pytest.mark.parametrize("industries, indicator, large, medium, small", SIZES)
def test_every_printed_size_limit_is_in_the_table(
    standard: Standard,
    by: str,
    industries: str,
    indicator: str,
    large: int,
    medium: int,
    small: int,
):
    rows = sizing_rows(standard, by)
    for industry in industries.split():
        assert limits(rows[industry], indicator) == (large, medium, small)
        assert rows[industry]["适用"] is True


def test_the_size_table_holds_no_limit_that_is_not_printed(standard: Standard):
    printed = {(code, indicator) for codes, indicator, *_ in SIZES for code in codes.split()}
    in_table = {
        (code, indicator)
        for code, row in sizing_rows(standard, BY_213).items()
        for indicator in INDICATORS
        if any(limits(row, indicator))
    }
    assert in_table == printed


@pytest.mark.parametrize("industry", OUTSIDE_213)
def test_industries_outside_213_have_no_size_there_and_the_residual_one_under_300(
    standard: Standard, industry: str
):
    outside = sizing_rows(standard, BY_213)[industry]
    assert outside["适用"] is False
    assert {limits(outside, indicator) for indicator in INDICATORS} == {(0, 0, 0)}
    residual = sizing_rows(standard, BY_300)[industry]
    assert residual["适用"] is True
    assert residual["行业组"] == "其他未列明行业"
    assert [limits(residual, i) for i in INDICATORS] == [(300, 100, 10), (0, 0, 0), (0, 0, 0)]


def test_both_sizing_rules_name_the_same_industries_of_all_sections(standard: Standard):
    codes = set(sizing_rows(standard, BY_213))
    assert codes == set(sizing_rows(standard, BY_300))
    assert {code[0] for code in codes} == set("ABCDEFGHIJKLMNOPQRST")


def test_size_classes_descend(standard: Standard):
    for row in standard("sizing")["rows"]:
        for indicator in INDICATORS:
            assert list(limits(row, indicator)) == sorted(limits(row, indicator), reverse=True)


def test_five_hard_hit_and_seventeen_further_industries(standard: Standard):
    rows = standard("industries")["rows"]
    codes = {
        listed: " ".join(sorted(row["行业"] for row in rows if row["类别"] == listed))
        for listed in ("特困5", "扩围17")
    }
    assert codes == {
        "特困5": "F52 G53 G54 G55 G56 H62 L7291 N786",
        "扩围17": "C13 C17 C18 C22 C23 C27 C28 C29 C34 C36 C37 C40 Q85 R87 R88 R89 R90",
    }


def in_force(standard: Standard, table: str, day: str, **keys: str) -> list[dict[str, Any]]:
    on = date.fromisoformat(day)
    return [
        row
        for row in standard(table)["rows"]
        if all(row[name] == value for name, value in keys.items())
        and (row.get("from") or date.min) <= on <= (row.get("to") or date.max)
    ]


@pytest.mark.parametrize(
    "region, day, monthly, hourly",
    [
        ("621025", "2021-08-31", "1470", None),
        ("621025", "2021-09-01", "1670", "17.4"),
        ("621025", "2023-10-31", "1670", "17.4"),
        ("621025", "2023-11-01", "1850", "19.5"),
        ("621002", "2022-10-01", "1720", "17.9"),
        ("620802", "2023-10-31", "1770", "18.4"),
        ("620821", "2023-11-01", "1910", "20"),
        ("210302", "2021-10-31", "1610", "16.3"),
        ("210381", "2021-10-31", "1480", "15"),
        ("210381", "2021-11-01", "1580", "15.9"),
        ("150203", "2022-10-01", "1980", "20.8"),
        ("150223", "2022-10-01", "1910", "20.1"),
        ("150221", "2024-12-01", "2200", "21.7"),
    ],
)
def test_the_minimum_wage(standard: Standard, region: str, day: str, monthly: str, hourly: str | None):
    [row] = in_force(standard, "minimum-wage", day, 地区=region)
    assert (row["月标准"], row.get("小时标准")) == (monthly, hourly)


@pytest.mark.parametrize(
    "region, tier, day, monthly",
    [
        ("621025", "标准", "2022-06-30", "1323"),
        ("621025", "标准", "2022-07-01", "1503"),
        ("621025", "标准", "2024-01-01", "1665"),
        ("620802", "标准", "2022-07-01", "1593"),
        ("210302", "缴费不满10年", "2021-10-31", "1368.5"),
        ("210302", "缴费满10年", "2021-10-31", "1449"),
        ("210323", "缴费不满10年", "2020-10-31", "1258"),
        ("150200", "第1至12个月", "2022-10-01", "1782"),
        ("150200", "第13至24个月", "2022-10-01", "1584"),
        ("520000", "标准", "2022-10-01", "1611"),
    ],
)
def test_the_unemployment_benefit(standard: Standard, region: str, tier: str, day: str, monthly: str):
    [row] = in_force(standard, "unemployment-benefit", day, 地区=region, 档次=tier)
    assert row["月标准"] == monthly


def test_the_benefit_of_gansu_is_nine_tenths_of_the_minimum_wage(standard: Standard):
    for day in ("2022-10-01", "2024-01-01"):
        for row in in_force(standard, "unemployment-benefit", day, 档次="标准"):
            if row["地区"].startswith("62"):
                [wage] = in_force(standard, "minimum-wage", day, 地区=row["地区"])
                assert Decimal(row["月标准"]) == Decimal(wage["月标准"]) * 9 / 10


def test_the_urban_minimum_living_standard_is_not_guessed(standard: Standard):
    assert standard("urban-minimum-living")["missing"] == "unknown"
    known = {row["地区"] for row in standard("urban-minimum-living")["rows"]}
    assert not known & {"621025", "621000", "620000", "620800", "210300", "210000", "150200"}
    [row] = in_force(standard, "urban-minimum-living", "2022-10-01", 地区="620102")
    assert row["月标准"] == "914"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_it_holds(standard: Standard, name: str):
    table = standard(name)
    assert table["table"] == name
    sources = {source["id"] for source in table["sources"]}
    keys = {key["name"] for key in table["keys"]}
    columns = {column["name"]: column["type"] for column in table["columns"]}
    types = {"number": str, "text": str, "boolean": bool}
    for row in table["rows"]:
        assert row["source"] in sources
        assert keys <= set(row) <= keys | set(columns) | {"from", "to", "source"}
        for column, type_name in columns.items():
            if column in row:
                assert type(row[column]) is types[type_name]
        for column in (c for c, type_name in columns.items() if type_name == "number" and c in row):
            assert Decimal(row[column]) >= 0
    assert sources == {row["source"] for row in table["rows"]}, "a source that no row cites"


@pytest.mark.parametrize("name", TABLES)
def test_no_two_rows_of_a_table_speak_of_the_same_day(standard: Standard, name: str):
    table = standard(name)
    rows = [
        (
            tuple(row[key["name"]] for key in table["keys"]),
            row.get("from") or date.min,
            row.get("to") or date.max,
        )
        for row in table["rows"]
    ]
    for key, start, end in rows:
        assert start <= end, key
    clashes = [a for a, b in combinations(rows, 2) if a[0] == b[0] and a[1] <= b[2] and b[1] <= a[2]]
    assert not clashes


def region_keys(standard: Standard) -> Iterator[tuple[str, str]]:
    for name in TABLES:
        for key in standard(name)["keys"]:
            if key["type"] == "region":
                for row in standard(name)["rows"]:
                    yield name, row[key["name"]]


def test_every_region_of_every_table_has_a_code_and_a_name(standard: Standard):
    named = {row["地区"] for row in standard("regions")["rows"]}
    for name, region in region_keys(standard):
        assert is_region_code(region), (name, region)
        assert region in named, (name, region)


def test_all_provinces_are_named_and_levels_follow_from_the_code(standard: Standard):
    rows = standard("regions")["rows"]
    assert sum(row["级别"] == "province" for row in rows) == 34
    for row in rows:
        level = (
            "province"
            if row["地区"].endswith("0000")
            else "prefecture"
            if row["地区"].endswith("00")
            else "county"
        )
        assert row["级别"] == level


@pytest.mark.parametrize("table", ["行业类别", "划型标准"])
def test_every_industry_that_can_be_chosen_is_told_apart_far_enough(library: Library, table: str):
    """A code too short for a standard would give *unknown*: 72 may be a travel agency, or not."""
    known = {key[0] for key in library.tables[table].rows}
    for (code,) in library.tables["行业名称"].rows:
        assert not [longer for longer in known if longer.startswith(code) and longer != code], code
