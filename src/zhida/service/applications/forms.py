"""One form for a package: who applies, the facts that its provisions need, and whom they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhida.guide.answers import NotUnderstood
from zhida.service.applications import drafts
from zhida.service.applications.facts import value_at
from zhida.service.applications.fields import UNKNOWN, FactField, field_for
from zhida.service.applications.identity import AccountField, IdNumberField, PhoneField, TidyField, UsccField
from zhida.service.applications.models import Audience, Draft
from zhida.service.applications.needs import Needed, Why
from zhida.service.applications.reasons import reason_text
from zhida.service.law import library

WHO, ROW = "who:", "row:"
ABOUT_PEOPLE = frozenset({"hire", "internship", "placement"})
"""Entities whose rows are about somebody other than the applicant."""


@dataclass(slots=True)
class Line:
    """A field with why it is asked, and under it those from which it can be computed."""

    name: str
    why: tuple[Why, ...] = ()
    inputs: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with its bound fields; `is_open` where one of the inputs is filled in or wrong."""

    line: Line
    field: Any
    inputs: tuple[Shown, ...]
    is_open: bool

    @property
    def is_box(self) -> bool:
        return isinstance(self.field.field, forms.BooleanField)


@dataclass(frozen=True, slots=True)
class ShownSection:
    title: str
    note: str
    lines: tuple[Shown, ...]


@dataclass(slots=True)
class Section:
    """A part of the form under one heading."""

    title: str
    note: str = ""
    lines: list[Line] = field(default_factory=list)


