"""What people do: start a run, confirm or give up, exclude, open cases, chase what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhida.library import resolve
from zhida.service import clock
from zhida.service.audit import chain
from zhida.service.cases.models import Case
from zhida.service.cases.services import perform as move_case
from zhida.service.cases.states import NotPossible, State, can
from zhida.service.casework.services import perform
from zhida.service.law import library
from zhida.service.proactive.models import Block, Candidate, Run
from zhida.service.proactive.phases import PHASES, put
from zhida.service.proactive.screened import rules_of
from zhida.service.proactive.states import (
    MAY,
    UNDER_WAY,
    BlockKind,
    BlockState,
    CandidateState,
    RunState,
)
from zhida.service.work.models import Job
from zhida.service.work.models import State as JobState

ACCOUNT = ("holder", "account", "bank")


class Refused(RuntimeError):
    """It cannot be done now; the text says why, for people."""


def measures_for(region: str, on: date) -> dict[str, str]:
    """What 免申即享 pays in a place on a day, by key: open provisions whose procedure says so."""
    rules = resolve(library(), region, on)
    fitting = (rule for rule in rules if rule.procedure and rule.procedure.mode == "免申即享")
    return {
        rule.measure: rule.title
        for rule in fitting
        if rule.opening.is_open(on) and rule.unit == rule.payee and rule.unit in ("employer", "person")
    }


def start(measure: str, region: str, on: date, by: str) -> Run:
    """A run on its way. Raises Refused where the measure is not paid so there and then, or one runs."""
    if measure not in measures_for(region, on):
        raise Refused(_("这个地区当日没有免申即享的这项政策。"))
    try:
        with transaction.atomic():
            run = Run.objects.create(
                measure=measure, region=region, on=on, library=library().hash, started_by=by
            )
            put(run, RunState.EXPORT)
            told = {"measure": measure, "on": on.isoformat(), "library": run.library}
            chain.record("screening started", actor=by, subject=str(run), region=region, detail=told)
    except IntegrityError:
        raise Refused(_("这项政策在这个地区正在筛查，请等它完成。")) from None
    return run


def open_cases(run: Run, by: str) -> None:
    """Put the opening of every candidate that is ready into the queue. Raises Refused."""
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state not in (RunState.FROZEN, RunState.OPENED):
            raise Refused(_("名单还没有固定，或正在开案。"))
        if not fresh.candidates.filter(state__in=MAY["open"]).exists():
            raise Refused(_("没有可以开案的对象。"))
        fresh.state, fresh.rounds = RunState.OPEN, fresh.rounds + 1
        fresh.save(update_fields=["state", "rounds"])
        put(fresh, RunState.OPEN)
        chain.record("cases opened", actor=by, subject=str(fresh), region=fresh.region)


def resume(run: Run, by: str) -> None:
    """A run whose job failed for a reason that somebody mended. Raises Refused where none did."""
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state not in PHASES or not failed_jobs(fresh).exists():
            raise Refused(_("这次筛查没有停下的后台工作。"))
        failed_jobs(fresh).update(state=JobState.WAITING, attempts=0, due_at=timezone.now(), finished_at=None)
        chain.record("screening resumed", actor=by, subject=str(fresh), region=fresh.region)


def failed_jobs(run: Run) -> Any:
    return Job.objects.filter(key__startswith=f"proactive {run.pk} ", state=JobState.FAILED)


def give_up(run: Run, by: str) -> None:
    """End a run before its list stands. Raises Refused after that."""
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state not in UNDER_WAY:
            raise Refused(_("名单已经固定，不能再放弃这次筛查。"))
        fresh.state, fresh.error = RunState.FAILED, _("由 {name} 放弃").format(name=by)
        fresh.save(update_fields=["state", "error"])
        chain.record("screening given up", actor=by, subject=str(fresh), region=fresh.region)


def confirm(
    candidate: Candidate, by: str, account: Mapping[str, str] | None = None, *, clerk: Any = None
) -> Candidate:
    """The party confirms, and names an account where it has none. `clerk` is the official who records it.

    A case that waits for it goes on. Raises Refused.
    """
    with transaction.atomic():
        fresh = _locked(candidate, "confirm")
        if fresh.confirmed_at is not None:
            raise Refused(_("已经确认过了。"))
        _take_account(fresh, account)
        waiting = fresh.blocks.filter(state=BlockState.OPEN)
        if fresh.state == CandidateState.BLOCKED and waiting.filter(kind=BlockKind.ACCOUNT).exists():
            raise Refused(_("请填写收款账户。"))
        fresh.confirmed_by, fresh.confirmed_at = by, clock.now()
        if fresh.state != CandidateState.OPENED and not waiting.exists():
            fresh.state = CandidateState.CONFIRMED
        fresh.save(update_fields=["account", "confirmed_by", "confirmed_at", "state"])
        if fresh.case is not None:
            _go_on(fresh.case, fresh.account, clerk)
        _record("candidate confirmed", fresh, by, {"account": "yes" if account else ""})
    return fresh


def _take_account(candidate: Candidate, account: Mapping[str, str] | None) -> None:
    given = {name: account[name] for name in ACCOUNT if account.get(name)} if account else {}
    if given:
        candidate.account = given
        candidate.blocks.filter(kind=BlockKind.ACCOUNT).update(state=BlockState.SOLVED)


def _go_on(case: Case, account: Mapping[str, str] | None, clerk: Any) -> None:
    """The case's own step of confirming, where it waits there; its package learns the account."""
    if account:
        package = case.package
        package.account = dict(account)
        package.save(update_fields=["account"])
    if case.state == State.APPLICANT:
        try:
            perform(case, "do own part", clerk)
        except NotPossible as reason:
            raise Refused(str(reason)) from None


