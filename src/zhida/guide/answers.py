"""What a person types in an interview, to the value of a fact; and in Chinese what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.decide.fact_values import Wrong, parse_fact
from zhida.guide.wording import fact_value
from zhida.library import Library
from zhida.library.model import FactDef

MOST_ROWS = 99
DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
YES, NO = ("是", "有", "对", "y", "yes"), ("否", "不是", "没有", "无", "n", "no")
NONE = ("0", "无", "没有")

REASONS = {
    "type/number": "请填数字",
    "number/not-finite": "请填数字",
    "number/full-width": "请填数字",
    "number/negative": "不能小于零",
    "number/not-whole": "请填整数",
    "number/too-large": "数字太大",
    "rate/too-large": "请填百分数（如 10%）或 0 到 1 之间的小数",
    "type/date": "请填年月日，如 2022-10-01",
    "date/no-such-day": "没有这一天，请填年月日，如 2022-10-01",
    "date/out-of-range": "年份不对，请填年月日，如 2022-10-01",
    "date/after-decision": "不能晚于办理日期",
    "date/before-birth": "不能早于出生日期",
    "region/malformed": "请填六位行政区划代码，如 621025",
    "code/invalid": "号码或代码不对，请核对",
    "type/text": "请填文字",
    "text/too-long": "太长了",
    "choice": "请填选项前的数字",
    "choices": "请填选项前的数字，几个之间用空格隔开，都不是填 0",
    "yes-no": "请填 1（是）或 2（否）",
    "count": f"请填 0 到 {MOST_ROWS} 的整数",
}


class NotUnderstood(ValueError):
    """An answer to be given again; the text says why."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS.get(code, "填得不对，请再填一次"))


def options(fact: FactDef) -> tuple[str, ...]:
    """What there is to choose from; empty for facts that are typed in."""
    return ("是", "否") if fact.type == "boolean" else fact.values if fact.type in ("choice", "set") else ()


@dataclass(frozen=True, slots=True)
class Named:
    """A code to choose, its name, and the section that it is listed under."""

    code: str
    name: str
    section: str


def named_codes(library: Library, fact: FactDef) -> tuple[Named, ...]:
    """The codes of a fact with their names, in the order of their standard; none for facts without a list."""
    table = library.tables.get(fact.listed_in)
    rows = table.rows.items() if table else ()
    return tuple(Named(key[0], row.values["名称"], row.values["门类"]) for key, (row, *_) in rows)


def answer_text(fact: FactDef, value: Any) -> str:
    """A value as it is read back; 不知道 where it was asked and is not known."""
    return "不知道" if value is None else fact_value(fact, value)


def answer_input(fact: FactDef, value: Any) -> str:
    """A value as one would have typed it: `parse_answer` gives the same value again."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case list() | tuple():
            return "、".join(map(str, value)) or NONE[0]
    return str(value)


def parse_answer(fact: FactDef, answer: str, on: date) -> Any:
    """The value that an answer means. Raises NotUnderstood."""
    text = unicodedata.normalize("NFKC", answer).strip()
    match fact.type:
        case "boolean":
            return _yes_or_no(text)
        case "choice":
            return _choice(fact.values, text, "choice")
        case "set":
            return _set(fact.values, text)
    try:
        return parse_fact(fact, _tidy(fact, text), on)
    except Wrong as wrong:
        raise NotUnderstood(wrong.code) from None


def parse_count(answer: str) -> int:
    """How many rows a list has. Raises NotUnderstood."""
    text = unicodedata.normalize("NFKC", answer).strip()
    if text in NONE:
        return 0
    if not text.isdecimal() or int(text) > MOST_ROWS:
        raise NotUnderstood("count")
    return int(text)


def parse_option(choices: tuple[str, ...], answer: str) -> int:
    """The place of the chosen option, from 0. Raises NotUnderstood."""
    return choices.index(_choice(choices, unicodedata.normalize("NFKC", answer).strip(), "choice"))


def _yes_or_no(text: str) -> bool:
    if text == "1" or text.lower() in YES:
        return True
    if text == "2" or text.lower() in NO:
        return False
    raise NotUnderstood("yes-no")


def _choice(choices: tuple[str, ...], text: str, code: str) -> str:
    named = next((choice for choice in choices if unicodedata.normalize("NFKC", choice) == text), None)
    if named is not None:
        return named
    if text.isdecimal() and len(text) < 4 and 1 <= int(text) <= len(choices):
        return choices[int(text) - 1]
    raise NotUnderstood(code)


def _set(choices: tuple[str, ...], text: str) -> list[str]:
    if text in NONE:
        return []
    parts = [part for part in re.split(r"[\s,、;]+", text) if part]
    return list(dict.fromkeys(_choice(choices, part, "choices") for part in parts))


def _tidy(fact: FactDef, text: str) -> str:
    """2022年7月1日 is a day, and 12,345.67 元 a number."""
    if fact.type == "date" and (found := DAY.fullmatch(text)):
        year, month, day = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    if fact.type in ("count", "number", "money"):
        return text.removesuffix(fact.unit).replace(",", "").strip() if fact.unit else text.replace(",", "")
    return text
