"""Rows `expression → reading`: who does not know the language understands the condition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zhida.feel import nodes
from zhida.feel.nodes import Node
from zhida.feel.parser import parse
from zhida.feel.values import UNKNOWN
from zhida.library.reading import to_chinese


@dataclass(frozen=True)
class Source:
    unit: str


def listed(*texts: str) -> Node:
    return nodes.List(tuple(map(nodes.Literal, texts)))


FIGURES: dict[str, tuple[Any, str]] = {
    "最短合同月数": (Decimal(12), "月"),
    "每人标准": (Decimal("1500.00"), "元/人"),
    "裁员率上限": (Decimal("0.055"), "比率"),
    "补贴比例": (parse("2 / 3"), "比率"),
    "适用规模": (listed("小型", "微型"), ""),
    "适用人员": (listed("农民工", "残疾人"), ""),
    "补缴截止": (date(2022, 12, 31), ""),
    "本地已开展": (True, ""),
    "最低年龄": (Decimal(16), "年"),
    "最高年龄": (Decimal(24), "年"),
    "待定标准": (UNKNOWN, "元"),
    "离校期口径": ("按日", ""),
    "本地口径": ("乙", ""),
}


def resolved(node: Node) -> Node:
    """As the checker and the resolution of figures leave it, without a vocabulary."""
    match node:
        case nodes.Name(name) if name in FIGURES:
            value, unit = FIGURES[name]
            tree = value if isinstance(value, Node) else nodes.Literal(value)
            return nodes.Figure(name, tree, Source(unit))
        case nodes.Name("见习名单"):
            return nodes.Rows("internship", "见习名单")
        case nodes.Path(nodes.Name(entity), name):
            return nodes.Fact("entity", name, f"{entity}.{name}")
        case nodes.Call():
            return replace(node, arguments=tuple(map(resolved, node.arguments)))
    changes: dict[str, Any] = {}
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, Node):
            changes[name] = resolved(value)
        elif isinstance(value, tuple):
            changes[name] = tuple(map(resolved, value))
    return replace(node, **changes)


ROWS = [
    ("招用.劳动合同月数 >= 最短合同月数", "劳动合同月数不少于最短合同月数（12个月）"),
    ("单位.上年度裁员率 <= 裁员率上限", "上年度裁员率不高于裁员率上限（5.5%）"),
    ("not(单位.上年度裁员率 <= 裁员率上限)", "上年度裁员率高于裁员率上限（5.5%）"),
    ('招用.招用日期 >= @"2022-01-01"', "招用日期不早于2022年1月1日"),
    ("办理日期 < 补缴截止", "办理日期早于补缴截止（2022年12月31日）"),
    ("单位.在职职工人数 > 100", "在职职工人数超过100"),
    ('单位.企业规模 = "小型"', "企业规模为小型"),
    ('单位.企业规模 != "小型"', "企业规模不是小型"),
    ("个人.毕业日期.year = 招用.招用日期.year", "毕业日期的年份与招用日期的年份相同"),
    ("单位.劳务派遣单位", "是劳务派遣单位"),
    ("not(单位.劳务派遣单位)", "不是劳务派遣单位"),
    ("单位.劳务派遣单位 = false", "不是劳务派遣单位"),
    ("not(单位.严重失信)", "并非严重失信"),
    ("个人.未就业", "未就业"),
    ("not(单位.有对公账户)", "没有对公账户"),
    ("not(招用.本人为法定代表人)", "并非本人为法定代表人"),
    ("本地已开展", "本地已开展（是）"),
    ("false", "不能成立"),
    ("个人.未就业 and not(个人.灵活就业) and 个人.首次创业", "未就业，且并非灵活就业，且首次创业"),
    ("个人.未就业 and (个人.灵活就业 or 个人.首次创业)", "未就业，且（灵活就业，或者首次创业）"),
    ("not(个人.未就业 or 个人.灵活就业)", "并非未就业，且并非灵活就业"),
    ("list contains(适用规模, 单位.企业规模)", "企业规模属于适用规模（小型、微型）"),
    ('list contains(["小型"], 单位.企业规模)', "企业规模属于小型之一"),
    ('list contains(个人.人员类别, "农民工")', "人员类别包括农民工"),
    ('not(list contains(个人.人员类别, "农民工"))', "人员类别不包括农民工"),
    ("has any(个人.人员类别, 适用人员)", "人员类别中有适用人员（农民工、残疾人）任一"),
    ('not(has any(个人.人员类别, ["农民工"]))', "人员类别中没有农民工任一"),
    ('starts with(个人.户籍地, "62")', "户籍地以62开头"),
    ('not(starts with(个人.户籍地, "62"))', "户籍地不以62开头"),
    ('单位.企业规模 in ("小型", "微型")', "企业规模属于小型、微型之一"),
    ('not(单位.企业规模 in ["小型", "微型"])', "企业规模不属于小型、微型之一"),
    ("单位.在职职工人数 in [30..300)", "在职职工人数不少于30且少于300"),
    ("not(单位.在职职工人数 in [30..300))", "在职职工人数少于30或者不少于300"),
    ("单位.在职职工人数 in (< 30, >= 300)", "在职职工人数少于30或者不少于300"),
    (
        "full years(个人.出生日期, 招用.招用日期) between 最低年龄 and 最高年龄",
        "出生日期至招用日期的整年数在最低年龄（16年）至最高年龄（24年）之间",
    ),
    (
        '办理日期 <= add months(证书.发证日期, 最短合同月数, "earlier")',
        "办理日期不晚于发证日期之后最短合同月数（12个月）",
    ),
    (
        'if 单位.企业规模 = "大型" then 个人.未就业 else not(个人.未就业)',
        "如果企业规模为大型，则未就业，否则并非未就业",
    ),
    (
        "min(单位.在职职工人数, 3) * 每人标准 + 1 > (if 个人.未就业 then 5 else 6)",
        "（在职职工人数与3中较小者乘以每人标准（1500元/人）加1）超过（如果未就业，则5，否则6）",
    ),
    ("(单位.甲 + 1) * 补贴比例 >= 待定标准", "（甲加1）乘以补贴比例（2/3）不低于待定标准（未定）"),
    ("count(见习名单[见习.留用]) >= 2", "见习名单中留用者的数量不少于2"),
    ("count(见习名单[见习.留用]) = 0", "没有见习名单中留用者"),
    ("max(单位.甲, 单位.乙, 1) in [2..3]", "甲、乙、1中最大者不少于2且不超过3"),
    ('离校期口径 = "按年"', "不能成立"),
    ("count(适用规模) = 0 or 个人.未就业", "未就业"),
    ('离校期口径 = "按日" or 个人.未就业', "总是成立"),
    (
        '个人.首次创业 or (list contains(适用人员, "农民工") and 个人.未就业)',
        "首次创业，或者未就业",
    ),
    (
        'if 离校期口径 = "按年" then 个人.未就业 else 单位.人数 > (if 本地口径 = "甲" then 1 else 2)',
        "人数超过2",
    ),
    (
        'lookup("最低工资标准.月", 办理地区, 办理日期) <= 单位.月工资',
        "最低工资标准中办理地区、办理日期对应的月不超过月工资",
    ),
]


@pytest.mark.parametrize(("expression", "reading"), ROWS, ids=[row[0] for row in ROWS])
def test_it_reads_in_chinese(expression: str, reading: str) -> None:
    assert to_chinese(resolved(parse(expression, policy=True))) == reading
