"""When money is paid, in which parts, by whom, and what ends it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from zhida.decide.decision import PayerShare
from zhida.guide.wording import percent, yuan
from zhida.library import Rule
from zhida.library.reading import to_chinese
from zhida.library.rule import Advance

Schedule = dict[str, Any]
"""A decision's `schedule`, as the contract has it."""


def stop_text(rule: Rule) -> str:
    """What ends a benefit that is paid month by month."""
    return "；".join(rule.definition.stop_events)


def advance_rule_text(advance: Advance | None) -> str:
    """How much a rule lets be paid before the rest is due."""
    if advance is None:
        return ""
    when = f"（{to_chinese(advance.when.node)}）" if advance.when else ""
    return f"{advance.due}，不超过 {to_chinese(advance.share.node)}{when}；余下的在{advance.balance_due}"


def advance_text(offer: Schedule | None) -> str:
    """What may be paid in advance, and the rest; nothing where a decision offers none."""
    if not offer:
        return ""
    share = f"不超过 {percent(Decimal(offer['share']))}" if offer["share"] else "一部分"
    first = f"，最多 {yuan(Decimal(offer['amount']))}" if offer["amount"] else ""
    rest = f"余下 {yuan(Decimal(offer['balance']))}" if offer["balance"] else "余下的"
    return f"{offer['due']}{share}{first}；{rest}，{offer['balance_due']}"


def payer_lines(parts: Iterable[PayerShare]) -> Iterator[str]:
    """What each payer bears."""
    for part in parts:
        share = f" {percent(part.share)}" if part.share is not None else ""
        yield f"{part.payer}{share} {yuan(part.amount)}"


def schedule_lines(schedule: Schedule) -> Iterator[str]:
    """A decision's schedule; nothing for what is paid at once."""
    match schedule["kind"]:
        case "monthly" if schedule.get("months") is not None:
            until = f"，到 {schedule['last_month']} 止" if schedule["last_month"] else ""
            yield f"按月发放，还可以发 {schedule['months']} 个月{until}"
        case "loan" if schedule.get("months") is not None:
            yield f"期限最长 {schedule['months']} 个月"
        case "rate":
            rate = schedule.get("rate")
            yield f"{schedule['insurance']}费率" + (
                f"降到 {percent(Decimal(rate))}" if rate else "文件没有写数值"
            )
        case "deferral":
            yield from _deferral(schedule)
        case "staged":
            for number, stage in enumerate(schedule.get("stages", ()), 1):
                yield f"第 {number} 期：{_stage(stage)}"
    if offer := advance_text(schedule.get("advance")):
        yield offer


def _deferral(schedule: Schedule) -> Iterator[str]:
    """What is put off, until when, and the sum that falls due then: nothing is waived."""
    if repay_by := schedule.get("repay_by"):
        yield f"{schedule['insurance']}费可以暂缓，{repay_by} 前补缴"
        return
    if schedule.get("months"):
        yield (
            f"缓缴{schedule['insurance']}{schedule['share']} {schedule['months']} 个月，"
            f"到 {schedule['last_month']} 止，免收滞纳金；职工个人部分照常缴"
        )
    if due := schedule.get("due_at_end"):
        yield f"期满时一共要补缴 {yuan(Decimal(due))}"


def _stage(stage: Schedule) -> str:
    """A share, an amount (below zero it is taken back) and a day, or the words of the text for it."""
    share = f"{percent(Decimal(stage['share']))}，" if stage["share"] else ""
    if stage["amount"] is None:
        amount = "金额待定"
    else:
        value = Decimal(stage["amount"])
        amount = f"收回 {yuan(-value)}" if value < 0 else yuan(value)
    due = f"{stage['due']} 前" if stage["due"][:1].isdigit() else stage["due"]
    return f"{share}{amount}，{due}"
