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
