"""Moving a case along the steps of its provision: the one way in which anybody changes its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.audit import chain
from zhida.service.cases.models import Case, Step
from zhida.service.cases.services import move as move_case
from zhida.service.cases.states import FINAL, State, Transition, Whither, can
from zhida.service.cases.states import transition as transition_named
from zhida.service.casework import authority, clocks, plans
from zhida.service.casework.models import Refusal, Supplement
from zhida.service.casework.refusals import NotYours, Refused, stale
from zhida.service.casework.steps import (
    Position,
    current,
    end_state,
    is_approved,
    look_before,
)

LONGEST_NOTE = 500
NEEDS: Mapping[str, tuple[str, ...]] = {
    "refuse": ("clause", "reason", "remedy"),
    "not accept": ("clause", "reason", "remedy"),
    "record": ("on", "paper"),
    "return": ("note",),
    "reopen": ("note",),
    "deem withdrawn": ("note",),
}
"""What has to be said with a transition."""
WORDS: Mapping[str, Any] = {
    "clause": gettext_lazy("依据的条款"),
    "reason": gettext_lazy("理由"),
    "remedy": gettext_lazy("救济途径"),
    "on": gettext_lazy("办理日期"),
    "paper": gettext_lazy("文书编号"),
    "note": gettext_lazy("说明"),
}


@dataclass(slots=True)
class Act:
    """One transition under way: the locked case, its plan, where it stands, who acts and what they say."""

    case: Case
    move: Transition
    actor: User | None
    steps: list[Step]
    at: Position | None
    what: Mapping[str, Any]
    today: date = field(default_factory=clock.today)

    @property
    def by(self) -> str:
        return self.actor.username if self.actor else ""


def perform(case: Case, transition: str, actor: User | None, *, seen: int | None = None, **what: Any) -> Case:
    """Take a step of a case, whole with its log, deadline and audit entry, or not at all; the case after it.

    `actor` None is background work. `seen` is the revision that the actor's page showed: an older one is
    refused, so that a double click, or a colleague, does nothing twice. `what`: `note`; for refusals
    `clause`, `reason`, `remedy`; for what another body did `on` and `paper`; for 一次性告知 see supplements.
    Raises NotPossible, of which Refused, Stale and NotYours hold the sentence for people.
    """
    try:
        move = transition_named(transition)
    except KeyError:
        raise Refused(_("没有“%(name)s”这一步。") % {"name": transition}) from None
    with transaction.atomic():
        act = _begin(case, move, actor, what)
        _check(act, seen)
        _carry_out(act)
    return act.case


def forward(case: Case, actor: User | None, *, seen: int | None = None, **what: Any) -> Case:
    """The one step that takes the case further where it stands: accept, pass, publish, pay …"""
    name = forward_name(case)
    if name is None:
        raise Refused(_("这个案件现在没有可以往下办的步骤。"))
    return perform(case, name, actor, seen=seen, **what)


def forward_name(case: Case) -> str | None:
    """Its name in the table; None where the case is closed or waits for its applicant's answer."""
    return plans.forward_name(case.state, case.outside)


def assign(case: Case, to: User | None, actor: User, *, seen: int | None = None) -> Case:
    """Put a case on somebody's list, or on nobody's. Whoever gets it must be able to work on it.

    Raises Stale, NotYours, Refused.
    """
    with transaction.atomic():
        fresh = _locked(case)
        if seen is not None and seen != fresh.revision:
            raise stale(fresh)
        if fresh.state in FINAL:
            raise Refused(_("案件已经办结，不能再分派。"))
        _check_assignment(fresh, to, actor)
        fresh.assignee = to
        fresh.save(update_fields=["assignee"])
        detail = {"to": to.username if to else ""}
        chain.record(
            "case assigned", actor=actor.username, subject=fresh.number, region=fresh.region, detail=detail
        )
    return fresh


def _check_assignment(case: Case, to: User | None, actor: User) -> None:
    if authority.is_own(case, actor) or not authority.works_on(case, actor):
        raise NotYours(_("您的角色、地区或科室不能分派这个案件。"))
    if to is not None and (authority.is_own(case, to) or not authority.works_on(case, to)):
        raise Refused(_("%(name)s的角色、地区或科室不能办理这个案件。") % {"name": to.name})


def _locked(case: Case) -> Case:
    locked = Case.objects.select_for_update(of=("self",)).select_related("package")
    return locked.defer("facts", "decision").get(pk=case.pk)


def _begin(case: Case, move: Transition, actor: User | None, what: Mapping[str, Any]) -> Act:
    fresh = _locked(case)
    steps = plans.steps_of(fresh)
    at = None if fresh.state in FINAL else current(steps)
    return Act(fresh, move, actor, steps, at, what)


def _check(act: Act, seen: int | None) -> None:
    case, move = act.case, act.move
    if seen is not None and seen != case.revision:
        raise stale(case)
    if not can(move.name, case.state):
        told = {"state": State(case.state).label, "step": move.label}
        raise Refused(_("案件现在是“%(state)s”，不能“%(step)s”。") % told)
    if move.fulfils or move.name == "publish":
        _check_whose_step(act)
    authority.check(case, move, act.actor, act.steps, act.at)
    for name in NEEDS.get(move.name, ()):
        if not str(act.what.get(name) or "").strip():
            raise Refused(_("请写明%(what)s。") % {"what": WORDS[name]})
    if move.name == "record":
        _check_day(act)
    if move.name == "end publicity" and case.due_on is not None and act.today <= case.due_on:
        raise Refused(_("公示到 %(day)s 当天结束，之前不能往下办。") % {"day": case.due_on})


