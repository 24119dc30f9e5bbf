"""Packages after submission: the list, one with its progress, its receipt, withdrawal, asking by phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhida.guide import wording
from zhida.service.accounts.permissions import require
from zhida.service.applications import attachments
from zhida.service.applications.models import Attachment
from zhida.service.applications.selectors import drafts_of
from zhida.service.audit import chain
from zhida.service.cases import throttle
from zhida.service.cases.models import Package
from zhida.service.cases.progress import progress_of
from zhida.service.cases.selectors import case_of_package, package_by_phone, package_of, packages_of
from zhida.service.cases.services import withdraw as withdraw_case
from zhida.service.cases.services import withdraw_all
from zhida.service.cases.states import NotPossible
from zhida.service.law import library

ON_A_PAGE = 20


@never_cache
@require_GET
def packages(request: HttpRequest) -> HttpResponse:
    user = require(request, "follow own cases")
    found = Paginator(packages_of(user), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "applications/packages.html", {"page": found, "drafts": drafts_of(user)})


@never_cache
@require_GET
def package(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, "follow own cases")
    found = _own(user, number)
    context = _shown(found) | {"files": _files(user, found)}
    return render(request, "applications/package.html", context)


@never_cache
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, "follow own cases")
    found = _own(user, number)
    context = _shown(found) | {"files": _files(user, found)}
    return render(request, "applications/receipt.html", context)


@never_cache
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Ask, and then take back one case (`?case=`) or all that can still be taken back."""
    user = require(request, "follow own cases")
    found = _own(user, number)
    wanted = request.POST.get("case") or request.GET.get("case") or ""
    case = case_of_package(user, number, wanted) if wanted else None
    if wanted and case is None:
        raise Http404
    if request.method == "POST":
        try:
            done = [withdraw_case(user, case)] if case else withdraw_all(user, found)
        except NotPossible:
            done = []
        if done:
            messages.success(request, _("已经撤回 %(count)s 项。") % {"count": len(done)})
        else:
            messages.warning(request, _("已经不能撤回了：请给经办机构打电话。"))
        return redirect("applications:package", found.number)
    shown = [p for p in progress_of(found) if p.can_withdraw and (case is None or p.case.pk == case.pk)]
    context = {"package": found, "case": case, "progress": shown}
    return render(request, "applications/withdraw.html", context)


@never_cache
@require_GET
def attachment(request: HttpRequest, number: str, public: Any) -> Any:
    user = require(request, "follow own cases")
    mine = Attachment.objects.visible_to(user, "follow own cases").select_related("package")
    found = mine.filter(package__number=number, public=public).first()
    if found is None:
        raise Http404
    return attachments.opened(found, user.get_username())


class ProgressForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("办理编号"),
        max_length=40,
        help_text=gettext_lazy("受理回执上有，如 621025-221010-K7MQ2XRD"),
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话的后四位"),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )


@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """How far a package is, without log-in: no word about whom it concerns."""
    form = ProgressForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        address, number = request.META.get("REMOTE_ADDR", ""), form.cleaned_data["number"]
        if not throttle.is_allowed(address, number):
            form.add_error(None, _("问得太多了，请过一会儿再查，或者登录后查看。"))
            status = 429
        elif found := package_by_phone(number, form.cleaned_data["phone"]):
            chain.note("progress asked", actor="", subject=found.number, region=found.region)
            context |= _shown(found) | {"public": True}
        else:
            throttle.count_failure(address, number)
            chain.note("progress refused", actor="")
            form.add_error(None, _("没有查到：请核对编号和电话后四位。"))
    return render(request, "applications/progress.html", context, status=status)


def _own(user: Any, number: str) -> Package:
    found = package_of(user, number)
    if found is None:
        raise Http404
    return found


def _files(user: Any, found: Package) -> Any:
    return Attachment.objects.visible_to(user, "follow own cases").filter(package=found)


def _shown(found: Package) -> dict[str, Any]:
    return {
        "package": found,
        "progress": progress_of(found),
        "region_name": wording.place_name(library(), found.region),
    }