def opt_out(candidate: Candidate, reason: str, by: str) -> Candidate:
    """The party does not want it. A case of it is withdrawn while that is possible. Raises Refused."""
    with transaction.atomic():
        fresh = _locked(candidate, "opt out")
        case = _lock_case(fresh)
        if case is not None and not can("withdraw", case.state):
            raise Refused(_("案件已经审核，不能再放弃。"))
        _settle(fresh, CandidateState.OPTED_OUT, reason)
        if case is not None:
            move_case("withdraw", case, by, reason)
        _record("candidate opted out", fresh, by)
    return fresh


def _lock_case(candidate: Candidate) -> Case | None:
    if candidate.case_id is None:
        return None
    return Case.objects.select_for_update(of=("self",)).defer("facts", "decision").get(pk=candidate.case_id)


def exclude(candidate: Candidate, reason: str, by: str) -> Candidate:
    """An official takes the line out, for a reason that is kept. Raises Refused."""
    with transaction.atomic():
        fresh = _locked(candidate, "exclude")
        _settle(fresh, CandidateState.EXCLUDED, reason)
        _record("candidate excluded", fresh, by, {"reason": reason})
    return fresh


def take_back(candidate: Candidate, reason: str, by: str) -> Candidate:
    """A line that was excluded or given up stands again. Raises Refused, also once it had a case."""
    with transaction.atomic():
        fresh = _locked(candidate, "take back")
        if fresh.case_id is not None:
            raise Refused(_("案件已撤回，请重新筛查。"))
        blocked = fresh.blocks.filter(state=BlockState.OPEN).exists()
        confirmed = CandidateState.CONFIRMED if fresh.confirmed_at else CandidateState.READY
        _settle(fresh, CandidateState.BLOCKED if blocked else confirmed, reason)
        _record("candidate taken back", fresh, by, {"reason": reason})
    return fresh


def _settle(candidate: Candidate, state: CandidateState, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("请写明原因。"))
    candidate.state, candidate.reason = state, reason.strip()[:300]
    candidate.save(update_fields=["state", "reason"])


def _locked(candidate: Candidate, what: str) -> Candidate:
    """The row, if its list stands and its state allows `what`."""
    locked = Candidate.objects.select_for_update(of=("self",)).select_related("run", "case__package")
    fresh = locked.defer("facts", "case__facts", "case__decision").get(pk=candidate.pk)
    if fresh.run.frozen_at is None or fresh.run.state == RunState.FAILED:
        raise Refused(_("名单还没有固定。"))
    if fresh.state not in MAY[what]:
        raise Refused(_("现在是“{state}”，不能这样办。").format(state=fresh.get_state_display()))
    return fresh


def chase(block: Block, by: str) -> Block:
    """Count that somebody was asked again. Raises Refused where it is solved."""
    with transaction.atomic():
        fresh = Block.objects.select_for_update(of=("self",)).select_related("candidate").get(pk=block.pk)
        if fresh.state != BlockState.OPEN:
            raise Refused(_("这一项已经解决。"))
        fresh.chased, fresh.chased_at = fresh.chased + 1, clock.now()
        fresh.save(update_fields=["chased", "chased_at"])
        _record("block chased", fresh.candidate, by, {"what": fresh.key, "times": fresh.chased})
    return fresh


def _record(action: str, candidate: Candidate, by: str, detail: Mapping[str, Any] | None = None) -> None:
    chain.record(
        action,
        actor=by,
        subject=f"proactive:{candidate.run_id}/{candidate.number}",
        region=candidate.region,
        detail=detail,
    )


def confirms(run: Run, region: str) -> bool:
    """Whether the procedure there asks the party to confirm."""
    rules = rules_of(run.measure, region, run.on)
    steps = (step for rule in rules if rule.procedure for step in rule.procedure.steps)
    return any("confirm" in step.tasks for step in steps)
