"""Forms of finance officers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.permissions import Somebody, appointments_for
from zhida.service.accounts.scope import covers
from zhida.service.payments.bank.profile import profiles
from zhida.service.payments.models import Fund
from zhida.service.payments.moves import Move
from zhida.service.payments.states import RecoveryState
from zhida.standards.regions import is_region_code

PAY, SEE = "pay", "see payments"


class Amount(forms.DecimalField):
    """Yuan and fen, more than nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=Decimal("0.01"), max_digits=17, decimal_places=2, **options)


class Declared(forms.Form):
    """How many and how much, as the officer has it on their own sheet: never filled in for them."""

    count = forms.IntegerField(label=_("笔数"), min_value=1)
    total = Amount(label=_("总额（元）"))


class BatchForm(Declared):
    profile = forms.ChoiceField(label=_("银行文件格式"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        english = get_language() == "en"
        found = profiles().items()
        self.fields["profile"].choices = [(key, p.name_en if english else p.name) for key, p in found]  # type: ignore[attr-defined]


class ResultForm(Declared):
    file = forms.FileField(label=_("银行回盘文件"), help_text=_("银行给的结果文件，.csv 或 .xlsx。"))

    field_order = ("file", "count", "total")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class AccountForm(forms.Form):
    holder = forms.CharField(label=_("户名"), max_length=100)
    number = forms.RegexField(
        r"^\d{8,32}$", label=_("账号"), error_messages={"invalid": _("账号是 8 到 32 位数字。")}
    )
    bank = forms.CharField(label=_("开户银行"), max_length=100)


class FundForm(forms.ModelForm):
    """A fund in a region that the officer's appointment covers."""

    class Meta:
        model = Fund
        fields = ("name", "region", "year")

    def __init__(self, by: Somebody, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.by = by
        self.fields["name"].help_text = _("与文件写的资金来源一字不差，例如：就业补助资金。")
        self.fields["region"].help_text = _("六位行政区划代码。")

    def clean_region(self) -> str:
        region: str = self.cleaned_data["region"]
        mine = any(covers(held.region, region) for held in appointments_for(self.by, PAY))
        if not is_region_code(region) or not mine:
            raise ValidationError(_("只能开设本地区的资金。"))
        return region


class BudgetForm(forms.Form):
    move = forms.ChoiceField(
        label=_("业务"), choices=[(Move.BUDGET, Move.BUDGET.label), (Move.CUT, Move.CUT.label)]
    )
    amount = Amount(label=_("金额（元）"))
    paper = forms.CharField(
        label=_("依据文号"), max_length=50, help_text=_("预算下达或收回的文号；同一文号只记一次。")
    )


class ReserveForm(forms.Form):
    fund = forms.ModelChoiceField(Fund.objects.none(), label=_("从哪项资金支付"))

    def __init__(self, funds: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]


class ClaimForm(forms.Form):
    amount = Amount(label=_("追回金额（元）"))
    reason = forms.CharField(label=_("事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    clause = forms.CharField(label=_("依据（文号和条款）"), max_length=100)


class ReceiptForm(forms.Form):
    amount = Amount(label=_("到账金额（元）"))
    receipt = forms.CharField(label=_("到账凭证号"), max_length=40)


class EndForm(forms.Form):
    how = forms.ChoiceField(
        label=_("怎样办结"),
        choices=[(s, s.label) for s in (RecoveryState.WAIVED, RecoveryState.WRITTEN_OFF)],
    )
    note = forms.CharField(label=_("原因"), max_length=300)
