"""The page's own words for what a case is made of: its lists, their rows, and what a screen is about."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_lazy

COUNTS = {
    "hires": gettext_lazy("新招了几名员工？"),
    "internships": gettext_lazy("接收了几名见习人员？"),
    "placements": gettext_lazy("组织输转了几名劳动力？"),
    "certificates": gettext_lazy("取得了几本职业资格或技能等级证书？"),
    "loans": gettext_lazy("要申请几笔创业担保贷款？"),
    "ventures": gettext_lazy("创办了几个企业或个体户？"),
    "bases": gettext_lazy("运营几个创业孵化基地？"),
    "trainings": gettext_lazy("参加了几次职业培训？"),
}
ROWS = {
    "hires": gettext_lazy("第 %(number)s 名新招员工"),
    "internships": gettext_lazy("第 %(number)s 名见习人员"),
    "placements": gettext_lazy("第 %(number)s 名输转劳动力"),
    "certificates": gettext_lazy("第 %(number)s 本证书"),
    "loans": gettext_lazy("第 %(number)s 笔贷款"),
    "ventures": gettext_lazy("第 %(number)s 个创业项目"),
    "bases": gettext_lazy("第 %(number)s 个孵化基地"),
    "trainings": gettext_lazy("第 %(number)s 次培训"),
}
OWNERS = {
    "employer": gettext_lazy("本单位"),
    "applicant": gettext_lazy("本人"),
    "place": gettext_lazy("当地"),
    "fund": gettext_lazy("资金"),
}


def count_label(case_key: str) -> Any:
    """The question for how many; None for what is no list, or one that has no words here."""
    return COUNTS.get(case_key)


def owner_label(facts: dict[str, Any], key: str) -> str:
    """本单位, or 第 2 名新招员工, for a dotted key; nothing for a list itself."""
    head, _, rest = key.partition(".")
    if head in OWNERS:
        return str(OWNERS[head])
    if not rest or head not in ROWS:
        return ""
    ids = [str(row.get("id")) for row in facts.get(head) or ()]
    row = rest.partition(".")[0]
    number = ids.index(row) + 1 if row in ids else row
    return ROWS[head] % {"number": number}


def screen_title(kind: str, owner: str, source: str) -> str:
    """What a screen of several questions is about."""
    match kind:
        case "rows":
            return gettext("这些事情各有几项？")
        case "checklist":
            return gettext("%(owner)s有没有下面的情况？") % {"owner": owner}
        case "figures":
            return gettext("%(owner)s的几个数字") % {"owner": owner}
    return owner
