"""Moving money in a fund: all of a posting or nothing, never below zero, each key once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from zhida.service import clock
from zhida.service.audit.chain import record
from zhida.service.money import MoneyField, yuan
from zhida.service.payments.models import Account, Fund, Transfer
from zhida.service.payments.moves import AFTER_CLOSING, ROUTES, Move, Standing
from zhida.service.secrecy.sealing import chain_hash

CHUNK = 1000


class Refused(Exception):
    """A posting that must not happen; the text says why, for the person at the desk."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One transfer to make. `subject` is what it is for (`payment:17`), `key` what makes it happen once."""

    move: Move
    amount: Decimal
    subject: str
    key: str


def open_fund(name: str, region: str, year: int, *, by: str) -> Fund:
    """A fund with all of its accounts, empty; the same one again if it is there."""
    with transaction.atomic():
        fund, created = Fund.objects.get_or_create(name=name, region=region, year=year)
        if created:
            Account.objects.bulk_create(Account(fund=fund, standing=standing) for standing in Standing)
            record("fund opened", actor=by, subject=f"fund:{fund.pk}", region=region)
    return fund


def close_fund(fund: Fund, *, by: str) -> None:
    """After this nothing new is promised or paid from it; what was paid can still be recovered."""
    with transaction.atomic():
        Fund.objects.select_for_update().filter(pk=fund.pk, closed_at=None).update(closed_at=timezone.now())
        record("fund closed", actor=by, subject=f"fund:{fund.pk}", region=fund.region)


def balances(fund: Fund) -> dict[Standing, Decimal]:
    return {Standing(account.standing): account.balance for account in fund.accounts.all()}


def post(fund: Fund, postings: Sequence[Posting], *, by: str) -> list[Transfer]:
    """Make the transfers in one transaction; those whose key was posted before are left out.

    Raises Refused where the fund is closed, a key stands for another amount, or the money is not there.
    """
    with transaction.atomic():
        locked = Fund.objects.select_for_update().get(pk=fund.pk)
        fresh = _not_posted_yet(locked, postings)
        if not fresh:
            return []
        _check_open(locked, fresh)
        accounts = {Standing(a.standing): a for a in locked.accounts.select_for_update().order_by("pk")}
        _change_balances(locked, accounts, fresh)
        transfers = list(_linked(locked, accounts, fresh, by))
        Transfer.objects.bulk_create(transfers, batch_size=CHUNK)
        Fund.objects.filter(pk=locked.pk).update(count=locked.count, link=locked.link)
        _record(locked, transfers, by)
    return transfers


def _not_posted_yet(fund: Fund, postings: Sequence[Posting]) -> list[Posting]:
    """What is new; a key that comes again must mean the same."""
    wanted = {posting.key: posting for posting in postings}
    if len(wanted) != len(postings):
        raise Refused(_("同一笔业务在一次入账中出现了两次。"))
    for chunk in _chunks(list(wanted)):
        for known in Transfer.objects.filter(key__in=chunk):
            posting = wanted.pop(known.key)
            if (known.fund_id, known.move, known.amount) != (fund.pk, posting.move, yuan(posting.amount)):
                raise Refused(_("这笔业务已经入账，但金额或种类不同。"))
    return list(wanted.values())


def _chunks(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _check_open(fund: Fund, postings: Iterable[Posting]) -> None:
    if fund.closed_at and any(posting.move not in AFTER_CLOSING for posting in postings):
        raise Refused(_("资金“%(fund)s”已经关闭。") % {"fund": fund})
    if any(yuan(posting.amount) <= 0 for posting in postings):
        raise Refused(_("金额必须大于零。"))


def _change_balances(fund: Fund, accounts: dict[Standing, Account], postings: Iterable[Posting]) -> None:
    """Each account once, by what all postings together change."""
    change: Counter[Standing] = Counter()
    for posting in postings:
        source, target = ROUTES[posting.move]
        change[source] -= yuan(posting.amount)  # type: ignore[assignment]
        change[target] += yuan(posting.amount)  # type: ignore[assignment]
    for standing, amount in change.items():
        after = accounts[standing].balance + amount
        if after < 0 and standing is not Standing.OUTSIDE:
            lack = {"fund": fund, "account": standing.label, "lack": f"{-after:,.2f}"}
            raise Refused(_("资金“%(fund)s”的%(account)s余额不足，差 %(lack)s 元。") % lack)
    for standing, amount in change.items():
        Account.objects.filter(pk=accounts[standing].pk).update(
            balance=F("balance") + Value(amount, output_field=MoneyField())
        )


def _linked(
    fund: Fund, accounts: dict[Standing, Account], postings: Iterable[Posting], by: str
) -> Iterator[Transfer]:
    """The rows, numbered and chained on from the fund's last."""
    at = timezone.now()
    for posting in postings:
        source, target = ROUTES[posting.move]
        fund.count += 1
        transfer = Transfer(
            fund=fund,
            number=fund.count,
            move=posting.move,
            source=accounts[source],
            target=accounts[target],
            amount=yuan(posting.amount),
            subject=posting.subject,
            key=posting.key,
            by=by,
            at=at,
        )
        transfer.link = fund.link = link_of(transfer, fund.link)
        yield transfer


def link_of(transfer: Transfer, previous: str) -> str:
    content = [
        previous,
        transfer.fund_id,
        transfer.number,
        str(transfer.move),
        transfer.source_id,
        transfer.target_id,
        str(transfer.amount),
        transfer.subject,
        transfer.key,
        transfer.by,
        clock.exact(transfer.at),
    ]
    return chain_hash(json.dumps(content, ensure_ascii=False).encode())


def _record(fund: Fund, transfers: Sequence[Transfer], by: str) -> None:
    """The posting in the audit chain: which rows, how much, and the link that they end in."""
    moves = Counter(str(transfer.move) for transfer in transfers)
    detail = {
        "from": transfers[0].number,
        "to": transfers[-1].number,
        "moves": dict(moves),
        "amount": str(sum(transfer.amount for transfer in transfers)),
        "link": transfers[-1].link,
    }
    record("money moved", actor=by, subject=f"fund:{fund.pk}", region=fund.region, detail=detail)
