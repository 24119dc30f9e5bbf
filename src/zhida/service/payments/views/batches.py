"""Batches: their list, one of them, its check, its file, the bank's answer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhida.service.accounts.permissions import may, require
from zhida.service.payments import batches, selectors
from zhida.service.payments.bank.profile import profiles
from zhida.service.payments.bank.results import Problem
from zhida.service.payments.batches import ResultRefused
from zhida.service.payments.forms import PAY, SEE, Declared, ReasonForm, ResultForm
from zhida.service.payments.ledger import Refused
from zhida.service.payments.models import Batch
from zhida.service.payments.states import BatchState
from zhida.service.sheets.sheet import FileRefused
from zhida.service.surface.paging import page_of

MOST_PROBLEMS = 200


def index(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    return render(request, "payments/batches.html", {"page": page_of(request, selectors.batches(user))})


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, SEE)
    found = get_object_or_404(selectors.batches(user), pk=pk)
    return _page(request, found, user)


def _page(
    request: HttpRequest, found: Batch, user: Any, problems: list[Problem] | None = None, **bound: forms.Form
) -> HttpResponse:
    sendings = found.sendings.select_related("payment__case", "batch")
    context = {
        "batch": found,
        "page": page_of(request, sendings),
        "outcomes": selectors.outcomes(found),
        "profile": profiles()[found.profile],
        "problems": (problems or [])[:MOST_PROBLEMS],
        "problem_count": len(problems or []),
        "forms": _forms(found, user) | bound,
    }
    return render(request, "payments/batch.html", context, status=422 if problems or bound else 200)


def _forms(found: Batch, user: Any) -> dict[str, forms.Form]:
    """What this officer may do to a batch in its state."""
    if not may(user, PAY):
        return {}
    possible: dict[str, forms.Form] = {}
    if found.state == BatchState.MADE and found.made_by != user.username:
        possible["check"] = Declared()
    if found.state in (BatchState.MADE, BatchState.CHECKED):
        possible["cancel"] = ReasonForm()
    if found.state == BatchState.EXPORTED:
        possible["result"] = ResultForm()
    return possible


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, PAY)
    found = get_object_or_404(Batch.objects.visible_to(user, PAY), pk=pk)
    form = Declared(request.POST)
    if form.is_valid():
        try:
            batches.check(found, by=user.username, **form.cleaned_data)
            messages.success(request, gettext("已复核，可以导出银行文件。"))
            return redirect("payments:batch", pk)
        except Refused as reason:
            form.add_error(None, str(reason))
    return _page(request, found, user, check=form)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, PAY)
    found = get_object_or_404(Batch.objects.visible_to(user, PAY), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            batches.cancel(found, form.cleaned_data["reason"], by=user.username)
            messages.success(request, gettext("批次已作废，款项可以重新制单。"))
            return redirect("payments:batch", pk)
        except Refused as reason:
            form.add_error(None, str(reason))
    return _page(request, found, user, cancel=form)


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bank's file. A POST: the first time it sends the batch on its way."""
    user = require(request, PAY)
    found = get_object_or_404(Batch.objects.visible_to(user, PAY), pk=pk)
    try:
        name, content = batches.export(found, by=user.username)
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect("payments:batch", pk)
    return FileResponse(iter([content]), as_attachment=True, filename=name)


@require_POST
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank's answer: taken whole, or every row that speaks against it shown."""
    user = require(request, PAY)
    found = get_object_or_404(Batch.objects.visible_to(user, PAY), pk=pk)
    form, problems = ResultForm(request.POST, request.FILES), []
    if form.is_valid():
        said = form.cleaned_data
        try:
            with _on_disk(said["file"]) as path:
                declared = {"count": said["count"], "total": said["total"]}
                batches.take_result(found, path, said["file"].name, by=user.username, **declared)
            messages.success(request, gettext("银行结果已导入。"))
            return redirect("payments:batch", pk)
        except ResultRefused as refused:
            problems = refused.problems
        except (Refused, FileRefused) as reason:
            form.add_error("file", str(reason))
    return _page(request, found, user, problems, result=form)


@contextmanager
def _on_disk(upload: UploadedFile) -> Iterator[Path]:
    """The upload as a file that is gone afterwards: a bank's answer names accounts."""
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name or "").suffix) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)
