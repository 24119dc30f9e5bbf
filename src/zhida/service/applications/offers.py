"""What a draft could apply for: every decision, whether it can be chosen, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from zhida.decide import Outcome
from zhida.decide.decision import Decision
from zhida.guide import wording
from zhida.guide.summary import summary_of
from zhida.guide.verdicts import VERDICTS, amount_text
from zhida.service.applications import drafts
from zhida.service.applications.models import Draft
from zhida.service.cases.models import VERDICTS as SUBMITTABLE
from zhida.service.cases.services import provision_of
from zhida.service.law import library

APPLICANTS = ("employer", "person")
"""Payees that apply themselves; funds and places are the offices' own matter."""

WORDS = (
    gettext_noop("能享受"),
    gettext_noop("须人工核定"),
    gettext_noop("还差信息"),
    gettext_noop("不能享受"),
    gettext_noop("未开放"),
)
"""The verdicts in words, for the English catalogue."""
TO_BE_PAID_BACK = ("deferral", "loan")


@dataclass(frozen=True, slots=True)
class Offer:
    """A provision as a line to choose from. `details` say what is missing, or why not."""

    provision: str
    measure: str
    title: str
    payee: str
    verdict: str
    verdict_text: str
    amount: str
    mode: str
    details: tuple[str, ...]
    basis: str
    can_choose: bool
    because: str
    chosen: bool

    @property
    def is_near(self) -> bool:
        """Shown at once: chosen, or decided in the applicant's favour. The rest is a click away."""
        return self.chosen or self.verdict != "unknown"


def offers_of(draft: Draft, outcome: Outcome) -> list[Offer]:
    """In the order of the verdicts: what one gets, what is still open, what one does not get."""
    details = {
        (line.measure, line.row): line.details
        for group in summary_of(library(), outcome).groups
        for line in group.lines
    }
    chosen = set(draft.chosen) if draft.chosen else set(default_choice(outcome.decisions))
    payees = APPLICANTS if not draft.audience else (draft.audience,)
    offered = [d for d in outcome.decisions if d.rule.payee in payees]
    ranked = sorted(offered, key=lambda d: (*SUBMITTABLE, "ineligible", "not_open").index(d.verdict))
    return [_offer(d, details.get((d.rule.measure, d.rule.row), ()), chosen) for d in ranked]


def default_choice(decisions: Iterable[Decision]) -> list[str]:
    """What is ticked at first: all that is paid and looks good, of one measure the best provisions.

    What is to be paid back later (缓缴、贷款), and what the case says nothing about yet, is ticked only where
    there is nothing else.
    """
    open_ones = [d for d in decisions if not refusal(d) and d.rule.payee in APPLICANTS]
    good = [d for d in open_ones if d.verdict != "unknown"]
    found = [d for d in good if d.rule.kind not in TO_BE_PAID_BACK] or good or open_ones
    best: dict[str, int] = {}
    for decision in found:
        rank = SUBMITTABLE.index(decision.verdict)
        best[decision.rule.measure] = min(rank, best.get(decision.rule.measure, rank))
    return [provision_of(d.rule) for d in found if SUBMITTABLE.index(d.verdict) == best[d.rule.measure]]


def verdict_text(verdict: str) -> str:
    return gettext(VERDICTS[verdict])


def refusal(decision: Decision) -> str:
    """Why a decision cannot be applied for; nothing where it can."""
    if decision.verdict not in SUBMITTABLE:
        return verdict_text(decision.verdict)
    procedure = decision.rule.procedure
    if procedure is not None and procedure.mode == "系统配置":
        return gettext("不用申请，系统直接按规定执行。")
    return ""


def decided(draft: Draft) -> Outcome:
    """The chosen measures decided; of all for the audience where nothing is chosen. Raises Contradiction."""
    return drafts.decide(draft, measures_of(draft))


def measures_of(draft: Draft) -> tuple[str, ...]:
    return tuple(dict.fromkeys(provision.partition(":")[0] for provision in draft.chosen))


def chosen_decisions(draft: Draft, outcome: Outcome) -> list[Decision]:
    """The decisions that the draft has chosen, whatever has become of them."""
    return [d for d in outcome.decisions if provision_of(d.rule) in draft.chosen]


def kind_of(draft: Draft, decisions: Iterable[Decision]) -> str:
    """Who applies, an employer or a person; the choice is never of both."""
    return draft.audience or next((d.rule.payee for d in decisions), "employer")


def _offer(decision: Decision, details: tuple[str, ...], chosen: set[str]) -> Offer:
    rule, because = decision.rule, refusal(decision)
    return Offer(
        provision=provision_of(rule),
        measure=rule.measure,
        title=rule.title,
        payee=rule.payee,
        verdict=decision.verdict,
        verdict_text=verdict_text(decision.verdict),
        amount=amount_text(decision) if decision.verdict in SUBMITTABLE else "",
        mode=rule.procedure.mode if rule.procedure else "",
        details=tuple(detail.rstrip("。") for detail in details),
        basis=wording.citation(rule),
        can_choose=not because,
        because=because,
        chosen=not because and provision_of(rule) in chosen,
    )
