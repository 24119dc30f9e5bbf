"""What a change of the law does, as figures: costs, winners and losers, verdicts that changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

COUNTED = frozenset({"one-off", "monthly", "staged"})
"""Kinds whose amounts are money paid; of a monthly benefit, one month. Loans and deferrals are paid back."""

UNPRICED = frozenset({"deferral", "rate"})
"""Kinds that have no amount, so that none is lacking."""

BANDS = (0, 100, 1_000, 10_000, 100_000, 1_000_000)
"""Yuan from which each band of gains and of losses begins; the first is open below, the last above."""

LARGEST = 100
"""How many of the largest gains, and of the largest losses, are listed by name."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What the comparison has to know about a measure."""

    measure: str
    kind: str
    payee: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What is paid under both laws, to whom `key` names; amounts in yuan.

    `awards` count payees once per provision; `unpriced` are awards whose amount is unknown.
    """

    key: tuple[str, ...]
    awards_before: int
    awards_after: int
    units_before: int
    units_after: int
    before: Decimal
    after: Decimal
    unpriced_before: int
    unpriced_after: int

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Balance:
    """Payees who gain and who lose in all, among those whom `key` names; both sums in yuan and positive."""

    key: tuple[str, ...]
    winners: int
    gained: Decimal
    losers: int
    lost: Decimal


@dataclass(frozen=True, slots=True)
class Transition:
    """Units of a provision with one verdict and then another; None where one law has no such provision."""

    measure: str
    row: str
    before: str | None
    after: str | None
    units: int


@dataclass(frozen=True, slots=True)
class Payee:
    """One payee's gain or loss (below zero) over all provisions."""

    kind: str
    id: str
    region: str
    size: str
    section: str
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Effects:
    """The figures of a comparison. The key of a provision is (measure, row); region, size, section of
    GB/T 4754 and number of the band are each alone. An empty size or section is unknown; that of a payee
    who is no employer is the kind of payee."""

    provisions: tuple[Cost, ...]
    regions: tuple[Cost, ...]
    sizes: tuple[Cost, ...]
    sections: tuple[Cost, ...]
    total: Cost
    balance: Balance
    region_balances: tuple[Balance, ...]
    size_balances: tuple[Balance, ...]
    section_balances: tuple[Balance, ...]
    band_balances: tuple[Balance, ...]
    transitions: tuple[Transition, ...]
    gains: tuple[Payee, ...]
    losses: tuple[Payee, ...]
    changed_units: int
    changed_awards: int
