"""Opening the draft behind a link, for every page that prepares a package."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from zhida.guide import wording
from zhida.service.accounts.permissions import may
from zhida.service.applications import drafts
from zhida.service.applications.models import Draft
from zhida.service.law import library
from zhida.service.surface import place

STEPS = ("choose", "form", "materials", "review")
Page = Callable[..., HttpResponse]


def with_draft(view: Page) -> Page:
    """The view gets the draft that the link opens, as of today; who may apply and is logged in adopts it.

    A link that opens nothing says so; a draft that was submitted leads to its package.
    """

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, token: str, **rest: Any) -> HttpResponse:
        try:
            draft = drafts.find(token, request.user)
            if draft.package is None:
                _bring_up_to_date(request, draft)
                return view(request, draft, token, **rest)
        except drafts.NoDraft:
            return render(request, "applications/gone.html", status=404)
        except drafts.Submitted:
            draft = drafts.find(token, request.user)
        assert draft.package is not None
        return redirect("applications:package", draft.package.number)

    return opened


def _bring_up_to_date(request: HttpRequest, draft: Draft) -> None:
    user: Any = request.user
    if draft.user_id is None and user.is_authenticated and may(user, "apply"):
        drafts.adopt(draft, user)
    drafts.apply_today(draft)
    for key in drafts.settle(draft):
        text = _("“%(name)s”和今天的日期对不上，已经清空，请重新填。")
        messages.warning(request, text % {"name": wording.key_name(library(), None, key)})


def at_step(draft: Draft, step: str) -> None:
    """Remember how far it was filled in, for going on later."""
    if draft.step != step:
        drafts.change(draft, step=step)


def page(request: HttpRequest, draft: Draft, token: str, step: str, **context: Any) -> HttpResponse:
    """A page of the preparation, with its place among the others and the link to come back."""
    place.show(request, place.Place(draft.region, draft.on))
    reached = STEPS.index(draft.step) if draft.step in STEPS else 0
    shared = {
        "draft": draft,
        "token": token,
        "step": step,
        "steps": [(name, TITLES[name](), number <= reached) for number, name in enumerate(STEPS)],
        "region_name": wording.place_name(library(), draft.region),
        "link": request.build_absolute_uri(f"/apply/{token}/"),
    }
    return render(request, f"applications/{step}.html", shared | context)


TITLES: dict[str, Callable[[], str]] = {
    "choose": lambda: _("选政策"),
    "form": lambda: _("填信息"),
    "materials": lambda: _("交材料"),
    "review": lambda: _("核对提交"),
}
