"""A case's payments follow its state."""

from decimal import Decimal

import pytest
from tests.service.payments.conftest import REFUND

from zhida.service.cases.states import State
from zhida.service.payments import ledger, services
from zhida.service.payments.following import awaiting_funds, follow
from zhida.service.payments.ledger import balances
from zhida.service.payments.models import Payment
from zhida.service.payments.moves import Standing
from zhida.service.payments.states import PaymentState
from zhida.service.work.queue import enqueue
from zhida.service.work.worker import run_all

pytestmark = pytest.mark.django_db


def states(case) -> list[str]:
    return [payment.state for payment in case.payments.all()]


def in_state(case, state):
    type(case).objects.filter(pk=case.pk).update(state=state, closed_at=None)
    case.refresh_from_db()
    return case


def test_during_the_notice_money_is_reserved(refund, fund):
    assert follow(in_state(refund, State.PUBLICITY)) == ""
    assert states(refund) == [PaymentState.RESERVED]


def test_after_it_the_payment_is_payable_and_following_again_changes_nothing(refund, fund):
    follow(in_state(refund, State.PUBLICITY))
    follow(in_state(refund, State.PAYABLE))
    follow(refund)
    assert states(refund) == [PaymentState.PAYABLE]
    assert balances(fund)[Standing.PAYABLE] == Decimal("4374.00")


def test_without_a_fund_it_waits_for_a_finance_officer(refund):
    assert follow(refund) == "no fund"
    assert states(refund) == [PaymentState.PLANNED]
    assert list(awaiting_funds(Payment.objects.all())) == list(refund.payments.all())


def test_two_funds_are_a_person_s_choice(refund, fund):
    ledger.open_fund("失业保险基金", "620000", 2022, by="省")
    assert follow(refund) == "several funds"


def test_a_fund_of_another_year_does_not_pay(approved):
    ledger.open_fund("失业保险基金", "621025", 2023, by="财务甲")
    case = approved("job-retention-refund", employer=REFUND)
    assert follow(case) == "no fund"


def test_a_refused_case_gives_its_reservation_back(refund, fund):
    follow(in_state(refund, State.PUBLICITY))
    refund.state = State.REFUSED
    follow(refund)
    assert states(refund) == [PaymentState.CANCELLED]
    assert balances(fund)[Standing.AVAILABLE] == 100_000


def test_a_case_that_is_reopened_and_approved_again_is_planned_anew(refund, fund):
    follow(in_state(refund, State.PUBLICITY))
    follow(in_state(refund, State.FIRST_REVIEW))
    follow(in_state(refund, State.PUBLICITY))
    assert sorted(states(refund)) == [PaymentState.CANCELLED, PaymentState.RESERVED]
    assert balances(fund)[Standing.RESERVED] == Decimal("4374.00")


def test_what_a_stop_event_ended_is_not_planned_again(refund, fund):
    follow(in_state(refund, State.PUBLICITY))
    services.stop(refund.payments.all(), "单位注销", by="财务甲")
    follow(refund)
    assert states(refund) == [PaymentState.STOPPED]


def test_the_work_is_done_in_the_background(refund, fund):
    enqueue("payments of a case", "k", {"case": refund.pk})
    assert run_all("w") == 1
    assert states(refund) == [PaymentState.PAYABLE]
