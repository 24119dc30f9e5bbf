"""Which industries employers are in, and how large they are there: rough figures, for plausibility only.

The mix follows the order of magnitude of the economic census of 2018 (numbers of units by industry); medians
of staff, revenue for each of the staff and assets for each yuan of revenue are round guesses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhida.library import Library

SLOTS = 1000
METHOD = "国统字〔2017〕213号"
CLASSES = ("大型", "中型", "小型")
INDICATORS = {"employees": "从业人员", "revenue": "营业收入", "assets": "资产总额"}


@dataclass(frozen=True, slots=True)
class Industry:
    """`weight` per mille of all employers; `revenue` in yuan a year for each of the staff."""

    code: str
    weight: int
    staff: float
    revenue: int
    assets: float


MIX = (
    Industry("A01", 25, 9, 120_000, 1.4),
    Industry("A03", 15, 8, 130_000, 1.3),
    Industry("B06", 3, 60, 900_000, 1.6),
    Industry("C13", 14, 18, 700_000, 0.7),
    Industry("C14", 8, 16, 500_000, 0.8),
    Industry("C17", 10, 24, 550_000, 0.8),
    Industry("C18", 12, 22, 300_000, 0.6),
    Industry("C22", 5, 20, 600_000, 0.9),
    Industry("C23", 6, 14, 400_000, 0.8),
    Industry("C26", 9, 28, 1_100_000, 1.1),
    Industry("C27", 5, 45, 900_000, 1.3),
    Industry("C29", 10, 20, 550_000, 0.8),
    Industry("C30", 16, 22, 500_000, 1.0),
    Industry("C33", 16, 15, 550_000, 0.8),
    Industry("C34", 16, 18, 600_000, 1.0),
    Industry("C36", 7, 50, 1_000_000, 1.0),
    Industry("C38", 10, 28, 800_000, 0.9),
    Industry("C39", 8, 45, 900_000, 1.0),
    Industry("C40", 4, 18, 600_000, 0.9),
    Industry("D44", 4, 35, 1_200_000, 2.5),
    Industry("E47", 18, 30, 400_000, 0.9),
    Industry("E48", 16, 26, 450_000, 1.0),
    Industry("E50", 24, 12, 350_000, 0.8),
    Industry("F51", 130, 7, 1_500_000, 0.5),
    Industry("F52", 145, 5, 500_000, 0.5),
    Industry("G53", 1, 150, 500_000, 2.0),
    Industry("G54", 22, 12, 350_000, 0.9),
    Industry("G55", 3, 20, 600_000, 1.8),
    Industry("G56", 1, 80, 900_000, 1.9),
    Industry("G59", 7, 12, 700_000, 1.2),
    Industry("G60", 5, 15, 180_000, 0.6),
    Industry("H61", 12, 16, 140_000, 1.8),
    Industry("H62", 50, 9, 140_000, 0.6),
    Industry("I64", 12, 12, 500_000, 0.7),
    Industry("I65", 28, 11, 420_000, 0.8),
    Industry("J66", 2, 40, 1_500_000, 9.0),
    Industry("K701", 8, 20, 2_500_000, 4.0),
    Industry("K702", 14, 22, 110_000, 0.5),
    Industry("L71", 14, 6, 260_000, 1.2),
    Industry("L7264", 14, 14, 300_000, 0.5),
    Industry("L7291", 8, 7, 350_000, 0.6),
    Industry("L72", 66, 8, 350_000, 1.2),
    Industry("M74", 20, 10, 350_000, 0.9),
    Industry("M75", 22, 7, 300_000, 0.9),
    Industry("N786", 4, 25, 160_000, 2.8),
    Industry("N78", 5, 25, 150_000, 1.5),
    Industry("O80", 24, 6, 150_000, 0.5),
    Industry("O81", 16, 6, 180_000, 0.5),
    Industry("P83", 28, 14, 120_000, 0.8),
    Industry("Q84", 10, 16, 220_000, 0.7),
    Industry("Q85", 9, 10, 90_000, 0.9),
    Industry("R87", 4, 12, 350_000, 1.0),
    Industry("R88", 10, 8, 150_000, 0.9),
    Industry("R89", 6, 9, 140_000, 1.0),
    Industry("R90", 8, 10, 160_000, 1.1),
    Industry("S95", 9, 5, 60_000, 0.6),
)


def slots(library: Library) -> Iterator[dict[str, Any]]:
    """One for each of SLOTS equally likely draws: code, figures, and the limits of the sizing standard.

    A limit is 0 where the standard does not use it, as in the standard itself; `sized` is false for
    industries that it leaves out.
    """
    industries = [industry for industry in MIX for _ in range(industry.weight)]
    for slot in range(SLOTS):
        one = industries[slot * len(industries) // SLOTS]
        sized, limits = _limits(library, one.code)
        yield {
            "industry": one.code,
            "median_staff": float(one.staff),
            "revenue_each": float(one.revenue),
            "assets_ratio": float(one.assets),
            "sized": sized,
            **limits,
        }


def _limits(library: Library, code: str) -> tuple[bool, dict[str, int]]:
    table = library.tables.get("划型标准")
    row = table.find((METHOD, code), None) if table else None
    values = row.values if row is not None else {}
    limits = {
        f"limit_{number}_{indicator}": int(Decimal(values.get(f"{size}{name}", 0)))
        for number, size in enumerate(CLASSES)
        for indicator, name in INDICATORS.items()
    }
    return bool(values.get("适用")), limits


def size_case(employees: str, revenue: str, assets: str) -> str:
    """SQL: the class of the sizing standard, NULL where it has none."""
    values = {"employees": employees, "revenue": revenue, "assets": assets}
    cases = []
    for number, size in enumerate(CLASSES):
        limits = [f"{value} >= e_in.limit_{number}_{name}" for name, value in values.items()]
        cases.append(f"WHEN {' AND '.join(limits)} THEN '{size}'")
    return f"CASE WHEN NOT e_in.sized THEN NULL {' '.join(cases)} ELSE '微型' END"
