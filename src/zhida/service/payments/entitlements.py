"""What an approved case is owed: by which unit, on which occasions, and so that nobody is owed it twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from zhida.library import Rule, resolve
from zhida.library.rule import Limit
from zhida.service.cases.models import Case
from zhida.service.law import library
from zhida.temporal import shift_months

CENT = Decimal("0.01")
PAID_VERDICTS = ("eligible", "review")
"""Under `review` the amounts are what approval pays; a case that is paid was approved."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One unit's amount on one occasion."""

    unit: str
    subject: str
    person: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Occasion:
    """A payment to come: a stage, a month, a payer's share. `units` add up to its amount."""

    stage: int
    period: str
    payer: str
    label: str
    due_on: date | None
    units: tuple[Owed, ...]

    @property
    def amount(self) -> Decimal:
        return sum((owed.amount for owed in self.units), Decimal(0))


def rule_of(case: Case) -> Rule:
    """The provision that the case is about, as it stood on the day of the decision."""
    rules = resolve(library(), case.region, case.on)
    return next(r for r in rules if (r.measure, r.document, r.row) == (case.measure, case.document, case.row))


def occasions_of(case: Case) -> list[Occasion]:
    """Every payment that follows from the case's decision, in the order of their days; none for what pays
    no money (deferrals, rates, loans)."""
    rule, decision = rule_of(case), case.decision
    owed = tuple(_owed(case, rule))
    kind = decision["schedule"]["kind"]
    if not owed or kind in ("deferral", "rate", "loan"):
        return []
    shares = _shares(decision)
    spread = {"monthly": _monthly, "staged": _staged}.get(kind, _at_once)
    return [part for whole in spread(case, decision, owed) for part in _by_payer(whole, shares)]


def _owed(case: Case, rule: Rule) -> Iterator[Owed]:
    """The units that the combination left to be paid."""
    given_up = {(g["measure"], g["unit"]) for g in case.package.combination.get("given_up", ())}
    for unit in case.decision["units"]:
        paid = unit["verdict"] in PAID_VERDICTS and unit["amount"] is not None
        if paid and Decimal(unit["amount"]) > 0 and (case.measure, unit["id"]) not in given_up:
            person = _person(case, unit["id"])
            yield Owed(unit["id"], _subject(case, rule, unit["id"]), person, Decimal(unit["amount"]))


def _person(case: Case, unit: str) -> str:
    """The person whom a unit is about; the applicant where it names none."""
    for path, about in case.package.rows.items():
        if path.partition(".")[2] == unit and isinstance(about, Mapping):
            return f"person:{about['hash']}"
    return _party(case)


def _party(case: Case) -> str:
    """Whoever applied, by the keyed hash of their number."""
    kind = "employer" if case.package.employer_id else "person"
    return f"{kind}:{case.package.applicant_hash}"


def _subject(case: Case, rule: Rule, unit: str) -> str:
    """Whom the rule counts: as its first limit says, else the unit itself."""
    limit = next((limit for limit in rule.limits if limit.kind in ("times", "months")), None)
    per = limit.per if limit else ""
    if per == "person":
        return _person(case, unit)
    if per == "employer" or unit in ("employer", "applicant"):
        return _party(case)
    if per == "legal-representative":
        representative = case.facts.get("employer", {}).get("legal_representative_id")
        return f"representative:{representative}" if representative else _party(case)
    return f"{_person(case, unit)}/{rule.unit}:{unit}"


def period_of(rule: Rule, on: date) -> str:
    """The span in which the rule pays once: a year where its limit says so, else ever."""
    by_year = any(limit.by_year for limit in rule.limits if _counts(limit))
    return str(on.year) if by_year else ""


def _counts(limit: Limit) -> bool:
    return limit.kind == "times"


def exclusion_period_of(rule: Rule, on: date) -> str:
    return str(on.year) if rule.exclusion and rule.exclusion.by_year else ""


def _at_once(case: Case, decision: Any, owed: tuple[Owed, ...]) -> list[Occasion]:
    return [Occasion(1, period_of(rule_of(case), case.on), "", "", None, owed)]


def _monthly(case: Case, decision: Any, owed: tuple[Owed, ...]) -> list[Occasion]:
    """One for each month from that of the decision to the last payable one."""
    months = decision["schedule"].get("months") or 1
    days = [shift_months(case.on.replace(day=1), n) for n in range(months)]
    return [Occasion(1, f"{day:%Y-%m}", "", f"{day:%Y-%m}", day, owed) for day in days]


def _staged(case: Case, decision: Any, owed: tuple[Owed, ...]) -> list[Occasion]:
    """The stages of the decision; what they leave unsaid of the whole comes with the last."""
    stages = decision["schedule"].get("stages") or []
    amounts = [Decimal(stage["amount"] or 0) for stage in stages]
    period = period_of(rule_of(case), case.on)
    found = []
    for number, (stage, amount) in enumerate(zip(stages, amounts, strict=True), 1):
        if amount > 0:
            units = _split(owed, amount)
            found.append(Occasion(number, period, "", stage["due"], _day(stage["due"]), units))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _shares(decision: Any) -> list[tuple[str, Decimal]]:
    """Payers with what each bears of the whole, where the document splits it."""
    parts = decision["components"] or []
    return [(part["payer"], Decimal(part["amount"])) for part in parts if Decimal(part["amount"]) > 0]


def _by_payer(whole: Occasion, shares: list[tuple[str, Decimal]]) -> list[Occasion]:
    """The occasion once for each payer, in proportion; the last payer takes what rounding leaves."""
    if not shares:
        return [whole]
    total, left = sum(amount for _, amount in shares), whole.amount
    found = []
    for number, (payer, amount) in enumerate(shares, 1):
        last = number == len(shares)
        part = left if last else (whole.amount * amount / total).quantize(CENT)
        left -= part
        if part > 0:
            units = _split(whole.units, part)
            found.append(Occasion(whole.stage, whole.period, payer, whole.label, whole.due_on, units))
    return found


def _split(owed: tuple[Owed, ...], amount: Decimal) -> tuple[Owed, ...]:
    """`amount` over the units in proportion to what each is owed, to the cent: the last take what is left."""
    whole, left = sum((each.amount for each in owed), Decimal(0)), amount
    found = []
    for number, each in enumerate(owed, 1):
        exact = amount * each.amount / whole
        part = left if number == len(owed) else exact.quantize(CENT, ROUND_DOWN)
        left -= part
        if part > 0:
            found.append(Owed(each.unit, each.subject, each.person, part))
    return tuple(found)
