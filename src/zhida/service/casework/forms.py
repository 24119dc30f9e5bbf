"""Forms of the workbench: filters, steps, notices, refusals, answers, samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhida.guide import wording
from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.applications.facts import value_at
from zhida.service.applications.fields import FactField, field_for
from zhida.service.cases.models import Case
from zhida.service.cases.states import State
from zhida.service.casework.marking import FACT, Markable
from zhida.service.casework.models import Check, Sample, Supplement
from zhida.service.casework.selectors import VIEWS
from zhida.service.law import library
from zhida.service.registry.forms import RegionField

LONG = forms.Textarea(attrs={"rows": 3})


class Filter(forms.Form):
    view = forms.ChoiceField(
        choices=[(view, view) for view in VIEWS], required=False, widget=forms.HiddenInput
    )
    words = forms.CharField(label=_("编号或单位名称"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False)
    measure = forms.ChoiceField(label=_("政策"), required=False)
    assignee = forms.ChoiceField(
        label=_("承办人"), required=False, choices=[("", _("不限")), ("nobody", _("还没有人"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("state", [("", _("全部")), *State.choices])
        named = [(key, m.definition.name) for key, m in library().measures.items()]
        self.choose("measure", [("", _("全部")), *sorted(named, key=lambda pair: pair[1])])

    def choose(self, name: str, choices: Sequence[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def asked(self) -> dict[str, Any]:
        """What was asked for, where it makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Find(forms.Form):
    text = forms.CharField(
        label=_("编号、证照号码或名称"),
        max_length=100,
        help_text=_("办理编号、案件编号、统一社会信用代码、公民身份号码、申请人名称。证照号码须完整。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )


class SaveFilter(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=40)
    query = forms.CharField(max_length=500, widget=forms.HiddenInput, required=False)


class Seen(forms.Form):
    """Carries which revision of the case the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class Note(Seen):
    note = forms.CharField(label=_("说明"), max_length=500, widget=LONG)


class Record(Seen):
    """What another body did: on which day, and by which paper."""

    on = forms.DateField(label=_("办理日期"), help_text=_("如 2022-07-01"))
    paper = forms.CharField(label=_("文书编号"), max_length=100)
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=LONG)


class Assign(Seen):
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("分派给"), required=False, empty_label=_("（收回）")
    )

    def __init__(self, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people


class Ask(Seen):
    """一次性告知: a tick for everything that lacks, with a note; and what else there is."""

    text = forms.CharField(label=_("其他要补正的"), max_length=1000, required=False, widget=LONG)

    def __init__(self, case: Case, things: Sequence[Markable], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things = {thing.name: thing for thing in things}
        for name in self.things:
            self.fields[f"mark:{name}"] = forms.BooleanField(required=False)
            self.fields[f"note:{name}"] = forms.CharField(required=False, max_length=300)
        if case.supplements.all():
            self.fields["exception"] = forms.CharField(
                label=_("再次告知的原因"),
                help_text=_("已经一次性告知过。再次告知是例外，原因会记录在案。"),
                max_length=500,
                widget=LONG,
            )

    def lines(self) -> Iterable[tuple[Markable, Any, Any]]:
        for name, thing in self.things.items():
            yield thing, self[f"mark:{name}"], self[f"note:{name}"]

    def marked(self) -> list[Markable]:
        return [thing for name, thing in self.things.items() if self.cleaned_data.get(f"mark:{name}")]

    def notes(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(f"note:{name}", "") for name in self.things}


class Refuse(Seen):
    clause = forms.CharField(label=_("依据的条款"), max_length=300)
    reason = forms.CharField(
        label=_("理由"), max_length=1000, widget=LONG, help_text=_("写清事实和不符合的条件。")
    )
    remedy = forms.CharField(label=_("救济途径"), max_length=1000, widget=LONG)


class Answer(Seen):
    """The marked facts, each with its own question; the marked materials, each with its files."""

    text = forms.CharField(label=_("补充说明"), max_length=1000, required=False, widget=LONG)

    def __init__(self, case: Case, supplement: Supplement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: list[str] = []
        self.materials: dict[str, str] = {}
        for place, item in enumerate(supplement.items, 1):
            if item["kind"] == FACT:
                made = field_for(item["key"], case.on, unsure=False)
                made.label, made.required = item["label"], False
                made.help_text = item["note"] or made.help_text
                made.initial = value_at(case.facts, item["key"])
                self.fields[item["key"]] = made
                self.keys.append(item["key"])
            else:
                self.materials[f"file-{place}"] = item["key"]
                self.fields[f"file-{place}"] = forms.FileField(
                    label=item["label"], required=False, help_text=item["note"]
                )
        self.order_fields([*self.keys, *self.materials, "text"])

    def values(self) -> dict[str, Any]:
        given = {key: self.cleaned_data.get(key) for key in self.keys}
        return {key: value for key, value in given.items() if value is not None}

    def uploads(self) -> list[tuple[str, Any]]:
        found = ((material, self.cleaned_data.get(name)) for name, material in self.materials.items())
        return [(material, upload) for material, upload in found if upload]

    @property
    def shown(self) -> list[Any]:
        return [self[name] for name in self.fields if name != "seen"]

    def is_fact(self, name: str) -> bool:
        return isinstance(self.fields[name], FactField)


class Draw(forms.ModelForm):
    region = RegionField(label=_("地区"), max_length=6, help_text=_("六位代码，包括其下各级"))
    measure = forms.ChoiceField(label=_("政策"), required=False)

    class Meta:
        model = Sample
        fields = ("region", "measure", "closed_from", "closed_to", "size")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(key, m.definition.name) for key, m in library().measures.items()]
        field = self.fields["measure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *sorted(named, key=lambda pair: pair[1])]
        self.fields["closed_to"].initial = clock.today()


class Finding(forms.Form):
    finding = forms.ChoiceField(label=_("结论"), choices=Check.Finding.choices[1:], widget=forms.RadioSelect)
    recover = forms.DecimalField(
        label=_("应追回金额（元）"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    note = forms.CharField(label=_("核查情况"), max_length=1000, required=False, widget=LONG)


def region_name(code: str) -> str:
    return wording.place_name(library(), code)
