"""A difference between two libraries in Chinese: by group and subject, what was and what is."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.console import Console

from zhida.cli import layout
from zhida.diagnostics import display_width
from zhida.feel.nodes import Figure, Literal, Node
from zhida.feel.printer import to_feel
from zhida.guide import wording
from zhida.library import Library
from zhida.library.rule import Citation
from zhida.simulate.amendments import Amendment, Change, Kind
from zhida.simulate.statements import GROUPS, Path, Statement

MARKS = {"added": "+", "removed": "-", "changed": "~"}
KINDS: dict[Kind, str] = {"added": "新增", "removed": "删除", "changed": "修改"}
STYLES = {"added": "green", "removed": "red", "changed": "yellow"}
INLINE = 64
"""Columns that two values may take to stand on one line."""

NAMES = {
    "measure": "措施",
    "document": "文件",
    "provision": "条款",
    "duty": "职责",
    "clarification": "说明",
    "reported": "通报数字",
    "standard": "标准",
    "fact": "词汇",
    "interpretation": "口径",
}
assert tuple(NAMES) == GROUPS

FIELDS = {
    "absence": "没有填写时",
    "action": "事项",
    "actor": "办理者",
    "advance": "预拨",
    "aliases": "别名",
    "also": "相关条目",
    "amount": "金额",
    "answer": "怎么办",
    "approximate": "约数",
    "as_of": "截至",
    "asked": "只有本人知道",
    "audience": "对象",
    "balance_due": "余款",
    "basis": "依据",
    "caps": "下级不得超过",
    "case_key": "案例中的键",
    "channel": "在哪里办",
    "checks": "核对",
    "clause": "条款",
    "columns": "列",
    "commitment": "须承诺",
    "components": "分担",
    "conditions": "条件",
    "count": "计数",
    "dated": "按日期",
    "days": "工作日",
    "deadline": "期限",
    "default": "默认值",
    "derived": "推算",
    "derived_values": "推算的值",
    "difference": "扣除已发",
    "document": "文件",
    "due": "支付时间",
    "due_from": "起算日",
    "due_workdays": "工作日",
    "duplicate_of": "重复",
    "english": "英文名",
    "event": "事情发生的时间",
    "exclusion": "互斥",
    "figures": "数字",
    "formula": "",
    "from_history": "由历史得出",
    "fund": "资金来源",
    "grace": "年底宽限",
    "group": "组",
    "help": "提示",
    "listed_in": "选项清单",
    "higher_bars_lower": "就高",
    "id": "编号",
    "in_force": "施行日期",
    "in_force_interpretation": "施行日期的口径",
    "insurance": "险种",
    "internal": "内部",
    "interpretation": "口径",
    "interpretations": "口径",
    "issued": "发布日期",
    "issuer": "发布机关",
    "key": "键",
    "keys": "键",
    "kind": "种类",
    "label": "说法",
    "last_month": "最后一月",
    "lead": "牵头",
    "life_events": "时机",
    "limits": "限制",
    "match": "匹配",
    "materials": "材料",
    "means": "",
    "measure": "措施",
    "missing": "查不到时",
    "mode": "办理方式",
    "monthly": "每月",
    "months": "月数",
    "name": "名称",
    "note": "注",
    "notes": "注",
    "number": "数",
    "of": "取值同",
    "off": "放假",
    "office": "科室",
    "overlaps": "重叠",
    "parameters": "参数",
    "parents": "所属",
    "payee": "发给",
    "payee_account": "发到",
    "per": "每",
    "period": "周期",
    "permitted_use": "资金用途",
    "phone": "电话",
    "phone_as_printed": "原文电话",
    "procedure": "办理",
    "publicity": "公示",
    "publicity_days": "公示工作日",
    "publicity_interpretation": "公示的口径",
    "question": "问题",
    "rank": "就高",
    "rate": "费率",
    "region": "地区",
    "repay_by": "补缴期限",
    "resolves_with": "等待",
    "review": "人工核定",
    "review_if_unknown": "算不出时人工核定",
    "rows": "行",
    "same": "分别计算",
    "schedule": "支付",
    "share": "份额",
    "signed": "可为负",
    "source": "来源",
    "sources": "来源",
    "stages": "分期",
    "standards": "引用的标准",
    "status": "状态",
    "steps": "步骤",
    "stop_events": "停发",
    "subject": "对象",
    "summary": "简介",
    "summary_en": "英文简介",
    "support": "配合",
    "sureness": "把握",
    "switches": "口径选择",
    "tasks": "环节",
    "terms": "定义",
    "text": "内容",
    "times": "次数",
    "title": "名称",
    "to": "止",
    "type": "类型",
    "unit": "单位",
    "upper": "上级文件",
    "valid": "办理时间",
    "value": "",
    "values": "取值",
    "when": "",
    "where": "适用于",
    "worked": "上班",
    "years": "年",
}
"""Fields of policy files; an empty name is what its parent is about."""

LISTS = frozenset(
    (
        *(
            "also",
            "columns",
            "components",
            "conditions",
            "derived",
            "figures",
            "keys",
            "limits",
            "parameters",
        ),
        *("rows", "same", "sources", "stages", "standards", "switches", "terms", "years"),
    )
)
"""Fields whose next part names an item."""

OF_DOCUMENTS = {"number": "文号", "rows": "条目"}
"""Fields that are called otherwise in a document."""

TASKS = {
    "apply": "申请",
    "confirm": "确认",
    "screen": "比对",
    "notify": "告知",
    "intake": "受理",
    "review": "审核",
    "first-review": "初审",
    "second-review": "复审",
    "final-review": "终审",
    "visit": "实地考察",
    "refer": "上报",
    "publicity": "公示",
    "pay": "拨付",
    "settle": "结清",
    "advance": "预拨",
    "lend": "放贷",
    "execute": "执行",
    "fund": "申请资金",
    "repay": "补缴",
    "check-after": "事后抽查",
    "train": "培训",
}
"""Tasks of the steps of a procedure."""

STATUS = {"in-force": "有效", "deferred": "暂缓", "draft": "征求意见稿"}


def print_amendments(
    library: Library, region: str | None, on: date | None, found: tuple[Amendment, ...]
) -> None:
    out = layout.console()
    if region and on:
        out.print(f"{wording.region_name(library, region)} · {on}")
    for group, members in groupby(found, key=lambda amendment: amendment.subject.group):
        layout.print_heading(out, NAMES[group])
        for amendment in members:
            _print_amendment(amendment, out)
    out.print()
    out.print(summary(found))


def summary(found: tuple[Amendment, ...]) -> str:
    """措施 修改 2 项；条款 新增 1 项、修改 3 项; how many subjects of each group."""
    counted = Counter((a.subject.group, a.kind) for a in found)
    parts = (
        f"{NAMES[group]} " + "、".join(f"{KINDS[kind]} {counted[group, kind]} 项" for kind in kinds)
        for group in GROUPS
        if (kinds := [kind for kind in KINDS if counted[group, kind]])
    )
    return "；".join(parts) or "没有不同。"


def _print_amendment(amendment: Amendment, out: Console) -> None:
    subject, kind = amendment.subject, amendment.kind
    names = "（" + subject.key + "）" + (f" · {subject.place}" if subject.place else "")
    mark = f"{KINDS[kind]} " if kind != "changed" else ""
    layout.print_wrapped(out, f"{mark}{subject.name}{names}", 2, 4, f"bold {STYLES[kind]}")
    if kind == "removed":
        return
    for change in amendment.changes:
        if not (change.kind != "changed" and change.path[-1] == "label"):
            _print_change(subject.group, change, out)


def _print_change(group: str, change: Change, out: Console) -> None:
    style = STYLES[change.kind]
    names = OF_DOCUMENTS if group == "document" else {}
    item = names.get(change.path[0]) or item_name(change.path, change.label)
    name = f"{MARKS[change.kind]} {item}"
    before, after = (statement_text(change, side) for side in (change.before, change.after))
    one = " → ".join(text for text in (before, after) if text is not None)
    if "\n" not in one and display_width(name) + display_width(one) <= INLINE + 26:
        layout.print_wrapped(out, f"{name}  {one}", 4, 4, style)
        return
    layout.print_wrapped(out, name, 4, 4, style)
    changed = change.kind == "changed"
    sides = (("原", before), ("今", after))
    layout.print_fields(
        out, [(word if changed else "", text or "") for word, text in sides], 8 if changed else 6
    )


def item_name(path: Path, label: str) -> str:
    """条件 layoff-rate 未裁员…, 数字 中小微企业返还比例（rate_small）, 办理 步骤 3."""
    words: list[str] = []
    named = False
    for index, part in enumerate(path):
        follows_list = index > 0 and (path[index - 1] in LISTS or path[0] in ("rows", "standards"))
        if not follows_list:
            words.append(FIELDS.get(part, part))
        elif path[0] in ("rows", "standards"):
            words += [label] if index == 1 else []
            named = True
        elif label and not named:
            words.append(f"{label}（{part}）" if label != part else label)
            named = True
        else:
            words.append(part)
    return " ".join(word for word in words if word)


def statement_text(change: Change, statement: Statement | None) -> str | None:
    """A value in Chinese, with its own source where it has one that matters."""
    if statement is None:
        return None
    text = value_text(statement, _differing(change))
    sources = {side.source for side in (change.before, change.after) if side is not None}
    cited = statement.source and (len(sources) > 1 or change.kind == "added")
    return f"{text}（{statement.source}）" if cited else text


def _differing(change: Change) -> frozenset[str] | None:
    """Of two records or lists of steps, the fields that differ; None where there is nothing of that kind."""
    before, after = change.before, change.after
    if before is None or after is None:
        return None
    if before.path[-1] == "steps" and len(before.value) == len(after.value):
        pairs = zip(before.value, after.value, strict=True)
        return frozenset(key for old, new in pairs for key in _unlike(old, new))
    return _unlike(before.value, after.value) if isinstance(before.value, dict) else None


def _unlike(old: dict[str, Any], new: dict[str, Any]) -> frozenset[str]:
    return frozenset(key for key in {*old, *new} if old.get(key) != new.get(key))


def value_text(statement: Statement, fields: frozenset[str] | None = None) -> str:
    """A value as people read it; of a record only `fields`, where there are any."""
    value, head = statement.value, statement.path[0]
    if head in ("valid", "event") and isinstance(value, tuple):
        return wording.window(*value)
    if head == "status":
        return STATUS.get(str(value), str(value))
    if isinstance(value, dict) and fields:
        return _text({key: item for key, item in value.items() if key in fields}) or "无"
    if statement.path[-1] == "steps":
        step = _tasks if fields == frozenset({"tasks"}) else _step
        return "\n".join(f"{n}. {step(item)}" for n, item in enumerate(value, 1))
    if isinstance(value, Node) and head in ("figures", "switches"):
        return wording.figure_value(Figure("", value, Citation("", "", "", unit=statement.unit)))
    return _text(value)


def _step(step: dict[str, Any]) -> str:
    notes = [f"{step['days']} 个工作日内"] if "days" in step else []
    notes += ["公示"] if step.get("publicity") else []
    notes += [step["interpretation"]] if "interpretation" in step else []
    return f"{step['actor']}：{step['action']}" + (f"（{'，'.join(notes)}）" if notes else "")


def _tasks(step: dict[str, Any]) -> str:
    """A step of which only the tasks differ."""
    return f"{step['actor']}：{step['action']}（{'、'.join(TASKS[task] for task in step['tasks'])}）"


def _text(value: Any) -> str:
    match value:
        case Literal(str() as text):
            return f'"{text}"'
        case Node():
            return to_feel(value)
        case dict():
            return "，".join(f"{FIELDS.get(key, key) or key}：{_text(item)}" for key, item in value.items())
        case frozenset():
            return "、".join(sorted(value)) or "无"
        case tuple() | list():
            return "、".join(map(_text, value)) or "无"
        case Decimal():
            return f"{value:,f}"
        case int() if not isinstance(value, bool):
            return str(value)
    return wording.value_text(value)
