"""Payments killed at their writes: each is paid once, the books balance, whatever the process died of."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.service.killing import Scenario, killer
from tests.service.payments.conftest import REFUND, open_approved, open_fund

from zhida.service.accounts.models import User
from zhida.service.audit.verification import verify
from zhida.service.cases.models import Case
from zhida.service.cases.states import State
from zhida.service.payments import batches, services
from zhida.service.payments.ledger import balances
from zhida.service.payments.models import Batch, Entitlement, Fund, Payment, Sending
from zhida.service.payments.moves import Standing
from zhida.service.payments.states import BatchState, Outcome, PaymentState
from zhida.service.work.models import Job
from zhida.service.work.queue import enqueue
from zhida.service.work.worker import run_all

__all__ = ["killer"]
EMPLOYERS = 4
AMOUNT = Decimal("4374.00")
TOTAL = EMPLOYERS * AMOUNT
GRADUATE = {
    "id": "p1", "education": "本科", "graduated_on": "2022-06-30", "flexibly_employed": True,
    "social_insurance_paid": 900, "social_insurance_at_full_base": 1000,
}  # fmt: skip


def books(fund: Fund) -> dict[str, str]:
    """What must hold in the end: the chain is whole, the accounts add up and are what payments say."""
    assert list(verify()) == []
    found = balances(fund)
    assert sum(found.values()) == 0
    for state, standing in (("reserved", "reserved"), ("paid", "paid")):
        paid = sum((p.amount for p in Payment.objects.filter(state=state)), Decimal(0))
        assert found[Standing(standing)] == paid
    owed = Entitlement.objects.filter(ended_at=None)
    assert owed.count() == owed.values("measure", "subject", "period", "stage", "payer").distinct().count()
    return {str(standing): str(amount) for standing, amount in found.items()}


class Following(Scenario):
    """Jobs of approved cases: planned, reserved and payable, each once."""

    def prepare(self, folder: Path) -> None:
        user = User.objects.create_user("somebody", "某人")
        open_fund()
        for number in range(EMPLOYERS):
            case = open_approved(user, "job-retention-refund", f"9162102500000000{number}X", employer=REFUND)
            enqueue("payments of a case", f"k{number}", {"case": case.pk})

    def act(self, folder: Path) -> None:
        Job.objects.filter(state="running").update(
            leased_until=timezone.now() - timezone.timedelta(seconds=1)
        )
        run_all("worker")

    def check(self, folder: Path) -> Any:
        assert set(Job.objects.values_list("state", flat=True)) == {"done"}
        assert [p.state for p in Payment.objects.all()] == [PaymentState.PAYABLE] * EMPLOYERS
        return books(Fund.objects.get())


class Months(Scenario):
    """A monthly benefit: a payment for each month, those of this year reserved."""

    def prepare(self, folder: Path) -> None:
        fund = open_fund()
        Fund.objects.filter(pk=fund.pk).update(name="就业补助资金")
        user = User.objects.create_user("somebody", "某人")
        open_approved(user, "flexible-insurance-subsidy", "p1", applicant=GRADUATE)

    def act(self, folder: Path) -> None:
        services.plan(Case.objects.get(), by="财务甲")
        due = Payment.objects.filter(state=PaymentState.PLANNED, period__lt="2023")
        services.reserve(due, Fund.objects.get(), by="财务甲")

    def check(self, folder: Path) -> Any:
        periods = list(Payment.objects.order_by("period").values_list("period", "state"))
        assert len(periods) == 24
        return periods, books(Fund.objects.get())


class Making(Scenario):
    """A batch made, checked and sent."""

    def prepare(self, folder: Path) -> None:
        following = Following()
        following.prepare(folder)
        following.act(folder)

    def act(self, folder: Path) -> None:
        if not Batch.objects.exists():
            due = Payment.objects.filter(state=PaymentState.PAYABLE)
            batches.make(Fund.objects.get(), due, "csv", count=EMPLOYERS, total=TOTAL, by="财务甲")
        batch = Batch.objects.get()
        if batch.state == BatchState.MADE:
            batches.check(batch, count=EMPLOYERS, total=TOTAL, by="财务乙")
        content = batches.export(batch, by="财务甲")[1]
        (folder / "file.csv").write_bytes(content)

    def check(self, folder: Path) -> Any:
        batch = Batch.objects.get()
        assert (batch.state, batch.count, batch.total) == (BatchState.EXPORTED, EMPLOYERS, TOTAL)
        assert [s.line for s in batch.sendings.all()] == list(range(1, EMPLOYERS + 1))
        assert set(Payment.objects.values_list("state", "attempt")) == {(PaymentState.BATCHED, 1)}
        return books(Fund.objects.get())


class Taking(Scenario):
    """The bank's answer: all but one paid."""

    def prepare(self, folder: Path) -> None:
        making = Making()
        making.prepare(folder)
        making.act(folder)
        rows = list(csv.reader(io.StringIO((folder / "file.csv").read_bytes().decode("gb18030"))))[1:-1]
        said = [[row[0], row[4], "成功", ""] for row in rows]
        said[-1][2:] = ["失败", "账号不存在"]
        out = io.StringIO(newline="")
        head, sums = ["业务编号", "金额", "处理结果", "失败原因"], ["合计", str(TOTAL), str(EMPLOYERS), ""]
        csv.writer(out).writerows([head, *said, sums])
        (folder / "answer.csv").write_bytes(out.getvalue().encode("gb18030"))

    def act(self, folder: Path) -> None:
        path = folder / "answer.csv"
        batches.take_result(Batch.objects.get(), path, path.name, count=EMPLOYERS, total=TOTAL, by="财务甲")

    def check(self, folder: Path) -> Any:
        assert Batch.objects.get().results.count() == 1
        outcomes = sorted(Sending.objects.values_list("outcome", flat=True))
        assert outcomes == [Outcome.PAID] * (EMPLOYERS - 1) + [Outcome.RETURNED]
        assert Case.objects.filter(state=State.PAID).count() == EMPLOYERS - 1
        return books(Fund.objects.get())


@pytest.mark.parametrize(
    "scenario", [Following(), Months(), Making(), Taking()], ids=lambda s: type(s).__name__
)
def test_killed_anywhere_every_payment_is_there_once(killer, scenario):
    deaths = killer(scenario, most=16)
    assert deaths.kills >= min(16, deaths.writes) - 1
