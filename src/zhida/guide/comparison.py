"""The cells of a comparison, their sources and the head of each column, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.feel import UNKNOWN
from zhida.feel.nodes import Figure, Literal, Node
from zhida.guide import wording
from zhida.library import Library, Rule
from zhida.library.comparison import Cell, Comparison, Line, Variant
from zhida.library.procedure import Step
from zhida.library.rule import Citation
from zhida.library.standards_used import Standard, region_of

UNSET = "待定"
NOWHERE = "—"
GROUPS = {
    "window": "期限",
    "figure": "数字和范围",
    "standard": "引用的标准",
    "procedure": "办理程序",
    "office": "办理单位",
}


def is_unset(cell: Cell) -> bool:
    return isinstance(cell.value, Literal) and cell.value.value is UNKNOWN


def is_default(rule: Rule, name: str, source: Citation) -> bool:
    """Whether a figure is the measure's own default, which no document set."""
    own = (source.document, source.row) == (rule.document, rule.row)
    return own and not source.interpretation and name not in rule.provision.figures


def cell_text(library: Library, cell: Cell) -> str:
    """A cell in Chinese."""
    value = cell.value
    match value:
        case Node():
            if is_unset(cell):
                return UNSET
            return wording.figure_value(Figure("", value, cell.source))
        case None | "" | ():
            return NOWHERE
        case (date() | None as start, date() | None as end):
            return wording.window(start, end)
        case tuple() if isinstance(value[0], Step):
            return "\n".join(f"{n}. {_step(step)}" for n, step in enumerate(value, 1))
        case tuple() if isinstance(value[0], Standard):
            return "\n".join(standard_texts(library, value))
        case int():
            return f"{value} 个"
    return wording.value_text(value)


def _step(step: Step) -> str:
    notes = [f"{step.days} 个工作日内"] if step.days else []
    notes += ["公示"] if step.publicity else []
    return f"{step.actor}：{step.action}" + (f"（{'，'.join(notes)}）" if notes else "")


def standard_texts(library: Library, found: tuple[Standard, ...]) -> Iterator[str]:
    """A line for each value and time; the places that share it are named where they are parts of a region."""
    places: dict[tuple[date | None, date | None, Any], list[str]] = {}
    for standard in found:
        places.setdefault((standard.start, standard.end, standard.value), []).append(region_of(standard))
    several = len({region_of(standard) for standard in found}) > 1
    for (start, end, value), codes in sorted(places.items(), key=lambda item: item[0][0] or date.min):
        text = wording.value_text(value, found[0].reading.unit)
        where = f" {regions_text(library, codes)}" if several else ""
        yield f"{text}（{wording.window(start, end)}）{where}"


def regions_text(library: Library, codes: list[str] | tuple[str, ...]) -> str:
    """崆峒区; or 泾川县等 6 地."""
    first = wording.region_name(library, codes[0]).partition("（")[0]
    return first if len(codes) == 1 else f"{first}等 {len(codes)} 地"


def source_text(rule: Rule, line: Line, cell: Cell) -> str:
    """Document, clause and row that set a cell, in full."""
    if line.group == "standard":
        return "；".join(dict.fromkeys(standard.source for standard in cell.value or ()))
    source = cell.source
    if source is None:
        return basis(rule, line.group) if cell.value not in (None, "", ()) else ""
    if is_unset(cell):
        return "文件没有写明"
    if is_default(rule, line.name, source):
        return "默认值"
    parts = [f"{source.document} {source.clause}".strip(), source.row, source.interpretation]
    return "，".join(part for part in parts if part)


def basis(rule: Rule, group: str) -> str:
    """The rule's own clause and row; of a procedure, the rows that describe it."""
    procedures = [row for row, role in rule.provision.also.items() if role == "procedure"]
    rows = procedures if group == "procedure" and procedures else [rule.row]
    return f"{rule.document} {rule.clause}，{'、'.join(rows)}"


def letter(index: int) -> str:
    """A, B … Z, AA: the name of a column."""
    high, low = divmod(index, 26)
    return (letter(high - 1) if high else "") + chr(ord("A") + low)


def head_lines(library: Library, variant: Variant) -> tuple[tuple[str, str], ...]:
    """What identifies a column: place, document, clause, title and status."""
    rule = variant.rule
    name = wording.region_name(library, variant.region).partition("（")[0]
    if rule is None:
        return (("地区", name), ("状态", "没有文件规定"))
    above = wording.region_name(library, rule.region) if rule.region != variant.region else ""
    return (
        ("地区", f"{name}（用{above.partition('（')[0]}的规定）" if above else name),
        ("文件", rule.document),
        ("条款", f"{rule.clause}（{rule.row}）"),
        ("名称", rule.title),
        ("状态", status(rule, variant.on)),
    )


def status(rule: Rule, on: date | None) -> str:
    """In force, deferred with what it waits for, or a draft; and on a day whether it is open."""
    if rule.opening.status == "deferred":
        waits = rule.provision.resolves_with
        return f"暂缓：等{waits}" if waits else "暂缓，等另外的文件"
    if rule.opening.status == "draft":
        return "征求意见稿，不能执行"
    return wording.opening_status(rule.opening, on) if on else "有效"


@dataclass(frozen=True, slots=True)
class ComparedColumn:
    """A place, on a day or in the window of its own version; `head` identifies it as (name, text)."""

    letter: str
    region: str
    on: date | None
    rule: Rule | None
    head: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A value in words, and the document, clause and row that set it."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One thing compared; a cell is None where the place does not have the measure."""

    group: str
    key: str
    name: str
    differs: bool
    cells: tuple[ComparedCell | None, ...]


@dataclass(frozen=True, slots=True)
class ComparedGroup:
    name: str
    lines: tuple[ComparedLine, ...]


@dataclass(frozen=True, slots=True)
class ComparisonText:
    """A measure side by side."""

    columns: tuple[ComparedColumn, ...]
    groups: tuple[ComparedGroup, ...]

    @property
    def differing(self) -> int:
        """How many lines are not the same everywhere."""
        return sum(line.differs for group in self.groups for line in group.lines)


def comparison_text(library: Library, found: Comparison) -> ComparisonText:
    """A comparison in words."""
    columns = tuple(
        ComparedColumn(letter(i), v.region, v.on, v.rule, head_lines(library, v))
        for i, v in enumerate(found.variants)
    )
    lines = [_line(library, found, line) for line in found.lines]
    groups = tuple(
        ComparedGroup(GROUPS[key], own)
        for key in GROUPS
        if (own := tuple(x for x in lines if x.group == key))
    )
    return ComparisonText(columns, groups)


def _line(library: Library, found: Comparison, line: Line) -> ComparedLine:
    cells = tuple(
        None if cell is None or variant.rule is None else _cell(library, variant.rule, line, cell)
        for variant, cell in zip(found.variants, line.cells, strict=True)
    )
    return ComparedLine(line.group, line.key, line.name, line.differs, cells)


def _cell(library: Library, rule: Rule, line: Line, cell: Cell) -> ComparedCell:
    return ComparedCell(cell_text(library, cell), source_text(rule, line, cell))
