"""Why a measure was decided so, down to each fact and figure, as data in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhida.decide import Decision, Outcome
from zhida.decide.decision import ConditionResult, Truth, UnitResult, Verdict
from zhida.decide.scope import UnitScope
from zhida.decide.verdict import round_money
from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node
from zhida.guide import payments, wording
from zhida.guide.origins import Sources, sources_of
from zhida.guide.provision import CitedInterpretation, cited_interpretations
from zhida.guide.verdicts import MARKS, VERDICTS, MissingFact, amount_text, change_text, missing_facts
from zhida.library import Library, Rule
from zhida.library.reading import to_chinese
from zhida.library.standards_used import schedule_expressions


@dataclass(frozen=True, slots=True)
class ConditionReason:
    """One condition for one unit. `verdict` is true, false, None for unknown, or "review"; `mark` its sign.

    Where it does not hold, `deciding` are the parts that make it so, none where that is the whole of it, and
    `word` says how they stand: 不成立 or 未知. `review` is what a person has to look at.
    """

    id: str
    label: str
    verdict: Truth
    mark: str
    reading: str
    word: str
    deciding: tuple[str, ...]
    review: str
    sources: Sources
    interpretations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitReason:
    """A limit, and whether it is why nothing more is paid."""

    label: str
    bars: bool

    def __str__(self) -> str:
        return f"{self.label}{'，因此不再发放' if self.bars else ''}"


@dataclass(frozen=True, slots=True)
class AmountReason:
    """The formula with its figures, the result before and after rounding, the limits, and what is due."""

    formula: str
    sources: Sources
    result: str
    limits: tuple[LimitReason, ...]
    due: str


@dataclass(frozen=True, slots=True)
class UnitReason:
    """One award unit; `choices` is what the package of what may be paid together says about it."""

    id: str
    name: str
    verdict: Verdict
    verdict_text: str
    conditions: tuple[ConditionReason, ...]
    amount: AmountReason | None
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentReason:
    """When the money moves and who bears it, with the figures that say so."""

    schedule: tuple[str, ...]
    payers: tuple[str, ...]
    sources: Sources


@dataclass(frozen=True, slots=True)
class Reasons:
    """One decision in words. Texts that do not apply are empty."""

    measure: str
    title: str
    verdict: Verdict
    verdict_text: str
    amount: str
    note: str
    stop: str
    basis: str
    place: str
    on: date
    change: str
    missing: tuple[MissingFact, ...]
    units: tuple[UnitReason, ...]
    payment: PaymentReason | None
    interpretations: tuple[CitedInterpretation, ...]


def reasons_of(library: Library, outcome: Outcome, decision: Decision, unit: str | None = None) -> Reasons:
    """Why `decision` is as it is; for one of its units only where `unit` names it."""
    rule, closed = decision.rule, decision.verdict in ("ineligible", "not_open")
    return Reasons(
        measure=rule.measure,
        title=rule.title,
        verdict=decision.verdict,
        verdict_text=VERDICTS[decision.verdict],
        amount="" if closed else amount_text(decision),
        note=decision.amount_note or "",
        stop=payments.stop_text(rule),
        basis=wording.citation(rule),
        place=wording.region_name(library, outcome.region),
        on=outcome.on,
        change=change_text(library, decision),
        missing=missing_facts(library, decision),
        units=tuple(
            _unit(library, outcome, rule, result) for result in decision.units if unit in (None, result.id)
        ),
        payment=None if closed else _payment(library, decision),
        interpretations=cited_interpretations(library, rule),
    )


def _unit(library: Library, outcome: Outcome, rule: Rule, result: UnitResult) -> UnitReason:
    paid = result.scope is not None and result.verdict != "ineligible"
    return UnitReason(
        result.id,
        wording.unit_name(library, rule, result.id),
        result.verdict,
        VERDICTS[result.verdict],
        tuple(_condition(library, condition) for condition in result.conditions),
        _amount(library, rule, result) if paid else None,
        tuple(_choices(outcome, rule, result)),
    )


def _condition(library: Library, result: ConditionResult) -> ConditionReason:
    condition, scope = result.condition, result.scope
    when, review = condition.when, condition.review
    holds = result.verdict is True
    word = "" if holds else "未知" if scope.value(when.node) is UNKNOWN else "不成立"
    return ConditionReason(
        condition.id,
        condition.label,
        result.verdict,
        MARKS[result.verdict],
        _in_chinese(library, when.node),
        word,
        () if holds else tuple(map(to_chinese, deciding(when.node, scope))),
        to_chinese(review.node) if result.verdict == "review" and review else "",
        sources_of(library, [when, *([review] if review else [])], scope),
        condition.interpretations,
    )


def _in_chinese(library: Library, node: Node) -> str:
    """A rule's expression reads the same in every case: it is put in words once."""
    text: str = library.prepared(node, lambda: to_chinese(node))
    return text


def _amount(library: Library, rule: Rule, result: UnitResult) -> AmountReason | None:
    if rule.amount is None or result.scope is None:
        return None
    known = result.amount is not None and result.worth is not None
    return AmountReason(
        _in_chinese(library, rule.amount.node),
        sources_of(library, [rule.amount], result.scope),
        _result(rule, result),
        tuple(LimitReason(limit.label, limit.label == result.barred_by) for limit in rule.limits),
        wording.yuan(result.amount) if known and result.amount is not None else "",
    )


def _result(rule: Rule, result: UnitResult) -> str:
    if result.worth is None:
        return wording.span(result.span) if result.span else "待定"
    rounded = round_money(result.worth, rule.quantum)
    note = f"四舍五入到 {rule.quantum} 元得 {wording.yuan(rounded)}（A33）"
    return f"{result.worth.normalize():,f} 元，{note}"


def _choices(outcome: Outcome, rule: Rule, result: UnitResult) -> Iterator[str]:
    """What the package says about a unit."""
    package, own = outcome.package, (rule.measure, result.id)
    for given_up in package.given_up:
        if (given_up.measure, given_up.unit) == own:
            yield f"放弃：{given_up.because}"
    for chosen in package.chosen:
        if (chosen.measure, chosen.unit) == own:
            yield "列入能一起领的组合"


def _payment(library: Library, decision: Decision) -> PaymentReason | None:
    rule = decision.rule
    lines = tuple(payments.schedule_lines(decision.schedule or {"kind": ""}))
    payers = tuple(payments.payer_lines(decision.components))
    shares = [c.share for c in rule.components]
    scope = next((u.scope for u in decision.units if u.verdict == decision.verdict and u.scope), None)
    if scope is None or not (lines or payers or shares):
        return None
    used = [*schedule_expressions(rule.schedule), *shares]
    return PaymentReason(lines, payers, sources_of(library, used, scope))


def deciding(node: Node, scope: UnitScope) -> tuple[Node, ...]:
    """The parts that make a condition false or unknown; nothing where that is the whole of it."""
    parts = tuple(_deciding(node, scope))
    return () if parts == (node,) else parts


def _deciding(node: Node, scope: UnitScope) -> Iterator[Node]:
    value = scope.value(node)
    match node:
        case nodes.Binary("and" | "or", left, right):
            for part in (left, right):
                if scope.value(part) is value:
                    yield from _deciding(part, scope)
        case nodes.If(condition, consequent, alternative) if scope.value(condition) is not UNKNOWN:
            yield from _deciding(consequent if scope.value(condition) else alternative, scope)
        case _:
            yield node
