"""Pages for everybody: what is published, one publication, its file, and an objection to a line of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhida.guide import wording
from zhida.service import clock
from zhida.service.casework.deadlines import deadline_of
from zhida.service.law import library
from zhida.service.notices import objecting, selectors, throttle
from zhida.service.notices.forms import Filter, ObjectionForm
from zhida.service.notices.models import Line, Publication
from zhida.service.notices.refusals import Refused
from zhida.service.sheets.writing import download
from zhida.service.surface.paging import page_of

LINES = 200
MOST_LINES = 5000


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    form = Filter(*selectors.filters(), request.GET)
    page = page_of(request, selectors.published(form.asked()))
    rows = [(found, wording.place_name(library(), found.region)) for found in page]
    context = {"form": form, "page": page, "rows": rows, "today": clock.today()}
    return render(request, "notices/index.html", context)


@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One publication; `?whole=1` has all of its lines on one page, to be printed."""
    found = get_object_or_404(Publication, number=number)
    whole = request.GET.get("whole") == "1"
    page = page_of(request, selectors.lines(found), MOST_LINES if whole else LINES)
    context = shown(found) | {
        "page": page,
        "rows": [selectors.row_of(line) for line in page],
        "whole": whole,
    }
    return render(request, "notices/notice.html", context)


def shown(publication: Publication) -> dict[str, object]:
    """What every page about a publication says of it."""
    return {
        "publication": publication,
        "region_name": wording.place_name(library(), publication.region),
        "deadline": deadline_of(library().calendar, publication.opens_on, publication.days),
        "in_time": objecting.is_in_time(publication, clock.now()),
        "told": selectors.told(publication),
    }


@require_safe
def file(request: HttpRequest, number: str) -> HttpResponseBase:
    found = get_object_or_404(Publication, number=number)
    return download(found.number, selectors.headings(), selectors.cells(found), "xlsx")


@never_cache
def object_to(request: HttpRequest, number: str, line: int) -> HttpResponse:
    """A form, and what it comes to. Nobody has to log in; everybody has to say who they are."""
    lines = Line.objects.select_related("publication")
    found = get_object_or_404(lines, publication__number=number, number=line)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = _take(request, found, form)
        if status == 302:
            return redirect("notices:notice", number)
    context = shown(found.publication) | {
        "line": selectors.row_of(found),
        "form": form,
        "can_object": objecting.can_object(found),
    }
    return render(request, "notices/object.html", context, status=status)


def _take(request: HttpRequest, line: Line, form: ObjectionForm) -> int:
    """The status of the answer: 302 where the objection was taken."""
    arrived, address = clock.now(), request.META.get("REMOTE_ADDR", "")
    if not throttle.is_allowed(address):
        form.add_error(None, _("从您这里来的异议太多了，请过一会儿再提，或者直接与经办科室联系。"))
        objecting.note_refused(line.publication, "too many")
        return 429
    if not form.is_valid():
        return 422
    throttle.count(address)
    try:
        taken = objecting.object_to(line, form.said(), at=arrived)
    except Refused as reason:
        form.add_error(None, str(reason))
        return 422
    receipt = objecting.receipt_of(taken)
    text = _("异议已收到，回执号 %(receipt)s。这一条已暂停，裁定后经办人员会打电话告诉您。")
    messages.success(request, text % {"receipt": receipt})
    return 302
