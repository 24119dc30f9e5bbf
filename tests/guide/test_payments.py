"""Schedules and shares in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from zhida.decide.decision import PayerShare
from zhida.guide.payments import advance_text, payer_lines, schedule_lines


@pytest.mark.parametrize(
    ("schedule", "lines"),
    [
        ({"kind": "one-off"}, []),
        ({"kind": "monthly", "months": None, "last_month": None}, []),
        ({"kind": "monthly", "months": 6, "last_month": "2023-03"},
         ["按月发放，还可以发 6 个月，到 2023-03 止"]),
        ({"kind": "monthly", "months": 0, "last_month": None}, ["按月发放，还可以发 0 个月"]),
        ({"kind": "loan", "months": 24}, ["期限最长 24 个月"]),
        ({"kind": "rate", "insurance": "失业保险", "rate": "0.01"}, ["失业保险费率降到 1%"]),
        ({"kind": "rate", "insurance": "工伤保险", "rate": None}, ["工伤保险费率文件没有写数值"]),
        ({"kind": "deferral", "insurance": "养老保险", "repay_by": "2023-12-31"},
         ["养老保险费可以暂缓，2023-12-31 前补缴"]),
        ({"kind": "deferral", "insurance": "失业保险", "share": "单位缴费部分", "months": 3,
          "last_month": "2022-12", "due_at_end": "36000.00"},
         ["缓缴失业保险单位缴费部分 3 个月，到 2022-12 止，免收滞纳金；职工个人部分照常缴",
          "期满时一共要补缴 36,000.00 元"]),
        ({"kind": "staged", "stages": [
            {"share": "0.5", "amount": "5000.00", "due": "2020-12-14"},
            {"share": "0.25", "amount": None, "due": "培训达到规定进度时"},
            {"share": None, "amount": "-10.00", "due": "2021-01-08"}]},
         ["第 1 期：50%，5,000.00 元，2020-12-14 前", "第 2 期：25%，金额待定，培训达到规定进度时",
          "第 3 期：收回 10.00 元，2021-01-08 前"]),
    ],
)  # fmt: skip
def test_a_schedule_in_words(schedule: dict[str, Any], lines: list[str]) -> None:
    assert list(schedule_lines(schedule)) == lines


def test_an_advance_in_words() -> None:
    offer = {"share": "0.5", "amount": "388.88", "due": "减免期内可以先拨", "balance": "388.89",
             "balance_due": "恢复缴费以后"}  # fmt: skip
    assert advance_text(offer) == "减免期内可以先拨不超过 50%，最多 388.88 元；余下 388.89 元，恢复缴费以后"
    unknown = offer | {"share": None, "amount": None, "balance": None}
    assert advance_text(unknown) == "减免期内可以先拨一部分；余下的，恢复缴费以后"
    assert advance_text(None) == ""


def test_payers_in_words() -> None:
    parts = [PayerShare("中央", Decimal("0.3"), Decimal("1200")), PayerShare("省", None, Decimal("0.05"))]
    assert list(payer_lines(parts)) == ["中央 30% 1,200.00 元", "省 0.05 元"]
