"""Recovery: what was paid and should not have been is a claim until it is back, waived or written off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from zhida.service.audit.chain import record
from zhida.service.cases.models import Case
from zhida.service.money import yuan
from zhida.service.payments.ledger import Posting, Refused, post
from zhida.service.payments.models import Entitlement, Payment, Recovery
from zhida.service.payments.moves import Move
from zhida.service.payments.states import PaymentState, RecoveryState

ENDS = {RecoveryState.WAIVED: Move.WAIVE, RecoveryState.WRITTEN_OFF: Move.WRITE_OFF}


def claim(
    payment: Payment, amount: Decimal, reason: str, clause: str, *, by: str, due_on: date | None = None
) -> Recovery:
    """Claim back part or all of a payment, with reason and clause. Raises Refused."""
    amount = yuan(amount)
    if not reason.strip() or not clause.strip():
        raise Refused(_("请写明追回的事由和依据。"))
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=payment.case_id)
        locked = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
        left = _claimable(locked)
        if not 0 < amount <= left:
            raise Refused(_("最多可以追回 %(left)s 元。") % {"left": f"{left:,.2f}"})
        recovery = Recovery.objects.create(
            payment=locked, amount=amount, reason=reason.strip()[:300], clause=clause.strip()[:100],
            opened_by=by, opened_at=timezone.now(), due_on=due_on,
        )  # fmt: skip
        _post(recovery, Move.CLAIM, amount, "", by)
        _record("recovery opened", recovery, by, amount)
    return recovery


def _claimable(payment: Payment) -> Decimal:
    """What of a payment is with its payee and not claimed yet."""
    if payment.state != PaymentState.PAID:
        return Decimal(0)
    claimed = payment.recoveries.exclude(state=RecoveryState.WAIVED).aggregate(sum=Sum("amount"))["sum"]
    return payment.amount - (claimed or Decimal(0))


def receive(recovery: Recovery, amount: Decimal, receipt: str, *, by: str) -> Recovery:
    """Money that came back; `receipt` is the number of its voucher, taken once. Raises Refused."""
    amount = yuan(amount)
    if not receipt.strip():
        raise Refused(_("请填写到账凭证号。"))
    with transaction.atomic():
        locked = _open(recovery)
        left = locked.amount - locked.received
        if not 0 < amount <= left:
            raise Refused(_("还应追回 %(left)s 元。") % {"left": f"{left:,.2f}"})
        if _post(locked, Move.RECOVER, amount, receipt.strip(), by):
            locked.received += amount
            if locked.received == locked.amount:
                locked.state = RecoveryState.RECEIVED
                _free_the_way(locked)
            locked.save(update_fields=("received", "state"))
            _record("recovery received", locked, by, amount)
    return locked


def end(recovery: Recovery, how: RecoveryState, note: str, *, by: str) -> Recovery:
    """Waive what is left because the claim was wrong, or write it off because it cannot be had."""
    if not note.strip():
        raise Refused(_("请写明原因。"))
    with transaction.atomic():
        locked = _open(recovery)
        if how is RecoveryState.WAIVED and locked.received:
            raise Refused(_("已经有钱追回，不能撤销；余款只能核销。"))
        left = locked.amount - locked.received
        _post(locked, ENDS[how], left, "", by)
        locked.state, locked.ended_note = how, note.strip()[:300]
        locked.save(update_fields=("state", "ended_note"))
        _record(f"recovery {how}", locked, by, left)
    return locked


def _open(recovery: Recovery) -> Recovery:
    locked = (
        Recovery.objects.select_for_update(of=("self",)).select_related("payment__fund").get(pk=recovery.pk)
    )
    if locked.state != RecoveryState.OPEN:
        raise Refused(_("这笔追回已经办结。"))
    return locked


def _post(recovery: Recovery, move: Move, amount: Decimal, receipt: str, by: str) -> bool:
    """Whether money moved: a receipt that was taken before moves none."""
    fund = recovery.payment.fund
    assert fund is not None  # a paid payment has one, and the database says so
    key = f"{move}:recovery {recovery.pk}:{receipt}"
    return bool(post(fund, [Posting(move, amount, recovery.payment.number, key)], by=by))


def _free_the_way(recovery: Recovery) -> None:
    """Once all of a payment is back, its units may be granted the same again."""
    payment = recovery.payment
    back = sum((r.received for r in payment.recoveries.exclude(pk=recovery.pk)), recovery.received)
    if back == payment.amount:
        Entitlement.objects.filter(payment=payment, ended_at=None).update(ended_at=timezone.now())


def _record(action: str, recovery: Recovery, by: str, amount: Decimal) -> None:
    case = recovery.payment.case
    detail = {"payment": recovery.payment.number, "amount": str(amount), "clause": recovery.clause}
    record(action, actor=by, subject=case.number, region=case.region, detail=detail)
