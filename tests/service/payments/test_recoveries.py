"""Recovery of what should not have been paid."""

from datetime import date
from decimal import Decimal

import pytest
from tests.service.payments.conftest import REFUND

from zhida.service.payments import recoveries, services
from zhida.service.payments.ledger import Refused, balances
from zhida.service.payments.models import Entitlement
from zhida.service.payments.moves import Standing
from zhida.service.payments.states import PaymentState, RecoveryState

pytestmark = pytest.mark.django_db
BY = "财务甲"
AMOUNT = Decimal("4374.00")
CLAUSE = "正人社发〔2022〕91号 四"


@pytest.fixture
def paid(payable):
    services.move([payable], PaymentState.BATCHED, by=BY, batch=_batch(payable))
    services.move([payable], PaymentState.PAID, by=BY, paid_on=date(2022, 11, 1))
    payable.refresh_from_db()
    return payable


def _batch(payment):
    from zhida.service import clock
    from zhida.service.payments.models import Batch

    return Batch.objects.create(
        fund=payment.fund, number="B1", profile="csv", count=1, total=payment.amount, state="exported",
        made_by=BY, made_at=clock.now(), checked_by="财务乙",
    )  # fmt: skip


def test_a_claim_makes_what_was_paid_receivable(paid, fund):
    recoveries.claim(paid, AMOUNT, "裁员率不实", CLAUSE, by=BY)
    assert (balances(fund)[Standing.PAID], balances(fund)[Standing.RECEIVABLE]) == (0, AMOUNT)


def test_more_than_was_paid_cannot_be_claimed_not_even_in_parts(paid):
    recoveries.claim(paid, Decimal("4000.00"), "部分人员不符", CLAUSE, by=BY)
    with pytest.raises(Refused, match=r"374\.00"):
        recoveries.claim(paid, Decimal("374.01"), "又一项", CLAUSE, by=BY)


def test_what_is_not_paid_cannot_be_claimed(payable):
    with pytest.raises(Refused):
        recoveries.claim(payable, Decimal(1), "事由", CLAUSE, by=BY)


def test_a_claim_needs_reason_and_clause(paid):
    with pytest.raises(Refused, match="依据"):
        recoveries.claim(paid, AMOUNT, "事由", " ", by=BY)


def test_what_comes_back_can_be_spent_again(paid, fund):
    recovery = recoveries.claim(paid, AMOUNT, "不实", CLAUSE, by=BY)
    recoveries.receive(recovery, Decimal("374.00"), "收据1", by=BY)
    recovery = recoveries.receive(recovery, Decimal("4000.00"), "收据2", by=BY)
    assert recovery.state == RecoveryState.RECEIVED
    assert balances(fund)[Standing.AVAILABLE] == 100_000


def test_one_receipt_is_taken_once(paid):
    recovery = recoveries.claim(paid, AMOUNT, "不实", CLAUSE, by=BY)
    recoveries.receive(recovery, Decimal(100), "收据1", by=BY)
    assert recoveries.receive(recovery, Decimal(100), "收据1", by=BY).received == 100


def test_once_all_is_back_it_may_be_granted_again(paid, approved):
    recovery = recoveries.claim(paid, AMOUNT, "不实", CLAUSE, by=BY)
    again = approved("job-retention-refund", employer=REFUND)
    with pytest.raises(Refused):
        services.plan(again, by=BY)
    recoveries.receive(recovery, AMOUNT, "收据", by=BY)
    assert Entitlement.objects.get().ended_at is not None
    assert services.plan(again, by=BY)


def test_a_wrong_claim_is_waived_and_the_payment_stands(paid, fund):
    recovery = recoveries.claim(paid, AMOUNT, "误认定", CLAUSE, by=BY)
    recoveries.end(recovery, RecoveryState.WAIVED, "复核后撤销", by=BY)
    assert balances(fund)[Standing.PAID] == AMOUNT
    assert recoveries.claim(paid, AMOUNT, "重新认定", CLAUSE, by=BY)


def test_what_cannot_be_had_is_written_off(paid, fund):
    recovery = recoveries.claim(paid, AMOUNT, "企业注销", CLAUSE, by=BY)
    recoveries.receive(recovery, Decimal(1000), "收据", by=BY)
    with pytest.raises(Refused, match="只能核销"):
        recoveries.end(recovery, RecoveryState.WAIVED, "原因", by=BY)
    recoveries.end(recovery, RecoveryState.WRITTEN_OFF, "法院终结执行", by=BY)
    assert balances(fund)[Standing.WRITTEN_OFF] == Decimal("3374.00")


def test_an_ended_recovery_takes_nothing_more(paid):
    recovery = recoveries.claim(paid, AMOUNT, "不实", CLAUSE, by=BY)
    recoveries.end(recovery, RecoveryState.WRITTEN_OFF, "核销", by=BY)
    with pytest.raises(Refused, match="已经办结"):
        recoveries.receive(recovery, Decimal(1), "收据", by=BY)
