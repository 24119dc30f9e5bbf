"""What an employer, or a person, sees of lists that they are on: to confirm it, or to give it up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhida.service.accounts.permissions import require
from zhida.service.cases.states import can
from zhida.service.proactive import selectors, services
from zhida.service.proactive.models import Candidate
from zhida.service.proactive.selectors import ANSWER
from zhida.service.proactive.states import MAY, BlockState
from zhida.service.proactive.views.candidates import form_for, settle

ANSWERS = ("confirm", "opt-out")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    user = require(request, ANSWER)
    rows = [(found, selectors.title_of(found.run)) for found in selectors.own(user)]
    return render(request, "proactive/mine.html", {"rows": rows})


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The one page: what it is about, and both answers as long as they are open."""
    user = require(request, ANSWER)
    found = next((candidate for candidate in selectors.own(user) if candidate.pk == pk), None)
    if found is None:
        raise Http404
    what = request.POST.get("what", "")
    forms = {name: form_for(name, found) for name in ANSWERS if _open(found, name)}
    status = 200
    if what in forms:
        form = forms[what] = form_for(what, found, request.POST)
        if form.is_valid():
            try:
                settle(found, what, form.cleaned_data, user.username)
                messages.success(request, _("已登记您的答复。"))
                return redirect("proactive:answer", pk)
            except services.Refused as reason:
                form.add_error(None, str(reason))
        status = 422
    context = {
        "candidate": found,
        "title": selectors.title_of(found.run),
        "asked": services.confirms(found.run, found.region),
        "blocks": found.blocks.filter(state=BlockState.OPEN),
        "tail": _tail(found),
        "forms": {name.replace("-", "_"): form for name, form in forms.items()},
    }
    return render(request, "proactive/answer.html", context, status=status)


def _open(found: Candidate, what: str) -> bool:
    if what == "confirm":
        return found.state in MAY["confirm"] and found.confirmed_at is None
    withdrawable = found.case is None or can("withdraw", found.case.state)
    return found.state in MAY["opt out"] and withdrawable


def _tail(found: Candidate) -> str:
    """The last four digits of where it will be paid to."""
    account: Any = (found.account or {}).get("account") or found.party.bank_account
    return str(account)[-4:] if account else ""
