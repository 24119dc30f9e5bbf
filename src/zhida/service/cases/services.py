"""Opening the cases of a package, and what their applicant may do to them afterwards."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
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
from zhida.service.cases.models import Case, Concerned, Move, Package, Step
from zhida.service.cases.offices import offices_of, responsible_for
from zhida.service.cases.planning import PlannedStep, plan
from zhida.service.cases.states import FINAL, NotPossible, State, can, transition
from zhida.service.law import library
from zhida.service.registry.models import Employer, Person
from zhida.service.secrecy.sealing import keyed_hash
from zhida.service.work.queue import enqueue

MOVED = (
    "state",
    "task",
    "outside",
    "due_on",
    "assignee",
    "revision",
    "approved_at",
    "moved_at",
    "closed_at",
)
"""What a move may change of a case."""
TOLD = frozenset(
    {State.TO_PUBLISH, State.PUBLICITY, State.FUNDING, State.PAYABLE, State.REFUSED, State.WITHDRAWN}
)
"""States into and out of which a case moves its payments."""


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
    origin: Package.Origin = Package.Origin.APPLIED,
) -> Package:
    """One package with a case for each of the `decisions` of an outcome, in the caller's transaction.

    `facts` is the case that was decided; `amounts` what the combination leaves of each, by `provision_of`.
    `user` is None only where nobody applied.
    """
    now, told = clock.now(), to_json(outcome)
    package = Package.objects.create(
        origin=origin,
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
    Concerned.objects.bulk_create(_concerned(package, applicant))
    _record("package submitted", package, {"cases": len(decisions), "library": outcome.library})
    offices = offices_of(outcome.region)
    traces = {id(d): trace for d, trace in zip(outcome.decisions, told["decisions"], strict=True)}
    for place, decision in enumerate(decisions, 1):
        amount = amounts.get(provision_of(decision.rule))
        _open_case(package, place, decision, traces[id(decision)], amount, facts, offices)
    return package


def _concerned(package: Package, applicant: Applicant) -> Iterator[Concerned]:
    yield Concerned(package=package, path="applicant", hash=package.applicant_hash)
    yield Concerned(package=package, path="name", hash=name_hash(applicant.name))
    for path, who in applicant.rows.items():
        if who.get("number"):
            yield Concerned(package=package, path=path, hash=keyed_hash(who["number"]))


def name_hash(name: str) -> str:
    """The hash under which an exact name is found, however it is spaced."""
    return keyed_hash("name " + "".join(unicodedata.normalize("NFKC", name).split()))


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
    steps = plan(rule.procedure, package.submitted_at.date(), library().calendar)
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
        moved_at=package.submitted_at,
        due_on=next((step.due_on for step in steps if not step.done), None),
    )
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
        tasks_done=len(step.tasks) if step.done else 0,
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
    """Move a locked case by a transition whose target is a state, in the caller's transaction.

    Raises NotPossible.
    """
    target = transition(name).target
    if not isinstance(target, State):
        raise NotPossible(f"{name} needs the plan of the case")
    move(case, name, target, by=by, note=note)


def move(
    case: Case,
    name: str,
    target: State,
    *,
    by: str,
    note: str = "",
    task: str = "",
    step: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Move:
    """Put a locked case into a state, with its log and audit entry, in the caller's transaction.

    `task` and `step` are what is fulfilled by it. Raises NotPossible.
    """
    if not can(name, case.state):
        raise NotPossible(f"{name} is not possible from {case.state}")
    now, before = clock.now(), case.state
    case.state, case.moved_at, case.revision = target, now, case.revision + 1
    case.closed_at = now if target in FINAL else None
    if target in FINAL:
        case.task, case.outside, case.due_on = "", False, None
    case.save(update_fields=MOVED)
    made = _log(
        case, before, target, by, now, note, name=name, task=task, step=step, detail=dict(detail or {})
    )
    if target in TOLD or before in TOLD:
        # The money of the case has to follow; the job comes with the move, and before the audit's lock.
        key = f"payments of {case.number} {target} {case.revision}"
        enqueue("payments of a case", key, {"case": case.pk})
    said = {"from": str(before), "to": str(target), **({"task": task} if task else {}), **(detail or {})}
    chain.record(f"case: {name}", actor=by, subject=case.number, region=case.region, detail=said)
    return made


def _log(case: Case, before: str, after: str, by: str, at: datetime, note: str = "", **what: Any) -> Move:
    return Move.objects.create(
        case=case,
        number=case.revision,
        at=at,
        by=by,
        from_state=before,
        to_state=after,
        note=note,
        **what,
    )


def _record(action: str, package: Package, detail: Mapping[str, Any]) -> None:
    chain.record(
        action, actor=actor_of(package), subject=package.number, region=package.region, detail=detail
    )
