"""The best set of grants that may be paid together, and what is given up for it (A26, A27)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhida.decide.case import person_key
from zhida.decide.decision import Chosen, Decision, GivenUp, Package, UnitResult, money
from zhida.decide.scope import in_year
from zhida.library import Library, Rule

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


def best_package(library: Library, decisions: Iterable[Decision]) -> Package:
    """Per exclusion group and person the best grant; everything outside a group is kept.

    What history says was paid already bars the other measures of its group for that person.
    """
    best: dict[tuple[str, str], Candidate] = {}
    candidates = [(c, _clique(c), _paid_already(c)) for c in _candidates(decisions)]
    for candidate, key, paid in candidates:
        if key is None or paid:
            continue
        if key not in best or candidate.rank > best[key].rank:
            best[key] = candidate
    chosen: list[Chosen] = []
    given_up: list[GivenUp] = []
    for candidate, key, paid in candidates:
        measure, unit, amount = candidate.rule.measure, candidate.unit.id, candidate.amount
        if paid is not None:
            name = library.measures[paid].definition.name
            given_up.append(GivenUp(measure, unit, amount, f"该人已享受{name}，不能重复享受（A26）"))
        elif key is None or best[key] is candidate:
            chosen.append(Chosen(measure, unit, amount))
        else:
            given_up.append(GivenUp(measure, unit, amount, _reason(candidate, best[key])))
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
    exclusion, scope = candidate.rule.exclusion, candidate.unit.scope
    if exclusion is None or scope is None:
        return None
    return exclusion.group, person_key(scope.person)


def _paid_already(candidate: Candidate) -> str | None:
    """Another measure of the group that history, or a fact about it, says the person has had."""
    exclusion, scope = candidate.rule.exclusion, candidate.unit.scope
    if exclusion is None or scope is None:
        return None
    others = exclusion.measures - {candidate.rule.measure}
    for (entity, key), told in candidate.rule.from_history.items():
        if (
            told.measure in others
            and entity in (candidate.rule.unit, "person")
            and scope.fact(entity, key) is True
        ):
            return told.measure
    if not scope.case.history:
        return None
    year = scope.event_year() if exclusion.by_year else None
    subjects = scope.subjects("person")
    return next(
        (
            grant.measure
            for grant in scope.case.history
            if grant.measure in others and grant.subject in subjects and in_year(grant, year)
        ),
        None,
    )


def _reason(loser: Candidate, winner: Candidate) -> str:
    other = winner.rule.name
    if winner.rule.measure == loser.rule.measure:
        return f"同一人已由“{winner.unit.id}”享受{other}"
    if winner.amount > loser.amount:
        return f"同一人不能与{other}重复享受；{other}为{money(winner.amount)}元，金额更高（A26、A27）"
    if winner.rule.documents_needed < loser.rule.documents_needed:
        return f"同一人不能与{other}重复享受；金额相同，{other}所需材料更少（A26、A27）"
    return f"同一人不能与{other}重复享受；金额相同，按文件次序选择（A26、A27）"
