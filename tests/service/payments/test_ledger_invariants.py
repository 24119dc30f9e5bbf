"""Whatever two finance officers do to a fund, its books balance."""

from __future__ import annotations

import threading
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection, connections
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from zhida.service.payments.ledger import Posting, Refused, balances, open_fund, post
from zhida.service.payments.models import Transfer
from zhida.service.payments.moves import ROUTES, Move, Standing

EXAMPLES = count(1)
AMOUNTS = st.decimals("0.01", "50.00", places=2)


class Books(RuleBasedStateMachine):
    """Moves of any kind, keys posted again; beside them the sums kept by hand."""

    @initialize()
    def begin(self) -> None:
        self.example = next(EXAMPLES)  # examples share one database: each has a fund and keys of its own
        self.fund = open_fund(f"就业补助资金{self.example}", "621025", 2022, by="甲")
        self.expected = dict.fromkeys(Standing, Decimal(0))
        self.posted: list[Posting] = []

    @rule(moves=st.lists(st.tuples(st.sampled_from(Move), AMOUNTS), min_size=1, max_size=4))
    def move(self, moves: list[tuple[Move, Decimal]]) -> None:
        first = len(self.posted)
        postings = [Posting(m, a, "case:1", f"{self.example}:{first + n}") for n, (m, a) in enumerate(moves)]
        after = dict(self.expected)
        for posting in postings:
            source, target = ROUTES[posting.move]
            after[source] -= posting.amount
            after[target] += posting.amount
        possible = all(amount >= 0 for standing, amount in after.items() if standing != Standing.OUTSIDE)
        try:
            post(self.fund, postings, by="甲")
        except Refused:
            assert not possible
            return
        assert possible
        self.expected = after
        self.posted += postings

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        if self.posted:
            again = data.draw(st.lists(st.sampled_from(self.posted), unique=True, min_size=1))
            assert post(self.fund, again, by="乙") == []

    @invariant()
    def the_books_are_what_was_done(self) -> None:
        found = balances(self.fund)
        assert found == self.expected
        assert sum(found.values()) == 0

    @invariant()
    def transfers_add_up_to_the_balances(self) -> None:
        for account in self.fund.accounts.all():
            total = Decimal(0)
            for side, sign in (("target", 1), ("source", -1)):
                moved = Transfer.objects.filter(**{side: account}).aggregate(sum=Sum("amount"))["sum"]
                total += sign * (moved or 0)
            assert total == account.balance


class TestBooks(TestCase, Books.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=40, stateful_step_count=12, deadline=None,
                        suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_officers_cannot_promise_the_same_money():
    """Eight threads reserve 30 of 100: three succeed, whoever they are."""
    fund = open_fund("失业保险基金", "621025", 2022, by="甲")
    post(fund, [Posting(Move.BUDGET, Decimal(100), "budget", "b")], by="甲")
    done: list[str] = []
    start = threading.Barrier(8)

    def reserve(number: int) -> None:
        start.wait()
        try:
            post(fund, [Posting(Move.RESERVE, Decimal(30), f"case:{number}", f"r{number}")], by="甲")
            done.append("reserved")
        except Refused:
            done.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=reserve, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["refused"] * 5 + ["reserved"] * 3
    assert balances(fund)[Standing.AVAILABLE] == 10
    assert connection.vendor in ("sqlite", "postgresql")
