"""Forms of the 公示: filters, an objection, what is published, a ruling, a withdrawal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhida.guide import wording
from zhida.service.applications.identity import IdNumberField, PhoneField
from zhida.service.law import library
from zhida.service.notices.models import Ruling
from zhida.service.notices.objecting import Said
from zhida.service.registry.imports.cells import NotTaken, check_characters
from zhida.standards.regions import is_region_code

SHORTEST_TEXT, LONGEST_TEXT = 5, 2000
LONGEST_REASON = 300
KEY = 32


def plain(text: str) -> None:
    """Refuses control characters, and those that nobody can see."""
    try:
        check_characters(text)
    except NotTaken as reason:
        raise ValidationError(str(reason)) from None


class Plain(forms.CharField):
    """Text as it was typed; with characters that nobody sees it is refused, not changed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[plain], **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class Filter(forms.Form):
    region = forms.ChoiceField(label=gettext_lazy("地区"), required=False)
    measure = forms.ChoiceField(label=gettext_lazy("政策"), required=False)
    open = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", gettext_lazy("全部")), ("1", gettext_lazy("公示中"))],
    )

    def __init__(self, regions: Any, measures: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        region = str(self.data.get("region", ""))
        if region not in dict(regions) and is_region_code(region):
            # The header's place: it may have no publication yet.
            regions = [*regions, (region, wording.place_name(library(), region))]
        for name, found in (("region", regions), ("measure", measures)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *found]

    def asked(self) -> dict[str, Any]:
        """What was asked for, where it makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ObjectionForm(forms.Form):
    name = Plain(
        label=gettext_lazy("您的姓名"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField(
        label=gettext_lazy("联系电话"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    identity = IdNumberField(
        label=gettext_lazy("公民身份号码"),
        help_text=gettext_lazy("异议须实名。您的信息加密保存，不公开，只有裁定的人能看到。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = Plain(
        label=gettext_lazy("异议和理由"),
        min_length=SHORTEST_TEXT,
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("请写清哪里不属实、您怎么知道。最多 2000 字。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def said(self) -> Said:
        return Said(**{name: self.cleaned_data[name] for name in ("name", "phone", "identity", "text")})


class ChosenForm(forms.Form):
    """Which cases; `key` makes publishing them twice harmless."""

    case = forms.TypedMultipleChoiceField(coerce=int, label=gettext_lazy("案件"))
    key = forms.CharField(max_length=64, min_length=KEY, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["case"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        # Whether the user may publish them is looked up with them.
        given = self.data.getlist("case") if hasattr(self.data, "getlist") else ()
        field.choices = [(pk, pk) for pk in given if pk.isdecimal() and len(pk) < 19]


class TitleForm(forms.Form):
    title = Plain(label=gettext_lazy("公示标题"), max_length=100)


class WithdrawForm(forms.Form):
    reason = Plain(
        label=gettext_lazy("撤回的原因"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("原因会公开显示，请不要写个人信息。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RulingForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("裁定"), choices=Ruling.Outcome.choices, widget=forms.RadioSelect
    )
    reason = Plain(
        label=gettext_lazy("理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )
    clause = Plain(label=gettext_lazy("依据（文号和条款）"), max_length=60)
    remedy = Plain(
        label=gettext_lazy("救济途径"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("不予通过时告知申请人。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("outcome") == Ruling.Outcome.REFUSE and not said.get("remedy"):
            self.add_error("remedy", _("不予通过要写明救济途径。"))
        return said

    def grounds(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("reason", "clause", "remedy")}
