"""What a measure is worth in a few words, for a list: 每人 1,000 元, 最高 300 万元, 最低工资的 50%."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zhida.feel import nodes
from zhida.feel.nodes import Fact, Figure, Literal, Node, walk
from zhida.guide import wording
from zhida.library import Library, Rule
from zhida.library.standards_used import readings
from zhida.profile.folding import is_unset

WAN = Decimal(10000)
PER = {"元/人": "每人", "元/人·月": "每人每月", "元/月": "每月", "元/户": "每户", "元/小时": "每小时"}


def headline(library: Library, rule: Rule) -> str:
    """Empty where no text sets a figure, as with what is still to be decided."""
    if rule.kind == "rate":
        return "降低缴费比例"
    if rule.kind == "deferral":
        return _deferral(rule)
    if rule.amount is None:
        return ""
    money, rates = _figures(rule.amount.node, "元"), _figures(rule.amount.node, "比率")
    whole = "" if money else _whole(library, rule)
    if money:
        return _money(rule, money)
    if rates:
        return f"{whole}的 {_share(rates)}" if whole else ""
    if whole and not _waits(rule.amount.node) and readings(library, rule):
        return f"按{whole.removesuffix('标准')}标准"
    return ""


def _deferral(rule: Rule) -> str:
    months = rule.schedule.months
    known = _figures(months.node, "月") if months else []
    return f"最多缓 {_span(known)} 个月" if known else "到期前暂缓缴"


def _money(rule: Rule, figures: list[Figure]) -> str:
    unit = figures[0].source.unit
    alike = [figure for figure in figures if figure.source.unit == unit]
    ceiling = rule.kind == "loan" or any("最高" in figure.name for figure in alike)
    return f"{PER.get(unit, '')}{'最高' if ceiling else ''} {_span(alike)}".strip()


def _span(figures: list[Figure]) -> str:
    values = sorted(map(_number, figures))
    low, high = values[0], values[-1]
    if figures[0].source.unit == "月":
        return f"{low:f}" if low == high else f"{low:f}～{high:f}"
    unit = "元"
    if low % WAN == 0 and high % WAN == 0:
        low, high, unit = low / WAN, high / WAN, "万元"
    return f"{low:,f} {unit}" if low == high else f"{low:,f}～{high:,f} {unit}"


def _share(rates: list[Figure]) -> str:
    texts = {_number(figure): wording.figure_value(figure) for figure in rates}
    found = [texts[value] for value in sorted(texts)]
    return found[0] if len(found) == 1 else f"{found[0]}～{found[-1]}"


def _whole(library: Library, rule: Rule) -> str:
    """What a share is taken of: the first sum of money, or the standard that is looked up."""
    node = rule.amount.node if rule.amount else nodes.Literal(None)
    facts = (library.facts[part.entity, part.key] for part in walk(node) if isinstance(part, Fact))
    sums = [wording.fact_name(fact) for fact in facts if fact.type == "money"]
    return next(iter(sums), "") or next((reading.table.name for reading in readings(library, rule)), "")


def _figures(node: Node, unit: str) -> list[Figure]:
    """The figures of a unit that go into the result and are more than nothing."""
    found = (part for part in _terms(node) if isinstance(part, Figure))
    return [f for f in found if f.source.unit.split("/")[0] == unit and _number(f) > 0]


def _waits(node: Node) -> bool:
    """Whether a figure is still to be set."""
    return any(isinstance(part, Figure) and is_unset(part) for part in _terms(node))


def _number(figure: Figure) -> Decimal:
    """The value; 0 for what is not set, and a fraction such as 2/3 as a number."""
    match figure.value:
        case Literal(Decimal() as value):
            return value
        case nodes.Binary("/", Literal(Decimal() as above), Literal(Decimal() as below)):
            return above / below
    return Decimal(0)


def _terms(node: Node) -> Iterator[Node]:
    """Every part of a formula that goes into its result: not what it only compares."""
    match node:
        case nodes.If(_, consequent, alternative):
            yield from _terms(consequent)
            yield from _terms(alternative)
        case nodes.Binary("<" | "<=" | ">" | ">=" | "=" | "!=", _, _):
            return
        case Figure():
            yield node
        case _:
            yield node
            for child in nodes.children(node):
                yield from _terms(child)
