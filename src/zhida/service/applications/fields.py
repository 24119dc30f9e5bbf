"""A fact of the vocabulary as a form field: its question, options, unit, and the department that knows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhida.decide.question import fact_of
from zhida.guide import wording
from zhida.guide.answers import (
    NotUnderstood,
    answer_input,
    named_codes,
    options,
    parse_answer,
    parse_count,
)
from zhida.guide.interview import how_many
from zhida.library.model import FactDef
from zhida.library.reading import COUNTED
from zhida.service.applications.places import place_code
from zhida.service.applications.reasons import reason_text
from zhida.service.law import library

UNKNOWN, NONE = "unknown", "none"
"""What the options 不知道 and 都不是 send."""

MOST_RADIOS = 8
HINTS = {
    "date": _("如 2022-07-01"),
    "rate": _("百分数，如 10%"),
    "region": _("填县区名称，如 正宁县；或六位代码"),
}
CODE_HINTS = {
    "uscc": _("18 位统一社会信用代码"),
    "id_number": _("18 位公民身份号码"),
}


class FactField(forms.Field):
    """One fact; its value is what `parse_answer` makes of the answer, None where it is not known.

    `key` is its dotted key in the case. `unsure` offers 不知道 beside the options.
    """

    def __init__(self, key: str, fact: FactDef, on: date, *, unsure: bool = True, **kwargs: Any) -> None:
        self.key, self.fact, self.on, self.unsure = key, fact, on, unsure
        kwargs.setdefault("label", fact.question)
        kwargs.setdefault("help_text", fact.help or hint(fact))
        super().__init__(widget=widget_for(fact, unsure), **kwargs)

    @property
    def is_group(self) -> bool:
        """Several inputs under one question: the page needs a fieldset."""
        return isinstance(self.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def source(self) -> str:
        return self.fact.source

    @property
    def unit(self) -> str:
        return "" if self.fact.unit == "比率" else COUNTED.get(self.fact.unit, self.fact.unit)

    def prepare_value(self, value: Any) -> Any:
        """What stands in the field for a value of the case (or for what was typed and was wrong)."""
        if self.fact.type == "set":
            return [NONE] if value == [] else value
        if self.fact.type == "boolean" and isinstance(value, bool):
            return answer_input(self.fact, value)
        if self.fact.listed_in:
            self._offer(value)
        if self.fact.type == "region" and value:
            return wording.place_name(library(), str(value))
        return value

    def _offer(self, value: Any) -> None:
        """A code that the list does not have, from the registry say, can stay as it is."""
        offered = {code for _, group in self.widget.choices if isinstance(group, list) for code, _ in group}
        if value and value != UNKNOWN and value not in offered:
            self.widget.choices = [*self.widget.choices, (value, value)]

    def to_python(self, value: Any) -> Any:
        if value in (None, "", UNKNOWN) or value == [] or UNKNOWN in value:
            return None
        try:
            if isinstance(value, list):
                return self._set(value)
            return parse_answer(self.fact, self._typed(value), self.on)
        except NotUnderstood as wrong:
            raise ValidationError(reason_text(wrong), code="fact") from wrong

    def _set(self, values: list[str]) -> list[str]:
        if values == [NONE]:
            return []
        if NONE in values:
            raise ValidationError(gettext("选了“都不是”，就不能再选别的"), code="fact")
        return [str(parse_answer(self.fact, value, self.on)[0]) for value in values]

    def _typed(self, value: str) -> str:
        return place_code(library(), value) if self.fact.type == "region" else value

    def validate(self, value: Any) -> None:
        """Nothing is demanded: what is left out is not known."""


class CountField(forms.Field):
    """How many rows a list has (`hires`): its value is their number, None where it is not known."""

    fact = None
    is_group = False
    source = ""
    unit = ""

    def __init__(self, key: str, **kwargs: Any) -> None:
        self.key = key
        kwargs.setdefault("label", how_many(library(), key))
        attributes = {"inputmode": "numeric", "autocomplete": "off", "size": 6}
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return len(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> int | None:
        if value in (None, ""):
            return None
        try:
            return parse_count(str(value))
        except NotUnderstood as wrong:
            raise ValidationError(reason_text(wrong), code="fact") from wrong

    def validate(self, value: Any) -> None:
        """Nothing is demanded: what is left out is not known."""


def field_for(key: str, on: date, **kwargs: Any) -> FactField | CountField:
    """The field of a dotted key. Raises KeyError where the vocabulary has none."""
    found = fact_of(library(), key)
    if found is not None:
        return FactField(key, found[1], on, **kwargs)
    if library().entity_by_case_key(key) is None:
        raise KeyError(key)
    kwargs.pop("unsure", None)
    return CountField(key, **kwargs)


def hint(fact: FactDef) -> Any:
    return CODE_HINTS.get(fact.key) or HINTS.get(fact.type, "")


def choices_of(fact: FactDef, unsure: bool) -> list[tuple[str, Any]]:
    none = [(NONE, _("都不是"))] if fact.type == "set" else []
    unknown = [(UNKNOWN, _("不知道"))] if unsure else []
    return [*((option, _plain(option)) for option in options(fact)), *none, *unknown]


def sections_of(fact: FactDef) -> list[tuple[str, list[tuple[str, str]]]]:
    """The codes of a fact by sections, as groups of a list."""
    found: dict[str, list[tuple[str, str]]] = {}
    for named in named_codes(library(), fact):
        found.setdefault(named.section, []).append((named.code, named.name))
    return list(found.items())


def widget_for(fact: FactDef, unsure: bool) -> forms.Widget:
    """Radios for few options, a list for many, boxes for several at once, else a line to type in."""
    choices = choices_of(fact, unsure)
    if fact.type == "set":
        return forms.CheckboxSelectMultiple(choices=choices)
    if fact.type == "boolean" or (fact.type == "choice" and len(fact.values) <= MOST_RADIOS):
        return forms.RadioSelect(choices=choices)
    if fact.type == "choice":
        return forms.Select(choices=[("", _("请选择")), *choices])
    if fact.listed_in:
        return forms.Select(choices=[("", _("请选择")), *sections_of(fact), *choices])
    attributes: dict[str, Any] = {"autocomplete": "off"}
    if fact.type in ("count", "number", "money"):
        attributes |= {"inputmode": "numeric" if fact.type == "count" else "decimal", "size": 14}
    if fact.type == "date":
        attributes |= {"size": 14}
    return forms.TextInput(attrs=attributes)


def _plain(option: str) -> Any:
    """是 and 否 are the page's words; all others are the law's."""
    return {"是": _("是"), "否": _("否")}.get(option, option)


def keys_in(fields: Iterable[FactField | CountField]) -> list[str]:
    return [field.key for field in fields]
