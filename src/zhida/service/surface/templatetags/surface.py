"""Filters of every template: money, days, numbers as the public reads them."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def yuan(amount: Decimal | None) -> str:
    """`11,111.10 元`; nothing for what is not known."""
    return "" if amount is None else f"{amount:,.2f} 元"
