"""One case: everything a reviewer needs on one page, its steps, its papers, what it would be today."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhida.guide import wording
from zhida.guide.provision import cited_interpretations
from zhida.service.accounts.models import User
from zhida.service.accounts.permissions import may, require
from zhida.service.applications import attachments
from zhida.service.applications.models import Attachment
from zhida.service.audit import chain
from zhida.service.cases.models import Case
from zhida.service.cases.states import NotPossible, State
from zhida.service.casework import comparing, selectors
from zhida.service.casework.forms import Assign, Note, Record
from zhida.service.casework.identities import shown_number
from zhida.service.casework.lines import lines_of
from zhida.service.casework.options import ELSEWHERE, OWN_PAGE, WITH_NOTE, options_of
from zhida.service.casework.progress import steps_shown
from zhida.service.casework.services import assign as assign_case
from zhida.service.casework.services import perform
from zhida.service.casework.trace import rule_of, trace_of
from zhida.service.casework.warnings import warnings_of
from zhida.service.law import library
from zhida.service.registry import masking

SEE, WORK = selectors.SEE, selectors.WORK


def found(user: User, number: str, action: str = SEE) -> Case:
    case = selectors.case_of(user, number, action)
    if case is None:
        raise Http404
    return case


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, SEE)
    shown = found(user, number)
    chain.note("case viewed", actor=user.username, subject=shown.number, region=shown.region)
    return _page(request, user, shown)


def _page(
    request: HttpRequest,
    user: User,
    shown: Case,
    *,
    note: Note | None = None,
    record: Record | None = None,
    status: int = 200,
) -> HttpResponse:
    steps = list(shown.steps.all())
    seen, rule = {"seen": shown.revision}, rule_of(shown)
    context = {
        **parts_of(user, shown),
        "line": lines_of([shown])[0],
        "steps": steps_shown(shown, steps),
        "options": options_of(shown, user, steps) if may(user, WORK) else None,
        "note": note or Note(initial=seen, auto_id="note_%s"),
        "record": record or Record(initial=seen, auto_id="record_%s"),
        "assign": Assign(
            selectors.colleagues(user, shown),
            initial={**seen, "to": shown.assignee_id},
            auto_id="assign_%s",
        ),
        "may_work": may(user, WORK),
        "warnings": warnings_of(shown),
        "others": lines_of(selectors.same_people(user, shown)),
        "history": granted(shown),
        "former": former_of(shown),
        "rule": rule,
        "help": cited_interpretations(library(), rule) if rule else (),
    }
    return render(request, "casework/case.html", context, status=status)


def parts_of(user: User, shown: Case) -> dict[str, Any]:
    """What the page, the 审批表 and the notices say alike."""
    package = shown.package
    return {
        "case": shown,
        "package": package,
        "number": shown_number(package.applicant_number),
        "people": [
            {
                "path": path,
                "name": who.get("name", ""),
                "number": masking.number(who.get("number", "")),
                "hash": who.get("hash", ""),
            }
            for path, who in (package.rows or {}).items()
        ],
        "trace": trace_of(shown.decision),
        "region_name": wording.place_name(library(), shown.region),
        "state": State(shown.state).label,
        "files": Attachment.objects.visible_to(user, SEE).filter(package=package),
    }


def granted(shown: Case) -> list[dict[str, Any]]:
    employer = shown.package.employer
    records = selectors.history(selectors.hashes_of(shown), [employer.number] if employer else [])
    names = {key: m.definition.name for key, m in library().measures.items()}
    return [
        {
            "on": record.facts.get("on", ""),
            "measure": names.get(record.facts.get("measure", ""), record.facts.get("measure", "")),
            "amount": record.facts.get("amount", ""),
            "region": wording.place_name(library(), record.region),
        }
        for record in records
    ]


def former_of(shown: Case) -> list[dict[str, Any]]:
    """Each correction with what it changed, the latest last."""
    versions = list(shown.former.select_related("supplement"))
    if not versions:
        return []
    after: list[Any] = [*versions[1:], shown]
    return [
        {
            "at": old.replaced_at,
            "by": old.replaced_by,
            "facts": comparing.changed_facts(old.facts, new.facts),
            "decision": comparing.difference(old.decision, new.decision),
        }
        for old, new in zip(versions, after, strict=True)
    ]


@require_POST
def step(request: HttpRequest, number: str) -> HttpResponse:
    """Take one step; a step that needs more words has its form on the page, or a page of its own."""
    user = require(request, WORK)
    shown = found(user, number, WORK)
    name = request.POST.get("transition", "")
    if name in OWN_PAGE | ELSEWHERE:
        raise Http404
    note = Note(request.POST, auto_id="note_%s") if name in WITH_NOTE else None
    record = Record(request.POST, auto_id="record_%s") if name == "record" else None
    form = note or record
    if form is not None and not form.is_valid():
        return _page(request, user, shown, note=note, record=record, status=422)
    what = {key: value for key, value in (form.cleaned_data if form else {}).items() if key != "seen"}
    try:
        after = perform(shown, name, user, seen=_seen(request), **what)
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已办，现在是“%(state)s”。") % {"state": State(after.state).label})
    return redirect("casework:case", shown.number)


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@require_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, WORK)
    shown = found(user, number, WORK)
    form = Assign(selectors.colleagues(user, shown), request.POST)
    if form.is_valid():
        try:
            assign_case(shown, form.cleaned_data["to"], user, seen=form.cleaned_data["seen"])
            messages.success(request, _("已分派。"))
        except NotPossible as refused:
            messages.error(request, str(refused))
    else:
        messages.error(request, _("没有分派：请重新选人。"))
    return redirect("casework:case", shown.number)


@never_cache
@require_safe
def rerun(request: HttpRequest, number: str) -> HttpResponse:
    """What today's law would say; the pinned decision stays as it is."""
    user = require(request, SEE)
    shown = found(user, number)
    chain.note("case decided again", actor=user.username, subject=shown.number, region=shown.region)
    context = {**parts_of(user, shown), "law_of_today": library().hash}
    try:
        again = comparing.decided_again(shown, shown.facts)
        context |= {
            "again": trace_of(again.decision),
            "lines": comparing.difference(shown.decision, again.decision),
        }
    except comparing.Undecidable as wrong:
        context["wrong"] = str(wrong)
    return render(request, "casework/rerun.html", context)


@never_cache
@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """审批表, to be printed."""
    user = require(request, SEE)
    shown = found(user, number)
    chain.note("case printed", actor=user.username, subject=shown.number, region=shown.region)
    steps = list(shown.steps.all())
    context = {**parts_of(user, shown), "steps": steps_shown(shown, steps), "rule": rule_of(shown)}
    return render(request, "casework/sheet.html", context)


@require_safe
def file(request: HttpRequest, number: str, public: Any) -> Any:
    user = require(request, SEE)
    shown = found(user, number)
    attachment = Attachment.objects.visible_to(user, SEE).select_related("package")
    there = attachment.filter(package=shown.package_id, public=public).first()
    if there is None:
        raise Http404
    return attachments.opened(there, user.get_username())
