"""What every page's template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import get_language

from zhida.service import clock
from zhida.service.surface import navigation, place


def site(request: HttpRequest) -> dict[str, Any]:
    """Where and when the page is read, where one can go, and whether the day is held for a demonstration."""
    try:
        at = place.of(request)
    except BadRequest:
        at = place.home()
    return {
        "place": at,
        "place_is_fixed": place.is_fixed(request),
        "regions": place.regions(),
        "kept": [(name, value) for name, value in request.GET.items() if name not in (*place.NAMES, "lang")],
        "navigation": list(navigation.links(request)),
        "other_languages": [(code, name) for code, name in settings.LANGUAGES if code != get_language()],
        "today": clock.today(),
        "day_is_held": settings.ZHIDA_TODAY is not None,
    }
