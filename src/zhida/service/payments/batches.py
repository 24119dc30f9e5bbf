"""Batches: made by one officer, checked by another, sent to the bank, settled by its answer."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from zhida.service import clock
from zhida.service.audit.chain import record
from zhida.service.cases.models import Case
from zhida.service.cases.states import State
from zhida.service.casework.services import perform
from zhida.service.payments import services
from zhida.service.payments.bank import results
from zhida.service.payments.bank.profile import profiles
from zhida.service.payments.bank.writing import unfit, write
from zhida.service.payments.ledger import Refused
from zhida.service.payments.models import BankResult, Batch, Fund, Payment, Sending
from zhida.service.payments.states import BatchState, Outcome, PaymentState

IN_HAND = (PaymentState.RESERVED, PaymentState.PAYABLE, PaymentState.BATCHED, PaymentState.RETURNED)
"""What stands between a case and being paid; months and stages to come do not."""
LISTED = 5
"""How many of the payments that stand in the way an error names."""


class ResultRefused(Exception):
    """A bank's answer that was not taken; `problems` says why, row by row."""

    def __init__(self, problems: list[results.Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def make(
    fund: Fund, payments: Iterable[Payment], profile: str, *, count: int, total: Decimal, by: str
) -> Batch:
    """A batch of payable payments. `count` and `total` are what its maker declares; raises Refused."""
    if profile not in profiles():
        raise Refused(_("没有这种银行文件格式。"))
    ids = sorted(payment.pk for payment in payments)
    with transaction.atomic():
        _check_open(fund)
        chosen = list(Payment.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        _check_payable(chosen, fund)
        _check_accounts(chosen)
        sums = len(chosen), sum((payment.amount for payment in chosen), Decimal(0))
        _check_declared(sums, (count, total))
        now = timezone.now()
        batch = Batch.objects.create(
            fund=fund, number=_number(), profile=profile, count=count, total=total, made_by=by, made_at=now
        )
        Sending.objects.bulk_create(
            Sending(batch=batch, payment=payment, line=line, amount=payment.amount, account=payment.account)
            for line, payment in enumerate(chosen, 1)
        )
        services.move(chosen, PaymentState.BATCHED, by=by, batch=batch, attempt=F("attempt") + 1)
        _record("batch made", batch, by)
    return batch


def _check_open(fund: Fund) -> None:
    if Fund.objects.select_for_update().get(pk=fund.pk).closed_at is not None:
        raise Refused(_("资金“%(fund)s”已经关闭。") % {"fund": fund})


def _number() -> str:
    return f"B{clock.today():%y%m%d}{secrets.token_hex(4).upper()}"


def _check_payable(payments: list[Payment], fund: Fund) -> None:
    if not payments:
        raise Refused(_("没有选中要支付的款项。"))
    wrong = [p for p in payments if p.state != PaymentState.PAYABLE or p.fund_id != fund.pk]
    if wrong:
        raise Refused(_("这些款项现在不能从该资金支付：%(numbers)s") % {"numbers": _listed(wrong)})


def _check_accounts(payments: list[Payment]) -> None:
    for payment in payments:
        reason = unfit(payment.account.get("holder", ""), payment.account.get("number", ""))
        if reason:
            told = {"number": payment.number, "reason": reason}
            raise Refused(_("支付 %(number)s：%(reason)s。") % told)


def _check_declared(found: tuple[int, Decimal], declared: tuple[int, Decimal]) -> None:
    if found != declared:
        told = {"count": found[0], "total": f"{found[1]:,.2f}"}
        raise Refused(_("实际是 %(count)d 笔 %(total)s 元，与填报的笔数和总额不符。") % told)


def _listed(payments: list[Payment]) -> str:
    numbers = "、".join(payment.number for payment in payments[:LISTED])
    return numbers + ("……" if len(payments) > LISTED else "")


def check(batch: Batch, *, count: int, total: Decimal, by: str) -> None:
    """The second officer's word, with the totals once more. Raises Refused."""
    with transaction.atomic():
        locked = _in_state(batch, BatchState.MADE)
        if locked.made_by == by:
            raise Refused(_("制单人不能复核自己的批次。"))
        _check_declared((locked.count, locked.total), (count, total))
        locked.state, locked.checked_by, locked.checked_at = BatchState.CHECKED, by, timezone.now()
        locked.save(update_fields=("state", "checked_by", "checked_at"))
        _record("batch checked", locked, by)


def cancel(batch: Batch, reason: str, *, by: str) -> None:
    """Take a batch back that has not gone to the bank; its payments are payable again."""
    with transaction.atomic():
        locked = _in_state(batch, BatchState.MADE, BatchState.CHECKED)
        locked.sendings.update(outcome=Outcome.CANCELLED, reason=reason[:200])
        services.move(list(locked.payments.all()), PaymentState.PAYABLE, by=by, batch=None)
        Batch.objects.filter(pk=locked.pk).update(state=BatchState.CANCELLED)
        _record("batch cancelled", locked, by)


def export(batch: Batch, *, by: str) -> tuple[str, bytes]:
    """The bank's file and its name; each time the same bytes, and each time audited. Raises Refused."""
    with transaction.atomic():
        locked = _in_state(batch, BatchState.CHECKED, BatchState.EXPORTED)
        profile = profiles()[locked.profile]
        sendings = locked.sendings.select_related("batch").order_by("line")
        content = write(profile, sendings, purpose=str(locked.fund))
        Batch.objects.filter(pk=locked.pk).update(state=BatchState.EXPORTED)
        _record("batch exported", locked, by)
    return f"{locked.number}{profile.suffix}", content


def take_result(batch: Batch, path: Path, name: str, *, count: int, total: Decimal, by: str) -> BankResult:
    """Settle a batch by the bank's answer: whole, or not at all. Raises ResultRefused, Refused, FileRefused.

    What the bank paid is paid, what it returned waits for another account; the same file again is no error.
    """
    with transaction.atomic():
        locked = _in_state(batch, BatchState.EXPORTED, BatchState.SETTLED)
        answer = results.read(profiles()[locked.profile], path, name)
        known = locked.results.filter(digest=answer.digest).first()
        if known is not None:
            return known
        if problems := results.check(answer, locked, count, total):
            raise ResultRefused(problems)
        _apply(locked, answer, by)
        result = BankResult.objects.create(
            batch=locked, digest=answer.digest, count=count, total=total, taken_by=by, taken_at=timezone.now()
        )
        _settle(locked, by)
    return result


def _apply(batch: Batch, answer: results.Answer, by: str) -> None:
    """Lines that were answered before are left as they are.

    The cases are locked first, as everybody does: what moves money ends in the audit chain.
    """
    list(Case.objects.select_for_update(of=("self",)).filter(payments__batch=batch).order_by("pk"))
    by_outcome: dict[tuple[Outcome, str], list[int]] = defaultdict(list)
    waiting = {s.number: s for s in batch.sendings.select_related("batch") if s.outcome == Outcome.WAITING}
    for line in answer.lines:
        if sending := waiting.get(line.number):
            reason = line.reason if line.outcome is Outcome.RETURNED else ""
            by_outcome[line.outcome, reason].append(sending.pk)
    for (outcome, reason), ids in sorted(by_outcome.items()):
        Sending.objects.filter(pk__in=ids).update(outcome=outcome, reason=reason)
        payments = list(Payment.objects.filter(sendings__in=ids))
        if outcome is Outcome.PAID:
            services.move(payments, PaymentState.PAID, by=by, paid_on=clock.today())
        else:
            services.move(payments, PaymentState.RETURNED, by=by, reason=reason)


def _settle(batch: Batch, by: str) -> None:
    """The batch is settled once every line is answered; a case is paid once all of its payments are."""
    if not batch.sendings.filter(outcome=Outcome.WAITING).exists():
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.SETTLED)
    touched = Case.objects.filter(payments__batch=batch, state=State.PAYABLE).distinct()
    for case in touched.exclude(payments__state__in=IN_HAND):
        perform(case, "pay", None, note=batch.number)
    _record("bank result taken", batch, by)


def _in_state(batch: Batch, *states: BatchState) -> Batch:
    locked = Batch.objects.select_for_update(of=("self",)).select_related("fund").get(pk=batch.pk)
    if locked.state not in states:
        state = BatchState(locked.state).label
        raise Refused(
            _("批次 %(number)s 现在是“%(state)s”，不能这样做。") % {"number": locked, "state": state}
        )
    return locked


def _record(action: str, batch: Batch, by: str) -> None:
    detail = {"count": batch.count, "total": str(batch.total)}
    record(action, actor=by, subject=f"batch:{batch.number}", region=batch.fund.region, detail=detail)
