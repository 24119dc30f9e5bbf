"""Payments from an approved case to the day they may go to the bank, and their end before that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from zhida.service.audit.chain import Event, record, record_many
from zhida.service.cases.models import Case
from zhida.service.payments.entitlements import (
    Occasion,
    exclusion_period_of,
    occasions_of,
    rule_of,
)
from zhida.service.payments.ledger import Posting, Refused, post
from zhida.service.payments.models import Entitlement, Fund, Payment
from zhida.service.payments.states import ENDED, MOVED_BY, PaymentState


def plan(case: Case, *, by: str) -> list[Payment]:
    """The payments of an approved case that its decision knows and that are not planned yet.

    A stage whose amount is known only later is planned then. Raises Refused where somebody was granted it
    already: whether two cases owe the same is the database's to say, its constraints hold against all others.
    """
    try:
        with transaction.atomic():
            locked = Case.objects.select_for_update(of=("self",)).select_related("package").get(pk=case.pk)
            before = list(locked.payments.all())
            known = {(p.stage, p.period, p.payer) for p in before if p.state != PaymentState.CANCELLED}
            new = [o for o in occasions_of(locked) if (o.stage, o.period, o.payer) not in known]
            payments = [_planned(locked, occasion, len(before)) for occasion in new]
            if payments:
                total = sum((payment.amount for payment in payments), Decimal(0))
                detail = {"payments": len(payments), "amount": str(total)}
                record("payments planned", actor=by, subject=case.number, region=case.region, detail=detail)
    except IntegrityError as error:
        raise Refused(_("同一对象的这笔待遇（或与它互斥的待遇）已经安排过，不能再付。")) from error
    return payments


def _planned(case: Case, occasion: Occasion, before: int) -> Payment:
    """`before`: how many payments the case has had, so that a number never comes again."""
    rule = rule_of(case)
    again = f"R{before}" if before else ""
    parts = (f"{occasion.stage}", occasion.period.replace("-", ""), occasion.payer, again)
    payment = Payment.objects.create(
        case=case,
        number="-".join((case.number, *(part for part in parts if part))),
        stage=occasion.stage,
        period=occasion.period,
        payer=occasion.payer,
        label=occasion.label,
        amount=occasion.amount,
        account=case.package.account,
        due_on=occasion.due_on,
    )
    group = rule.exclusion.group if rule.exclusion else ""
    Entitlement.objects.bulk_create(
        Entitlement(
            payment=payment,
            unit=owed.unit,
            subject=owed.subject,
            measure=case.measure,
            period=occasion.period,
            stage=occasion.stage,
            payer=occasion.payer,
            exclusion_group=group,
            exclusion_person=owed.person if group else "",
            exclusion_period=exclusion_period_of(rule, case.on) if group else "",
            amount=owed.amount,
        )
        for owed in occasion.units
    )
    return payment


def reserve(payments: Iterable[Payment], fund: Fund, *, by: str) -> None:
    """Set money of the fund aside for planned payments, all or none. Raises Refused."""
    move(payments, PaymentState.RESERVED, by=by, fund=fund)


def release_for_payment(payments: Iterable[Payment], *, by: str) -> None:
    """Reserved payments may now be made: the case is approved and its 公示, if any, is over."""
    move(payments, PaymentState.PAYABLE, by=by)


def stop(payments: Iterable[Payment], reason: str, *, by: str) -> None:
    """Payments that are not made any more, because a stop event came or the case was withdrawn."""
    if not reason.strip():
        raise Refused(_("请写明停发的原因。"))
    move(payments, PaymentState.STOPPED, by=by, reason=reason)


def cancel(payments: Iterable[Payment], reason: str, *, by: str) -> None:
    """Payments of a case that is not approved any more; approved again, it has them planned anew."""
    move(payments, PaymentState.CANCELLED, by=by, reason=reason)


def stop_from(case: Case, last_month: date, reason: str, *, by: str) -> list[Payment]:
    """End a monthly benefit: `last_month` is the last that is still paid. What was paid stays paid."""
    later = [p for p in case.payments.all() if p.period > f"{last_month:%Y-%m}" and _can_stop(p)]
    stop(later, reason, by=by)
    return later


def _can_stop(payment: Payment) -> bool:
    return (PaymentState(payment.state), PaymentState.STOPPED) in MOVED_BY


def correct_account(payment: Payment, account: dict[str, Any], *, by: str) -> None:
    """A returned payment with another account, ready to be sent again."""
    with transaction.atomic():
        _save_account(payment, account)
        record("account corrected", actor=by, subject=payment.number, region=payment.case.region)
        move([payment], PaymentState.PAYABLE, by=by)


def _save_account(payment: Payment, account: dict[str, Any]) -> None:
    Payment.objects.filter(pk=payment.pk, state=PaymentState.RETURNED).update(account=account)


def move(
    payments: Iterable[Payment],
    target: PaymentState,
    *,
    by: str,
    fund: Fund | None = None,
    reason: str = "",
    **fields: Any,
) -> None:
    """Change the state of payments and the money that goes with it, in one transaction.

    The rows are locked in the order of their keys, then the funds: two that do this at once wait, and the
    second finds them moved. Raises Refused where a payment is not where it can go to `target`.
    """
    with transaction.atomic():
        locked = list(_locked(payments))
        for payment in locked:
            if (PaymentState(payment.state), target) not in MOVED_BY:
                raise Refused(_not_possible(payment, target))
        for each in _locked_funds(locked, fund):
            post(each, _postings(locked, each, fund, target), by=by)
        changes = {"state": target, "moved": F("moved") + 1, **fields, **({"fund": fund} if fund else {})}
        if reason:
            changes["reason"] = reason[:200]
        ids = [payment.pk for payment in locked]
        Payment.objects.filter(pk__in=ids).update(**changes)
        if target in ENDED:
            Entitlement.objects.filter(payment__in=ids).update(ended_at=timezone.now())
        _record(locked, target, by, reason)


def _locked(payments: Iterable[Payment]) -> QuerySet[Payment]:
    ids = sorted(payment.pk for payment in payments)
    return (
        Payment.objects.select_for_update(of=("self",))
        .select_related("fund")
        .filter(pk__in=ids)
        .order_by("pk")
    )


def _locked_funds(payments: Sequence[Payment], given: Fund | None) -> list[Fund]:
    """Each fund that money moves in, locked in the order of their keys before any of them is posted to:
    a posting ends in the audit chain, which everybody waits for."""
    ids = {fund.pk for payment in payments if (fund := given or payment.fund) is not None}
    return list(Fund.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _postings(
    payments: Sequence[Payment], fund: Fund, given: Fund | None, target: PaymentState
) -> list[Posting]:
    """One for each payment of the fund; its key holds how often the payment moved, so that none is lost."""
    found = []
    for payment in payments:
        money = MOVED_BY[PaymentState(payment.state), target]
        if money is not None and (given or payment.fund) == fund:
            key = f"{money}:{payment.number}:{payment.moved}"
            found.append(Posting(money, payment.amount, payment.number, key))
    return found


def _record(payments: Sequence[Payment], target: PaymentState, by: str, reason: str) -> None:
    """One audit entry for each case: which of its payments went where."""
    by_case: dict[int, list[str]] = {}
    for payment in payments:
        by_case.setdefault(payment.case_id, []).append(payment.number)
    cases = Case.objects.filter(pk__in=by_case).order_by("pk").values_list("pk", "number", "region")
    record_many(
        Event(
            "payments moved",
            by,
            number,
            region,
            {"to": str(target), "payments": by_case[key], "reason": reason},
        )
        for key, number, region in cases
    )


def _not_possible(payment: Payment, target: PaymentState) -> str:
    told = {"number": payment.number, "state": PaymentState(payment.state).label, "target": target.label}
    return _("支付 %(number)s 现在是“%(state)s”，不能改为“%(target)s”。") % told
