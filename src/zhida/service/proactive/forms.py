"""Forms of 免申即享."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhida.guide.catalogue import documented_regions
from zhida.guide.wording import place_name
from zhida.service import clock
from zhida.service.accounts.permissions import Somebody, appointments_for
from zhida.service.accounts.scope import covers
from zhida.service.law import library
from zhida.service.proactive.services import measures_for

RUN = "run proactive"
NUMBER = r"^[0-9]{6,34}$"


class NewRun(forms.Form):
    """Where and when first, then what is paid there without an application."""

    region = forms.ChoiceField(label=_("地区"))
    on = forms.DateField(
        label=_("办理日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    measure = forms.ChoiceField(label=_("政策措施"), required=False)

    def __init__(self, by: Somebody, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.by = by
        reached = self.regions()
        self.fields["region"].choices = [(code, place_name(library(), code)) for code in reached]  # type: ignore[attr-defined]
        self.fields["region"].initial = reached[0] if reached else ""
        self.fields["on"].initial = clock.today()
        self.fields["measure"].choices = [("", "—"), *self.measures().items()]  # type: ignore[attr-defined]

    def regions(self) -> list[str]:
        """The appointments' own places, and the documented ones below them."""
        own = [held.region for held in appointments_for(self.by, RUN)]
        below = [c for c in documented_regions(library()) if any(covers(region, c) for region in own)]
        return list(dict.fromkeys([*own, *below]))

    def measures(self) -> dict[str, str]:
        """What there is where and when the form says, before it is valid itself."""
        regions = self.regions()
        region = self.data.get("region") if self.is_bound else regions[0] if regions else ""
        try:
            said = self.data.get("on") if self.is_bound else None
            on = forms.DateField().clean(said) if said else clock.today()
        except ValidationError:
            on = clock.today()
        return measures_for(region, on) if region in regions else {}

    def clean_measure(self) -> str:
        measure: str = self.cleaned_data["measure"]
        if not measure and "start" in self.data:
            raise ValidationError(_("请选择政策措施。"))
        return measure


class AccountForm(forms.Form):
    """Where to pay, for those who have no account in the registry."""

    holder = forms.CharField(label=_("户名"), max_length=100)
    account = forms.RegexField(
        NUMBER, label=_("账号"), error_messages={"invalid": _("账号是 6 到 34 位数字，不含空格。")}
    )
    bank = forms.CharField(label=_("开户银行"), max_length=100)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=300)
