"""From a frozen list to cases: one package for each beneficiary, as far as nobody has to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhida.decide import build_case, decide
from zhida.decide.decision import Decision, Outcome
from zhida.service.cases.models import Case, Package
from zhida.service.cases.services import Applicant, open_package, provision_of
from zhida.service.cases.states import NotPossible, State
from zhida.service.casework.services import perform
from zhida.service.law import library
from zhida.service.proactive import blocking
from zhida.service.proactive.freezing import ENDED, cases_of, held_by, period_of
from zhida.service.proactive.models import Candidate, Claim, Run
from zhida.service.proactive.states import MAY, CandidateState
from zhida.service.registry.models import Employer
from zhida.service.secrecy.sealing import keyed_hash

MOST = 300
"""Candidates of one job: its lease must not run out."""
COMMITMENT = "免申即享：经办机构按登记信息主动办理，无需申请。"
WAITING = (State.SUBMITTED, State.SCREENING, State.APPLICANT)


def open_cases(run: Run, after: int) -> int | None:
    """A package for each candidate that is ready, in the order of the list."""
    wanted = run.candidates.filter(state__in=MAY["open"], number__gt=after).order_by("number")
    numbers = list(wanted.values_list("number", "pk")[:MOST])
    for _number, pk in numbers:
        open_one(pk)
    return numbers[-1][0] if len(numbers) == MOST else None


def advance(run: Run, after: int) -> int | None:
    """Accept the cases and pass what screening has proved, as far as no person has to look."""
    wanted = run.candidates.filter(state=CandidateState.OPENED, case__state__in=WAITING, number__gt=after)
    found = list(wanted.select_related("case").defer("facts", "case__facts", "case__decision")[:MOST])
    for candidate in found:
        go_on(candidate)
    return found[-1].number if len(found) == MOST else None


def open_one(pk: int) -> Candidate:
    """The package of a candidate, once; or the candidate held or blocked, with the reason."""
    try:
        with transaction.atomic():
            return _open(pk)
    except IntegrityError:
        # Another list has opened one for the same beneficiary in the meantime.
        with transaction.atomic():
            candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=pk)
            if candidate.state in MAY["open"]:
                _hold(candidate, _("已有案件"))
            return candidate


def _open(pk: int) -> Candidate:
    locked = Candidate.objects.select_for_update(of=("self",)).select_related("run", "employer", "person")
    candidate = locked.get(pk=pk)
    if candidate.state not in MAY["open"]:
        return candidate
    outcome, decision = decide_again(candidate)
    if decision is None:
        _block(candidate)
        return candidate
    applicant = applicant_of(candidate)
    if held := _held(candidate, applicant, decision):
        _hold(candidate, held)
        return candidate
    key = provision_of(decision.rule)
    package = open_package(
        user=None,
        origin=Package.Origin.PROACTIVE,
        key=f"proactive:{candidate}",
        applicant=applicant,
        commitment=COMMITMENT,
        facts=candidate.facts,
        outcome=outcome,
        decisions=[decision],
        amounts={key: candidate.amount},
    )
    _claim(candidate, decision, package)
    candidate.case, candidate.state = package.cases.get(), CandidateState.OPENED
    candidate.save(update_fields=["case", "state"])
    return candidate


def decide_again(candidate: Candidate) -> tuple[Outcome, Decision | None]:
    """The frozen facts decided with today's library: the outcome, and the decision if it is the same."""
    case, problems = build_case(library(), candidate.facts)
    if case is None:
        raise ValueError(f"{candidate}: {problems}")
    outcome = decide(library(), case, (candidate.run.measure,))
    found = next((d for d in outcome.decisions if d.rule.row == candidate.row), None)
    same = found is not None and (found.verdict, found.amount) == (candidate.verdict, candidate.amount)
    return outcome, found if same else None


def applicant_of(candidate: Candidate) -> Applicant:
    """Who the package is for, as the registry knows them; an account that was confirmed comes first."""
    party = candidate.party
    if isinstance(party, Employer):
        known = {"contact": party.contact, "phone": party.phone}
        name, number = party.name, party.number
    else:
        known, name, number = {"phone": party.phone}, party.name, party.number
    return Applicant(
        name=name,
        number=number,
        contact={key: value for key, value in known.items() if value},
        account=candidate.account or account_of(name, party.bank_account),
        employer=candidate.employer,
        person=candidate.person,
    )


def account_of(holder: str, account: str) -> dict[str, str]:
    return {"holder": holder, "account": account} if account else {}


def _held(candidate: Candidate, applicant: Applicant, decision: Decision) -> str:
    """What stands in the way of a second package: a case of the party's own, whoever began it."""
    hashed = keyed_hash(applicant.number)
    cases = cases_of(candidate.run.measure, [hashed]).get(hashed, [])
    return held_by(cases, decision.rule, candidate.run.on.year)


def _claim(candidate: Candidate, decision: Decision, package: Package) -> None:
    """The beneficiary's place for this measure and period; claims of cases that came to nothing give way."""
    told: Mapping[str, Any] = {
        "measure": candidate.run.measure,
        "unit": candidate.unit,
        "period": period_of(decision.rule, candidate.run.on.year),
    }
    former = Claim.objects.filter(**told, counts=True, package__cases__state__in=ENDED)
    Claim.objects.filter(pk__in=list(former.values_list("pk", flat=True))).update(counts=False)
    Claim.objects.create(**told, package=package)


def _hold(candidate: Candidate, reason: str) -> None:
    candidate.state, candidate.reason = CandidateState.HELD, reason
    candidate.save(update_fields=["state", "reason"])


def _block(candidate: Candidate) -> None:
    block = blocking.law_block()
    block.candidate = candidate
    block.save()
    candidate.state = CandidateState.BLOCKED
    candidate.save(update_fields=["state"])


def go_on(candidate: Candidate) -> None:
    """The steps of its case that background work may take: to accept, to pass what screening proved, and
    the party's own part where they confirmed. What another body or a person does waits for them."""
    case = candidate.case
    while case is not None:
        name = _next(case, candidate)
        if name is None:
            return
        try:
            case = perform(case, name, None)
        except NotPossible:
            return


def _next(case: Case, candidate: Candidate) -> str | None:
    if case.outside:
        return None
    if case.state == State.SUBMITTED:
        return "accept"
    if case.state == State.SCREENING and candidate.verdict == "eligible":
        return "pass screening"
    if case.state == State.APPLICANT and candidate.confirmed_at is not None:
        return "do own part"
    return None
