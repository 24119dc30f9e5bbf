"""What a decision says, in words: verdict, worth, the change that would turn it, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhida.decide.decision import Decision, UnitResult
from zhida.decide.question import fact_of, question_text
from zhida.guide.wording import fact_value, key_name, span, value_text, yuan
from zhida.library import Library, Rule

VERDICTS = {
    "eligible": "能享受",
    "review": "须人工核定",
    "unknown": "还差信息",
    "ineligible": "不能享受",
    "not_open": "未开放",
}
MARKS = {True: "✓", False: "✗", None: "?", "review": "⚖"}
"""The mark before a condition that holds, fails, is unknown or is left to a person."""


def amount_text(decision: Decision) -> str:
    """What the decision is worth, in the words of its kind."""
    rule, schedule = decision.rule, decision.schedule or {}
    if rule.kind == "rate":
        return "降低费率"
    if rule.kind == "deferral":
        months, due = schedule.get("months"), schedule.get("due_at_end")
        period = f"缓 {months} 个月" if months else "缓缴"
        return f"{period}，{Decimal(due):,.2f} 元" if due else period
    money = _known_or_range(decision)
    if rule.kind == "loan":
        return f"贷款最高 {money}" if money != "待定" else "贷款"
    if rule.kind == "monthly" and money != "待定":
        months = schedule.get("months")
        return f"{money}/月" + (f" × {months} 个月" if months else "")
    return money


def _known_or_range(decision: Decision) -> str:
    if decision.amount is not None:
        return yuan(decision.amount)
    return span(decision.amount_range) if decision.amount_range else "待定"


def change_text(library: Library, decision: Decision) -> str:
    """The smallest change that would turn a refusal; nothing where there is none."""
    change = decision.change
    if change is None:
        return ""
    found = fact_of(library, change.fact)
    name = key_name(library, decision.rule, change.fact)
    before, after = (
        fact_value(found[1], value) if found else value_text(value) for value in (change.before, change.after)
    )
    worth = f"，可得 {yuan(change.amount)}" if change.amount is not None else ""
    return f"{name}由 {before} 变为 {after}{worth}"


def failing_labels(unit: UnitResult, verdicts: tuple[Any, ...] = (False,)) -> list[str]:
    return [c.condition.label for c in unit.conditions if c.verdict in verdicts]


@dataclass(frozen=True, slots=True)
class MissingFact:
    """Something a decision waits for: what it is called, how to ask for it, and which department knows it.

    `asked` where only the party itself knows it. A figure that no text sets, and a standard that is not
    carried, have neither a question nor a department.
    """

    key: str
    name: str
    question: str
    source: str
    asked: bool


def missing_facts(library: Library, decision: Decision) -> tuple[MissingFact, ...]:
    """What the decision waits for, in its order."""
    return tuple(missing_fact(library, decision.rule, key) for key in decision.missing)


def missing_fact(library: Library, rule: Rule | None, key: str) -> MissingFact:
    """One dotted key of `missing` in words."""
    name, found = key_name(library, rule, key), fact_of(library, key)
    if found is not None:
        fact = found[1]
        return MissingFact(key, name, fact.question, fact.source, fact.asked)
    rows = library.entity_by_case_key(key)
    return MissingFact(key, name, question_text(library, key) if rows else "", "", rows is not None)
