"""One candidate: what was decided and why it is kept back; confirming, excluding, chasing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhida.service.accounts.permissions import may, require
from zhida.service.audit.chain import note
from zhida.service.proactive import selectors, services
from zhida.service.proactive.forms import RUN, AccountForm, ReasonForm
from zhida.service.proactive.models import Block, Candidate
from zhida.service.proactive.opening import decide_again
from zhida.service.proactive.selectors import SEE
from zhida.service.proactive.states import LISTED, MAY, BlockKind, BlockState

CLERK = "answer proactive"
NEEDED = {"confirm": CLERK, "opt-out": CLERK, "exclude": RUN, "take-back": RUN}
STATES = {"confirm": "confirm", "opt-out": "opt out", "exclude": "exclude", "take-back": "take back"}


@require_GET
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, SEE)
    found = _visible(user, pk, SEE)
    note("candidate viewed", actor=user.username, subject=f"proactive:{found}", region=found.region)
    return _page(request, found, user)


def _visible(user: Any, pk: int, action: str) -> Candidate:
    rows = Candidate.objects.visible_to(user, action).filter(run__state__in=LISTED)
    return get_object_or_404(rows.select_related("run", "employer", "person", "case__package"), pk=pk)


def _page(request: HttpRequest, found: Candidate, user: Any, **bound: forms.Form) -> HttpResponse:
    _outcome, decision = decide_again(found)
    blocks = [(block, selectors.message_to(block, found.run)) for block in found.blocks.all()]
    context = {
        "candidate": found,
        "run": found.run,
        "title": selectors.title_of(found.run),
        "name": selectors.name_of(found.party),
        "verdict": selectors.verdict_name(found.verdict),
        "conditions": decision.units[0].conditions if decision and decision.units else (),
        "rule": decision.rule if decision else None,
        "blocks": blocks,
        "may_chase": may(user, CLERK),
        "forms": forms_of(found, user) | bound,
    }
    return render(request, "proactive/candidate.html", context, status=422 if bound else 200)


def forms_of(found: Candidate, user: Any) -> dict[str, forms.Form]:
    """What this official may do to a candidate in its state."""
    possible: dict[str, forms.Form] = {}
    for what, action in NEEDED.items():
        if found.state in MAY[STATES[what]] and may(user, action):
            if what == "confirm" and found.confirmed_at is not None:
                continue
            possible[what.replace("-", "_")] = form_for(what, found)
    return possible


def form_for(what: str, found: Candidate, data: Any = None) -> forms.Form:
    if what != "confirm":
        return ReasonForm(data)
    return AccountForm(data) if lacks_account(found) else forms.Form(data)


def lacks_account(found: Candidate) -> bool:
    return found.blocks.filter(kind=BlockKind.ACCOUNT, state=BlockState.OPEN).exists()


@require_POST
def act(request: HttpRequest, pk: str, what: str) -> HttpResponse:
    user = require(request, NEEDED[what])
    found = _visible(user, int(pk), NEEDED[what])
    form = form_for(what, found, request.POST)
    if form.is_valid():
        try:
            settle(found, what, form.cleaned_data, user.username, clerk=user)
            messages.success(request, _("已登记。"))
            return redirect("proactive:candidate", pk)
        except services.Refused as reason:
            form.add_error(None, str(reason))
    return _page(request, found, user, **{what.replace("-", "_"): form})


def settle(found: Candidate, what: str, said: dict[str, str], by: str, clerk: Any = None) -> None:
    """Raises Refused."""
    if what == "confirm":
        services.confirm(found, by, said, clerk=clerk)
    elif what == "opt-out":
        services.opt_out(found, said["reason"], by)
    elif what == "exclude":
        services.exclude(found, said["reason"], by)
    else:
        services.take_back(found, said["reason"], by)


@require_POST
def chase(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, CLERK)
    rows = Block.objects.visible_to(user, CLERK).select_related("candidate")
    block = get_object_or_404(rows.filter(candidate__run__state__in=LISTED), pk=pk)
    try:
        services.chase(block, user.username)
        messages.success(request, _("已记一次催办，请把文字发给责任单位。"))
    except services.Refused as reason:
        messages.error(request, str(reason))
    return redirect("proactive:candidate", block.candidate_id)
