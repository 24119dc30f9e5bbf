"""Funds: what is in them, and the budget that comes and goes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhida.service.accounts.permissions import may, require
from zhida.service.payments import ledger, selectors
from zhida.service.payments.forms import PAY, SEE, BudgetForm, FundForm
from zhida.service.payments.ledger import Posting, Refused
from zhida.service.payments.models import Fund
from zhida.service.payments.moves import Move
from zhida.service.surface.paging import page_of


def index(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    page = page_of(request, selectors.funds(user))
    rows = [(fund, selectors.standings(fund)) for fund in page]
    return render(request, "payments/funds.html", {"page": page, "rows": rows, "may_pay": may(user, PAY)})


def new_fund(request: HttpRequest) -> HttpResponse:
    user = require(request, PAY)
    form = FundForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        fund = ledger.open_fund(said["name"], said["region"], said["year"], by=user.username)
        return redirect("payments:fund", fund.pk)
    return render(request, "payments/new_fund.html", {"form": form})


def fund(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, SEE)
    found = get_object_or_404(selectors.funds(user), pk=pk)
    return _page(request, found, BudgetForm() if may(user, PAY) and not found.closed_at else None)


def _page(request: HttpRequest, found: Fund, form: BudgetForm | None) -> HttpResponse:
    transfers = found.transfers.order_by("-number")
    context = {
        "fund": found,
        "standings": selectors.standings(found),
        "page": page_of(request, transfers),
        "form": form,
    }
    return render(request, "payments/fund.html", context, status=422 if form and form.errors else 200)


@require_POST
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, PAY)
    found = get_object_or_404(Fund.objects.visible_to(user, PAY), pk=pk)
    form = BudgetForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        move = Move(said["move"])
        posting = Posting(move, said["amount"], said["paper"], f"{move}:{found.pk}:{said['paper']}")
        try:
            known = not ledger.post(found, [posting], by=user.username)
            messages.success(
                request, gettext("这个文号已经记过，没有再记。") if known else gettext("已记账。")
            )
            return redirect("payments:fund", pk)
        except Refused as reason:
            form.add_error(None, str(reason))
    return _page(request, found, form)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, PAY)
    found = get_object_or_404(Fund.objects.visible_to(user, PAY), pk=pk)
    ledger.close_fund(found, by=user.username)
    messages.success(request, gettext("资金已关闭，不再有新的支付。"))
    return redirect("payments:fund", pk)
