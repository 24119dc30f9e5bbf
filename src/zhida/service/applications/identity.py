"""Form fields for who somebody is: numbers with check digits, telephone numbers, bank accounts."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhida.service import clock
from zhida.standards.identifiers import id_number_problem, uscc_problem

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}", re.ASCII)
ACCOUNT = re.compile(r"[0-9A-Z]{6,34}", re.ASCII)


class TidyField(forms.CharField):
    """A line of text without control characters, full-width digits and spaces where they do not belong."""

    def __init__(self, *, spaces: bool = False, **kwargs: Any) -> None:
        self.spaces = spaces
        kwargs.setdefault("max_length", 100)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = "".join(c for c in str(value or "") if unicodedata.category(c)[0] != "C")
        if not self.spaces:
            text = "".join(unicodedata.normalize("NFKC", text).split()).upper()
        return str(super().to_python(text))


class UsccField(TidyField):
    """统一社会信用代码 (GB 32100)."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and uscc_problem(value):
            raise ValidationError(_("统一社会信用代码不对，请核对：18 位数字和大写字母。"), code="uscc")


class IdNumberField(TidyField):
    """公民身份号码 (GB 11643)."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and id_number_problem(value, clock.today()):
            raise ValidationError(_("公民身份号码不对，请核对：18 位，最后一位可以是 X。"), code="id_number")


class PhoneField(TidyField):
    """A mobile number, or a landline with its area code."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).removeprefix("+86").replace("—", "-")
        return text.replace("-", "") if MOBILE.fullmatch(text.replace("-", "")) else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not (MOBILE.fullmatch(value) or LANDLINE.fullmatch(value)):
            raise ValidationError(_("请填 11 位手机号码，或带区号的座机，如 0934-1234567。"), code="phone")


class AccountField(TidyField):
    """The number of a bank account or card."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not ACCOUNT.fullmatch(value):
            raise ValidationError(_("银行账号不对，请核对：只有数字和大写字母。"), code="account")
