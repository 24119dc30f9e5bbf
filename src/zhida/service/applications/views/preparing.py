"""The four pages of a package: choose, fill in, hand in, look over and submit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhida.service.accounts.permissions import LoginRequired, require
from zhida.service.applications import attachments, drafts
from zhida.service.applications.files.kinds import SUFFIXES
from zhida.service.applications.files.names import harmless
from zhida.service.applications.files.refusal import FileRefused
from zhida.service.applications.forms import ApplicationForm
from zhida.service.applications.identified import note_look
from zhida.service.applications.materials import Material, lacking, materials_of
from zhida.service.applications.models import Draft
from zhida.service.applications.needs import needed
from zhida.service.applications.offers import (
    APPLICANTS,
    chosen_decisions,
    decided,
    default_choice,
    kind_of,
    offers_of,
)
from zhida.service.applications.prefill import parties, prefill
from zhida.service.applications.review import review_of
from zhida.service.applications.services import Changed, NotReady, submit
from zhida.service.applications.views.opening import at_step, page, with_draft
from zhida.service.law import library
from zhida.service.surface import place


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """From the guide of a measure: a draft that is about it alone."""
    at = place.read(request.POST)
    measure = request.POST.get("measure", "")
    if measure not in library().measures:
        raise Http404
    payee = library().measures[measure].definition.payee
    draft, token = drafts.start(at.region, at.on, payee if payee in APPLICANTS else "", [measure])
    drafts.apply_today(draft)
    chosen = default_choice(drafts.decide(draft).decisions)
    if len(chosen) == 1:
        drafts.change(draft, chosen=chosen, step="form")
        return redirect("applications:form", token)
    return redirect("applications:choose", token)


@with_draft
def choose(request: HttpRequest, draft: Draft, token: str) -> HttpResponse:
    outcome = drafts.decide(draft)
    offers, problem = offers_of(draft, outcome), ""
    if request.method == "POST":
        wanted = set(request.POST.getlist("provision"))
        chosen = [offer for offer in offers if offer.can_choose and offer.provision in wanted]
        problem = _problem_of_choice(chosen)
        if not problem:
            kind = chosen[0].payee
            drafts.change(draft, chosen=[offer.provision for offer in chosen], audience=kind, step="form")
            return redirect("applications:form", token)
    return page(
        request,
        draft,
        token,
        "choose",
        near=[offer for offer in offers if offer.can_choose and offer.is_near],
        further=[offer for offer in offers if offer.can_choose and not offer.is_near],
        others=[offer for offer in offers if not offer.can_choose],
        several_kinds=len({offer.payee for offer in offers if offer.can_choose}) > 1,
        problem=problem,
    )


def _problem_of_choice(chosen: list[Any]) -> str:
    if not chosen:
        return _("请至少选一项。")
    if len({offer.payee for offer in chosen}) > 1:
        return _("单位的政策和个人的政策要分开办：请先选其中一类。")
    return ""


def form(request: HttpRequest, token: str) -> HttpResponse:
    """The form. What is typed after the session has ended is kept, and nothing shown, before the log-in."""
    try:
        return _form_page(request, token)
    except LoginRequired:
        if request.method == "POST":
            drafts.keep_typed(token, lambda draft: _form(draft, request.POST).store())
        raise


@with_draft
def _form_page(request: HttpRequest, draft: Draft, token: str) -> HttpResponse:
    if not draft.chosen:
        return redirect("applications:choose", token)
    made = _form(draft, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made.store()
        if made.is_valid() or "later" in request.POST:
            return _after_form(request, draft, token, made)
    held = parties(request.user, made.kind) if draft.employer_id is None and draft.person_id is None else []
    at_step(draft, "form")
    return page(request, draft, token, "form", form=made, parties=held)


def _form(draft: Draft, data: Any) -> ApplicationForm:
    decisions = chosen_decisions(draft, decided(draft))
    return ApplicationForm(draft, kind_of(draft, decisions), needed(draft, decisions), data)


def _after_form(request: HttpRequest, draft: Draft, token: str, made: ApplicationForm) -> HttpResponse:
    """To the materials, or to what the answers have brought up."""
    if "later" in request.POST:
        messages.success(request, _("已经保存，可以以后接着填。"))
        return redirect("applications:form", token)
    new = set(_form(draft, None).fields) - set(made.fields)
    if new:
        text = _("已经保存。按您填的，还有 %(count)s 项要填，不清楚的可以空着再点“保存，下一步”。")
        messages.info(request, text % {"count": len(new)})
        return redirect("applications:form", token)
    at_step(draft, "materials")
    return redirect("applications:materials", token)


@require_POST
@with_draft
def fill(request: HttpRequest, draft: Draft, token: str) -> HttpResponse:
    """Fill the form in from the registry, for a party that the user verifiably acts for."""
    user: Any = require(request, "apply")
    kind = kind_of(draft, chosen_decisions(draft, decided(draft)))
    held = next((h for h in parties(user, kind) if str(h.pk) == request.POST.get("party")), None)
    if held is None:
        raise Http404
    prefill(draft, held)
    messages.success(request, _("已经按登记信息填好，请逐项核对。"))
    return redirect("applications:form", token)


@with_draft
def materials(request: HttpRequest, draft: Draft, token: str) -> HttpResponse:
    if not draft.chosen:
        return redirect("applications:choose", token)
    going = [item.decision for item in review_of(draft).submitted]
    problems: list[tuple[int, str]] = []
    if request.method == "POST":
        problems = _upload(request, draft, materials_of(going, draft.attachments.all()))
        if not problems:
            return redirect("applications:materials", token)
    at_step(draft, "materials")
    return page(
        request,
        draft,
        token,
        "materials",
        materials=materials_of(going, draft.attachments.all()),
        problems=problems,
        accept=",".join(SUFFIXES),
        most=settings.ZHIDA_FILE_MOST // 1024**2,
    )


def _upload(request: HttpRequest, draft: Draft, listed: list[Material]) -> list[tuple[int, str]]:
    """Keep or drop files; what was refused, by the number of its material."""
    if public := request.POST.get("remove"):
        attachments.drop(draft, public)
        return []
    number = request.POST.get("material", "")
    material = next((m for m in listed if str(m.number) == number), None)
    if material is None:
        raise Http404
    uploads = request.FILES.getlist("file")
    if not uploads:
        return [(material.number, _("请先选择文件。"))]
    problems = []
    for upload in uploads:
        try:
            attachments.take(draft, material.name, upload)
        except FileRefused as refused:
            problems.append((material.number, f"{harmless(upload.name or '')}：{refused}"))
    return problems


@require_GET
@with_draft
def file(request: HttpRequest, draft: Draft, token: str, public: Any) -> Any:
    """A file of the draft, saved again."""
    found = draft.attachments.filter(public=public).first()
    if found is None:
        raise Http404
    return attachments.opened(found, draft.user.username if draft.user else "")


@with_draft
def review(request: HttpRequest, draft: Draft, token: str) -> HttpResponse:
    if not draft.chosen:
        return redirect("applications:choose", token)
    problem = ""
    if request.method == "POST":
        user = require(request, "apply")
        try:
            if "promise" in request.POST:
                text, seen = request.POST.get("commitment", ""), request.POST.get("seen", "")
                package = submit(draft, user, text, draft.public.hex, seen)
                return redirect("applications:package", package.number)
            problem = _("请先阅读承诺并勾选。")
        except Changed:
            problem = _("内容和您刚才看到的不一样了，请再看一遍，再提交。")
        except NotReady:
            problem = ""
    at_step(draft, "review")
    found = review_of(draft)
    note_look(draft, found.case, request.user.get_username())
    listed = materials_of([item.decision for item in found.submitted], draft.attachments.all())
    context = {"review": found, "lacking": lacking(listed), "problem": problem}
    return page(request, draft, token, "review", **context)


@with_draft
def discard(request: HttpRequest, draft: Draft, token: str) -> HttpResponse:
    """Ask, and then throw a draft away with its files."""
    if request.method != "POST":
        return page(request, draft, token, "discard")
    drafts.discard(draft)
    messages.success(request, _("已经删除，没有留下任何内容。"))
    return redirect("applications:packages" if request.user.is_authenticated else "portal:home")
