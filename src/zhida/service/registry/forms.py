"""Forms of the registry: what is looked for, what is imported, for whom somebody acts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhida.guide import wording
from zhida.service import clock
from zhida.service.accounts.permissions import appointments_for
from zhida.service.law import library
from zhida.service.registry.imports.cells import NotTaken, check_characters, identifier_reason
from zhida.service.registry.imports.kinds import KINDS
from zhida.service.registry.models import Representation
from zhida.service.sheets.opening import too_large
from zhida.service.sheets.sheet import MOST_BYTES
from zhida.standards.identifiers import id_number_problem, uscc_problem
from zhida.standards.regions import is_region_code

IMPORT = "import registry"


class RegionField(forms.CharField):
    """A region code, or nothing."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not is_region_code(text):
            raise ValidationError(_("请填六位行政区划代码，如 621025"))
        return text


class EmployerSearch(forms.Form):
    words = forms.CharField(label=gettext_lazy("单位名称或信用代码"), required=False, max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("单位类型"), required=False)
    industry = forms.CharField(label=gettext_lazy("行业代码开头"), required=False, max_length=5)
    region = RegionField(label=gettext_lazy("地区代码"), required=False, max_length=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values = library().facts["employer", "org_type"].values
        choices = [("", _("全部")), *((value, value) for value in values)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean_industry(self) -> str:
        return str(self.cleaned_data["industry"]).strip().upper()


class PersonSearch(forms.Form):
    """Sent by POST: an identity number has no place in an address, nor in the logs that keep addresses."""

    number = forms.CharField(
        label=gettext_lazy("公民身份号码"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("须是完整的 18 位；姓名加密保存，不能用来查。"),
    )

    def clean_number(self) -> str:
        number = "".join(str(self.cleaned_data["number"]).split()).upper()
        problem = id_number_problem(number, clock.today()) if number else None
        if problem:
            raise ValidationError(identifier_reason(problem))
        return number


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("导入什么"))
    region = forms.ChoiceField(label=gettext_lazy("导入到哪个地区"))
    file = forms.FileField(
        label=gettext_lazy("文件"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy(".xlsx 或 .csv，最大 {most} MB，最多 10 万行。"),
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = dict.fromkeys(held.region for held in appointments_for(user, IMPORT))
        kinds: Any = self.fields["kind"]
        kinds.choices = [(key, str(kind.label)) for key, kind in KINDS.items()]
        places: Any = self.fields["region"]
        places.choices = [(code, wording.region_name(library(), code)) for code in regions]
        if len(regions) == 1:
            places.widget, places.initial = forms.HiddenInput(), next(iter(regions))
        self.fields["file"].help_text = str(self.fields["file"].help_text).format(
            most=MOST_BYTES // 1024 // 1024
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(too_large())
        return file


class ClaimForm(forms.Form):
    """For whom somebody wants to act; said to be right by nobody yet."""

    kind = forms.ChoiceField(
        label=gettext_lazy("替谁办理"), choices=Representation.Kind, widget=forms.RadioSelect
    )
    number = forms.CharField(
        label=gettext_lazy("统一社会信用代码，或本人的公民身份号码"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("单位名称，或本人姓名"), max_length=100)
    region = RegionField(
        label=gettext_lazy("经办地区代码"),
        max_length=6,
        help_text=gettext_lazy("单位参保或注册的县区；本人办理的填户籍或参保的县区。"),
    )

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        try:
            check_characters(name)
        except NotTaken as reason:
            raise ValidationError(str(reason)) from None
        return name

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        number = "".join(str(said.get("number", "")).split()).upper()
        if number and "kind" in said:
            employer = said["kind"] == Representation.Kind.EMPLOYER
            problem = uscc_problem(number) if employer else id_number_problem(number, clock.today())
            if problem:
                self.add_error("number", identifier_reason(problem))
        return said | {"number": number}


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("为什么不通过"),
        max_length=200,
        help_text=gettext_lazy("申请人会看到，如“请携营业执照和介绍信到经办窗口”。"),
    )
