"""What a measure is called in the language of the page; texts of the law stay Chinese."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from zhida.service.law import library

register = template.Library()


@register.filter
def english(measure: str) -> str:
    """The English name of a measure on an English page; nothing on a Chinese one, or where it is gone."""
    found = library().measures.get(measure)
    return found.definition.english if found and get_language() == "en" else ""
