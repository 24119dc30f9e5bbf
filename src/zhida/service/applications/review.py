"""A package as it would be submitted now: what goes, what stays behind and why, what is still wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from zhida.decide import Outcome, build_case, to_json
from zhida.decide import decide as decide_case
from zhida.decide.decision import Decision
from zhida.guide import wording
from zhida.guide.verdicts import MissingFact, amount_text, missing_facts
from zhida.library import Rule
from zhida.service.applications import drafts
from zhida.service.applications.commitment import commitment_of
from zhida.service.applications.forms import people_rows, required_of, row_title
from zhida.service.applications.identified import hash_of, identified_case
from zhida.service.applications.identity import IdNumberField
from zhida.service.applications.models import Draft
from zhida.service.applications.offers import chosen_decisions, measures_of, refusal, verdict_text
from zhida.service.cases.services import provision_of
from zhida.service.law import library
from zhida.service.secrecy.sealing import keyed_hash


@dataclass(frozen=True, slots=True)
class Item:
    """One chosen provision. `because` says why it is left out; `given_up` what something better takes."""

    decision: Decision
    measure: str
    title: str
    verdict: str
    verdict_text: str
    amount: str
    basis: str
    because: str
    given_up: str
    missing: tuple[MissingFact, ...]

    @property
    def is_submitted(self) -> bool:
        return not self.because


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What one unit could have of a measure, and does not, because something better excludes it."""

    measure: str
    title: str
    whose: str
    amount: str
    because: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must be put right first; `field` is the form's field that it is about."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """`case` is what was decided, `seen` what changes when any of this does."""

    kind: str
    case: Mapping[str, Any]
    outcome: Outcome
    items: tuple[Item, ...]
    total: str
    given_up: tuple[GivenUp, ...]
    commitment: str
    faults: tuple[Fault, ...]
    seen: str

    @property
    def submitted(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_submitted)

    @property
    def left_out(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.is_submitted)


def review_of(draft: Draft) -> Review:
    """Decided anew, with everybody named. Raises drafts.Contradiction."""
    kind = draft.audience or _kind_before(draft)
    case = identified_case(draft, kind)
    outcome = _decided(draft, case)
    decisions = chosen_decisions(draft, outcome)
    items = tuple(_item(draft, outcome, decision) for decision in decisions)
    going = [item.decision for item in items if item.is_submitted]
    commitment = commitment_of(draft.applicant.get("name", ""), going)
    return Review(
        kind=kind,
        case=case,
        outcome=outcome,
        items=items,
        total=wording.yuan(outcome.package.total) if outcome.package.chosen else "",
        given_up=tuple(_given_up(draft, outcome)),
        commitment=commitment,
        faults=tuple(_faults(draft, kind, going)),
        seen=_seen(case, outcome, commitment),
    )


def amounts_of(outcome: Outcome, decisions: Iterable[Decision]) -> dict[str, Decimal | None]:
    """By provision what may be paid: what the combination leaves of it, else what the decision says."""
    chosen: dict[str, Decimal] = {}
    for grant in outcome.package.chosen:
        chosen[grant.measure] = chosen.get(grant.measure, Decimal(0)) + grant.amount
    given_up = {grant.measure for grant in outcome.package.given_up}
    return {
        provision_of(d.rule): chosen[d.rule.measure]
        if d.rule.measure in given_up and d.rule.measure in chosen
        else d.amount
        for d in decisions
    }


def _kind_before(draft: Draft) -> str:
    known = library().measures
    payees = [known[m].definition.payee for m in measures_of(draft) if m in known]
    return payees[0] if payees else "employer"


def _decided(draft: Draft, case: Mapping[str, Any]) -> Outcome:
    """Of the chosen measures alone: what is not applied for gives nothing up for anything."""
    built, problems = build_case(library(), case)
    if built is None:
        raise drafts.Contradiction(problems)
    return decide_case(library(), built, measures_of(draft) or ("",))


def _given_up(draft: Draft, outcome: Outcome) -> Iterator[GivenUp]:
    rules = {decision.rule.measure: decision.rule for decision in outcome.decisions}
    for grant in outcome.package.given_up:
        rule = rules[grant.measure]
        whose = unit_label(draft, rule, grant.unit)
        yield GivenUp(rule.measure, rule.title, whose, wording.yuan(grant.amount), grant.because)


def unit_label(draft: Draft, rule: Rule, unit: str) -> str:
    """What a unit is called on the pages: 招用 1：张三."""
    entity = library().entities[rule.unit]
    return row_title(draft, entity.case_key, unit) if entity.rows else entity.name


def _item(draft: Draft, outcome: Outcome, decision: Decision) -> Item:
    rule = decision.rule
    lost = [grant for grant in _given_up(draft, outcome) if grant.measure == rule.measure]
    kept = [grant for grant in outcome.package.chosen if grant.measure == rule.measure]
    given_up = "；".join(f"{grant.whose} {grant.amount}：{grant.because}" for grant in lost)
    because = refusal(decision) or _reason(decision)
    if not because and lost and not kept:
        because = gettext("与更优的一项不能同时享受：%(reason)s") % {"reason": lost[0].because}
    return Item(
        decision=decision,
        measure=rule.measure,
        title=rule.title,
        verdict=decision.verdict,
        verdict_text=verdict_text(decision.verdict),
        amount=amount_text(decision),
        basis=wording.citation(rule),
        because=because,
        given_up=given_up,
        missing=missing_facts(library(), decision),
    )


def _reason(decision: Decision) -> str:
    """Where limits leave nothing of what holds: they are why it is not submitted."""
    barred = [unit.barred_by for unit in decision.units if unit.barred_by]
    if decision.verdict == "eligible" and decision.amount == 0 and barred:
        return str(barred[0])
    return ""


def _faults(draft: Draft, kind: str, going: list[Decision]) -> Iterator[Fault]:
    """What keeps the package from being submitted: nobody named, or nothing to submit."""
    for name, made in required_of(kind).items():
        if text := _wrong(made, draft.applicant.get(name, "")):
            yield Fault(f"who:{name}", f"{made.label}：{text}")
    for row in people_rows(draft, [decision.rule.unit for decision in going]):
        who = draft.rows.get(row, {})
        if not who.get("name") or _wrong(IdNumberField(), who.get("number", "")):
            name = row_title(draft, *row.split("."))
            yield Fault(f"row:{row}:number", gettext("%(row)s：请填姓名和公民身份号码") % {"row": name})
    if not going:
        yield Fault("", gettext("没有可以提交的政策。"))


def _wrong(made: Any, value: str) -> str:
    try:
        made.clean(value)
    except ValidationError as wrong:
        return str(wrong.messages[0])
    return ""


def rows_with_hashes(draft: Draft) -> dict[str, dict[str, str]]:
    return {
        row: {**who, "hash": hash_of(who["number"])} for row, who in draft.rows.items() if who.get("number")
    }


def _seen(case: Mapping[str, Any], outcome: Outcome, commitment: str) -> str:
    told = to_json(outcome)
    return keyed_hash(json.dumps([case, told, commitment], ensure_ascii=False, sort_keys=True))
