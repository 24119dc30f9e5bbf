"""One cell to the value of its column: what Excel made of it undone, what cannot be undone refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhida.service.law import library
from zhida.service.registry.imports.kinds import Column
from zhida.service.sheets.sheet import Cell, Spoilt
from zhida.standards.identifiers import id_number_problem, uscc_problem
from zhida.standards.regions import is_region_code

EXACT_DIGITS = 15
"""Excel keeps no more: of a longer number the last digits are lost."""
DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,18}[0-9]")
ACCOUNT = re.compile(r"[0-9]{8,30}")
YES, NO = ("是", "有", "对", "y", "yes", "true", "1"), ("否", "无", "没有", "不是", "n", "no", "false", "0")
CLEARED = "清空"
"""Written in a cell, it takes back what was known."""
UNWANTED = ("Cc", "Cs", "Co", "Cn")
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that make a text read in another order than it is stored."""


class NotTaken(ValueError):
    """Why a cell's value cannot be taken, and what to write instead."""


class Cleared:
    """A fact to be taken back."""


def value_of(column: Column, cell: Cell, on: date) -> Any:
    """The plain value for the core to check, or the checked text; None for an empty cell. Raises NotTaken."""
    if cell is None:
        return None
    if isinstance(cell, Spoilt):
        raise NotTaken(_("{reason}，请改为直接填写的值").format(reason=cell.reason))
    if isinstance(cell, str):
        check_characters(cell)
        cell = cell.strip()
        if cell == CLEARED:
            return Cleared
        if not cell:
            return None
    return FORMS.get(column.form, _fact)(column, cell, on)


def check_characters(text: str) -> None:
    """Raises NotTaken where a text has characters that nobody can see or that turn its order round."""
    if text.isprintable() and not TURNING.search(text):
        return
    for place, character in enumerate(text, start=1):
        if (unicodedata.category(character) in UNWANTED and character not in "\n\r\t") or TURNING.match(
            character
        ):
            code = f"U+{ord(character):04X}"
            raise NotTaken(_("第 {place} 个字符是控制字符（{code}），请删去").format(place=place, code=code))


def _plain_text(column: Column, cell: Any, on: date) -> str:
    text = _digits(cell) if isinstance(cell, Decimal) else _written(cell)
    text = " ".join(text.split())
    if len(text) > column.most:
        raise NotTaken(_("最多 {most} 个字").format(most=column.most))
    return text


def _identifier(column: Column, cell: Any, on: date) -> str:
    text = unicodedata.normalize("NFKC", _digits(cell) if isinstance(cell, Decimal) else _written(cell))
    text = "".join(text.split()).upper()
    problem = uscc_problem(text) if column.key == "uscc" else id_number_problem(text, on)
    if problem:
        raise NotTaken(identifier_reason(problem))
    return text


REASONS: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = (
    (re.compile(r"found (\d+) characters"), lambda n: _("应为 18 位，现在是 {count} 位").format(count=n)),
    (
        re.compile(r"found '(.+)' as character (\d+)"),
        lambda character, place: _("第 {place} 位“{character}”不合编码规则").format(
            place=place, character=character
        ),
    ),
    (
        re.compile(r"found birth date (\S+),"),
        lambda day: _("号码里的出生日期 {day} 不对").format(day=day),
    ),
    (
        re.compile(r"found check character '(.)'"),
        lambda c: _("校验位“{digit}”不对，请核对号码").format(digit=c),
    ),
)


def identifier_reason(problem: str) -> str:
    """What the check of an identifier found, for those who typed it."""
    for pattern, text in REASONS:
        if found := pattern.match(problem):
            return text(*found.groups())
    return _("号码不对，请核对")


def _digits(cell: Decimal) -> str:
    """The digits of a number cell, where Excel still has them all."""
    if cell.adjusted() >= EXACT_DIGITS or cell != cell.to_integral_value():
        raise NotTaken(_("Excel 已把号码变成数字，末几位丢失了。请把整列设为“文本”格式，再重新填写"))
    return f"{cell:f}"


def _written(cell: Any) -> str:
    if isinstance(cell, bool) or not isinstance(cell, str):
        raise NotTaken(_("请把单元格设为“文本”格式再填写"))
    return cell


def _phone(column: Column, cell: Any, on: date) -> str:
    text = unicodedata.normalize("NFKC", _plain_text(column, cell, on))
    if not PHONE.fullmatch(text):
        raise NotTaken(_("电话号码不对，如 0934-6121234 或 13800001234"))
    return text


def _account(column: Column, cell: Any, on: date) -> str:
    text = "".join(_plain_text(column, cell, on).split())
    if not ACCOUNT.fullmatch(text):
        raise NotTaken(_("银行账号应为 8 至 30 位数字"))
    return text


def _region(column: Column, cell: Any, on: date) -> str:
    text = _digits(cell) if isinstance(cell, Decimal) else str(cell)
    if not is_region_code(text):
        raise NotTaken(_("请填六位行政区划代码，如 621025"))
    return text


def _boolean(column: Column, cell: Any, on: date) -> bool:
    if isinstance(cell, bool):
        return cell
    text = str(cell).strip().lower()
    if text in YES or text in NO:
        return text in YES
    raise NotTaken(_("请填“是”或“否”"))


def _date(column: Column, cell: Any, on: date) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    text = unicodedata.normalize("NFKC", str(cell))
    if found := DAY.fullmatch(text) or PLAIN_DAY.fullmatch(text):
        year, month, day = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    if isinstance(cell, Decimal):
        raise NotTaken(_("Excel 把日期存成了数字，请把单元格设为日期格式，或写成 2022-07-01"))
    raise NotTaken(_("请填年月日，如 2022-07-01"))


def _number(column: Column, cell: Any, on: date) -> Any:
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, bool) or not isinstance(cell, str):
        raise NotTaken(_("请填数字"))
    unit = column.fact.unit if column.fact else ""
    text = unicodedata.normalize("NFKC", cell).replace(",", "").strip()
    return text.removesuffix(unit).strip() if unit and column.form != "rate" else text


def _set(column: Column, cell: Any, on: date) -> list[str]:
    text = str(cell).strip()
    if text.lower() in NO:
        return []
    return list(dict.fromkeys(part for part in re.split(r"[\s,，、;；]+", text) if part))


def _code(column: Column, cell: Any, on: date) -> str:
    text = _plain_text(column, cell, on)
    if column.key == "measure":
        return MEASURE_NAMES().get(text, text)
    return text


def MEASURE_NAMES() -> Mapping[str, str]:
    """Measures may be written by their names."""
    known = library()
    found: Mapping[str, str] = known.prepared(
        known.measures, lambda: {m.definition.name: key for key, m in known.measures.items()}
    )
    return found


def _fact(column: Column, cell: Any, on: date) -> Any:
    return _plain_text(column, cell, on)


FORMS: Mapping[str, Callable[[Column, Any, date], Any]] = {
    "text": _plain_text,
    "identifier": _identifier,
    "phone": _phone,
    "account": _account,
    "region": _region,
    "boolean": _boolean,
    "date": _date,
    "count": _number,
    "number": _number,
    "money": _number,
    "rate": _number,
    "set": _set,
    "code": _code,
}
