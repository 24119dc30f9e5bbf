"""The life of a case as tables: its states, what each task of a procedure waits in, who may move it where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.roles import Role


class State(models.TextChoices):
    SUBMITTED = "submitted", _("已提交")
    INTAKE = "intake", _("受理中")
    SUPPLEMENT = "supplement", _("补正")
    APPLICANT = "applicant", _("等申请人办理")
    SCREENING = "screening", _("数据比对")
    VISIT = "visit", _("实地考察")
    FIRST_REVIEW = "first-review", _("初审")
    SECOND_REVIEW = "second-review", _("复审")
    FINAL_REVIEW = "final-review", _("终审")
    NOTIFICATION = "notification", _("待告知")
    REFERRAL = "referral", _("待报送")
    TO_PUBLISH = "to-publish", _("待公示")
    PUBLICITY = "publicity", _("公示")
    FUNDING = "funding", _("待请款")
    PAYABLE = "payable", _("待拨付")
    LENDING = "lending", _("待放款")
    EXECUTION = "execution", _("待执行")
    PAID = "paid", _("已拨付")
    DONE = "done", _("已办结")
    NOT_ACCEPTED = "not-accepted", _("不予受理")
    REFUSED = "refused", _("不通过")
    WITHDRAWN = "withdrawn", _("撤回")


class Whither(Enum):
    """Targets that the plan of the case knows: what comes next in it, or the review before."""

    NEXT = "next"
    BACK = "back"


REVIEWERS = frozenset({Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.FINAL_REVIEW})
CLERKS = REVIEWERS | {Role.INTAKE}


@dataclass(frozen=True, slots=True)
class Task:
    """What a step of a procedure is for: the state in which a case waits for it, who does it."""

    state: State
    roles: frozenset[Role]


def _task(state: State, *roles: Role) -> Task:
    return Task(state, frozenset(roles))


TASKS: Mapping[str, Task] = {
    "intake": _task(State.SUBMITTED, Role.INTAKE),
    "apply": _task(State.APPLICANT, Role.INTAKE),
    "confirm": _task(State.APPLICANT, Role.INTAKE),
    "train": _task(State.APPLICANT, Role.INTAKE),
    "repay": _task(State.APPLICANT, Role.INTAKE),
    "screen": _task(State.SCREENING, Role.FIRST_REVIEW),
    "visit": _task(State.VISIT, Role.FIRST_REVIEW),
    "review": _task(State.FIRST_REVIEW, Role.FIRST_REVIEW),
    "first-review": _task(State.FIRST_REVIEW, Role.FIRST_REVIEW),
    "second-review": _task(State.SECOND_REVIEW, Role.SECOND_REVIEW),
    "final-review": _task(State.FINAL_REVIEW, Role.FINAL_REVIEW),
    "notify": _task(State.NOTIFICATION, *REVIEWERS),
    "refer": _task(State.REFERRAL, *REVIEWERS),
    "publicity": _task(State.TO_PUBLISH, *REVIEWERS),
    "fund": _task(State.FUNDING, Role.FINANCE),
    "advance": _task(State.PAYABLE, Role.FINANCE),
    "pay": _task(State.PAYABLE, Role.FINANCE),
    "settle": _task(State.PAYABLE, Role.FINANCE),
    "lend": _task(State.LENDING, *REVIEWERS),
    "execute": _task(State.EXECUTION, *REVIEWERS),
}
"""Each task that a case waits for. Checks afterwards (check-after) hold none: they draw from closed cases."""

REVIEWS = frozenset({"review", "first-review", "second-review", "final-review"})
"""Of two that follow each other, nobody does both."""
MONEY = frozenset({"pay", "settle", "advance"})
"""Tasks after which a case has been paid."""

ROLES_AT: Mapping[str, frozenset[Role]] = {
    **{task.state: task.roles for task in TASKS.values()},
    State.INTAKE: frozenset({Role.INTAKE}),
    State.SUPPLEMENT: frozenset({Role.INTAKE}),
    State.PUBLICITY: REVIEWERS,
}
"""Who works on a case in a state."""


@dataclass(frozen=True, slots=True)
class Transition:
    """`name` moves a case from one of `sources` to `target`; one of `roles` may, else those of the state.

    `fulfils`: it ends the task that the case waits for. `outside`: it tells what another body has done, and
    is the only way to fulfil that body's task. `by_job`: background work may do it, for nobody.
    """

    name: str
    label: Any
    sources: frozenset[State]
    target: State | Whither
    roles: frozenset[Role]
    fulfils: bool = False
    outside: bool = False
    by_job: bool = False

    def roles_at(self, state: str) -> frozenset[Role]:
        return self.roles or ROLES_AT.get(state, frozenset())


BEFORE_REVIEW = (State.SUBMITTED, State.INTAKE, State.SUPPLEMENT)
IN_REVIEW = (State.FIRST_REVIEW, State.SECOND_REVIEW, State.FINAL_REVIEW)
LOOKED_AT = (State.SCREENING, State.VISIT, *IN_REVIEW)
IN_PUBLIC = (State.TO_PUBLISH, State.PUBLICITY)
NEXT, BACK = Whither.NEXT, Whither.BACK


def _move(
    name: str, label: Any, sources: tuple[State, ...], target: State | Whither, *roles: Role, **more: bool
) -> Transition:
    return Transition(name, label, frozenset(sources), target, frozenset(roles), **more)


def _fulfil(name: str, label: Any, state: State, *roles: Role, **more: bool) -> Transition:
    """The plan goes on from a state."""
    return _move(name, label, (state,), NEXT, *roles, fulfils=True, **more)


S, R = State, Role
OWN_PART = (R.APPLICANT, R.INTAKE)
TRANSITIONS: tuple[Transition, ...] = (
    _move("withdraw", _("撤回"), (*BEFORE_REVIEW, S.APPLICANT, *LOOKED_AT), S.WITHDRAWN, R.APPLICANT),
    _move("take in", _("开始受理"), (S.SUBMITTED,), S.INTAKE),
    _move("ask for more", _("一次性告知补正"), (S.SUBMITTED, S.INTAKE, *LOOKED_AT), S.SUPPLEMENT),
    _move("supply", _("交来补正"), (S.SUPPLEMENT,), S.INTAKE, *OWN_PART),
    _move("not accept", _("不予受理"), BEFORE_REVIEW, S.NOT_ACCEPTED),
    _move("deem withdrawn", _("视为撤回"), (S.SUPPLEMENT, S.APPLICANT), S.WITHDRAWN, R.INTAKE),
    _move("accept", _("受理"), (S.SUBMITTED, S.INTAKE), NEXT, R.INTAKE, by_job=True),
    _fulfil("do own part", _("申请人已办"), S.APPLICANT, *OWN_PART, by_job=True),
    _fulfil("pass screening", _("比对通过"), S.SCREENING, by_job=True),
    _fulfil("visit", _("考察完成"), S.VISIT),
    _fulfil("pass first review", _("审核通过"), S.FIRST_REVIEW),
    _fulfil("pass second review", _("复审通过"), S.SECOND_REVIEW),
    _fulfil("pass final review", _("终审通过"), S.FINAL_REVIEW),
    _move("return", _("退回上一审"), (S.SECOND_REVIEW, S.FINAL_REVIEW), BACK),
    _move("refuse", _("不予通过"), (*LOOKED_AT, *IN_PUBLIC, S.LENDING, S.EXECUTION), S.REFUSED),
    _fulfil("notify", _("已告知"), S.NOTIFICATION),
    _fulfil("refer", _("已报送"), S.REFERRAL),
    _move("publish", _("开始公示"), (S.TO_PUBLISH,), S.PUBLICITY, by_job=True),
    _fulfil("end publicity", _("公示结束"), S.PUBLICITY, by_job=True),
    _move("reopen", _("退回重审"), (*IN_PUBLIC, S.FUNDING), BACK, *REVIEWERS, by_job=True),
    _fulfil("ask for funds", _("已请款"), S.FUNDING),
    _fulfil("pay", _("已拨付"), S.PAYABLE, by_job=True),
    _fulfil("lend", _("已放款"), S.LENDING),
    _fulfil("execute", _("已执行"), S.EXECUTION),
    _move(
        "record",
        _("登记外单位办理结果"),
        (*LOOKED_AT, *IN_PUBLIC, S.NOTIFICATION, S.REFERRAL, S.FUNDING, S.PAYABLE, S.LENDING, S.EXECUTION),
        NEXT,
        *CLERKS,
        R.FINANCE,
        fulfils=True,
        outside=True,
    ),
)

FINAL = frozenset({S.PAID, S.DONE, S.NOT_ACCEPTED, S.REFUSED, S.WITHDRAWN})
"""States in which a case is closed."""


class NotPossible(RuntimeError):
    """The case is not in a state from which this can be done."""


_BY_NAME = {move.name: move for move in TRANSITIONS}


def transition(name: str) -> Transition:
    """Raises KeyError for a name that the table does not have."""
    return _BY_NAME[name]


def can(name: str, state: str) -> bool:
    return state in transition(name).sources
