"""Pages that anyone may read: the front page, the catalogue, the guides, and what robots ask for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from zhida.guide.catalogue import catalogue
from zhida.service.law import library
from zhida.service.portal.catalogue import Filters, cards_of, find, life_events, shown_first
from zhida.service.portal.forms import SearchForm
from zhida.service.portal.guides import COMPARED, page_of
from zhida.service.portal.structured import government_service
from zhida.service.surface import place

SHOWN_EVENTS, SHOWN_MEASURES = 10, 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = place.of(request)
    cards = cards_of(library().hash, at.region, at.on)
    open_now = [card for card in cards.values() if card.state in ("open", "closing")]
    context = {
        "shown": shown_first(cards, SHOWN_MEASURES),
        "open_now": len(open_now),
        "closing": [card for card in open_now if card.state == "closing"],
        "events": life_events(library().hash)[:SHOWN_EVENTS],
        "search": SearchForm(),
        "alternates": alternates(request),
    }
    return render(request, "portal/home.html", context)


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """The catalogue of one place on one day, filtered."""
    at = place.of(request)
    form = SearchForm(request.GET)
    filters = form.filters() if form.is_valid() else Filters()
    context = {
        "form": form,
        "filters": filters,
        "found": find(at.region, at.on, filters),
        "events": life_events(library().hash)[:SHOWN_EVENTS],
        "alternates": alternates(request),
    }
    return render(request, "portal/measures.html", context)


@require_safe
def measure(request: HttpRequest, key: str) -> HttpResponse:
    """The guide of one measure in one place on one day."""
    at = place.of(request)
    page = page_of(library().hash, key, at.region, at.on)
    if page is None:
        raise Http404(key)
    found = alternates(request)
    language = get_language() or settings.LANGUAGE_CODE
    context = {
        "page": page,
        "compared": COMPARED,
        "alternates": found,
        "structured": government_service(page, at.name, found["canonical"], language),
    }
    return render(request, "portal/measure.html", context)


def alternates(request: HttpRequest) -> dict[str, Any]:
    """The one address of a page, and of the same page in each language: with its region, whatever the day."""
    at = place.of(request)
    home_region = at.region == settings.ZHIDA_HOME_REGION
    region = {} if home_region else {"region": at.region}
    base = request.build_absolute_uri(request.path)
    language = get_language() or settings.LANGUAGE_CODE
    own = {} if language == settings.LANGUAGE_CODE else {"lang": language}
    return {
        "canonical": _with(base, {**region, **own}),
        "languages": [(code, _with(base, {**region, "lang": code})) for code, _ in settings.LANGUAGES],
    }


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages are for everyone; what is private or written in is nobody's to index."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/check/*/", "/apply/", "/packages/"))]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page, each measure in every place that enacts it, with its languages."""
    pages = [_entry(request, reverse(f"portal:{view}"), "") for view in ("home", "measures", "check")]
    for entry in catalogue(library()):
        address = reverse("portal:measure", args=[entry.measure])
        pages += [_entry(request, address, region.code) for region in entry.regions]
    content = {"pages": pages}
    return render(request, "portal/sitemap.xml", content, content_type="application/xml; charset=utf-8")


def _entry(request: HttpRequest, path: str, region: str) -> dict[str, Any]:
    base = request.build_absolute_uri(path)
    query = {"region": region} if region and region != settings.ZHIDA_HOME_REGION else {}
    languages = [(code, _with(base, {**query, "lang": code})) for code, _ in settings.LANGUAGES]
    return {"address": _with(base, query), "languages": languages}
