"""A batch as the file that its bank takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

from zhida.service.payments.bank.profile import Profile
from zhida.service.payments.models import Sending

FIRST_DAY = datetime(2000, 1, 1)
"""Workbooks hold the time they were made at; a file that is the same each time holds this."""
FORMULA = ("=", "+", "-", "@")


def unfit(holder: str, account: str) -> str:
    """Why a bank could not take this payee; empty where it can."""
    if not holder.strip() or not account.strip():
        return _("没有户名或账号")
    if not account.isascii() or not account.isdigit():
        return _("账号只能是数字")
    if holder.startswith(FORMULA) or not holder.isprintable():
        return _("户名里有不能送银行的字符")
    return ""


def write(profile: Profile, sendings: Iterable[Sending], purpose: str) -> bytes:
    """The file, the same bytes each time it is written."""
    rows = list(_rows(profile, sendings, purpose))
    return _workbook(profile, rows) if profile.kind == "xlsx" else _text(profile, rows)


def _rows(profile: Profile, sendings: Iterable[Sending], purpose: str) -> Iterator[list[str]]:
    yield [column.title for column in profile.columns]
    count, total = 0, Decimal(0)
    for sending in sendings:
        count, total = count + 1, total + sending.amount
        values = {
            "number": sending.number,
            "holder": sending.account.get("holder", ""),
            "account": sending.account.get("number", ""),
            "bank": sending.account.get("bank", ""),
            "amount": f"{sending.amount:f}",
            "purpose": purpose,
        }
        yield [values[column.value] for column in profile.columns]
    if profile.total:
        sums = {"number": profile.total, "holder": str(count), "amount": f"{total:f}"}
        yield [sums.get(column.value, "") for column in profile.columns]


def _text(profile: Profile, rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(profile.encoding)


def _workbook(profile: Profile, rows: list[list[str]]) -> bytes:
    """Everything is text: a bank account of 19 digits is no number."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": FIRST_DAY})
    sheet, text = book.add_worksheet(), book.add_format({"num_format": "@"})
    sheet.set_column(0, len(profile.columns) - 1, 24, text)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet.write_string(number, place, value, text)
    book.close()
    return out.getvalue()
