"""What finance's pages read: only what the user's appointments cover."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from zhida.service.payments.forms import SEE
from zhida.service.payments.models import Batch, Fund, Payment, Recovery
from zhida.service.payments.moves import Standing
from zhida.service.payments.states import ENDED, Outcome, PaymentState


@dataclass(frozen=True, slots=True)
class Pile:
    """Payments of one state: how many, how much."""

    state: PaymentState
    count: int
    total: Decimal


def payments(user: Any, state: str = "") -> QuerySet[Payment]:
    """By the day they are due, the oldest first; those without a day after them."""
    found = Payment.objects.visible_to(user, SEE).select_related("case", "fund", "batch")
    return (found.filter(state=state) if state else found).order_by("due_on", "pk")


def piles(user: Any) -> list[Pile]:
    """Every state with what is in it. One query over an index, bounded by the open work of a region."""
    waiting = [state for state in PaymentState if state not in (PaymentState.PAID, *ENDED)]
    found = Payment.objects.visible_to(user, SEE).filter(state__in=waiting)
    rows = found.values_list("state").annotate(count=Count("pk"), total=Sum("amount")).order_by()
    sums = {state: (count, total) for state, count, total in rows}
    return [Pile(state, *sums.get(state, (0, Decimal(0)))) for state in waiting]


def batches(user: Any) -> QuerySet[Batch]:
    return Batch.objects.visible_to(user, SEE).select_related("fund")


def funds(user: Any) -> QuerySet[Fund]:
    found = Fund.objects.visible_to(user, SEE).prefetch_related("accounts")
    return found.order_by("-year", "region", "name")


def recoveries(user: Any) -> QuerySet[Recovery]:
    return Recovery.objects.visible_to(user, SEE).select_related("payment__case", "payment__fund")


def standings(fund: Fund) -> list[tuple[Standing, Decimal]]:
    """Where a fund's money stands, in the order it moves; what it was given comes first, as a plain sum."""
    found = {Standing(account.standing): account.balance for account in fund.accounts.all()}
    return [(standing, abs(found.get(standing, Decimal(0)))) for standing in Standing]


def outcomes(batch: Batch) -> dict[str, int]:
    """How many lines of a batch came to what."""
    rows = batch.sendings.values_list("outcome").annotate(count=Count("pk")).order_by()
    return {str(Outcome(outcome).label): count for outcome, count in rows}
