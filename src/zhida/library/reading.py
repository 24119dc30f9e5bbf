"""A condition in plain Chinese, for those who read the decision and not the rule.

What the figures alone decide is left out: nobody need read about what a region did not choose.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node
from zhida.feel.printer import to_feel
from zhida.feel.values import format_value

# A relation's words for amounts, for rates and for days.
RELATIONS = {
    ">": ("超过", "高于", "晚于"),
    ">=": ("不少于", "不低于", "不早于"),
    "<": ("少于", "低于", "早于"),
    "<=": ("不超过", "不高于", "不晚于"),
}
OPPOSITE = {"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
ARITHMETIC = {"+": "加", "-": "减", "*": "乘以", "/": "除以"}
PARTS = {"year": "年份", "month": "月份", "day": "日"}
FUNCTIONS = {
    "abs": "{}的绝对值",
    "floor": "{}（向下取整）",
    "ceiling": "{}（向上取整）",
    "round half up": "{}（四舍五入，保留{}位小数）",
    "sum": "{}之和",
    "count": "{}的数量",
    "add months": "{}之后{}",
    "full years": "{}至{}的整年数",
    "full months": "{}至{}的整月数",
}
THINGS = ("单位", "机构", "中介", "车间", "岗位", "人员", "基地", "县", "户")


def to_chinese(node: Node) -> str:
    """`not(单位.劳务派遣单位)` is 不是劳务派遣单位; a figure shows its name and its value."""
    return _clause(node, True)


def _clause(node: Node, holds: bool) -> str:
    """A statement, or where not `holds` its opposite."""
    node, decided = _undecided(node), _decided(node)
    if decided is not None and not isinstance(node, nodes.Figure):
        return "总是成立" if decided == holds else "不能成立"
    match node:
        case nodes.Binary("and" | "or" as op, left, right):
            word = "，且" if (op == "and") == holds else "，或者"
            return word.join(_part(side, op, holds) for side in (left, right))
        case nodes.Call(nodes.Name("not"), (inner,)):
            return _clause(inner, not holds)
        case nodes.Binary(op, left, right) if op in OPPOSITE:
            return _comparison(left, op if holds else OPPOSITE[op], right)
        case nodes.Between(value, low, high):
            return f"{_operand(value)}{_no(holds)}在{_operand(low)}至{_operand(high)}之间"
        case nodes.In(value, tests):
            return _membership(value, tests, holds)
        case nodes.Call(nodes.Name(name), (first, second)) if name in MEMBERSHIP:
            return MEMBERSHIP[name](first, second, holds)
        case nodes.If(condition, then, other):
            branches = _part(then, "", holds), _clause(other, holds)
            return "如果{}，则{}，否则{}".format(_clause(condition, True), *branches)
        case nodes.Fact():
            return _boolean(_term(node), holds)
    return _term(node) if holds else f"并非{_term(node)}"


def _undecided(node: Node) -> Node:
    """What is left of a choice or of `and` and `or` where figures decide a part of it."""
    match node:
        case nodes.If(condition, then, other) if (chosen := _decided(condition)) is not None:
            return _undecided(then if chosen else other)
        case nodes.Binary("and" | "or", left, right) if _decided(node) is None:
            sides = [side for side in (left, right) if _decided(side) is None]
            return node if sides[1:] else _undecided(sides[0])
    return node


def _decided(condition: Node) -> bool | None:
    """What figures decide without any fact: switches, and lists that a document filled."""
    match condition:
        case nodes.Literal(bool() as value) | nodes.Figure(value=nodes.Literal(bool() as value)):
            return value
        case nodes.Call(nodes.Name("not"), (inner,)):
            decided = _decided(inner)
            return None if decided is None else not decided
        case nodes.Binary("and" | "or" as op, left, right):
            sides, either = {_decided(left), _decided(right)}, op == "or"
            return either if either in sides else None if None in sides else not either
        case nodes.Binary("=" | "!=" as op, nodes.Figure(value=nodes.Literal(str() as own)), other):
            return (nodes.Literal(own) == other) == (op == "=") if _is_literal(other) else None
        case nodes.Binary("=", nodes.Call(nodes.Name("count"), (nodes.Figure(value=of),)), number):
            count = nodes.Literal(len(nodes.children(of)))
            return count == number if isinstance(of, nodes.List) else None
        case nodes.Call(nodes.Name("list contains"), (nodes.Figure(value=of), item)):
            known = isinstance(of, nodes.List) and isinstance(item, nodes.Literal)
            return item in nodes.children(of) if known else None
    return None


def _is_literal(node: Node) -> bool:
    return isinstance(node, nodes.Literal)


def _part(node: Node, op: str, holds: bool) -> str:
    """A clause inside another, in brackets where it would run into what stands beside it."""
    node, text = _undecided(node), _clause(node, holds)
    mixed = op and isinstance(node, nodes.Binary) and node.op in ("and", "or") and node.op != op
    return f"（{text}）" if mixed or text.startswith("如果") else text


def _no(holds: bool) -> str:
    return "" if holds else "不"


def _boolean(label: str, holds: bool) -> str:
    """A true or false fact, by what its name is: a thing, 有…, or something that happens."""
    if label.startswith("有"):
        return label if holds else f"没{label}"
    if label.endswith(THINGS) and "为" not in label:
        return f"{_no(holds)}是{label}"
    return label if holds else f"并非{label}"


def _comparison(left: Node, op: str, right: Node) -> str:
    match left, right:
        case nodes.Call(nodes.Name("count"), (rows,)), nodes.Literal(value=0) if op in ("=", ">"):
            return f"{'没有' if op == '=' else '有'}{_term(rows)}"
        case _, nodes.Literal(bool() as value):
            return _clause(left, value == (op == "="))
    if op in RELATIONS:
        return f"{_operand(left)}{RELATIONS[op][_measure(left, right)]}{_operand(right)}"
    if isinstance(right, nodes.Literal | nodes.Figure):
        return f"{_operand(left)}{'为' if op == '=' else '不是'}{_term(right)}"
    return f"{_operand(left)}与{_operand(right)}{'相同' if op == '=' else '不同'}"


def _measure(*sides: Node) -> int:
    """Which column of RELATIONS is idiomatic, as their names tell."""
    names = [to_feel(side) for side in sides]
    days = (n.endswith(("日期", "截止")) or n.startswith(('@"', "add months")) for n in names)
    return 2 if any(days) else int(any(n.endswith(("率", "比例", "占比")) for n in names))


def _membership(value: Node, tests: tuple[Node, ...], holds: bool) -> str:
    if all(isinstance(test, nodes.Range | nodes.Test) for test in tests):
        return _operand(value) + ("或者" if holds else "且").join(_range(t, holds) for t in tests)
    one = len(tests) == 1 and not _is_literal(tests[0])
    return f"{_operand(value)}{_no(holds)}属于{_one_of(tests[0] if one else nodes.List(tests))}"


def _range(test: Node, holds: bool) -> str:
    """`[30..300)` is 不少于30且少于300."""
    pairs: list[tuple[str, Node]] = []
    match test:
        case nodes.Test(op, operand):
            pairs = [(op, operand)]
        case nodes.Range(Node() as low, Node() as high, low_closed, high_closed):
            pairs = [(">=" if low_closed else ">", low), ("<=" if high_closed else "<", high)]
    ends = [_comparison(nodes.Name(""), op if holds else OPPOSITE[op], end) for op, end in pairs]
    return ("且" if holds else "或者").join(ends)


def _one_of(values: Node) -> str:
    return f"{_term(values)}之一" if isinstance(values, nodes.List) else _term(values)


def _contains(values: Node, item: Node, holds: bool) -> str:
    if _is_literal(item):
        return f"{_term(values)}{_no(holds)}包括{_term(item)}"
    return f"{_term(item)}{_no(holds)}属于{_one_of(values)}"


MEMBERSHIP: dict[str, Callable[[Node, Node, bool], str]] = {
    "list contains": _contains,
    "has any": lambda a, b, holds: f"{_term(a)}中{'' if holds else '没'}有{_term(b)}任一",
    "starts with": lambda a, b, holds: f"{_term(a)}{_no(holds)}以{_term(b)}开头",
}


def _term(node: Node) -> str:
    """What a statement speaks of."""
    node = _undecided(node)
    match node:
        case nodes.Literal(value):
            return _value(value)
        case nodes.Figure(name, value, source):
            return f"{name}（{_figure(value, getattr(source, 'unit', ''))}）"
        case nodes.Fact():
            return to_feel(node).rpartition(".")[2]
        case nodes.List(items):
            return "、".join(map(_term, items))
        case nodes.Path(base, name):
            return f"{_term(base)}的{PARTS.get(name, name)}"
        case nodes.Filter(base, condition):
            return f"{_term(base)}中{_clause(condition, True)}者"
        case nodes.Binary(op, left, right) if op in ARITHMETIC:
            return f"{_operand(left)}{ARITHMETIC[op]}{_operand(right)}"
        case nodes.If(condition, then, other):
            return f"如果{_clause(condition, True)}，则{_operand(then)}，否则{_term(other)}"
        case nodes.Call(nodes.Name(name), arguments) if name in FUNCTIONS:
            return FUNCTIONS[name].format(*map(_term, arguments))
        case nodes.Call(nodes.Name("min" | "max" as name), arguments):
            between, more = ("与", "较") if len(arguments) == 2 else ("、", "最")
            words = between.join(map(_term, arguments))
            return f"{words}中{more}{'小' if name == 'min' else '大'}者"
        case nodes.Call(nodes.Name("lookup"), (table, *keys)):
            name, _, column = _term(table).partition(".")
            return f"{name}中{'、'.join(map(_term, keys))}对应的{column}"
    return to_feel(node)


def _operand(node: Node) -> str:
    sums = isinstance(node, nodes.Binary) and node.op in ("+", "-")
    text = _term(node)
    return f"（{text}）" if sums or text.startswith("如果") else text


COUNTED = {"月": "个月"}
"""Units that need a measure word: 12 月 would be December."""


def _figure(value: Node, unit: str) -> str:
    match value:
        case nodes.Literal(Decimal() as number):
            return f"{_value(number * 100)}%" if unit == "比率" else _value(number) + COUNTED.get(unit, unit)
        case nodes.Binary("/", over, under):
            return f"{_term(over)}/{_term(under)}"
    return _term(value) or "无"


def _value(value: Any) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case timedelta():
            return f"{value.days}日"
    return "未定" if value is UNKNOWN else format_value(value)
