"""The same step for many cases: each in its own transaction, each with its own line of what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhida.service.accounts.models import User
from zhida.service.cases.models import Case
from zhida.service.cases.states import IN_REVIEW, NotPossible, State
from zhida.service.casework.selectors import WORK
from zhida.service.casework.services import assign, forward_name, perform

MOST = 200
PASSED_IN_BULK = (State.SCREENING, *IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Line:
    """One chosen case: what was done, or why not."""

    number: str
    done: bool
    text: str


def run(user: User, action: str, chosen: Iterable[str], to: User | None = None) -> list[Line]:
    """`action` is accept, pass or assign; `chosen` are `number:revision` as the page showed them."""
    lines = []
    for each in dict.fromkeys(chosen):
        number, _sep, seen = each.partition(":")
        lines.append(_one(user, action, number, int(seen) if seen.isdecimal() else 0, to))
    return lines


def _one(user: User, action: str, number: str, seen: int, to: User | None) -> Line:
    case = Case.objects.visible_to(user, WORK).defer("facts", "decision").filter(number=number).first()
    if case is None:
        return Line(number, False, _("没有找到这个案件，或者不归您办。"))
    try:
        if action == "assign":
            assign(case, to, user, seen=seen)
            return Line(number, True, _("已分派给%(name)s") % {"name": to.name} if to else _("已收回分派"))
        after = perform(case, _transition(case, action), user, seen=seen)
    except NotPossible as refused:
        return Line(number, False, str(refused))
    return Line(number, True, _("已办，现在是“%(state)s”") % {"state": State(after.state).label})


def _transition(case: Case, action: str) -> str:
    """The case's own step for `pass`; what has to be said with care is not said in bulk."""
    if action == "accept":
        return "accept"
    if action == "pass" and case.state in PASSED_IN_BULK and not case.outside:
        return forward_name(case) or "accept"
    raise NotPossible(_("这一步不能批量办，请打开案件办理。"))
