"""The audit, for 审计 and 督查: who did what to what; read by region, page by page, or as a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhida.service.accounts.permissions import Somebody, require
from zhida.service.accounts.scope import Reach, ScopedQuerySet
from zhida.service.accounts.services import region_of
from zhida.service.audit import chain
from zhida.service.audit.models import Entry
from zhida.service.audit.wording import actions
from zhida.service.sheets.writing import download

SEE = "see audit"
SIZE = 50
COLUMNS = ("number", "at", "actor", "region", "action", "subject", "detail", "digest", "link")
REACH = Reach(region=("region",))


class TrailFilter(forms.Form):
    """What the entries are narrowed to; `before` is the number below which a page starts."""

    actor = forms.CharField(label=_("操作人"), max_length=150, required=False)
    action = forms.ChoiceField(label=_("操作"), required=False)
    subject = forms.CharField(label=_("对象"), max_length=150, required=False)
    since = forms.DateField(label=_("从哪天"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("到哪天"), required=False, widget=forms.DateInput({"type": "date"}))
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        words = sorted(actions().items(), key=lambda action: str(action[1]))
        self.fields["action"].choices = [("", _("全部")), *words]  # type: ignore[attr-defined]


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    form = TrailFilter(request.GET)
    found = list(_narrowed(_seen_by(user), form).order_by("-number")[: SIZE + 1]) if form.is_valid() else []
    context = {
        "form": form,
        "entries": found[:SIZE],
        "older": found[SIZE - 1].number if len(found) > SIZE else None,
        "is_first_page": not request.GET.get("before"),
        "filter_query": _without_page(request),
    }
    return render(request, "accounts/trail.html", context)


@require_safe
def trail_file(request: HttpRequest) -> HttpResponseBase:
    """All that the filter shows, oldest first; that it was taken is itself an entry."""
    user = require(request, SEE)
    form = TrailFilter(request.GET)
    if not form.is_valid():
        return render(request, "accounts/trail.html", {"form": form, "entries": []}, status=400)
    filtered = sorted(name for name, value in form.cleaned_data.items() if value)
    taken = chain.note(
        "audit exported", actor=user.username, region=region_of(user), detail={"filtered by": filtered}
    )
    entries = _narrowed(_seen_by(user), form).filter(number__lt=taken.number).order_by("number")
    rows = (_cells(entry) for entry in entries.iterator(2000))
    return download(gettext("审计记录"), COLUMNS, rows, "csv")


def _cells(entry: Entry) -> tuple[str | int, ...]:
    """As it is in the chain, so that the file can be checked against it."""
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = (entry.actor, entry.region, entry.action, entry.subject, detail)
    return (entry.number, at, *said, entry.digest, entry.link)


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    return query.urlencode()


def _seen_by(user: Somebody) -> ScopedQuerySet:
    return ScopedQuerySet(Entry).reached_by(REACH, user, SEE)


def _narrowed(entries: ScopedQuerySet, form: TrailFilter) -> ScopedQuerySet:
    said = form.cleaned_data
    same = {name: said[name] for name in ("actor", "action", "subject") if said[name]}
    entries = entries.filter(**same)
    if said["since"]:
        entries = entries.filter(at__gte=_midnight(said["since"]))
    if said["until"]:
        entries = entries.filter(at__lte=_midnight(said["until"], time.max))
    if said["before"]:
        entries = entries.filter(number__lt=said["before"])
    return entries


def _midnight(day: Any, at: time = time.min) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
