"""Pages of those who publish: what waits, publishing it, a publication with its objections, withdrawing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhida.guide import wording
from zhida.service.accounts.permissions import may, require
from zhida.service.audit import chain
from zhida.service.cases.models import Case
from zhida.service.cases.states import NotPossible
from zhida.service.casework.remedies import remedy_of
from zhida.service.law import library
from zhida.service.notices import closing, objecting, publishing, selectors
from zhida.service.notices.forms import KEY, ChosenForm, RulingForm, TitleForm, WithdrawForm
from zhida.service.notices.masking import snapshot
from zhida.service.notices.models import Objection, Publication
from zhida.service.notices.publishing import PUBLISH
from zhida.service.notices.refusals import Refused
from zhida.service.notices.selectors import SEE
from zhida.service.notices.views.public import LINES, shown
from zhida.service.surface.paging import page_of

RULE = "rule on objections"
MOST_CHOSEN = publishing.MOST_LINES
"""Cases that one page offers: more are published by the next."""


@never_cache
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    page = page_of(request, selectors.managed(user))
    may_publish = may(user, PUBLISH)
    groups = list(publishing.groups(user)) if may_publish else []
    context = {
        "page": page,
        "rows": [(each, _place(each.region)) for each in page],
        "groups": [(group, _place(group["region"])) for group in groups],
        "objections": selectors.waiting_objections(user)[:MOST_CHOSEN],
        "may_publish": may_publish,
        "may_rule": may(user, RULE),
    }
    return render(request, "notices/manage.html", context)


def _place(region: str) -> str:
    return wording.place_name(library(), region)


@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Choose cases of one group (`?like=` one of them), see what everybody would read, publish it."""
    user = require(request, PUBLISH)
    if request.method == "POST":
        return _preview_or_publish(request, user)
    return _choose(request, user)


def _choose(request: HttpRequest, user: Any, problem: str = "") -> HttpResponse:
    asked = request.GET.get("like", "")
    like = asked if asked.isdecimal() and len(asked) < 19 else "0"
    cases = list(publishing.like(user, int(like))[:MOST_CHOSEN])
    context = {
        "rows": [(case, snapshot(case)) for case in cases],
        "first": cases[0] if cases else None,
        "problem": problem,
    }
    return render(request, "notices/choose.html", context, status=422 if problem else 200)


def _preview_or_publish(request: HttpRequest, user: Any) -> HttpResponse:
    form = ChosenForm(request.POST)
    if not form.is_valid():
        return _choose(request, user, _("请选择要公示的案件。"))
    wanted, key = form.cleaned_data["case"], form.cleaned_data["key"]
    title = TitleForm(request.POST if "publish" in request.POST else None)
    try:
        if "publish" in request.POST and key and title.is_valid():
            done = publishing.publish(user, wanted, title.cleaned_data["title"], key)
            messages.success(request, _("已公示：%(number)s。") % {"number": done.number})
            return redirect("notices:managed", done.number)
        preview = publishing.preview(user, wanted)
    except (Refused, NotPossible) as reason:
        return _choose(request, user, str(reason))
    if not title.is_bound:
        title = TitleForm(initial={"title": preview.title})
    context = {
        "preview": preview,
        "key": key or secrets.token_hex(KEY // 2),
        "title": title,
        "region_name": _place(preview.cases[0].region),
        "office": preview.cases[0].office_name,
    }
    return render(request, "notices/preview.html", context, status=422 if title.errors else 200)


@never_cache
@require_safe
def managed(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, SEE)
    found = get_object_or_404(selectors.managed(user), number=number)
    page = page_of(request, found.lines.order_by("number").select_related("case").only(*LINE), LINES)
    context = shown(found) | {
        "page": page,
        "rows": [(selectors.row_of(line), line.case.number) for line in page],
        "objections": selectors.waiting_objections(user).filter(line__publication=found)[:MOST_CHOSEN],
        "history": selectors.history(found)[:LINES],
        "may_publish": may(user, PUBLISH),
        "may_rule": may(user, RULE),
    }
    return render(request, "notices/managed.html", context)


LINE = ("publication", "number", "shown", "state", "case__number")


@never_cache
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, PUBLISH)
    found = get_object_or_404(Publication.objects.visible_to(user, PUBLISH), number=number)

    def done(reason: str) -> None:
        closing.withdraw(found, user, reason)

    return _withdraw(request, found, done, {"line": None})


@never_cache
def withdraw_line(request: HttpRequest, number: str, line: int) -> HttpResponse:
    user = require(request, PUBLISH)
    found = get_object_or_404(Publication.objects.visible_to(user, PUBLISH), number=number)
    chosen = get_object_or_404(found.lines.select_related("publication"), number=line)

    def done(reason: str) -> None:
        closing.withdraw_line(chosen, user, reason)

    return _withdraw(request, found, done, {"line": selectors.row_of(chosen)})


def _withdraw(
    request: HttpRequest, found: Publication, done: Callable[[str], None], context: Mapping[str, Any]
) -> HttpResponse:
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done(form.cleaned_data["reason"])
        except (Refused, NotPossible) as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已撤回，公示页上写明了原因。案件退回重审。"))
            return redirect("notices:managed", found.number)
    page = {"publication": found, "form": form, **context}
    return render(request, "notices/withdraw.html", page, status=422 if form.errors else 200)


@never_cache
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Who objected and why, which only those who rule may read; and the ruling."""
    user = require(request, RULE)
    objections = Objection.objects.visible_to(user, RULE).select_related("line__publication", "ruling")
    found = get_object_or_404(objections, pk=pk)
    form: forms.Form | None = None
    if found.state == "open":
        form = _ruling_form(request, found)
        if request.method == "POST" and isinstance(form, RulingForm) and _rule(request, found, user, form):
            return redirect("notices:managed", found.line.publication.number)
    if request.method == "GET":
        chain.note(
            "objection viewed",
            actor=user.username,
            subject=objecting.receipt_of(found),
            region=found.line.publication.region,
        )
    context = {
        "objection": found,
        "receipt": objecting.receipt_of(found),
        "publication": found.line.publication,
        "line": selectors.row_of(found.line),
        "case_number": Case.objects.values_list("number", flat=True).get(pk=found.line.case_id),
        "form": form,
        "is_publisher": found.line.publication.published_by == user.username,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "notices/objection.html", context, status=status)


def _ruling_form(request: HttpRequest, found: Objection) -> RulingForm:
    if request.method == "POST":
        return RulingForm(request.POST)
    publication = found.line.publication
    case = Case.objects.only("region").get(pk=found.line.case_id)
    grounds = f"{publication.document} {publication.clause}"
    return RulingForm(initial={"clause": grounds[:60], "remedy": remedy_of(case)})


def _rule(request: HttpRequest, found: Objection, user: Any, form: RulingForm) -> bool:
    if not form.is_valid():
        return False
    try:
        objecting.rule(found, user, form.cleaned_data["outcome"], form.grounds())
    except (Refused, NotPossible) as reason:
        form.add_error(None, str(reason))
        return False
    messages.success(request, _("已裁定。请打电话告诉提异议的人。"))
    return True
