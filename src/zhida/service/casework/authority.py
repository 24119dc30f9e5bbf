"""Who may take a step of a case: role × region × office, never one's own, never two reviews in a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhida.service.accounts.models import Appointment, User
from zhida.service.accounts.permissions import appointments_of
from zhida.service.accounts.roles import Role
from zhida.service.accounts.scope import covers
from zhida.service.cases.models import Case, Package, Step
from zhida.service.cases.states import CLERKS, Transition
from zhida.service.casework.refusals import NotYours, Refused
from zhida.service.casework.steps import Position, review_before

TAKES_A_REVIEW = frozenset(
    {"pass first review", "pass second review", "pass final review", "refuse", "return"}
)


def check(
    case: Case, move: Transition, actor: User | None, steps: Sequence[Step], at: Position | None
) -> None:
    """Raises NotYours, or Refused where it is not for a job to do."""
    if actor is None:
        _check_job(case, move)
        return
    if is_own(case, actor):
        if Role.APPLICANT not in move.roles:
            raise NotYours(_("这是您自己提交的，不能由您办理。"))
        return
    if not holds_role(case, move, actor):
        raise NotYours(_("您的角色、地区或科室不能办理这一步。"))
    if at is not None and at.is_review and move.name in TAKES_A_REVIEW:
        _check_separation(case, actor, steps, at)


def is_own(case: Case, actor: User) -> bool:
    return case.package.user_id == actor.pk


def holds_role(case: Case, move: Transition, actor: User) -> bool:
    """Whether one appointment fits the state's roles, the case's region and its office."""
    roles = move.roles_at(case.state) - {Role.APPLICANT}
    return any(held.role in roles and reaches(held, case) for held in appointments_of(actor))


def works_on(case: Case, user: User) -> bool:
    """Whether the user is one of those who work on cases, there."""
    return any(held.role in CLERKS | {Role.FINANCE} and reaches(held, case) for held in appointments_of(user))


def reaches(held: Appointment | Any, case: Case) -> bool:
    same_office = held.office_id is None or held.office_id == case.office_id
    return bool(same_office and covers(held.region, case.region))


def _check_job(case: Case, move: Transition) -> None:
    """Background work does what the table lets it; it accepts only what nobody applied for."""
    if not move.by_job:
        raise Refused(_("“%(step)s”必须由人来办。") % {"step": move.label})
    begun_here = {"accept", "pass screening", "do own part"}
    if move.name in begun_here and case.package.origin != Package.Origin.PROACTIVE:
        raise Refused(_("“%(step)s”必须由人来办。") % {"step": move.label})


def _check_separation(case: Case, actor: User, steps: Sequence[Step], at: Position) -> None:
    """Of two reviews that follow each other, nobody takes both."""
    before = review_before(steps, at)
    if before is None or not before.is_review:
        return
    last = case.moves.filter(step=before.step.number, task=before.task).order_by("-number").first()
    if last is not None and last.by == actor.username:
        raise NotYours(_("上一审是您办的，这一审要换一个人。"))
