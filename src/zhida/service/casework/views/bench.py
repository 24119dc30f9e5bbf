"""The workbench: queues with their filters, search, steps for many cases at once, the list as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.accounts.permissions import may, require
from zhida.service.audit import chain
from zhida.service.casework import bulk as many
from zhida.service.casework import selectors
from zhida.service.casework.exporting import HEADINGS, rows_of
from zhida.service.casework.forms import Filter, Find, SaveFilter
from zhida.service.casework.lines import lines_of
from zhida.service.casework.models import SavedFilter
from zhida.service.casework.paging import counted, stretch
from zhida.service.sheets.writing import download

SEE, WORK, EXPORT = selectors.SEE, selectors.WORK, "export cases"
MOST_EXPORTED = 20_000
MOST_SAVED = 20
TABS = (
    ("todo", gettext_lazy("待我办理")),
    ("mine", gettext_lazy("分派给我")),
    ("overdue", gettext_lazy("已超期")),
    ("soon", gettext_lazy("快到期")),
    ("open", gettext_lazy("全部在办")),
    ("closed", gettext_lazy("已办结")),
)


@never_cache
@require_safe
def bench(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    form = Filter(request.GET)
    asked = form.asked()
    view = asked.get("view") or ("todo" if may(user, WORK) else "open")
    cases = selectors.filtered(selectors.view_of(user, view), asked)
    page = stretch(cases, request.GET.get("after", ""), latest_first=view == "closed")
    context = {
        "form": form,
        "view": view,
        "tabs": _tabs(user, view),
        "page": page,
        "lines": lines_of(page),
        "saved": SavedFilter.objects.filter(user=user),
        "save": SaveFilter(initial={"query": _query(request)}),
        "may_work": may(user, WORK),
        "may_export": may(user, EXPORT),
        "people": selectors.colleagues(user) if may(user, WORK) else (),
        "query": _query(request),
    }
    return render(request, "casework/bench.html", context)


def _tabs(user: User, current: str) -> list[dict[str, Any]]:
    """Each with how many, as far as that is counted."""
    shown = [(view, label) for view, label in TABS if view not in ("todo", "mine") or may(user, WORK)]
    return [
        {
            "view": view,
            "label": label,
            "current": view == current,
            "count": counted(selectors.view_of(user, view)) if view != "closed" else "",
        }
        for view, label in shown
    ]


def _query(request: HttpRequest) -> str:
    """The filter of the address, without the place in the list."""
    query = request.GET.copy()
    query.pop("after", None)
    return query.urlencode()


@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Searched by POST, for an identity number must not stand in an address."""
    user = require(request, SEE)
    form = Find(request.POST if request.method == "POST" else None)
    found: list[Any] = []
    if form.is_valid():
        found = list(selectors.found_by(user, form.cleaned_data["text"])[: selectors.MOST_FOUND])
        chain.note("cases searched", actor=user.username, detail={"found": len(found)})
        if len(found) == 1:
            return redirect("casework:case", found[0].number)
    context = {"form": form, "lines": lines_of(found), "asked": form.is_bound and form.is_valid()}
    return render(request, "casework/find.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    user = require(request, EXPORT)
    asked = Filter(request.GET).asked()
    view = asked.get("view") or ("todo" if may(user, WORK) else "open")
    cases = selectors.filtered(selectors.view_of(user, view), asked)
    cases = selectors.with_numbers(cases).order_by("opened_at", "pk")
    chain.note("cases exported", actor=user.username, detail={"view": view, "at most": MOST_EXPORTED})
    headings = [str(heading) for heading in HEADINGS]
    return download(
        _("案件 %(day)s") % {"day": clock.today()}, headings, rows_of(cases[:MOST_EXPORTED]), "xlsx"
    )


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """What was chosen in the list, one after the other; every one of them has its line."""
    user = require(request, WORK)
    chosen = request.POST.getlist("case")
    back = f"{reverse('casework:bench')}?{request.POST.get('query', '')}"
    if not chosen or len(chosen) > many.MOST:
        messages.error(request, _("请选 1 到 %(most)s 件。") % {"most": many.MOST})
        return redirect(back)
    to = None
    if request.POST.get("action") == "assign" and request.POST.get("to"):
        to = get_object_or_404(selectors.colleagues(user), username=request.POST["to"])
    lines = many.run(user, request.POST.get("action", ""), chosen, to)
    done = sum(line.done for line in lines)
    context = {"lines": lines, "done": done, "left": len(lines) - done, "back": back}
    return render(request, "casework/bulk.html", context)


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    form = SaveFilter(request.POST)
    if form.is_valid() and SavedFilter.objects.filter(user=user).count() < MOST_SAVED:
        name, query = form.cleaned_data["name"], form.cleaned_data["query"]
        SavedFilter.objects.update_or_create(user=user, name=name, defaults={"query": query})
        messages.success(request, _("已保存为“%(name)s”。") % {"name": name})
    else:
        messages.error(request, _("没有保存：请写名称，最多保存 %(most)s 个。") % {"most": MOST_SAVED})
    return redirect(f"{reverse('casework:bench')}?{request.POST.get('query', '')}")


@require_POST
def drop_filter(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    SavedFilter.objects.filter(user=user, name=request.POST.get("name", "")).delete()
    return redirect("casework:bench")


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    require(request, SEE)
    return render(request, "casework/guide.html")
