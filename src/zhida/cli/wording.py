"""Values, facts, amounts and citations in the Chinese that a citizen or clerk reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from zhida.decide.decision import Decision, UnitResult
from zhida.decide.question import fact_of
from zhida.decide.ranges import Interval
from zhida.feel import UNKNOWN
from zhida.feel.nodes import Figure
from zhida.library import Library, Rule
from zhida.library.model import FactDef

VERDICTS = {
    "eligible": "能享受",
    "review": "须人工核定",
    "unknown": "还差信息",
    "ineligible": "不能享受",
    "not_open": "未开放",
}
SINGLETONS = ("employer", "applicant", "place", "fund")


def yuan(amount: Decimal) -> str:
    return f"{amount:,.2f} 元"


def span(found: Interval) -> str:
    if found.high is None:
        return f"{found.low:,.2f} 元以上"
    if found.low == found.high:
        return yuan(found.low)
    return f"{found.low:,.2f}～{found.high:,.2f} 元"


def percent(value: Decimal) -> str:
    return f"{(value * 100).normalize():f}%"


def value_text(value: Any, unit: str = "", kind: str = "") -> str:
    """A fact's or figure's value with its unit."""
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            if unit == "比率" or kind == "rate":
                return percent(value)
            number = f"{value:,f}" if kind == "money" or "元" in unit else f"{value:f}"
            return f"{number} {unit}".strip()
        case date():
            return value.isoformat()
        case list() | tuple():
            return "、".join(value_text(item) for item in value) or "无"
        case str():
            return value
    return "未知" if value is UNKNOWN or value is None else str(value)


def fact_value(fact: FactDef, value: Any) -> str:
    return value_text(value, fact.unit, fact.type)


def figure_value(figure: Figure, value: Any) -> str:
    """A figure's value; a fraction such as 2/3 stays one."""
    from zhida.feel.printer import to_feel

    if isinstance(value, Decimal) and type(figure.value).__name__ == "Binary":
        return to_feel(figure.value).replace(" ", "")
    return value_text(value, figure.source.unit)


def region_name(library: Library, code: str) -> str:
    table = next((t for t in library.tables.values() if t.definition.table == "regions"), None)
    row = table.find((code,), None) if table else None
    return f"{row.values['名称']}（{code}）" if row and row.values.get("名称") else code


def fact_name(fact: FactDef) -> str:
    return fact.title or fact.name


def key_name(library: Library, rule: Rule | None, key: str) -> str:
    """What a dotted key of `missing` is called."""
    head, _, rest = key.partition(".")
    if head == "parameters":
        names = [p.name for p in rule.definition.parameters if p.key == rest] if rule else []
        return f"{names[0] if names else rest}（文件没有写明）"
    if head == "standards":
        return next((t.name for t in library.tables.values() if t.definition.table == rest), rest)
    if not rest:
        entity = library.entity_by_case_key(head)
        return (entity.rows or entity.name) if entity else head
    found = fact_of(library, key)
    if found is None:
        return key
    return owner_name(library, key) + fact_name(found[1])


def owner_name(library: Library, key: str) -> str:
    """`招用 h1 的` before a fact of a list item; nothing before those of the party itself."""
    parts = key.split(".")
    entity = library.entity_by_case_key(parts[0])
    if entity is None or parts[0] in SINGLETONS:
        return ""
    return f"{entity.name} {parts[1]} "


def unit_name(library: Library, rule: Rule, unit: str) -> str:
    """`招用 h1` for a list item, and the entity's name for the party itself."""
    entity = library.entities[rule.unit]
    return entity.name if unit in SINGLETONS else f"{entity.name} {unit}"


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


def citation(rule: Rule) -> str:
    return f"{rule.document} {rule.clause}"


def failing_labels(unit: UnitResult, verdicts: tuple[Any, ...] = (False,)) -> list[str]:
    return [c.condition.label for c in unit.conditions if c.verdict in verdicts]
