"""What visitors type: a search, where a self-check begins, and the answers of one screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from zhida.guide import wording
from zhida.service.applications.fields import field_for
from zhida.service.applications.models import Audience, Draft
from zhida.service.law import library
from zhida.service.portal.catalogue import Filters, life_events
from zhida.service.portal.labels import count_label
from zhida.service.surface import place

PAYEES = [("", _("全部")), ("employer", _("用人单位")), ("person", _("个人"))]
KINDS = {
    "one-off": _("一次性"),
    "monthly": _("按月"),
    "staged": _("分期"),
    "loan": _("贷款"),
    "deferral": _("缓缴"),
    "rate": _("降费率"),
}


def _events() -> list[tuple[str, Any]]:
    return [("", _("不限")), *((event, event) for event in life_events(library().hash))]


class SearchForm(forms.Form):
    """Filters of the catalogue; nothing is required, and what is not offered is refused."""

    use_required_attribute = False
    q = forms.CharField(
        label=_("找政策"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    payee = forms.ChoiceField(label=_("谁享受"), required=False, choices=PAYEES)
    event = forms.ChoiceField(label=_("什么事"), required=False, choices=lazy(_events, list))
    kind = forms.ChoiceField(label=_("方式"), required=False, choices=[("", _("不限")), *KINDS.items()])
    open = forms.BooleanField(label=_("只看今天能办的"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="search_%s")

    def filters(self) -> Filters:
        found = self.cleaned_data
        return Filters(found["q"], found["payee"], found["event"], found["kind"], found["open"])


class StartForm(forms.Form):
    """Where, for whom, and if one likes about what."""

    region = forms.ChoiceField(label=_("在哪里办理？"))
    audience = forms.ChoiceField(
        label=_("为谁测算？"),
        widget=forms.RadioSelect,
        choices=[choice for choice in Audience.choices if choice[0]],
        error_messages={"required": _("请选一个")},
    )
    events = forms.MultipleChoiceField(
        label=_("只想问哪些事？"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lazy(lambda: _events()[1:], list),
        help_text=_("不选就全部测算。"),
    )

    def __init__(self, at: place.Place, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        regions = dict(place.regions())
        regions.setdefault(at.region, wording.place_name(library(), at.region))
        self.fields["region"].choices = list(regions.items())  # type: ignore[attr-defined]
        self.fields["region"].initial = at.region

    def measures(self) -> list[str]:
        """The measures of the chosen occasions and audience; none for all."""
        events, payee = set(self.cleaned_data["events"]), self.cleaned_data["audience"]
        if not events:
            return []
        known = (measure.definition for measure in library().measures.values())
        return [m.measure for m in known if m.payee == payee and events & set(m.life_events)]


class ScreenForm(forms.Form):
    """The questions of one screen, each under its dotted key. What is left empty is not known."""

    def __init__(self, draft: Draft, keys: tuple[str, ...], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        for key in keys:
            options = {"label": label} if (label := count_label(key)) else {}
            self.fields[key] = field_for(key, draft.on, **options)

    def answers(self) -> tuple[dict[str, Any], list[str]]:
        """What was answered, and what is not known."""
        found = self.cleaned_data
        known = {key: value for key, value in found.items() if value is not None}
        return known, [key for key in found if key not in known]
