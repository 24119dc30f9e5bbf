"""Funds, payments, batches and recoveries for the pages of one object, as access_objects.py wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from zhida.service import clock
from zhida.service.cases.models import Case
from zhida.service.payments import ledger
from zhida.service.payments.models import Batch, Fund, Payment, Recovery, Sending

AMOUNT = Decimal("100.00")


def a_fund(world: Any) -> Fund:
    return ledger.open_fund("就业补助资金", world.region, 2022, by="somebody")


def a_payment(world: Any, make_package: Callable[[Any], Any], state: str = "payable") -> Payment:
    make_package(world)
    paid = {"paid_on": clock.today()} if state == "paid" else {}
    return Payment.objects.create(
        case=Case.objects.get(), number="P1", amount=AMOUNT, fund=a_fund(world), state=state, **paid
    )


def a_batch(world: Any, make_package: Callable[[Any], Any]) -> Batch:
    """One that is checked: it may be cancelled or sent."""
    payment = a_payment(world, make_package)
    batch = Batch.objects.create(
        fund=payment.fund, number="B1", profile="csv", count=1, total=AMOUNT, state="checked",
        made_by="a", checked_by="b", made_at=clock.now(), checked_at=clock.now(),
    )  # fmt: skip
    Sending.objects.create(batch=batch, payment=payment, line=1, amount=AMOUNT)
    Payment.objects.update(state="batched", batch=batch)
    return batch


def a_recovery(world: Any, make_package: Callable[[Any], Any]) -> Recovery:
    return Recovery.objects.create(
        payment=a_payment(world, make_package, "paid"), amount=AMOUNT, reason="不实", clause="ZN91",
        opened_by="a", opened_at=clock.now(),
    )  # fmt: skip


def money(make_package: Callable[[Any], Any]) -> Mapping[str, Callable[[Any], Mapping[str, Any]]]:
    """The kinds of access.csv; `make_package` makes what is paid for."""
    return {
        "fund": lambda world: {"pk": a_fund(world).pk},
        "payment": lambda world: {"pk": a_payment(world, make_package).pk},
        "payment to stop": lambda world: {"pk": a_payment(world, make_package).pk, "what": "stop"},
        "bank batch": lambda world: {"pk": a_batch(world, make_package).pk},
        "recovery": lambda world: {"pk": a_recovery(world, make_package).pk},
    }
