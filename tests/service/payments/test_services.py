"""What an approved case is owed, and that nobody is owed it twice."""

from datetime import date
from decimal import Decimal

import pytest
from tests.service.payments.conftest import REFUND, about, hire, make_payable

from zhida.service.payments import services
from zhida.service.payments.ledger import Refused, balances
from zhida.service.payments.models import Entitlement, Payment
from zhida.service.payments.moves import Standing
from zhida.service.payments.states import PaymentState

pytestmark = pytest.mark.django_db
BY = "财务甲"
GRADUATE = {
    "id": "p1", "education": "本科", "graduated_on": date(2022, 6, 30), "flexibly_employed": True,
    "social_insurance_paid": 900, "social_insurance_at_full_base": 1000,
}  # fmt: skip
TRAINING = {
    "id": "t1", "started_on": date(2020, 11, 16), "planned_amount": 10000, "progress": "1", "accepted": True,
    "actual_amount": 9000, "prepaid": 7500, "publicity_ended_on": date(2021, 2, 26),
}  # fmt: skip
LOAN = {
    "id": "l1", "kind": "个人", "amount": 80000, "applied_on": date(2020, 12, 1),
    "night_or_online_economy": True, "subsidised_interest": "3000.01",
}  # fmt: skip


def test_a_refund_is_one_payment_of_the_decided_amount(refund):
    [payment] = services.plan(refund, by=BY)
    assert (payment.amount, payment.state, payment.period) == (
        Decimal("4374.00"),
        PaymentState.PLANNED,
        "2022",
    )
    assert payment.account["number"] == "6217000000000000001"


def test_planning_again_plans_nothing_more(refund):
    services.plan(refund, by=BY)
    assert services.plan(refund, by=BY) == []
    assert Payment.objects.count() == 1


def test_the_same_employer_is_not_refunded_twice_in_a_year(refund, approved):
    services.plan(refund, by=BY)
    again = approved("job-retention-refund", employer=REFUND)
    with pytest.raises(Refused, match="已经安排过"):
        services.plan(again, by=BY)
    assert not again.payments.exists()


def test_another_employer_is(refund, approved):
    services.plan(refund, by=BY)
    other = approved("job-retention-refund", number="91621025MA0000002Y", employer=REFUND)
    assert services.plan(other, by=BY)


def test_every_hire_is_owed_their_own(approved):
    case = approved(
        "hiring-expansion", employer=REFUND, hires=[hire("甲"), hire("乙")], rows=about("甲", "乙")
    )
    [payment] = services.plan(case, by=BY)
    owed = payment.entitlements.order_by("unit")
    assert payment.amount == sum(each.amount for each in owed)
    assert len({each.subject for each in owed}) == 2


def test_one_graduate_is_not_paid_for_at_two_employers(approved):
    first = approved("hiring-expansion", employer=REFUND, hires=[hire("甲")], rows=about("甲"))
    services.plan(first, by=BY)
    second = approved(
        "hiring-expansion", number="91621025MA0000002Y", employer=REFUND, hires=[hire("甲")], rows=about("甲")
    )
    with pytest.raises(Refused):
        services.plan(second, by=BY)


def test_measures_that_exclude_each_other_are_not_both_paid_for_one_person(approved):
    """A28: 吸纳 and 扩岗 of one graduate, asked for by two employers in two packages."""
    expansion = approved("hiring-expansion", employer=REFUND, hires=[hire("甲")], rows=about("甲"))
    services.plan(expansion, by=BY)
    subsidised = hire("甲") | {"unemployment_insured_months": 0}
    case = approved(
        "hiring-subsidy", number="91621025MA0000002Y", employer=REFUND, hires=[subsidised], rows=about("甲")
    )
    with pytest.raises(Refused):
        services.plan(case, by=BY)


def test_what_was_stopped_stands_in_nobodys_way(refund, approved):
    services.stop(services.plan(refund, by=BY), "单位撤回", by=BY)
    again = approved("job-retention-refund", employer=REFUND)
    assert services.plan(again, by=BY)


def test_a_monthly_benefit_is_a_payment_for_each_month_to_the_last(approved):
    case = approved("flexible-insurance-subsidy", number="p1", applicant=GRADUATE)
    payments = services.plan(case, by=BY)
    assert (len(payments), payments[0].period, payments[-1].period) == (24, "2022-10", "2024-09")
    assert {payment.amount for payment in payments} == {Decimal("600.00")}


def test_a_stop_event_ends_the_months_after_the_last_payable_one(approved):
    case = approved("flexible-insurance-subsidy", number="p1", applicant=GRADUATE)
    services.plan(case, by=BY)
    services.stop_from(case, date(2022, 12, 1), "已就业", by=BY)
    going_on = case.payments.exclude(state=PaymentState.STOPPED)
    assert [payment.period for payment in going_on] == ["2022-10", "2022-11", "2022-12"]


def test_stages_known_by_now_are_planned_with_their_days(approved):
    case = approved(
        "training-subsidy",
        region="210302",
        on=date(2021, 3, 8),
        trainings=[TRAINING],
    )
    payments = services.plan(case, by=BY)
    assert [payment.amount for payment in payments] == [
        Decimal("5000.00"),
        Decimal("2500.00"),
        Decimal("1500.00"),
    ]


def test_reserving_takes_money_from_what_is_available(refund, fund):
    payments = services.plan(refund, by=BY)
    services.reserve(payments, fund, by=BY)
    found = balances(fund)
    assert (found[Standing.AVAILABLE], found[Standing.RESERVED]) == (Decimal("95626.00"), Decimal("4374.00"))


def test_more_than_the_fund_has_is_not_reserved(refund, fund):
    payments = services.plan(refund, by=BY)
    Payment.objects.update(amount=Decimal("100000.01"))
    with pytest.raises(Refused, match=r"差 0\.01 元"):
        services.reserve(payments, fund, by=BY)
    assert Payment.objects.get().state == PaymentState.PLANNED


def test_a_payment_cannot_skip_a_state(refund):
    with pytest.raises(Refused, match="不能改为"):
        services.release_for_payment(services.plan(refund, by=BY), by=BY)


def test_stopping_releases_what_was_reserved(refund, fund):
    payments = services.plan(refund, by=BY)
    services.reserve(payments, fund, by=BY)
    services.stop(payments, "异议成立", by=BY)
    assert balances(fund)[Standing.AVAILABLE] == 100_000
    assert Entitlement.objects.get().ended_at is not None


def test_stopping_needs_a_reason(refund):
    with pytest.raises(Refused, match="原因"):
        services.stop(services.plan(refund, by=BY), "  ", by=BY)


def test_money_that_may_be_paid_is_payable(refund, fund):
    make_payable(refund, fund)
    assert balances(fund)[Standing.PAYABLE] == Decimal("4374.00")


def test_interest_is_borne_by_its_payers_to_the_cent(approved):
    """中央三成、省五成、市县二成 of 3,000.01 元: the last payer bears what rounding leaves."""
    case = approved("loan-interest-sharing", region="210100", on=date(2021, 3, 1), loans=[LOAN])
    payments = services.plan(case, by=BY)
    assert {payment.payer for payment in payments} == {"中央", "省", "市县"}
    assert sum(payment.amount for payment in payments) == Decimal("3000.01")
