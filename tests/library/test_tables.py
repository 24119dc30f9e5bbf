"""Standards: regions fall back to their ancestors, codes to shorter prefixes, days to their row."""

from datetime import date
from decimal import Decimal

import pytest

from zhida.feel import UNKNOWN
from zhida.library import Library


@pytest.mark.parametrize(
    ("table", "column", "keys", "on", "value"),
    [
        ("失业保险金", "月标准", ("621025", "标准"), date(2022, 6, 30), Decimal("1323")),
        ("失业保险金", "月标准", ("621025", "标准"), date(2022, 7, 1), Decimal("1503")),
        ("最低工资", "月标准", ("621025",), date(2022, 10, 1), Decimal("1670")),
        ("最低工资", "月标准", ("620802",), date(2023, 11, 1), Decimal("1960")),
        ("最低工资", "月标准", ("620871",), date(2023, 10, 31), Decimal("1770")),
        ("失业保险金条件", "最短缴费月数", ("全国",), None, Decimal("12")),
        ("城市低保标准", "月标准", ("621025",), date(2022, 10, 1), UNKNOWN),
        ("行业类别", "类别", ("H6220",), None, "特困5"),
        ("行业类别", "类别", ("L7291",), None, "特困5"),
        ("行业类别", "类别", ("L7292",), None, "其他"),
        ("行业类别", "类别", ("L72",), None, UNKNOWN),
        ("行业类别", "类别", ("C13",), None, "扩围17"),
        ("划型标准", "大型营业收入", ("国统字〔2017〕213号", "H62"), None, Decimal("100000000")),
        ("划型标准", "适用", ("国统字〔2017〕213号", "P83"), None, False),
        ("划型标准", "适用", ("工信部联企业〔2011〕300号", "P83"), None, True),
        ("划型标准", "适用", ("国统字〔2017〕213号", "G"), None, UNKNOWN),
    ],
)
def test_lookup(
    library: Library, table: str, column: str, keys: tuple[str, ...], on: date | None, value: object
) -> None:
    found = library.tables[table].read(column, keys, on)
    assert found is UNKNOWN if value is UNKNOWN else found == value


@pytest.mark.parametrize(
    ("table", "keys", "on", "least", "greatest"),
    [
        ("最低工资", ("210300",), date(2019, 11, 1), 1480, 1610),
        ("最低工资", ("210300",), date(2021, 10, 31), 1480, 1610),
        ("最低工资", ("210300",), date(2021, 11, 1), 1580, 1710),
        ("最低工资", ("150200",), date(2024, 11, 30), 1910, 1980),
        ("最低工资", ("150200",), date(2024, 12, 1), 2200, 2270),
        ("失业保险金", ("210300", "缴费满10年"), date(2021, 10, 31), 1332, 1449),
    ],
)
def test_a_prefecture_lies_between_its_counties(
    library: Library, table: str, keys: tuple[str, ...], on: date, least: int, greatest: int
) -> None:
    found = library.tables[table].of_parts("月标准", keys, on)
    assert (min(found), max(found)) == (least, greatest)


@pytest.mark.parametrize(
    ("table", "keys", "on"),
    [
        ("最低工资", ("210300",), date(2019, 10, 31)),
        ("最低工资", ("210300",), date(2024, 5, 1)),
        ("最低工资", ("210000",), date(2020, 11, 1)),
        ("最低工资", ("210400",), date(2020, 11, 1)),
        ("最低工资", ("210302",), date(2020, 11, 1)),
        ("失业保险金", ("210300", "标准"), date(2020, 11, 1)),
        ("行业类别", ("H62",), None),
    ],
)
def test_what_is_not_known_of_every_county_bounds_nothing(
    library: Library, table: str, keys: tuple[str, ...], on: date | None
) -> None:
    column = library.tables[table].definition.columns[0].name
    assert not library.tables[table].of_parts(column, keys, on)


@pytest.mark.parametrize("table", ["最低工资", "失业保险金", "城市低保标准"])
def test_a_table_knows_all_counties_of_a_prefecture_or_none(library: Library, table: str) -> None:
    counties = {code for (code,) in library.tables["地区名称"].rows if not code.endswith("00")}
    known = {keys[0] for keys in library.tables[table].rows if not keys[0].endswith("00")}
    prefectures = {code[:4] for code in known}
    assert {code for code in counties if code[:4] in prefectures} <= known
