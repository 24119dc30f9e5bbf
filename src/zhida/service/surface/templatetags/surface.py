"""Tags and filters of every template: addresses that keep the place, money, days, marks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, gettext

register = template.Library()


@register.filter
def yuan(amount: Decimal | None) -> str:
    """`11,111.10 元`; nothing for what is not known."""
    return "" if amount is None else gettext("%(amount)s 元") % {"amount": f"{amount:,.2f}"}


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """`2022年10月10日`, or `10 Oct 2022`; nothing for no day."""
    if value is None:
        return ""
    if get_language() == "en":
        return formats.date_format(value, "j M Y")
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def item(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds under a key that the template has in a variable."""
    return found.get(key)


@register.simple_tag(takes_context=True)
def place_url(context: Mapping[str, Any], view: str, *args: Any) -> str:
    """The address of a view, which takes the region and day of this page along."""
    return reverse(view, args=args) + context["place"].query


@register.simple_tag(takes_context=True)
def same_page(context: Mapping[str, Any], **changes: Any) -> str:
    """This page with other parameters; an empty one is left out: `{% same_page page=2 %}`."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"{context['request'].path}?{query.urlencode()}" if query else context["request"].path
