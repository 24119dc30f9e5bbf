"""Values, facts, amounts and citations in the Chinese that a citizen or clerk reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from zhida.decide.question import fact_of
from zhida.decide.ranges import Interval
from zhida.feel import UNKNOWN
from zhida.feel.nodes import Figure, List, Literal
from zhida.feel.printer import to_feel
from zhida.library import Library, Rule
from zhida.library.model import FactDef
from zhida.library.reading import COUNTED
from zhida.library.rule import Opening

KINDS = {
    "one-off": "一次性",
    "monthly": "按月",
    "staged": "分期",
    "loan": "贷款",
    "deferral": "缓缴",
    "rate": "降费率",
}
PAYEES = {"employer": "单位", "person": "个人", "fund": "资金专户", "place": "地方政府"}
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
    """Exact where four decimals suffice."""
    exact = (value * 100).normalize()
    rounded = exact.quantize(Decimal("0.0001"))
    return f"{exact:f}%" if exact == rounded else f"约 {rounded:f}%"


def value_text(value: Any, unit: str = "", kind: str = "") -> str:
    """A fact's or figure's value with its unit."""
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            if unit == "比率" or kind == "rate":
                return percent(value)
            number = f"{value:,f}" if kind == "money" or "元" in unit else f"{value:f}"
            return f"{number} {COUNTED.get(unit, unit)}".strip()
        case date():
            return value.isoformat()
        case list() | tuple():
            return "、".join(value_text(item) for item in value) or "无"
        case str():
            return value
    return "未知" if value is UNKNOWN or value is None else str(value)


def fact_value(fact: FactDef, value: Any) -> str:
    return value_text(value, fact.unit, fact.type)


def figure_value(figure: Figure) -> str:
    """A figure as the document gives it; a fraction such as 2/3 stays one."""
    match figure.value:
        case Literal(value):
            return "文件没有写明" if value is UNKNOWN else value_text(value, figure.source.unit)
        case List(items):
            return "、".join(to_feel(item).strip('"') for item in items) or "无"
    return to_feel(figure.value).replace(" ", "")


def figure_source(figure: Figure) -> str:
    """Which document and clause set a figure, or which interpretation."""
    source = figure.source
    parts = [f"{source.document} {source.clause}".strip(), source.interpretation]
    return "，".join(part for part in parts if part)


def region_name(library: Library, code: str) -> str:
    table = next((t for t in library.tables.values() if t.definition.table == "regions"), None)
    row = table.find((code,), None) if table else None
    return f"{row.values['名称']}（{code}）" if row and row.values.get("名称") else code


def place_name(library: Library, code: str) -> str:
    """正宁县, without its code."""
    return region_name(library, code).partition("（")[0]


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
    if entity is None or parts[0] in SINGLETONS or len(parts) < 2:
        return ""
    return f"{entity.name} {parts[1]} "


def unit_name(library: Library, rule: Rule, unit: str) -> str:
    """`招用 h1` for a list item, and the entity's name for the party itself."""
    entity = library.entities[rule.unit]
    return entity.name if unit in SINGLETONS else f"{entity.name} {unit}"


def citation(rule: Rule) -> str:
    return f"{rule.document} {rule.clause}"


def window(start: date | None, end: date | None) -> str:
    """A span of days; an open end is said in words."""
    if start and end:
        return f"{start} 至 {end}"
    if start:
        return f"{start} 起，没有写截止日"
    return f"{end} 前" if end else "没有写明"


def opening_text(opening: Opening) -> str:
    """When a provision can be decided."""
    text = window(opening.start, opening.end)
    return text + (f"（年底的事情可以办到 {opening.grace_end}）" if opening.grace_end else "")


def opening_status(opening: Opening, on: date) -> str:
    """What that means on a day."""
    end = opening.grace_end or opening.end
    if opening.status == "deferred":
        return "等另外的文件"
    if opening.status == "draft":
        return "征求意见稿"
    if opening.start and on < opening.start:
        return f"{opening.start} 开始"
    if end and on > end:
        return f"{end} 已截止"
    return f"开放到 {end}" if end else "开放"
