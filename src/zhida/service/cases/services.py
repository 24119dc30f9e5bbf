"""Opening the cases of a package, and what their applicant may do to them afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from zhida.decide import Outcome, to_json
from zhida.decide.decision import Decision
from zhida.library import Rule
from zhida.service import clock
from zhida.service.accounts.models import Office
from zhida.service.audit import chain
from zhida.service.cases import numbers
from zhida.service.cases.models import Case, Move, Package, Step
from zhida.service.cases.offices import offices_of, responsible_for
from zhida.service.cases.planning import PlannedStep, plan
from zhida.service.cases.states import FINAL, NotPossible, State, can, transition
from zhida.service.law import library
from zhida.service.registry.models import Employer, Person
from zhida.service.secrecy.sealing import keyed_hash


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, as told: a name, a number, whom to call, where to pay; and the party where it is known."""

    name: str
    number: str
    contact: Mapping[str, str]
    account: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    employer: Employer | None = None
    person: Person | None = None


def open_package(
    *,
    user: Any,
    key: str,
    applicant: Applicant,
    commitment: str,
    facts: Mapping[str, Any],
    outcome: Outcome,
    decisions: Sequence[Decision],
    amounts: Mapping[str, Decimal | None],
) -> Package:
    """One package with a case for each of the `decisions` of an outcome, in the caller's transaction.

    `facts` is the case that was decided; `amounts` what the combination leaves of each, by `provision_of`.
    """
    now, told = clock.now(), to_json(outcome)
    package = Package.objects.create(
        origin=Package.Origin.APPLIED,
        number=numbers.package_number(outcome.region, now.date()),
        user=user,
        employer=applicant.employer,
        person=applicant.person,
        applicant_name=applicant.name,
        applicant_number=applicant.number,
        applicant_hash=keyed_hash(applicant.number),
        contact=dict(applicant.contact),
        account=dict(applicant.account),
        rows=dict(applicant.rows),
        region=outcome.region,
        on=outcome.on,
        commitment=commitment,
        combination=told["package"],
        submitted_at=now,
        key=key,
    )
    _record("package submitted", package, {"cases": len(decisions), "library": outcome.library})
    offices = offices_of(outcome.region)
    traces = {id(d): trace for d, trace in zip(outcome.decisions, told["decisions"], strict=True)}
    for place, decision in enumerate(decisions, 1):
        amount = amounts.get(provision_of(decision.rule))
        _open_case(package, place, decision, traces[id(decision)], amount, facts, offices)
    return package


def actor_of(package: Package) -> str:
    """Who is named in the audit chain: the submitter, nobody where the office itself began."""
    return package.user.username if package.user else ""


def provision_of(rule: Rule) -> str:
    """What names a provision among those of one place and day: `hiring-subsidy:ZN91-002`."""
    return f"{rule.measure}:{rule.row}"


def _open_case(
    package: Package,
    place: int,
    decision: Decision,
    trace: Mapping[str, Any],
    amount: Decimal | None,
    facts: Mapping[str, Any],
    offices: list[Office],
) -> None:
    rule, by = decision.rule, actor_of(package)
    responsible = responsible_for(rule, offices)
    case = Case.objects.create(
        package=package,
        number=numbers.case_number(package.number, place),
        measure=rule.measure,
        title=rule.title,
        document=rule.document,
        clause=rule.clause,
        row=rule.row,
        region=package.region,
        office=responsible.office,
        office_name=responsible.name,
        phone=responsible.phone,
        library=library().hash,
        on=package.on,
        facts=dict(facts),
        decision=trace,
        verdict=decision.verdict,
        amount=amount,
        opened_at=package.submitted_at,
    )
    steps = plan(rule.procedure, package.submitted_at.date(), library().calendar)
    Step.objects.bulk_create(_step(case, step) for step in steps)
    _log(case, "", State.SUBMITTED, by, package.submitted_at)
    pinned = {"measure": case.measure, "row": case.row, "verdict": case.verdict, "library": case.library}
    chain.record("case opened", actor=by, subject=case.number, region=case.region, detail=pinned)


def _step(case: Case, step: PlannedStep) -> Step:
    return Step(
        case=case,
        number=step.number,
        actor=step.actor,
        action=step.action,
        by_applicant=step.by_applicant,
        days=step.days,
        publicity=step.publicity,
        publicity_days=step.publicity_days,
        tasks=list(step.tasks),
        started_on=step.started_on,
        due_on=step.due_on,
        ended_on=step.started_on if step.done else None,
    )


def withdraw(user: Any, case: Case, note: str = "") -> Case:
    """The applicant takes a case back. Raises NotPossible once it has gone too far, or is closed already."""
    with transaction.atomic():
        fresh = (
            Case.objects.visible_to(user, "follow own cases").select_for_update(of=("self",)).get(pk=case.pk)
        )
        perform("withdraw", fresh, user.username, note)
    return fresh


def withdraw_all(user: Any, package: Package, note: str = "") -> list[Case]:
    """Every case of the package that can still be taken back; none is no error."""
    with transaction.atomic():
        mine = Case.objects.visible_to(user, "follow own cases").filter(package=package)
        open_cases = [case for case in mine.select_for_update(of=("self",)) if can("withdraw", case.state)]
        for case in open_cases:
            perform("withdraw", case, user.username, note)
    return open_cases


def perform(name: str, case: Case, by: str, note: str = "") -> None:
    """Move a locked case, with its log and audit entry, in the caller's transaction. Raises NotPossible."""
    if not can(name, case.state):
        raise NotPossible(f"{name} is not possible from {case.state}")
    target, now = transition(name).target, clock.now()
    before, case.state = case.state, target
    case.closed_at = now if target in FINAL else None
    case.save(update_fields=["state", "closed_at"])
    _log(case, before, target, by, now, note)
    chain.record(
        f"case: {name}",
        actor=by,
        subject=case.number,
        region=case.region,
        detail={"from": str(before), "to": str(target)},
    )


def _log(case: Case, before: str, after: str, by: str, at: datetime, note: str = "") -> None:
    number = case.moves.count() + 1
    Move.objects.create(case=case, number=number, at=at, by=by, from_state=before, to_state=after, note=note)


def _record(action: str, package: Package, detail: Mapping[str, Any]) -> None:
    chain.record(
        action, actor=actor_of(package), subject=package.number, region=package.region, detail=detail
    )
