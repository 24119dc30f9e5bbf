"""What a person may do to a case where it stands, for the buttons of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhida.service.accounts.models import User
from zhida.service.accounts.roles import Role
from zhida.service.cases.models import Case, Step
from zhida.service.cases.states import FINAL, TRANSITIONS, Transition, can
from zhida.service.casework import authority
from zhida.service.casework.refusals import Refused
from zhida.service.casework.steps import current

ELSEWHERE = frozenset({"publish", "end publicity", "reopen", "pay"})
"""Done on the pages of 公示 and payments, which move the case themselves."""
OWN_PAGE = frozenset({"ask for more", "supply", "refuse", "not accept"})
WITH_NOTE = frozenset({"return", "deem withdrawn"})


@dataclass(frozen=True, slots=True)
class Options:
    """Transitions by the way in which they are asked for; `why_not` where only separation keeps one away."""

    at_once: tuple[Transition, ...]
    with_note: tuple[Transition, ...]
    record: bool
    ask: bool
    answer: bool
    refuse: Transition | None
    why_not: str

    def __bool__(self) -> bool:
        return bool(self.at_once or self.with_note or self.record or self.ask or self.answer or self.refuse)


def options_of(case: Case, user: User, steps: Sequence[Step]) -> Options:
    allowed, why_not = [], ""
    at = None if case.state in FINAL else current(steps)
    for move in TRANSITIONS:
        if not can(move.name, case.state) or move.name in ELSEWHERE or move.roles == {Role.APPLICANT}:
            continue
        if move.fulfils and move.outside != case.outside:
            continue
        try:
            authority.check(case, move, user, steps, at)
        except Refused as refused:
            if authority.holds_role(case, move, user):
                why_not = str(refused)
            continue
        allowed.append(move)
    named = {move.name: move for move in allowed}
    plain = (m for m in allowed if m.name not in OWN_PAGE | WITH_NOTE and not m.outside)
    return Options(
        at_once=tuple(plain),
        with_note=tuple(move for move in allowed if move.name in WITH_NOTE),
        record="record" in named,
        ask="ask for more" in named,
        answer="supply" in named,
        refuse=named.get("refuse") or named.get("not accept"),
        why_not=why_not,
    )
