"""For whom somebody acts: claimed by applicants, settled by officials."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhida.service.accounts.permissions import appointments_for, require
from zhida.service.accounts.scope import covers
from zhida.service.audit.chain import note
from zhida.service.registry import masking, representing
from zhida.service.registry.forms import ClaimForm, RefusalForm
from zhida.service.registry.models import Representation
from zhida.service.surface import place
from zhida.service.surface.paging import page_of

CLAIM, VERIFY = "apply", "verify representation"
Kind, State = Representation.Kind, Representation.State


def mine(request: HttpRequest) -> HttpResponse:
    """What the applicant has claimed, and a form for another claim."""
    user = require(request, CLAIM)
    form = ClaimForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": Kind.EMPLOYER, "region": place.of(request).region},
    )
    if form.is_valid() and _claimed(request, user, form):
        return redirect("registry:mine")
    held = Representation.objects.visible_to(user, CLAIM).filter(user=user).order_by("-pk")[:50]
    return render(request, "registry/mine.html", {"form": form, "held": [_line(each) for each in held]})


def _claimed(request: HttpRequest, user: Any, form: ClaimForm) -> bool:
    said = form.cleaned_data
    try:
        made = representing.claim(user, said["kind"], said["number"], said["name"], said["region"])
    except representing.NotPossible as reason:
        form.add_error(None, str(reason))
        return False
    verified = _("已核实，可以办理了。")
    waiting = _("已提交。经办机构核实后，登记信息就能自动填好。")
    messages.success(request, verified if made.verified else waiting)
    return True


@require_POST
def end_mine(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, CLAIM)
    held = get_object_or_404(Representation.objects.visible_to(user, CLAIM).filter(user=user), pk=pk)
    _try(request, lambda: representing.end(held, user), _("已解除。"))
    return redirect("registry:mine")


@require_safe
def representations(request: HttpRequest) -> HttpResponse:
    """What waits for an official of the region; or, asked for, what was settled."""
    user = require(request, VERIFY)
    state = request.GET.get("state", "")
    state = state if state in State.values else State.CLAIMED
    found = Representation.objects.visible_to(user, VERIFY).filter(state=state).order_by("pk")
    page = page_of(request, found.select_related("user", "employer"), size=20)
    lines = [_line(each) for each in page]
    context = {"page": page, "lines": lines, "state": state, "states": State.choices}
    return render(request, "registry/representations.html", context)


@require_safe
def representation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is claimed, in full, to be held against the proof; looking at it is noted."""
    user = require(request, VERIFY)
    held = _visible(user, pk)
    note("registry/opened", actor=user.username, subject=f"representation:{pk}", region=held.region)
    return _settling(request, held, RefusalForm())


def _visible(user: Any, pk: int) -> Representation:
    found = Representation.objects.visible_to(user, VERIFY).select_related("user")
    return get_object_or_404(found, pk=pk)


def _settling(
    request: HttpRequest, held: Representation, form: RefusalForm, status: int = 200
) -> HttpResponse:
    context = {"held": held, "registered": representing.registered_name(held), "form": form}
    return render(request, "registry/representation.html", context, status=status)


@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, VERIFY)
    held = _visible(user, pk)
    region = next(a.region for a in appointments_for(user, VERIFY) if covers(a.region, held.region))
    _try(request, lambda: representing.verify(held, user, region), _("已核实。"))
    return redirect("registry:representations")


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, VERIFY)
    held, form = _visible(user, pk), RefusalForm(request.POST)
    if not form.is_valid():
        return _settling(request, held, form, 422)
    _try(request, lambda: representing.refuse(held, user, form.cleaned_data["reason"]), _("已退回。"))
    return redirect("registry:representations")


def _try(request: HttpRequest, step: Any, done: str) -> None:
    try:
        step()
    except representing.NotPossible as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, done)


def _line(held: Representation) -> dict[str, Any]:
    """An employer's number is public; of a person only the last digits are shown."""
    person = held.kind == Kind.PERSON
    return {
        "held": held,
        "number": masking.number(held.number) if person else held.number,
        "name": masking.name(held.name) if person else held.name,
    }
