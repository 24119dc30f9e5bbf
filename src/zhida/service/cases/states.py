"""The life of a case as one table: its states, and who may move it from which to which."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.roles import Role


class State(models.TextChoices):
    SUBMITTED = "submitted", _("已提交")
    INTAKE = "intake", _("受理中")
    SUPPLEMENT = "supplement", _("补正")
    FIRST_REVIEW = "first-review", _("初审")
    SECOND_REVIEW = "second-review", _("复审")
    FINAL_REVIEW = "final-review", _("终审")
    PUBLICITY = "publicity", _("公示")
    PAYABLE = "payable", _("待拨付")
    PAID = "paid", _("已拨付")
    NOT_ACCEPTED = "not-accepted", _("不予受理")
    REFUSED = "refused", _("不通过")
    WITHDRAWN = "withdrawn", _("撤回")


@dataclass(frozen=True, slots=True)
class Transition:
    """`name` moves a case from one of `sources` to `target`; one of `roles` may do it."""

    name: str
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]


def _move(name: str, sources: tuple[State, ...], target: State, *roles: Role) -> Transition:
    return Transition(name, frozenset(sources), target, frozenset(roles))


BEFORE_REVIEW = (State.SUBMITTED, State.INTAKE, State.SUPPLEMENT)
IN_REVIEW = (State.FIRST_REVIEW, State.SECOND_REVIEW, State.FINAL_REVIEW)

TRANSITIONS: tuple[Transition, ...] = (
    _move("withdraw", (*BEFORE_REVIEW, *IN_REVIEW), State.WITHDRAWN, Role.APPLICANT),
    _move("take in", (State.SUBMITTED,), State.INTAKE, Role.INTAKE),
    _move("ask for more", (State.SUBMITTED, State.INTAKE), State.SUPPLEMENT, Role.INTAKE),
    _move("supply", (State.SUPPLEMENT,), State.INTAKE, Role.APPLICANT),
    _move("not accept", BEFORE_REVIEW, State.NOT_ACCEPTED, Role.INTAKE),
    _move("accept", (State.INTAKE,), State.FIRST_REVIEW, Role.INTAKE),
    _move("pass first review", (State.FIRST_REVIEW,), State.SECOND_REVIEW, Role.FIRST_REVIEW),
    _move("pass second review", (State.SECOND_REVIEW,), State.FINAL_REVIEW, Role.SECOND_REVIEW),
    _move("publish", (State.FINAL_REVIEW,), State.PUBLICITY, Role.FINAL_REVIEW),
    _move("approve", (State.FINAL_REVIEW, State.PUBLICITY), State.PAYABLE, Role.FINAL_REVIEW),
    _move("refuse", (*IN_REVIEW, State.PUBLICITY), State.REFUSED, Role.FINAL_REVIEW),
    _move("pay", (State.PAYABLE,), State.PAID, Role.FINANCE),
)

FINAL = frozenset({State.PAID, State.NOT_ACCEPTED, State.REFUSED, State.WITHDRAWN})
"""States in which a case is closed."""


class NotPossible(RuntimeError):
    """The case is not in a state from which this can be done."""


def transition(name: str) -> Transition:
    return next(move for move in TRANSITIONS if move.name == name)


def can(name: str, state: str) -> bool:
    return state in transition(name).sources
