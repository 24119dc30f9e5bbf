"""A row of a file to what it says: identifiers, the texts beside, and facts that the core has checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from zhida.decide import Problem, build_case
from zhida.decide.case import SINGLETONS, Case
from zhida.library import Library
from zhida.library.model import FactDef
from zhida.service.registry.imports.cells import Cleared, NotTaken, value_of
from zhida.service.registry.imports.kinds import Column, Kind
from zhida.service.secrecy.sealing import keyed_hash
from zhida.service.sheets.sheet import Cell, FileRefused, Spoilt
from zhida.standards.identifiers import birth_date, id_number_problem

ROW = "row"
REASONS: Mapping[str, Any] = {
    "type/number": gettext_lazy("请填数字"),
    "number/not-finite": gettext_lazy("请填数字"),
    "number/negative": gettext_lazy("不能小于零"),
    "number/not-whole": gettext_lazy("请填整数"),
    "number/too-large": gettext_lazy("数字太大"),
    "number/too-precise": gettext_lazy("小数位数太多"),
    "rate/too-large": gettext_lazy("请填百分数（如 10%）或 0 到 1 之间的小数"),
    "type/date": gettext_lazy("请填年月日，如 2022-07-01"),
    "date/no-such-day": gettext_lazy("没有这一天"),
    "date/out-of-range": gettext_lazy("年份不对"),
    "date/after-decision": gettext_lazy("不能晚于今天"),
    "date/before-birth": gettext_lazy("早于出生日期"),
    "region/malformed": gettext_lazy("请填六位行政区划代码，如 621025"),
    "code/invalid": gettext_lazy("代码不对，请核对"),
    "code/unknown": gettext_lazy("没有这个代码或名称"),
    "type/text": gettext_lazy("请填文字"),
    "text/too-long": gettext_lazy("文字太长"),
    "text/control-character": gettext_lazy("有控制字符，请删去"),
}


@dataclass(slots=True)
class Row:
    """What one row says. `facts` are as a case may hold them in JSON; with problems it counts for nothing."""

    number: int
    cells: Sequence[Cell]
    identity: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    cleared: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one file. Raises FileRefused where its headings do not do."""

    library: Library
    kind: Kind
    headings: tuple[str, ...]
    region: str
    on: date
    columns: list[tuple[int, Column]] = field(init=False)
    ignored: list[str] = field(init=False)

    def __post_init__(self) -> None:
        known = {name: column for column in self.kind.columns for name in (column.key, *_names(column))}
        found = [(place, known.get(_tidy(text))) for place, text in enumerate(self.headings)]
        self.columns = [(place, column) for place, column in found if column]
        self.ignored = [self.headings[place] for place, column in found if column is None]
        self.ignored = [text.strip()[:60] for text in self.ignored if text.strip()]
        keys = [column.key for _place, column in self.columns]
        twice = [str(column.name) for _place, column in self.columns if keys.count(column.key) > 1]
        if twice:
            raise FileRefused(_("列“{name}”出现了两次。").format(name=twice[0]))
        missing = [str(c.name) for c in self.kind.columns if c.required and c.key not in keys]
        if missing:
            raise FileRefused(_("缺少列：{names}。第一行应当是列名。").format(names="、".join(missing)))

    def read(self, number: int, cells: Sequence[Cell]) -> Row:
        row = Row(number, cells)
        raw: dict[str, Any] = {}
        for place, column in self.columns:
            try:
                value = value_of(column, cells[place] if place < len(cells) else None, self.on)
            except NotTaken as reason:
                row.problems.append((str(column.name), str(reason)))
                continue
            self.take(row, raw, column, value)
        self.check_identity(row)
        if (raw or self.kind.entity == "person") and not row.problems:
            self.check_facts(row, raw)
        return row

    def take(self, row: Row, raw: dict[str, Any], column: Column, value: Any) -> None:
        if value is None or value is Cleared:
            if column.required:
                row.problems.append((str(column.name), _("必须填写")))
            elif value is Cleared and column.belongs != "identity":
                row.cleared.append(column.key)
        elif column.belongs == "identity":
            row.identity[column.key] = value
        elif column.belongs == "beside":
            row.beside[column.key] = value
        else:
            raw[column.key] = value

    def check_identity(self, row: Row) -> None:
        if self.kind.one_of and not row.problems and not row.identity.keys() & set(self.kind.one_of):
            names = [str(c.name) for c in self.kind.columns if c.key in self.kind.one_of]
            row.problems.append((names[0], _("{names}至少填一项").format(names="、".join(names))))

    def check_facts(self, row: Row, raw: dict[str, Any]) -> None:
        """The core judges them, as it will when it decides."""
        born = birth_date(row.identity["id_number"]) if "id_number" in row.identity else None
        if self.kind.entity == "person" and born and raw.setdefault("born_on", born.isoformat()) != str(born):
            row.problems.append((self.name("born_on"), _("与公民身份号码里的出生日期不同")))
            return
        case, problems = build_case(self.library, self.case(raw, born), self.region, self.on)
        if case is None:
            row.problems.extend(self.told(problem) for problem in problems)
            return
        facts = self.library.entities[self.kind.entity].facts
        typed = self.typed(case)
        row.facts = {fact.key: plain(fact, typed[fact.key]) for fact in facts if fact.key in raw}
        if representative := row.facts.get("legal_representative_id"):
            row.facts["legal_representative_id"] = without_number(representative, self.on)

    def case(self, raw: dict[str, Any], born: date | None) -> dict[str, Any]:
        entity = self.library.entities[self.kind.entity]
        if entity.entity in SINGLETONS:
            return {entity.case_key: raw}
        if entity.entity == "history":
            return {"employer": {}, "history": [raw | {"subject": "employer"}]}
        person = {"person": {"born_on": born}} if born and entity.entity in ("hire", "internship") else {}
        return {entity.case_key: [{"id": ROW} | raw | person]}

    def typed(self, case: Case) -> Mapping[str, Any]:
        entity = self.kind.entity
        if entity in SINGLETONS:
            return case.entries[entity].facts
        if entity == "history":
            grant = case.history[0]
            return {name: getattr(grant, name) for name in grant.__slots__}
        rows = case.rows[entity] or ()
        return rows[0].facts

    def told(self, problem: Problem) -> tuple[str, str]:
        """A problem of the core's, in the words of the file."""
        key = problem.path.rpartition(".")[2]
        if problem.code == "choice/unknown":
            return self.name(key), _("请填其中之一：{options}").format(options=problem.expected[7:])
        return self.name(key), str(REASONS.get(problem.code, _("填得不对")))

    def name(self, key: str) -> str:
        return next((str(column.name) for column in self.kind.columns if column.key == key), key)


def without_number(name: str, on: date) -> str:
    """An identity number that stands in a fact as its keyed hash, by which persons go in cases too."""
    return name if id_number_problem(name.upper(), on) else keyed_hash(name.upper())


def plain(fact: FactDef, value: Any) -> Any:
    """A checked value as JSON: amounts as text, so that nothing is lost."""
    match value:
        case Decimal():
            return int(value) if fact.type == "count" else f"{value.normalize():f}"
        case date():
            return value.isoformat()
        case list() | tuple():
            return list(value)
    return value


def shown(cell: Cell) -> str:
    """A cell as it stood in the file."""
    match cell:
        case None:
            return ""
        case Spoilt():
            return cell.shown
        case bool():
            return _("是") if cell else _("否")
        case Decimal():
            return f"{cell:f}"
    return str(cell)


def _names(column: Column) -> Iterator[str]:
    """The column's name in each language of the site: a template may have been taken in another."""
    for language, _label in settings.LANGUAGES:
        with override(language):
            yield str(column.name)


def _tidy(heading: str) -> str:
    """A heading without the marks that templates put on it."""
    return heading.strip().strip("*＊ \n").partition("（")[0].strip() if heading.strip() else ""
