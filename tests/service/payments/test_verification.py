"""Tampering with transfers, by somebody who can write the database but has no key."""

from decimal import Decimal

import pytest
from django.db.models import F

from zhida.service.audit.verification import verify
from zhida.service.payments.ledger import Posting, open_fund, post
from zhida.service.payments.models import Account, Fund, Transfer
from zhida.service.payments.moves import Move

pytestmark = pytest.mark.django_db
OTHER = "says something else than what was written"


@pytest.fixture
def fund():
    fund = open_fund("就业补助资金", "621025", 2022, by="财务")
    post(fund, [Posting(Move.BUDGET, Decimal(1000), "budget:2022", "b")], by="财务")
    for number in range(1, 5):
        post(fund, [Posting(Move.RESERVE, Decimal(10 + number), f"case:{number}", f"r{number}")], by="财务")
    fund.refresh_from_db()
    return fund


def problems(fund):
    return [str(found).removeprefix(f"fund:{fund.pk}, ") for found in verify()]


def test_nothing_is_found_where_all_is_well(fund):
    other = open_fund("失业保险基金", "621025", 2022, by="财务")
    post(other, [Posting(Move.BUDGET, Decimal(5), "budget:2022", "other")], by="财务")
    assert problems(fund) == []


@pytest.mark.parametrize(
    "change", [{"amount": Decimal(99)}, {"subject": "case:9"}, {"by": "x"}, {"key": "x"}, {"move": "budget"}]
)
def test_an_altered_transfer(fund, change):
    Transfer.objects.filter(number=3).update(**change)
    assert problems(fund) == [f"row 3: {OTHER}"]


def test_a_transfer_between_other_accounts(fund):
    Transfer.objects.filter(number=3).update(source=F("target"), target=F("source"))
    assert problems(fund) == [f"row 3: {OTHER}"]


def test_a_removed_transfer(fund):
    Transfer.objects.filter(number=3).delete()
    assert problems(fund) == ["row 3: removed"]


def test_two_transfers_that_change_places(fund):
    for number, to in ((2, 99), (3, 2), (99, 3)):
        Transfer.objects.filter(number=number).update(number=to)
    assert f"rows 2 to 4: {OTHER}" in problems(fund)


def test_the_last_ones_removed_and_the_head_put_back(fund):
    Transfer.objects.filter(number__gt=3).delete()
    Fund.objects.update(count=3, link=Transfer.objects.get(number=3).link)
    assert problems(fund) == ["rows 4 to 5: removed"]


def test_another_head(fund):
    Fund.objects.update(link="0" * 64)
    assert problems(fund) == ["row 5: the head of the chain was altered or removed"]


def test_a_fund_removed_with_all_that_was_in_it(fund):
    Transfer.objects.all().delete()
    Account.objects.all().delete()
    Fund.objects.all().delete()
    assert problems(fund) == ["rows 1 to 5: removed"]
