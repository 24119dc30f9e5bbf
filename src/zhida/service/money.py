"""Money in the database: whole 分 in the column, Decimal yuan in Python.

SQLite keeps decimals as binary fractions; whole numbers add up exactly on every database.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 15
"""Exclusive, in yuan; far below what 64 bits hold in 分, so that sums cannot overflow."""


class MoneyField(models.Field):
    """Yuan with two places. More places, NaN or too much raise ValidationError, never a rounding."""

    description = _("金额（元）")

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else yuan(value)

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-2)

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else int(yuan(value).scaleb(2))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> int | None:
        return value if prepared else self.get_prep_value(value)

    def formfield(self, **options: Any) -> Any:
        from django.forms import DecimalField

        return super().formfield(
            **{"form_class": DecimalField, "max_digits": 17, "decimal_places": 2, **options}
        )


def yuan(value: Any) -> Decimal:
    """`value` as Decimal yuan with two places; raises ValidationError where it is not exactly that."""
    try:
        amount = Decimal(value) if isinstance(value, int | str | Decimal) else None
    except ArithmeticError:
        amount = None
    if amount is None or not amount.is_finite():
        raise ValidationError(_("金额必须是数字。"), code="invalid")
    if abs(amount) >= LARGEST or amount != amount.quantize(CENT):
        raise ValidationError(_("金额最多两位小数，且小于一千万亿元。"), code="invalid")
    return amount.quantize(CENT)
