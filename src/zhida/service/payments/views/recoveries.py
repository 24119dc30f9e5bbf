"""Recoveries: what has to come back, and what came."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from zhida.service.accounts.permissions import may, require
from zhida.service.payments import recoveries, selectors
from zhida.service.payments.forms import PAY, SEE, EndForm, ReceiptForm
from zhida.service.payments.ledger import Refused
from zhida.service.payments.states import RecoveryState
from zhida.service.surface.paging import page_of


def index(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    return render(request, "payments/recoveries.html", {"page": page_of(request, selectors.recoveries(user))})


def recovery(request: HttpRequest, pk: int) -> HttpResponse:
    """One recovery; with two forms: money that came, or its end without."""
    user = require(request, PAY if request.method == "POST" else SEE)
    found = get_object_or_404(selectors.recoveries(user), pk=pk)
    ending = "how" in request.POST
    receipt = ReceiptForm(request.POST if request.method == "POST" and not ending else None)
    end = EndForm(request.POST if ending else None)
    form = end if ending else receipt
    if form.is_valid():
        said = form.cleaned_data
        try:
            if ending:
                recoveries.end(found, RecoveryState(said["how"]), said["note"], by=user.username)
            else:
                recoveries.receive(found, said["amount"], said["receipt"], by=user.username)
            messages.success(request, gettext("已记账。"))
            return redirect("payments:recovery", pk)
        except Refused as reason:
            form.add_error(None, str(reason))
    forms = {"receipt": receipt, "end": end} if may(user, PAY) and found.state == RecoveryState.OPEN else {}
    status = 422 if form.errors else 200
    return render(request, "payments/recovery.html", {"recovery": found, "forms": forms}, status=status)
