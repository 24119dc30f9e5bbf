"""Drafts, read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from zhida.service import clock
from zhida.service.applications.models import Draft


def drafts_of(user: Any) -> QuerySet[Draft]:
    """What the user has begun and not submitted, the latest first."""
    open_ones = Draft.objects.filter(user=user, package=None, expires_at__gt=clock.now())
    return open_ones.defer("facts", "rows").order_by("-pk")
