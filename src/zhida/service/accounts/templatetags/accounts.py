"""Filters of the pages of accounts: names of regions, what an entry of the audit says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from zhida.guide import wording
from zhida.service.audit.wording import action_text as words_for
from zhida.service.law import library
from zhida.standards.regions import NATION

register = template.Library()


@register.filter
def place_name(region: str) -> str:
    if region == NATION:
        return gettext("全国")
    return wording.place_name(library(), region) if region else "—"


@register.filter
def action_text(action: str) -> str:
    return words_for(action)


@register.filter
def detail_text(detail: Mapping[str, Any]) -> str:
    """`name: value` of each, in the order of the names."""
    return "; ".join(f"{name}: {_short(detail[name])}" for name in sorted(detail))


def _short(value: Any) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)
