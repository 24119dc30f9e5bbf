"""The three published lists, as pages and as files, for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhida.service.registry import published
from zhida.service.sheets.writing import Value, download
from zhida.service.surface import place
from zhida.service.surface.paging import page_of

MOST_NAMES = 50_000


@require_safe
def measures(request: HttpRequest) -> HttpResponseBase:
    at = place.of(request)
    lines = published.measure_lines(at.region, at.on)
    headings = [_("政策"), _("对象"), _("标准"), _("办理时间"), _("文号"), _("条款"), _("经办"), _("电话")]
    rows = [[x.title, x.audience, x.amount, x.window, x.document, x.clause, x.office, x.phone] for x in lines]
    return _file(request, _("政策清单"), headings, rows) or render(
        request,
        "registry/list_measures.html",
        {"lines": lines, "tab": "measures", "english": get_language() == "en"},
    )


@require_safe
def served(request: HttpRequest) -> HttpResponseBase:
    at = place.of(request)
    found = published.categories(at.region)
    rows = [[x.group, x.name, _("不足 5") if x.count is None else x.count] for x in found]
    return _file(request, _("服务对象清单"), [_("类"), _("名称"), _("数量")], rows) or render(
        request, "registry/list_served.html", {"categories": found, "tab": "served"}
    )


@require_safe
def names(request: HttpRequest, key: str) -> HttpResponseBase:
    """The organisations of one category."""
    at = place.of(request)
    found = published.named(at.region, key)
    if found is None:
        raise Http404
    category = next((each for each in published.categories(at.region) if each.key == key), None)
    title = category.name if category else key
    rows = ([each.number, each.name] for each in found[:MOST_NAMES])
    context = {"category": category, "title": title, "page": page_of(request, found), "tab": "served"}
    return _file(request, title, [_("统一社会信用代码"), _("单位名称")], rows) or render(
        request, "registry/list_names.html", context
    )


@require_safe
def agencies(request: HttpRequest) -> HttpResponseBase:
    at = place.of(request)
    headings = [_("地区"), _("机构"), _("科室"), _("电话"), _("地址"), _("办公时间")]
    rows = published.agency_rows(at.region)
    return _file(request, _("经办机构清单"), headings, rows) or render(
        request,
        "registry/list_agencies.html",
        {"agencies": published.agencies(at.region), "tab": "agencies"},
    )


def _file(
    request: HttpRequest, title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]
) -> HttpResponseBase | None:
    """The list as a file, where `?form=` asks for one."""
    match request.GET.get("form"):
        case "xlsx":
            return download(_name(request, title), headings, rows, "xlsx")
        case "csv":
            return download(_name(request, title), headings, rows, "csv")
    return None


def _name(request: HttpRequest, title: str) -> str:
    at: Any = place.of(request)
    return f"{at.name}{title} {at.on.isoformat()}"
