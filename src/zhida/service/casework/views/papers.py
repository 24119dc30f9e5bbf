"""一次性告知, 不予受理 and 不予通过: written on pages of their own, read and printed by both sides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhida.guide import wording
from zhida.service.accounts.models import User
from zhida.service.accounts.permissions import require
from zhida.service.applications.files.refusal import FileRefused
from zhida.service.cases.models import Case
from zhida.service.cases.states import NotPossible, can
from zhida.service.casework import selectors
from zhida.service.casework.answers import supply
from zhida.service.casework.forms import Answer, Ask, Refuse
from zhida.service.casework.marking import items_of, markable
from zhida.service.casework.models import Supplement
from zhida.service.casework.remedies import remedy_of
from zhida.service.casework.services import perform
from zhida.service.casework.views.case import found, parts_of
from zhida.service.law import library

SEE, WORK, OWN = selectors.SEE, selectors.WORK, "follow own cases"


@never_cache
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Mark everything that lacks, and tell it at once."""
    user = require(request, WORK)
    case = found(user, number, WORK)
    things = markable(case, case.package.attachments.values_list("material", flat=True))
    form = Ask(case, things, request.POST or None, initial={"seen": case.revision})
    if request.method == "POST" and form.is_valid():
        what = {name: form.cleaned_data.get(name, "") for name in ("text", "exception")}
        what["items"] = items_of(form.marked(), form.notes())
        if _performed(request, case, "ask for more", user, form, what):
            messages.success(request, _("已一次性告知，计时停止，等申请人补正。"))
            told = Supplement.objects.filter(case=case).count()
            return redirect("casework:notice", case.number, told)
    return _form(request, "casework/ask.html", form, {**parts_of(user, case)})


@never_cache
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """不予受理 before the case is accepted, 不予通过 afterwards."""
    user = require(request, WORK)
    case = found(user, number, WORK)
    name = "not accept" if can("not accept", case.state) else "refuse"
    initial = {"seen": case.revision, "clause": f"{case.document} {case.clause}", "remedy": remedy_of(case)}
    form = Refuse(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        what = {key: form.cleaned_data[key] for key in ("clause", "reason", "remedy")}
        if _performed(request, case, name, user, form, what):
            messages.success(request, _("已作出决定，请打印送达。"))
            return redirect("casework:refusal", case.number)
    return _form(
        request, "casework/refuse.html", form, {**parts_of(user, case), "not_accept": name == "not accept"}
    )


def _performed(
    request: HttpRequest, case: Case, name: str, user: User, form: Any, what: dict[str, Any]
) -> bool:
    try:
        perform(case, name, user, seen=form.cleaned_data["seen"], **what)
    except NotPossible as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _form(request: HttpRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**context, "form": form}, status=status)


@never_cache
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """The clerk writes down what the applicant brought to the counter."""
    user = require(request, WORK)
    case = found(user, number, WORK)
    return _answer(request, user, case, "casework/answer.html", ("casework:case", case.number))


@never_cache
def supplement(request: HttpRequest, number: str, case: str) -> HttpResponse:
    """The applicant answers: only what was marked can be changed."""
    user = require(request, OWN)
    own = found(user, case, OWN)
    if own.package.number != number:
        raise Http404
    return _answer(request, user, own, "casework/supplement.html", ("applications:package", number))


def _answer(
    request: HttpRequest, user: User, case: Case, template: str, back: tuple[str, str]
) -> HttpResponse:
    notice = case.supplements.filter(answered_at=None).last()
    context = {"case": case, "package": case.package, "notice": notice, "back": back}
    if notice is None:
        return render(request, template, context)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None,)
    form = Answer(case, notice, *bound, initial={"seen": case.revision})
    if request.method == "POST" and form.is_valid():
        try:
            supply(
                case,
                user,
                form.values(),
                form.cleaned_data["text"],
                form.uploads(),
                seen=form.cleaned_data["seen"],
            )
        except (NotPossible, FileRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("补正已交，经办机构会继续办理。"))
            return redirect(*back)
    return _form(request, template, form, context)


@never_cache
@require_safe
def notice(request: HttpRequest, number: str, place: int) -> HttpResponse:
    user = require(request, SEE)
    return _notice(request, found(user, number), place)


@never_cache
@require_safe
def own_notice(request: HttpRequest, number: str, case: str, place: int) -> HttpResponse:
    user = require(request, OWN)
    return _notice(request, found(user, case, OWN), place)


def _notice(request: HttpRequest, case: Case, place: int) -> HttpResponse:
    told = case.supplements.filter(number=place).first()
    if told is None:
        raise Http404
    return render(request, "casework/notice.html", {**_paper(case), "notice": told})


@never_cache
@require_safe
def refusal(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, SEE)
    return _refusal(request, found(user, number))


@never_cache
@require_safe
def own_refusal(request: HttpRequest, number: str, case: str) -> HttpResponse:
    user = require(request, OWN)
    return _refusal(request, found(user, case, OWN))


def _refusal(request: HttpRequest, case: Case) -> HttpResponse:
    if not hasattr(case, "refusal"):
        raise Http404
    return render(request, "casework/refusal.html", {**_paper(case), "refusal": case.refusal})


def _paper(case: Case) -> dict[str, Any]:
    name = wording.place_name(library(), case.region)
    return {"case": case, "package": case.package, "region_name": name}
