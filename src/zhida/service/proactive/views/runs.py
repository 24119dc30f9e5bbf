"""Runs: their list, a new one, one of them with its candidates and what keeps some back, how it differs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhida.service.accounts.permissions import may, require
from zhida.service.audit.chain import note
from zhida.service.proactive import selectors, services
from zhida.service.proactive.forms import RUN, NewRun
from zhida.service.proactive.models import Run
from zhida.service.proactive.selectors import SEE
from zhida.service.proactive.states import (
    BUSY,
    LISTED,
    MAY,
    UNDER_WAY,
    BlockKind,
    CandidateState,
    Differing,
)
from zhida.service.sheets.writing import download
from zhida.service.surface.paging import page_of

ACTS = {"open": services.open_cases, "resume": services.resume, "give-up": services.give_up}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    page = page_of(request, selectors.runs(user))
    rows = [(run, selectors.title_of(run)) for run in page]
    context = {"page": page, "rows": rows, "may_run": may(user, RUN)}
    return render(request, "proactive/runs.html", context)


def new(request: HttpRequest) -> HttpResponse:
    user = require(request, RUN)
    form = NewRun(user, request.POST or None)
    if form.is_valid() and form.cleaned_data["measure"] and "start" in request.POST:
        said = form.cleaned_data
        try:
            run = services.start(said["measure"], said["region"], said["on"], user.username)
            return redirect("proactive:run", run.pk)
        except services.Refused as reason:
            form.add_error(None, str(reason))
    status = 422 if form.errors else 200
    return render(request, "proactive/new.html", {"form": form}, status=status)


@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, SEE)
    found = get_object_or_404(selectors.runs(user), pk=pk)
    context: dict[str, Any] = {
        "run": found,
        "title": selectors.title_of(found),
        "busy": found.state in BUSY,
        "done": done_of(found),
        "failed": services.failed_jobs(found).first() if found.state in BUSY else None,
    }
    if request.GET.get("part") == "progress":
        answer = render(request, "proactive/progress.html", context)
        if not context["busy"]:
            answer["HX-Refresh"] = "true"
        return answer
    return render(request, "proactive/run.html", {**context, **_lists(request, user, found)})


def done_of(run: Run) -> int:
    """How many lines of the list are written while it is being frozen."""
    return run.candidates.count() if run.state in UNDER_WAY and run.expected else run.count


def _lists(request: HttpRequest, user: Any, found: Run) -> dict[str, Any]:
    """The candidates or the blocked ones, once the list stands; and what may be done."""
    listed = found.state in LISTED
    tab = "blocks" if request.GET.get("tab") == "blocks" else "candidates"
    asked = request.GET.get("state", "")
    kind = request.GET.get("kind", "")
    if tab == "blocks":
        rows: Any = selectors.blocks(user, found, kind if kind in BlockKind.values else "")
    else:
        rows = selectors.candidates(user, found, asked if asked in CandidateState.values else "")
    page = page_of(request, rows if listed else [])
    may_run = may(user, RUN)
    piles = selectors.piles(user, found) if listed else []
    ready = sum(pile.count for pile in piles if pile.state in MAY["open"])
    return {
        "tab": tab,
        "state": asked,
        "kind": kind,
        "kinds": BlockKind,
        "piles": piles,
        "page": page,
        "names": [(row, selectors.name_of(_party(row)), _said(row, found)) for row in page],
        "may_run": may_run,
        "ready": ready if may_run and found.state in ("frozen", "opened") else 0,
        "may_give_up": may_run and found.state in UNDER_WAY,
        "differences": selectors.counted_differences(user, found) if found.former_id else [],
    }


def _party(row: Any) -> Any:
    return row.candidate.party if hasattr(row, "candidate_id") else row.party


def _said(row: Any, found: Run) -> str:
    if hasattr(row, "candidate_id"):
        return selectors.message_to(row, found)
    return selectors.verdict_name(row.verdict)


@require_POST
def act(request: HttpRequest, pk: str, what: str) -> HttpResponse:
    user = require(request, RUN)
    found = get_object_or_404(Run.objects.visible_to(user, RUN), pk=int(pk))
    try:
        ACTS[what](found, user.username)
    except services.Refused as reason:
        messages.error(request, str(reason))
    return redirect("proactive:run", pk)


@require_GET
def export(request: HttpRequest, pk: str, what: str) -> HttpResponseBase:
    user = require(request, SEE)
    found = get_object_or_404(selectors.runs(user), pk=int(pk), state__in=LISTED)
    if what == "blocks":
        name, (headings, rows) = (
            _("受阻名单"),
            selectors.block_rows(selectors.blocks(user, found).iterator(2000)),
        )
    else:
        every = selectors.candidates(user, found).iterator(2000)
        name, (headings, rows) = _("候选名单"), selectors.candidate_rows(every)
    note("candidates exported", actor=user.username, subject=str(found), region=found.region,
         detail={"what": what})  # fmt: skip
    return download(f"{name}-{found.pk}", headings, rows, "xlsx")


@require_GET
def differences(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, SEE)
    found = get_object_or_404(selectors.runs(user).select_related("former"), pk=pk)
    kind = request.GET.get("kind", "")
    known = kind if kind in Differing.values else ""
    page = page_of(request, selectors.differences(user, found, known))
    rows = [
        {
            "difference": each,
            "name": selectors.name_of(each.party),
            "before": selectors.verdict_name(each.before_verdict),
            "after": selectors.verdict_name(each.after_verdict),
            "facts": list(selectors.facts_said(each)),
        }
        for each in page
    ]
    context = {
        "run": found,
        "title": selectors.title_of(found),
        "page": page,
        "rows": rows,
        "kind": known,
        "tabs": selectors.counted_differences(user, found),
    }
    return render(request, "proactive/differences.html", context)