class ApplicationForm(forms.Form):
    """Every field that a draft's package needs now; `store` keeps whatever of it is right."""

    use_required_attribute = False

    def __init__(self, draft: Draft, kind: str, needs: Iterable[Needed], data: Any = None) -> None:
        super().__init__(data)
        self.draft, self.kind, self.needs = draft, kind, list(needs)
        self.sections: list[Section] = []
        self._who()
        self._facts()
        self._account()

    # ---------- building ----------

    def _who(self) -> None:
        section = self._section(gettext("谁来办"))
        for name, made in who_fields(self.kind).items():
            self._put(section, WHO + name, made, self.draft.applicant.get(name, ""))

    def _account(self) -> None:
        note = gettext("不知道可以先不填，拨付前经办机构会通知您补充。")
        section = self._section(gettext("收款账户"), note)
        for name, made in account_fields().items():
            self._put(section, WHO + name, made, self.draft.applicant.get(name, ""))

    def _facts(self) -> None:
        sections: dict[str, Section] = {}
        for need in sorted(self.needs, key=lambda need: _rank(_head(need.key))):
            head = _head(need.key)
            if head not in sections:
                sections[head] = self._section(self._title(head), _note(head))
                if _is_person_row(head):
                    self._person(sections[head], head)
            line = Line(need.key, need.why, tuple(Line(inner.key, inner.why) for inner in need.inputs))
            for part in (need, *need.inputs):
                self._fact(part)
            sections[head].lines.append(line)

    def _person(self, section: Section, row: str) -> None:
        """Whom a row is about: money is paid once for a person, whoever employs them."""
        known = self.draft.rows.get(row, {})
        why = gettext("同一个人只能享受一次，按身份号码核对。")
        self._put(section, f"{ROW}{row}:name", TidyField(label=_("姓名"), spaces=True), known.get("name", ""))
        number = IdNumberField(label=_("公民身份号码"), help_text=why)
        self._put(section, f"{ROW}{row}:number", number, known.get("number", ""))
        self._put(
            section, f"{ROW}{row}:drop", forms.BooleanField(label=_("删去这一项"), required=False), False
        )

    def _fact(self, need: Needed) -> None:
        value = value_at(self.draft.facts, need.key)
        made = field_for(need.key, self.draft.on)
        made.help_text = " ".join(filter(None, (str(made.help_text), _asked(made, need, self.draft))))
        if value is None and need.key in self.draft.refused and made.is_group:
            value = UNKNOWN
        self.fields[need.key] = made
        self.initial[need.key] = value

    def _section(self, title: str, note: str = "") -> Section:
        self.sections.append(Section(title, note))
        return self.sections[-1]

    def _put(self, section: Section, name: str, made: forms.Field, value: Any) -> None:
        self.fields[name] = made
        self.initial[name] = value
        section.lines.append(Line(name))

    def _title(self, head: str) -> str:
        case_key, _dot, id = head.partition(".")
        entity = library().entity_by_case_key(case_key)
        if id:
            return row_title(self.draft, case_key, id)
        return str(TITLES.get(case_key) or (entity.name if entity else case_key))

    def shown(self) -> list[ShownSection]:
        """The sections as a page lays them out."""
        return [
            ShownSection(part.title, part.note, tuple(self._shown(line) for line in part.lines))
            for part in self.sections
        ]

    def _shown(self, line: Line) -> Shown:
        inputs = tuple(self._shown(inner) for inner in line.inputs)
        is_open = any(inner.field.errors or inner.field.value() not in (None, "", []) for inner in inputs)
        return Shown(line, self[line.name], inputs, is_open)

    # ---------- reading ----------

    def clean(self) -> dict[str, Any]:
        """Together the facts must be a case: what contradicts stands beside its field."""
        values, refused = self._answers()
        try:
            drafts.check_facts(self.draft, drafts.answered(self.draft.facts, values, refused))
        except drafts.Contradiction as found:
            for problem in found.problems:
                name = problem.path if problem.path in self.fields else None
                self.add_error(name, ValidationError(reason_text(NotUnderstood(problem.code)), code="fact"))
        return dict(self.cleaned_data)

    def store(self) -> None:
        """Keep what is right, also where something else is wrong: nothing typed is lost. Raises Submitted."""
        self.is_valid()
        values, refused = self._answers()
        applicant = {**self.draft.applicant, **self._valid(WHO)}
        rows = {**self.draft.rows}
        for name, value in self._valid(ROW).items():
            row, _colon, part = name.partition(":")
            if part != "drop":
                rows[row] = {**rows.get(row, {}), part: value}
        # What contradicts the rest without a field of its own is shown above the form, and kept out.
        with suppress(drafts.Contradiction):
            drafts.answer_all(self.draft, values, refused)
        left = {row: who for row, who in rows.items() if value_at(self.draft.facts, row) is not None}
        drafts.change(self.draft, applicant=applicant, rows=left)

    def _answers(self) -> tuple[dict[str, Any], list[str]]:
        """The facts of the fields that are right, and the keys answered 不知道."""
        right = {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
        refused = [name for name in right if self._is_refused(name)]
        values = {name: value for name, value in right.items() if _is_fact(name) and name not in refused}
        dropped = {
            name[len(ROW) :].rpartition(":")[0] for name in right if name.endswith(":drop") and right[name]
        }
        for case_key in {row.partition(".")[0] for row in dropped}:
            rows = self.draft.facts.get(case_key) or []
            values[case_key] = [{"id": row["id"]} for row in rows if f"{case_key}.{row['id']}" not in dropped]
        return {k: v for k, v in values.items() if self._stays(k, values)}, refused

    def _is_refused(self, name: str) -> bool:
        data: Any = self.data
        return _is_fact(name) and UNKNOWN in data.getlist(self.add_prefix(name))

    def _stays(self, key: str, values: dict[str, Any]) -> bool:
        """Whether the row of a fact is still there once rows were dropped or their number was lowered."""
        row = _head(key)
        case_key, _dot, id = row.partition(".")
        wanted = values.get(case_key)
        if not id or wanted is None:
            return True
        ids = [r["id"] for r in self.draft.facts.get(case_key) or []]
        kept = [r["id"] for r in wanted] if isinstance(wanted, list) else ids[: int(wanted)]
        return id in kept

    def _valid(self, prefix: str) -> dict[str, Any]:
        names = (name for name in self.cleaned_data if name.startswith(prefix) and name not in self.errors)
        return {name[len(prefix) :]: self.cleaned_data[name] for name in names}


FIRST, LAST = ("employer", "applicant"), {"place": 8, "fund": 9}
MOST_TITLES = 3
TITLES = {
    "employer": _("单位情况"),
    "applicant": _("本人情况"),
    "place": _("当地情况"),
    "fund": _("资金情况"),
}
NOTES = {"place": _("这些由经办机构掌握。不清楚就选“不知道”，不影响提交。")}


def who_fields(kind: str) -> dict[str, forms.Field]:
    """Who applies: an employer with its contact, or a person."""
    phone = PhoneField(label=_("联系电话"), help_text=_("用来通知您，也用来查询进度（后四位）。"))
    if kind == Audience.PERSON:
        return {
            "name": TidyField(label=_("姓名"), spaces=True),
            "number": IdNumberField(label=_("公民身份号码")),
            "phone": phone,
        }
    return {
        "name": TidyField(label=_("单位名称"), spaces=True),
        "number": UsccField(label=_("统一社会信用代码")),
        "contact": TidyField(label=_("联系人"), spaces=True),
        "phone": phone,
    }


def account_fields() -> dict[str, forms.Field]:
    return {
        "holder": TidyField(label=_("户名"), spaces=True, required=False),
        "account": AccountField(label=_("银行账号"), required=False),
        "bank": TidyField(label=_("开户银行"), spaces=True, required=False),
    }


def required_of(kind: str) -> dict[str, forms.Field]:
    return {name: made for name, made in who_fields(kind).items() if made.required}


def row_title(draft: Draft, case_key: str, id: str) -> str:
    """招用 1：张三, by the place in the list and whom it is about."""
    entity = library().entity_by_case_key(case_key)
    ids = [str(row.get("id")) for row in draft.facts.get(case_key) or []]
    name = draft.rows.get(f"{case_key}.{id}", {}).get("name", "")
    number = str(ids.index(id) + 1) if id in ids else id
    return f"{entity.name if entity else case_key} {number}" + (f"：{name}" if name else "")


def people_rows(draft: Draft, units: Iterable[str]) -> Iterator[str]:
    """`hires.h1` …: the rows of the draft about somebody, of the entities in which awards are counted."""
    for case_key in dict.fromkeys(
        library().entities[unit].case_key for unit in units if unit in ABOUT_PEOPLE
    ):
        for row in draft.facts.get(case_key) or []:
            yield f"{case_key}.{row['id']}"


def _asked(made: Any, need: Needed, draft: Draft) -> str:
    """Which measures ask, who knows it, and whether the registry has said it."""
    parts = [_used_for([reason.measure for reason in need.why])]
    if need.key in draft.origins:
        parts.append(gettext("来自%(source)s的登记，请核对。") % {"source": draft.origins[need.key]})
    elif isinstance(made, FactField) and not made.fact.asked:
        parts.append(gettext("由%(source)s核对。") % {"source": made.source})
    return "".join(part for part in parts if part)


def _used_for(titles: list[str]) -> str:
    if not titles:
        return ""
    if len(titles) > MOST_TITLES:
        shown = "、".join(titles[:MOST_TITLES])
        return gettext("用于%(measures)s等 %(count)s 项。") % {"measures": shown, "count": len(titles)}
    return gettext("用于%(measures)s。") % {"measures": "、".join(titles)}


def _rank(head: str) -> tuple[int, str]:
    """Sections in order: the employer, the person, lists each with its rows, what offices know."""
    case_key = head.partition(".")[0]
    return (FIRST.index(case_key) if case_key in FIRST else LAST.get(case_key, len(FIRST))), case_key


def _head(key: str) -> str:
    """The section of a key: `employer`, `hires.h1`; of a list itself its case key."""
    parts = key.split(".")
    entity = library().entity_by_case_key(parts[0])
    is_row = len(parts) > 1 and entity is not None and bool(entity.rows)
    return ".".join(parts[:2]) if is_row else parts[0]


def _is_person_row(head: str) -> bool:
    case_key, dot, _id = head.partition(".")
    entity = library().entity_by_case_key(case_key)
    return bool(dot) and entity is not None and entity.entity in ABOUT_PEOPLE


def _note(head: str) -> str:
    return str(NOTES.get(head, ""))


def _is_fact(name: str) -> bool:
    return not name.startswith((WHO, ROW))