def _check_whose_step(act: Act) -> None:
    """What another body does is recorded, with its paper; what this office does is done."""
    if act.move.outside and not act.case.outside:
        raise Refused(_("这一步由本单位办理，不是登记外单位的结果。"))
    if act.case.outside and not act.move.outside:
        actor = act.at.step.actor if act.at else ""
        raise Refused(_("这一步由%(actor)s办理，请登记其办理日期和文书编号。") % {"actor": actor})


def _check_day(act: Act) -> None:
    """A day before the step began, or one that has not come, is no day on which it can have been done."""
    on, began = act.what["on"], act.at.step.started_on if act.at else None
    if began is not None and on < began:
        raise Refused(_("办理日期 %(on)s 早于这一步开始的 %(began)s。") % {"on": on, "began": began})
    if on > act.today:
        raise Refused(_("办理日期 %(on)s 还没有到。") % {"on": on})


def _carry_out(act: Act) -> None:
    case, move, before = act.case, act.move, act.case.state
    _write_papers(act)
    if move.fulfils and act.at is not None:
        plans.finish(act.at, by=act.by, on=act.what.get("on") or act.today)
    elif move.name == "accept" and act.at is not None and act.at.task == "intake":
        plans.finish(act.at, by=act.by, on=act.today)
    target = _target(act)
    clocks.turn(case, move.name, act.at, act.today)
    if target == State.SUPPLEMENT or target in FINAL:
        case.due_on = None
    if target != before:
        case.assignee = act.actor if move.name == "take in" else None
    _move(act, target)


def _target(act: Act) -> State:
    """Where the case goes; the step that begins by it gets its day and its deadline."""
    case, move = act.case, act.move
    if isinstance(move.target, State):
        if move.name == "publish" and act.at is not None:
            clocks.begin_publicity(case, act.at, act.today)
        return move.target
    if move.target is Whither.BACK:
        return _back(act)
    at = current(act.steps)
    if case.approved_at is None and is_approved(act.steps):
        case.approved_at = clock.now()
    if at is None:
        return end_state(act.steps)
    return _enter(case, at, act.what.get("on") or act.today)


def _back(act: Act) -> State:
    """To the review before, which begins anew with all that follows it."""
    to = look_before(act.steps, act.at)
    if to is None:
        raise Refused(_("前面没有本单位的审核，不能退回。"))
    plans.reopen(act.steps, to)
    act.case.approved_at = None
    return _enter(act.case, to, act.today)


def _enter(case: Case, at: Position, on: date) -> State:
    if at.step.started_on is None:
        at.step.started_on = on
    case.task, case.outside = at.task, at.is_outside
    case.due_on = clocks.set_deadline(case, at.step)
    return at.state


def _write_papers(act: Act) -> None:
    """The refusal with its clause, reason and remedy; the notice of what is missing, and its answer."""
    what, now = act.what, clock.now()
    if act.move.name in ("refuse", "not accept"):
        kind = Refusal.Kind.REFUSED if act.move.name == "refuse" else Refusal.Kind.NOT_ACCEPTED
        said = {name: str(what[name]).strip() for name in ("clause", "reason", "remedy")}
        Refusal.objects.create(case=act.case, kind=kind, by=act.by, at=now, **said)
    elif act.move.name == "ask for more":
        _tell_once(act)
    elif act.move.name == "supply":
        answered = Supplement.objects.filter(case=act.case, answered_at=None)
        answered.update(answered_at=now, answered_by=act.by, answer=str(what.get("answer", "")))


def _tell_once(act: Act) -> None:
    """Everything at once; again only with a reason that is recorded."""
    items, text = list(act.what.get("items", ())), str(act.what.get("text", "")).strip()
    exception = str(act.what.get("exception", "")).strip()
    if not items and not text:
        raise Refused(_("请勾选要补正的内容，或写明其他说明。"))
    number = act.case.supplements.count() + 1
    if number > 1 and not exception:
        raise Refused(_("已经一次性告知过。再次告知须写明例外的原因，并记录在案。"))
    Supplement.objects.create(
        case=act.case,
        number=number,
        items=items,
        text=text,
        exception=exception if number > 1 else "",
        by=act.by,
        at=clock.now(),
    )


def _move(act: Act, target: State) -> None:
    what, move, at = act.what, act.move, act.at
    detail = {
        name: str(what[name]) for name in ("on", "paper", "who", "clause", "corrected") if what.get(name)
    }
    if move.fulfils and act.case.approved_at is not None:
        detail["approved"] = "yes"
    takes = at is not None and (move.fulfils or move.name in authority.TAKES_A_REVIEW)
    note = str(what.get("note") or what.get("reason") or "")[:LONGEST_NOTE]
    move_case(
        act.case,
        move.name,
        target,
        by=act.by,
        note=note,
        task=at.task if takes and at else "",
        step=at.step.number if takes and at else None,
        detail=detail,
    )
