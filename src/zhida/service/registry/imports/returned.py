"""The rows that were wrong, given back with the reason and the row they had."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from zhida.service.registry.batches import Batch, StagedRow
from zhida.service.sheets.writing import Value


def wrong_rows(batch: Batch) -> tuple[list[str], Iterator[list[Value]]]:
    """Headings and rows: the file's own columns, which can be corrected and imported again."""
    headings = [_("原行号"), _("错误原因"), *batch.headings]

    def rows() -> Iterator[list[Value]]:
        found = batch.rows.filter(outcome=StagedRow.Outcome.WRONG).order_by("number")
        for row in found.iterator(1_000):
            yield [row.number, reason_of(row), *row.content["cells"]]

    return headings, rows()


def reason_of(row: StagedRow) -> str:
    """银行账号：应为 8 至 30 位数字；…"""
    return "；".join(f"{name}：{text}" if name else text for name, text in row.content["problems"])
