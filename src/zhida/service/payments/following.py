"""A case's payments follow its state: planned and reserved once approved, payable after its 公示, cancelled
where it is reopened or ends without them."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from zhida.service.cases.models import Case
from zhida.service.cases.states import State
from zhida.service.payments import services
from zhida.service.payments.entitlements import rule_of
from zhida.service.payments.ledger import Refused
from zhida.service.payments.models import Fund, Payment
from zhida.service.payments.states import PaymentState
from zhida.standards.regions import ancestors

APPROVED = (State.TO_PUBLISH, State.PUBLICITY, State.FUNDING, State.PAYABLE, State.PAID, State.DONE)
SYSTEM = ""


def follow(case: Case, *, by: str = SYSTEM) -> str:
    """Bring the payments in line with the case, as often as wanted. What a person has to do instead, or "".

    Where no fund or several could pay, or the one has too little, the payments wait for a finance officer.
    """
    if case.state not in APPROVED:
        waiting = case.payments.filter(state__in=(PaymentState.PLANNED, PaymentState.RESERVED))
        if waiting:
            services.cancel(waiting, str(State(case.state).label), by=by)
        return ""
    try:
        services.plan(case, by=by)
    except Refused as reason:
        return str(reason)
    wanting = _reserve(case, by)
    if case.state == State.PAYABLE:
        services.release_for_payment(case.payments.filter(state=PaymentState.RESERVED), by=by)
    return wanting


def _reserve(case: Case, by: str) -> str:
    """Set money aside for what falls due in the years that have a fund; later years wait for theirs."""
    told = ""
    for payment in case.payments.filter(state=PaymentState.PLANNED):
        funds = list(funds_for(payment))
        if len(funds) != 1:
            told = "no fund" if not funds else "several funds"
            continue
        try:
            services.reserve([payment], funds[0], by=by)
        except Refused as reason:
            told = str(reason)
    return told


def funds_for(payment: Payment) -> QuerySet[Fund]:
    """The open funds that the provision names, of the case's region or above, for the payment's year."""
    case = payment.case
    named = [name for name in re.split("[、，,/]", rule_of(case).provision.fund) if name]
    year = payment.due_on.year if payment.due_on else case.on.year
    return Fund.objects.filter(
        name__in=named, region__in=ancestors(case.region), year=year, closed_at__isnull=True
    )


def awaiting_funds(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Those of approved cases that nobody has reserved money for."""
    return payments.filter(state=PaymentState.PLANNED, case__state__in=APPROVED)
