"""What a measure is worth in a few words."""

from __future__ import annotations

from datetime import date

import pytest

from zhida.guide.headline import headline
from zhida.library import Library, resolve

WORDS = {
    ("621025", "ZN91-002", "hiring-subsidy"): "每人 1,000 元",
    ("621025", "ZN91-010", "internship-subsidy"): "每人每月 1,000～1,500 元",
    ("621025", "ZN91-013", "startup-loan-micro"): "最高 300 万元",
    ("621025", "ZN91-016", "startup-employment-grant"): "3～15 万元",
    ("621025", "ZN91-025", "injury-deferral"): "最多缓 12 个月",
    ("621025", "ZN91-025", "pension-deferral"): "到期前暂缓缴",
    ("621025", "ZN91-029", "injury-rate-cut"): "降低缴费比例",
    ("621025", "ZN91-030", "job-retention-refund"): "上年度实际缴纳失业保险费的 50%～90%",
    ("621025", "ZN91-043", "startup-grant"): "5,000 元",
    ("621025", "ZN91-045", "flexible-insurance-subsidy"): "当月实际缴纳社会保险费的 2/3",
    ("621025", "ZN91-049", "unemployment-assistance"): "失业保险金的 80%",
    ("621025", "ZN91-051", "temporary-living-allowance"): "按城市低保标准",
    ("150200", "BT78-025", "unemployment-assistance"): "",
    ("150200", "BT78-027", "startup-loan-personal"): "每人最高 20 万元",
    ("210300", "AS3-002", "job-retention-refund"): "",
    ("210300", "AS3-003", "hardship-post-subsidy"): "最低工资的 50%",
}


@pytest.mark.parametrize(("key", "words"), WORDS.items(), ids=lambda value: str(value))
def test_it_is_said_in_a_few_words(library: Library, key: tuple[str, str, str], words: str) -> None:
    region, row, measure = key
    rules = resolve(library, region, date(2022, 10, 10))
    (rule,) = (rule for rule in rules if (rule.row, rule.measure) == (row, measure))
    assert headline(library, rule) == words
