"""Funds: money moves only along the table, never below zero, each key once."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from zhida.service.audit.models import Entry
from zhida.service.payments.ledger import Posting, Refused, balances, close_fund, open_fund, post
from zhida.service.payments.models import Account, Transfer
from zhida.service.payments.moves import Move, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund():
    return open_fund("就业补助资金", "621025", 2022, by="财务")


def budget(amount: str, key: str = "b1") -> Posting:
    return Posting(Move.BUDGET, Decimal(amount), "budget:2022", key)


def reserve(amount: str, key: str = "r1") -> Posting:
    return Posting(Move.RESERVE, Decimal(amount), "case:1", key)


def test_a_new_fund_has_every_account_and_no_money(fund):
    assert balances(fund) == dict.fromkeys(Standing, Decimal("0.00"))


def test_opening_it_again_gives_the_same_fund(fund):
    assert open_fund("就业补助资金", "621025", 2022, by="财务") == fund


def test_a_budget_can_be_reserved_approved_and_paid(fund):
    post(fund, [budget("1500.00")], by="财务")
    post(fund, [reserve("1000.01")], by="财务")
    post(fund, [Posting(Move.APPROVE, Decimal("1000.01"), "case:1", "a1")], by="财务")
    post(fund, [Posting(Move.PAY, Decimal("1000.01"), "case:1", "p1")], by="财务")
    found = balances(fund)
    assert (found[Standing.AVAILABLE], found[Standing.PAID]) == (Decimal("499.99"), Decimal("1000.01"))
    assert sum(found.values()) == 0


def test_the_last_cent_can_be_reserved_and_not_one_more(fund):
    post(fund, [budget("0.10")], by="财务")
    with pytest.raises(Refused, match=r"差 0\.01 元"):
        post(fund, [reserve("0.11")], by="财务")
    post(fund, [reserve("0.10")], by="财务")
    assert balances(fund)[Standing.AVAILABLE] == 0


def test_of_a_posting_that_is_refused_nothing_stays(fund):
    with pytest.raises(Refused):
        post(fund, [budget("1.00"), reserve("2.00")], by="财务")
    assert balances(fund)[Standing.AVAILABLE] == 0
    assert not Transfer.objects.exists()


def test_a_key_is_posted_once(fund):
    assert len(post(fund, [budget("5.00")], by="财务")) == 1
    assert post(fund, [budget("5.00")], by="财务") == []
    assert balances(fund)[Standing.AVAILABLE] == 5


def test_a_key_with_another_amount_is_refused(fund):
    post(fund, [budget("5.00")], by="财务")
    with pytest.raises(Refused, match="已经入账"):
        post(fund, [budget("5.01")], by="财务")


def test_a_key_twice_in_one_posting_is_refused(fund):
    with pytest.raises(Refused, match="两次"):
        post(fund, [budget("5.00"), budget("5.00")], by="财务")


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_an_amount_that_is_not_positive_is_refused(fund, amount):
    with pytest.raises(Refused, match="大于零"):
        post(fund, [budget(amount)], by="财务")


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "1e15"])
def test_an_amount_that_is_no_amount_in_yuan_and_fen_is_refused(fund, amount):
    with pytest.raises(ValidationError):
        post(fund, [budget(amount)], by="财务")


def test_large_amounts_keep_their_last_cent(fund):
    post(fund, [budget("99999999999999.99"), Posting(Move.BUDGET, Decimal("0.01"), "x", "b2")], by="财务")
    assert balances(fund)[Standing.AVAILABLE] == Decimal("100000000000000.00")


def test_a_closed_fund_promises_nothing_more_but_takes_money_back(fund):
    post(fund, [budget("9.00"), reserve("4.00")], by="财务")
    close_fund(fund, by="财务")
    with pytest.raises(Refused, match="已经关闭"):
        post(fund, [reserve("1.00", "r2")], by="财务")
    post(fund, [Posting(Move.RELEASE, Decimal("4.00"), "case:1", "l1")], by="财务")
    assert balances(fund)[Standing.AVAILABLE] == 9


def test_the_database_itself_refuses_to_overdraw(fund):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(fund=fund, standing=Standing.PAID).update(balance=Decimal("-0.01"))


def test_every_posting_is_in_the_audit_chain_with_the_link_it_ends_in(fund):
    [transfer] = post(fund, [budget("5.00")], by="财务")
    entry = Entry.objects.last()
    assert (entry.action, entry.detail["link"], entry.detail["amount"]) == (
        "money moved",
        transfer.link,
        "5.00",
    )
