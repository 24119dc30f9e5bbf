"""事后核查: samples drawn, what was found in them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhida.service.accounts.permissions import appointments_for, may, require
from zhida.service.accounts.scope import covers
from zhida.service.cases.states import NotPossible
from zhida.service.casework import sampling
from zhida.service.casework.forms import Draw, Finding
from zhida.service.casework.models import Check, Sample
from zhida.service.surface.paging import page_of

DRAW, CHECK = "draw samples", "check samples"


@never_cache
def samples(request: HttpRequest) -> HttpResponse:
    user = require(request, CHECK)
    may_draw = may(user, DRAW)
    held = appointments_for(user, DRAW) if may_draw else ()
    form = Draw(request.POST or None, initial={"region": held[0].region if held else ""})
    if request.method == "POST":
        require(request, DRAW)
        if form.is_valid():
            asked = form.cleaned_data
            if not any(covers(each.region, asked["region"]) for each in held):
                form.add_error("region", _("这个地区不归您管。"))
            else:
                try:
                    sample = sampling.draw(
                        user,
                        asked["region"],
                        asked["size"],
                        asked["closed_from"],
                        asked["closed_to"],
                        asked["measure"],
                    )
                    return redirect("casework:sample", sample.pk)
                except NotPossible as refused:
                    form.add_error(None, str(refused))
    page = page_of(request, Sample.objects.visible_to(user, CHECK).defer("frame"))
    context = {"form": form if may_draw else None, "page": page}
    return render(request, "casework/samples.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, CHECK)
    found = get_object_or_404(Sample.objects.visible_to(user, CHECK), pk=pk)
    checks = found.checks.select_related("case", "case__package").defer("case__facts", "case__decision")
    context = {
        "sample": found,
        "checks": checks,
        "is_sound": sampling.is_sound(found),
        "of": len(found.frame),
    }
    return render(request, "casework/sample.html", context)


@never_cache
def check(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, CHECK)
    visible = Check.objects.visible_to(user, CHECK).select_related("case", "case__package", "sample")
    found = get_object_or_404(visible, pk=pk)
    form = Finding(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            sampling.find(found, user, given["finding"], given["note"], given["recover"])
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已登记核查结论。"))
            return redirect("casework:sample", found.sample_id)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "casework/check.html", {"check": found, "form": form}, status=status)
