"""A small simulation, put together by hand, for the tests of what is shown of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from zhida.library import Library
from zhida.library.assumed import assume, read_assumptions
from zhida.simulate.amendments import amendments
from zhida.simulate.outcome import Balance, Cost, Effects, Payee, Transition
from zhida.simulate.simulation import Simulation, provisions_of
from zhida.simulate.statements import statements

SETTING = "稳岗返还.rate_small=60%"
REFUND, SUBSIDY, DEFERRAL = (
    ("job-retention-refund", "ZN91-022"),
    ("hiring-subsidy", "ZN91-002"),
    ("pension-deferral", "ZN91-025"),
)


def cost(key: tuple[str, ...], before: str, after: str, awards: tuple[int, int] = (3, 3)) -> Cost:
    return Cost(key, *awards, *awards, Decimal(before), Decimal(after), 0, 0)


def balance(key: str, winners: int, gained: str, losers: int, lost: str) -> Balance:
    return Balance((key,), winners, Decimal(gained), losers, Decimal(lost))


def refund_row(library: Library) -> str:
    [row] = [
        p.row
        for d, _ in library.documents
        if d.document == "ZN91"
        for p in d.provisions
        if p.measure == REFUND[0]
    ]
    return row


def simulation(library: Library) -> Simulation:
    """The refund costs less: two lose, one gains a little."""
    after = assume(library, read_assumptions(library, [SETTING]), "621025")
    refund = (REFUND[0], refund_row(library))
    whole = cost((), "310000.50", "250000.25", (6, 5))
    effects = Effects(
        provisions=(
            cost(SUBSIDY, "10000", "10000"),
            cost(refund, "300000.50", "240000.25", (3, 2)),
            cost(DEFERRAL, "0", "0"),
        ),
        regions=(replace(whole, key=("621025",)),),
        sizes=(cost(("",), "10000", "10000"), cost(("微型",), "300000.50", "240000.25", (3, 2))),
        sections=(cost(("H",), "310000.50", "250000.25", (6, 5)),),
        total=whole,
        balance=balance("", 1, "50", 2, "60050.25"),
        region_balances=(balance("621025", 1, "50", 2, "60050.25"),),
        size_balances=(balance("微型", 1, "50", 2, "60050.25"),),
        section_balances=(balance("H", 1, "50", 2, "60050.25"),),
        band_balances=(balance("0", 1, "50", 0, "0"), balance("3", 0, "0", 2, "60050.25")),
        transitions=(
            Transition(*refund, "eligible", "eligible", 2),
            Transition(*refund, "eligible", "ineligible", 1),
            Transition(*refund, "unknown", "eligible", 4),
            Transition(*SUBSIDY, None, "eligible", 5),
        ),
        gains=(Payee("employer", "7", "621025", "微型", "H", Decimal(50)),),
        losses=(
            Payee("employer", "8", "621025", "", "", Decimal("-50000.25")),
            Payee("person", "9", "621025", "person", "person", Decimal("-10050")),
        ),
        changed_units=5,
        changed_awards=3,
    )
    return Simulation(
        "621025",
        date(2022, 10, 1),
        library.hash,
        after.hash,
        (SETTING,),
        amendments(statements(library, "621025"), statements(after, "621025")),
        provisions_of(library, after),
        effects,
    )
