"""A bank's answer to a batch: read, checked line by line against what was sent, taken whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _

from zhida.service.money import CENT
from zhida.service.payments.bank.profile import Profile
from zhida.service.payments.models import Batch, Sending
from zhida.service.payments.states import Outcome
from zhida.service.sheets.opening import open_sheet
from zhida.service.sheets.sheet import Cell, FileRefused, Sheet


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which row of the file; row 0 is the file as a whole."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    row: int
    number: str
    amount: Decimal
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A file that could be read. `declared` are the count and sum in its line of sums, if it has one."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    declared: tuple[int, Decimal] | None
    digest: str

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


def read(profile: Profile, path: Path, name: str) -> Answer:
    """The lines of a result file and all that is wrong with them. Raises FileRefused."""
    sheet = open_sheet(path, name)
    places = _places(profile, sheet)
    lines: list[Line] = []
    problems: list[Problem] = []
    declared = None
    for row, cells in sheet.rows():
        if profile.total and _text(cells, places["number"]) == profile.total:
            declared = _declared(cells, places["amount"])
            continue
        try:
            lines.append(_line(profile, row, cells, places))
        except ValueError as error:
            problems.append(Problem(row, str(error)))
    if declared is None and profile.total:
        problems.append(Problem(0, _("文件末尾没有“%(word)s”行，可能不完整。") % {"word": profile.total}))
    return Answer(tuple(lines), tuple(problems), declared, hashlib.sha256(path.read_bytes()).hexdigest())


def _places(profile: Profile, sheet: Sheet) -> dict[str, int]:
    headings = [heading.strip() for heading in sheet.headings]
    found = {}
    for what in ("number", "amount", "outcome", "reason"):
        titles = getattr(profile.result, what)
        place = next((headings.index(title) for title in titles if title in headings), None)
        if place is None and what != "reason":
            raise FileRefused(_("文件没有“%(title)s”这一列。") % {"title": titles[0]})
        found[what] = -1 if place is None else place
    return found


def _line(profile: Profile, row: int, cells: Sequence[Cell], places: dict[str, int]) -> Line:
    number = cells[places["number"]] if places["number"] < len(cells) else None
    if not isinstance(number, str) or not number:
        raise ValueError(_("没有业务编号，或编号不是文本。"))
    word = _text(cells, places["outcome"])
    if word in profile.result.paid:
        outcome = Outcome.PAID
    elif word in profile.result.returned:
        outcome = Outcome.RETURNED
    else:
        raise ValueError(_("处理结果“%(word)s”看不懂。") % {"word": word})
    reason = _text(cells, places["reason"])
    if outcome is Outcome.RETURNED and not reason:
        reason = _("银行没有写明原因")
    return Line(row, number.strip(), _amount(cells, places["amount"]), outcome, reason[:200])


def _amount(cells: Sequence[Cell], place: int) -> Decimal:
    text = _text(cells, place).replace(",", "")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0 or amount != amount.quantize(CENT):
        raise ValueError(_("金额“%(text)s”不是以元为单位、最多两位小数的正数。") % {"text": text})
    return amount.quantize(CENT)


def _text(cells: Sequence[Cell], place: int) -> str:
    cell = cells[place] if 0 <= place < len(cells) else None
    return str(cell).strip() if isinstance(cell, str | Decimal) else ""


def _declared(cells: Sequence[Cell], place: int) -> tuple[int, Decimal] | None:
    """The sums of the file: the amount in its column, the count in the first cell after the word."""
    count = next((text for n in range(1, len(cells)) if (text := _text(cells, n)) and n != place), "")
    try:
        return int(count), _amount(cells, place)
    except ValueError:
        return None


def check(answer: Answer, batch: Batch, count: int, total: Decimal) -> list[Problem]:
    """Everything that speaks against taking the answer; `count` and `total` are what the officer declares."""
    return [*answer.problems, *_wrong_sums(answer, count, total), *_wrong_lines(answer, batch)]


def _wrong_sums(answer: Answer, count: int, total: Decimal) -> Iterator[Problem]:
    found = (len(answer.lines), answer.total)
    told = _("文件有 %(count)d 笔 %(total)s 元") % {"count": found[0], "total": f"{found[1]:,.2f}"}
    if answer.declared is not None and answer.declared != found:
        yield Problem(0, _("%(told)s，与文件的合计行不符。") % {"told": told})
    if (count, total) != found:
        yield Problem(0, _("%(told)s，与填报的笔数和总额不符。") % {"told": told})


def _wrong_lines(answer: Answer, batch: Batch) -> Iterator[Problem]:
    sent: dict[str, Sending] = {s.number: s for s in batch.sendings.select_related("batch")}
    seen: dict[str, int] = {}
    for line in answer.lines:
        sending = sent.get(line.number)
        if line.number in seen:
            yield Problem(line.row, _("业务编号与第 %(row)d 行重复。") % {"row": seen[line.number]})
        elif sending is None:
            yield Problem(line.row, _("本批次没有业务编号“%(number)s”。") % {"number": line.number[:60]})
        elif sending.amount != line.amount:
            sums = {"told": f"{line.amount:,.2f}", "sent": f"{sending.amount:,.2f}"}
            yield Problem(line.row, _("金额 %(told)s 元，送出的是 %(sent)s 元。") % sums)
        elif sending.outcome not in (Outcome.WAITING, line.outcome):
            yield Problem(line.row, _("这一笔先前回盘的结果不同。"))
        seen.setdefault(line.number, line.row)
