"""What every page's template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from zhida.service import clock


def site(request: HttpRequest) -> dict[str, Any]:
    """The day the site goes by, and whether it is held still for a demonstration."""
    return {"today": clock.today(), "day_is_held": settings.ZHIDA_TODAY is not None}
