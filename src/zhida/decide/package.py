"""The best set of grants that may be paid together, and what is given up for it (A26, A27)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhida.decide.case import person_key
from zhida.decide.decision import Chosen, Decision, GivenUp, Package, UnitResult, money
from zhida.library.rule import Rule

ZERO = Decimal(0)
GRANT_KINDS = ("one-off", "monthly", "staged")
"""Loans, deferrals and rate cuts are no grants; monthly ones count one month."""


@dataclass(frozen=True, slots=True)
class Candidate:
    rule: Rule
    unit: UnitResult
    amount: Decimal

    @property
    def rank(self) -> tuple[Decimal, int]:
        """Larger is better for the payee: the amount, then fewer documents to hand in."""
        return self.amount, -self.rule.documents_needed


def best_package(decisions: Iterable[Decision]) -> Package:
    """Per exclusion group and person the best grant; everything outside a group is kept."""
    best: dict[tuple[str, str], Candidate] = {}
    candidates = list(_candidates(decisions))
    for candidate in candidates:
        key = _clique(candidate)
        if key is not None and (key not in best or candidate.rank > best[key].rank):
            best[key] = candidate
    chosen: list[Chosen] = []
    given_up: list[GivenUp] = []
    for candidate in candidates:
        key = _clique(candidate)
        winner = candidate if key is None else best[key]
        measure, unit, amount = candidate.rule.measure, candidate.unit.id, candidate.amount
        if winner is candidate:
            chosen.append(Chosen(measure, unit, amount))
        else:
            given_up.append(GivenUp(measure, unit, amount, _reason(candidate, winner)))
    total = sum((c.amount for c in chosen), ZERO)
    return Package(total, tuple(chosen), tuple(given_up))


def _candidates(decisions: Iterable[Decision]) -> Iterator[Candidate]:
    for decision in decisions:
        if decision.rule.kind not in GRANT_KINDS or decision.verdict == "not_open":
            continue
        for unit in decision.units:
            if unit.verdict == "eligible" and unit.amount:
                yield Candidate(decision.rule, unit, unit.amount)


def _clique(candidate: Candidate) -> tuple[str, str] | None:
    group, scope = candidate.rule.exclusion, candidate.unit.scope
    return None if group is None or scope is None else (group, person_key(scope.person))


def _reason(loser: Candidate, winner: Candidate) -> str:
    other = winner.rule.name
    if winner.rule.measure == loser.rule.measure:
        return f"同一人已由“{winner.unit.id}”享受{other}"
    if winner.amount > loser.amount:
        return f"同一人不能与{other}重复享受；{other}为{money(winner.amount)}元，金额更高（A26、A27）"
    if winner.rule.documents_needed < loser.rule.documents_needed:
        return f"同一人不能与{other}重复享受；金额相同，{other}所需材料更少（A26、A27）"
    return f"同一人不能与{other}重复享受；金额相同，按文件次序选择（A26、A27）"
