"""Importing files, for officials: what was sent, what it would change, going on and giving up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhida.service import clock
from zhida.service.accounts.permissions import require
from zhida.service.audit.chain import note
from zhida.service.registry.batches import Batch, StagedRow
from zhida.service.registry.forms import IMPORT, UploadForm
from zhida.service.registry.imports import services
from zhida.service.registry.imports.blank import template_of
from zhida.service.registry.imports.kinds import KINDS
from zhida.service.registry.imports.preview import preview_line
from zhida.service.registry.imports.returned import wrong_rows
from zhida.service.sheets.writing import XLSX_TYPE, Format, download
from zhida.service.surface.paging import page_of

STALLED = timedelta(seconds=30)
FIRST_ROWS = 20


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    user = require(request, IMPORT)
    found = Batch.objects.visible_to(user, IMPORT).select_related("user")
    context = {"page": page_of(request, found, size=20), "kinds": KINDS.values()}
    return render(request, "registry/imports.html", context | {"labels": _labels()})


def _labels() -> dict[str, Any]:
    return {key: kind.label for key, kind in KINDS.items()}


def new_import(request: HttpRequest) -> HttpResponse:
    user = require(request, IMPORT)
    asked = request.POST if request.method == "POST" else None
    form = UploadForm(user, asked, request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    if not form.is_valid():
        return render(request, "registry/import_new.html", {"form": form, "kinds": KINDS.values()})
    said = form.cleaned_data
    batch = services.receive(user, said["kind"], said["region"], said["file"])
    return redirect("registry:import", batch.pk)


@require_safe
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, IMPORT)
    batch = get_object_or_404(Batch.objects.visible_to(user, IMPORT).select_related("user"), pk=pk)
    context = {"batch": batch, "kind": KINDS[batch.kind], "stalled": is_stalled(batch)}
    if request.headers.get("HX-Request") and request.GET.get("part") == "progress":
        return _progress(request, context)
    return render(request, "registry/import.html", context | _preview(request, batch))


def _progress(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The bar alone; once it is at its end the page is read anew."""
    response = render(request, "registry/import_progress.html", context)
    if not context["batch"].is_running:
        response["HX-Refresh"] = "true"
    return response


def is_stalled(batch: Batch) -> bool:
    """Whether nothing has moved for long enough that the worker is probably gone."""
    return batch.is_running and clock.now() - batch.moved_at > STALLED


def _preview(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    if batch.is_running:
        return {}
    shown = [o for o in StagedRow.Outcome if getattr(batch, o.value)]
    if batch.state != Batch.State.STAGED:
        shown = [o for o in shown if o == StagedRow.Outcome.WRONG]
    asked = request.GET.get("outcome", "")
    outcome = next((o for o in shown if o.value == asked), shown[0] if shown else None)
    if outcome is None:
        return {}
    page = page_of(request, batch.rows.filter(outcome=outcome).order_by("number"), FIRST_ROWS)
    tabs = [(o, getattr(batch, o.value)) for o in shown]
    lines = [preview_line(batch, row) for row in page]
    return {"tabs": tabs, "outcome": outcome, "page": page, "lines": lines}


@require_POST
def confirm_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.confirm)


@require_POST
def resume_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.resume)


@require_POST
def drop_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.drop)


def _done(request: HttpRequest, pk: int, step: Any) -> HttpResponse:
    user = require(request, IMPORT)
    batch = get_object_or_404(Batch.objects.visible_to(user, IMPORT), pk=pk)
    try:
        step(batch, user)
    except services.NotPossible:
        messages.warning(request, _("这一批已经在处理或处理完了。"))
    return redirect("registry:import", pk)


@require_safe
def import_errors(request: HttpRequest, pk: int, form: Format) -> HttpResponseBase:
    user = require(request, IMPORT)
    batch = get_object_or_404(Batch.objects.visible_to(user, IMPORT), pk=pk)
    headings, rows = wrong_rows(batch)
    note("registry/errors downloaded", actor=user.username, subject=f"batch:{pk}", region=batch.region)
    return download(_("有误的行 {number}").format(number=pk), headings, rows, form)


@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    require(request, IMPORT)
    if kind not in KINDS:
        raise Http404
    response = HttpResponse(template_of(KINDS[kind]), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response
