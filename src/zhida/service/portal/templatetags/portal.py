"""A filter of the portal's templates."""

from __future__ import annotations

from typing import Any

from django import template

from zhida.service.portal.results import Names, named

register = template.Library()


@register.filter(name="named")
def _named(text: Any, names: Names) -> str:
    """A text of the guide, in which the rows of the case have their names."""
    return named(str(text), names)
