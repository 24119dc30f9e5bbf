"""What is to be paid: piles by state, one payment, a fund for what waits for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhida.service.accounts.permissions import may, require
from zhida.service.payments import batches, recoveries, selectors, services
from zhida.service.payments.forms import PAY, SEE, AccountForm, BatchForm, ClaimForm, ReasonForm, ReserveForm
from zhida.service.payments.ledger import Refused
from zhida.service.payments.models import Fund, Payment
from zhida.service.payments.states import PaymentState
from zhida.service.surface.paging import page_of

MOST_IN_A_BATCH = 10_000
"""The oldest first; what is left goes into the next one."""
MOST_UNITS = 1000


def due(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    state = request.GET.get("state", PaymentState.PAYABLE)
    known = state if state in PaymentState.values else PaymentState.PAYABLE
    found = selectors.payments(user, known)
    if fund := request.GET.get("fund", ""):
        found = found.filter(fund=int(fund)) if fund.isdecimal() else found.none()
    context = {
        "piles": selectors.piles(user),
        "state": PaymentState(known),
        "page": page_of(request, found),
        "funds": selectors.funds(user).filter(closed_at=None),
        "fund": fund,
        "may_pay": may(user, PAY),
    }
    return render(request, "payments/due.html", context)


def new_batch(request: HttpRequest) -> HttpResponse:
    """A batch of all that is payable from one fund; the officer declares how many and how much."""
    user = require(request, PAY)
    if not (number := _number(request)):
        return redirect("payments:due")
    fund = get_object_or_404(Fund.objects.visible_to(user, PAY), pk=number)
    payable = selectors.payments(user, PaymentState.PAYABLE).filter(fund=fund)[:MOST_IN_A_BATCH]
    form = BatchForm(request.POST or None)
    if form.is_valid():
        try:
            made = batches.make(fund, payable, by=user.username, **form.cleaned_data)
            return redirect("payments:batch", made.pk)
        except Refused as reason:
            form.add_error(None, str(reason))
    context = {"form": form, "fund": fund, "page": page_of(request, payable)}
    return render(request, "payments/new_batch.html", context, status=422 if form.errors else 200)


def _number(request: HttpRequest) -> int:
    text = request.GET.get("fund", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def payment(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, SEE)
    found = get_object_or_404(selectors.payments(user), pk=pk)
    context = {
        "payment": found,
        "tail": str(found.account.get("number", ""))[-4:],
        "entitlements": found.entitlements.all()[:MOST_UNITS],
        "sendings": found.sendings.select_related("batch"),
        "recoveries": found.recoveries.all(),
        "forms": _forms(found, user) if may(user, PAY) else {},
    }
    return render(request, "payments/payment.html", context)


def _forms(found: Payment, user: Any) -> dict[str, forms.Form]:
    """What may be done to a payment in its state."""
    match PaymentState(found.state):
        case PaymentState.PLANNED:
            funds = selectors.funds(user).filter(closed_at=None)
            return {"reserve": ReserveForm(funds), "stop": ReasonForm()}
        case PaymentState.RESERVED:
            return {"stop": ReasonForm()}
        case PaymentState.RETURNED:
            initial = {key: found.account.get(key, "") for key in ("holder", "bank")}
            return {"account": AccountForm(initial=initial)}
        case PaymentState.PAID:
            return {"claim": ClaimForm()}
    return {}


@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One of the forms of a payment's page."""
    user = require(request, PAY)
    found = get_object_or_404(Payment.objects.visible_to(user, PAY), pk=pk)
    form = _form_of(what, user, request)
    if not form.is_valid():
        messages.error(request, _told(form))
        return redirect("payments:payment", pk)
    try:
        _do(what, found, form.cleaned_data, user.username)
        messages.success(request, gettext("已办理。"))
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect("payments:payment", pk)


def _told(form: forms.Form) -> str:
    """The first fault of each field, on the page that the form came from."""
    faults = ((form.fields[name].label, told[0]) for name, told in form.errors.items())
    return "；".join(f"{label}：{fault}" for label, fault in faults)


def _form_of(what: str, user: Any, request: HttpRequest) -> forms.Form:
    if what == "reserve":
        return ReserveForm(selectors.funds(user).filter(closed_at=None), request.POST)
    kinds: dict[str, type[forms.Form]] = {"stop": ReasonForm, "account": AccountForm, "claim": ClaimForm}
    return kinds[what](request.POST)


def _do(what: str, found: Payment, said: dict[str, Any], by: str) -> None:
    match what:
        case "reserve":
            services.reserve([found], said["fund"], by=by)
        case "stop":
            services.stop([found], said["reason"], by=by)
        case "account":
            services.correct_account(found, said, by=by)
        case "claim":
            recoveries.claim(found, said["amount"], said["reason"], said["clause"], by=by)
