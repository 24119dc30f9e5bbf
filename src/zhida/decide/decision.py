"""What a decision says, as values; `to_json` writes the contract's form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from zhida.decide.ranges import Interval
from zhida.decide.scope import UnitScope
from zhida.library import Library
from zhida.library.rule import Condition, Rule

Verdict = Literal["eligible", "review", "unknown", "ineligible", "not_open"]
ORDER: tuple[Verdict, ...] = ("eligible", "review", "unknown", "ineligible")
"""Of several units the best verdict is the decision's (contract)."""

Truth = bool | Literal["review"] | None
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition for one unit: true, false, "review", or None for unknown."""

    condition: Condition
    verdict: Truth
    scope: UnitScope = field(repr=False)


@dataclass(slots=True)
class UnitResult:
    """One award unit: verdict over its conditions, and its amount before and after limits."""

    id: str
    verdict: Verdict
    scope: UnitScope | None = field(default=None, repr=False)
    truths: tuple[Truth, ...] = ()
    missing: tuple[str, ...] = ()
    worth: Decimal | None = None
    bounds: Interval | None = None
    amount: Decimal | None = None
    barred_by: str | None = None

    @property
    def span(self) -> Interval | None:
        """Where the worth lies: known, or between bounds."""
        return self.bounds if self.worth is None else Interval(self.worth, self.worth)

    @property
    def conditions(self) -> tuple[ConditionResult, ...]:
        """The conditions of the rule for this unit, in file order."""
        scope = self.scope
        if scope is None:
            return ()
        conditions = zip(scope.rule.conditions, self.truths, strict=True)
        return tuple(ConditionResult(condition, truth, scope) for condition, truth in conditions)


@dataclass(frozen=True, slots=True)
class PayerShare:
    """What one payer bears of an amount."""

    payer: str
    share: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest single change that would turn a refusal."""

    fact: str
    before: Any
    after: Any
    unit: str
    amount: Decimal | None


@dataclass(slots=True)
class Decision:
    """One provision applied to one case."""

    rule: Rule
    verdict: Verdict
    units: tuple[UnitResult, ...] = ()
    amount: Decimal | None = None
    amount_range: Interval | None = None
    amount_note: str | None = None
    schedule: dict[str, Any] | None = None
    components: tuple[PayerShare, ...] = ()
    missing: tuple[str, ...] = ()
    change: Change | None = None
    library: Library | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    measure: str
    unit: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class GivenUp:
    measure: str
    unit: str
    amount: Decimal
    because: str


@dataclass(frozen=True, slots=True)
class Package:
    """The best set of grants that may be paid together."""

    total: Decimal
    chosen: tuple[Chosen, ...]
    given_up: tuple[GivenUp, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The next question worth asking, and the measures it could settle."""

    fact: str
    text: str
    would_settle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All decisions of one case, the package, and what to ask next."""

    library: str
    region: str
    on: date
    decisions: tuple[Decision, ...]
    package: Package
    next_question: Question | None
    warnings: tuple[str, ...] = ()


def money(amount: Decimal | None) -> str | None:
    """Yuan as text with two places."""
    return None if amount is None else f"{amount.quantize(CENT):f}"


def plain(value: Any) -> Any:
    """A fact's or figure's value for JSON: decimals and dates as text, unknown as null."""
    match value:
        case bool() | str() | None:
            return value
        case Decimal():
            return f"{value.normalize():f}" if value == value.to_integral_value() else f"{value:f}"
        case date():
            return value.isoformat()
        case list() | tuple():
            return [plain(item) for item in value]
    return None


def to_json(outcome: Outcome) -> dict[str, Any]:
    """The contract's form (design §5)."""
    package, question = outcome.package, outcome.next_question
    return {
        "library": outcome.library,
        "region": outcome.region,
        "on": outcome.on.isoformat(),
        "decisions": [_decision(d) for d in outcome.decisions],
        "package": {
            "total": money(package.total),
            "chosen": [
                {"measure": c.measure, "unit": c.unit, "amount": money(c.amount)} for c in package.chosen
            ],
            "given_up": [
                {
                    "measure": g.measure,
                    "unit": g.unit,
                    "amount": money(g.amount),
                    "because": g.because,
                }
                for g in package.given_up
            ],
        },
        "next_question": question
        and {
            "fact": question.fact,
            "question": question.text,
            "would_settle": list(question.would_settle),
        },
    }


def _decision(decision: Decision) -> dict[str, Any]:
    rule, span = decision.rule, decision.amount_range
    return {
        "measure": rule.measure,
        "name": rule.name,
        "document": rule.document,
        "clause": rule.clause,
        "row": rule.row,
        "verdict": decision.verdict,
        "amount": money(decision.amount),
        "amount_range": span and [money(span.low), money(span.high)],
        "amount_note": decision.amount_note,
        "schedule": decision.schedule,
        "components": said_components(decision),
        "units": [_unit(u) for u in decision.units],
        "conditions": _conditions(decision),
        "missing": list(decision.missing),
        "interpretations": list(rule.interpretations),
        "to_become_eligible": decision.change and said_change(decision.change),
    }


def said_components(decision: Decision) -> list[dict[str, Any]] | None:
    """Payers and what they bear."""
    return [
        {"payer": part.payer, "share": plain(part.share), "amount": money(part.amount)}
        for part in decision.components
    ] or None


def said_change(change: Change) -> dict[str, Any]:
    """The change that would turn a refusal."""
    return {
        "fact": change.fact,
        "from": plain(change.before),
        "to": plain(change.after),
        "unit": change.unit,
        "amount": money(change.amount),
    }


def _unit(unit: UnitResult) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": unit.id,
        "verdict": unit.verdict,
        "amount": money(unit.amount),
    }
    if unit.barred_by:
        found["limit"] = unit.barred_by
    return found


def _conditions(decision: Decision) -> list[dict[str, Any]]:
    return [_condition(unit, result) for unit in decision.units for result in unit.conditions]


def _condition(unit: UnitResult, result: ConditionResult) -> dict[str, Any]:
    condition, scope = result.condition, result.scope
    return {
        "unit": unit.id,
        "id": condition.id,
        "label": condition.label,
        "verdict": result.verdict,
        "expression": condition.when.text,
        "facts": {
            scope.path(fact.entity, fact.key): plain(scope.fact(fact.entity, fact.key))
            for fact in facts_of(condition)
        },
        "parameters": {figure.source.key: cited(figure, scope) for figure in figures_of(condition)},
        "interpretations": list(condition.interpretations),
    }


def facts_of(condition: Condition) -> tuple[Any, ...]:
    """The facts that a condition speaks of, each once; those inside filters belong to other rows."""
    both = (*condition.when.facts, *(condition.review.facts if condition.review else ()))
    return tuple(dict.fromkeys(both))


def figures_of(condition: Condition) -> tuple[Any, ...]:
    """The figures that a condition uses, each once."""
    both = (*condition.when.figures, *(condition.review.figures if condition.review else ()))
    return tuple({figure.name: figure for figure in both}.values())


def cited(figure: Any, scope: UnitScope) -> dict[str, Any]:
    """A figure with the document and clause that set it."""
    source = figure.source
    return {
        "name": figure.name,
        "value": plain(scope.value(figure)),
        "document": source.document,
        "clause": source.clause,
        "row": source.row,
        "interpretation": source.interpretation or None,
    }
