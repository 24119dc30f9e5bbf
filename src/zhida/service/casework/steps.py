"""Where a case stands in the steps of its provision, and what comes next in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhida.service.cases.models import Step
from zhida.service.cases.states import MONEY, REVIEWS, TASKS, State

OUTSIDERS = re.compile(
    "乡镇|街道|社区|村|银行|金融机构|担保|税务|委员会|工作小组|第三方|社会机构|^省|自治区|人民政府|民政|医保"
)
"""What the actors of procedures are called that do not work here: what they did is recorded by the office."""
AFTER_THE_END = frozenset({"apply", "check-after"})
"""What may stand behind the end of a procedure and holds no case: another way in, and checks by sample."""


@dataclass(frozen=True, slots=True)
class Position:
    """One task of one step."""

    step: Step
    index: int
    task: str

    @property
    def state(self) -> State:
        return TASKS[self.task].state

    @property
    def is_outside(self) -> bool:
        return is_outsider(self.step.actor) and self.state != State.APPLICANT

    @property
    def is_review(self) -> bool:
        return self.task in REVIEWS

    @property
    def is_last_of_step(self) -> bool:
        return self.index + 1 >= len(tasks_of(self.step))


def is_outsider(actor: str) -> bool:
    return OUTSIDERS.search(actor) is not None


def tasks_of(step: Step) -> tuple[str, ...]:
    """The tasks of a step; a text that names none asks the applicant to act, or the office to look at it."""
    known = tuple(task for task in step.tasks if task in TASKS or task == "check-after")
    return known or (("confirm",) if step.by_applicant else ("publicity",) if step.publicity else ("review",))


def positions(steps: Iterable[Step]) -> Iterator[Position]:
    """Every task of the procedure in order, those that are done too."""
    for step in steps:
        for index, task in enumerate(tasks_of(step)):
            yield Position(step, index, task)


def is_done(at: Position) -> bool:
    return at.step.ended_on is not None or at.index < at.step.tasks_done


def open_positions(steps: Iterable[Step]) -> list[Position]:
    """What is still to do, without what holds no case."""
    left = [at for at in positions(steps) if not is_done(at)]
    return left if any(at.task not in AFTER_THE_END for at in left) else []


def current(steps: Iterable[Step]) -> Position | None:
    """The task that an accepted case waits for; None behind the last one."""
    return next(_without_checks(open_positions(steps)), None)


def _without_checks(left: Iterable[Position]) -> Iterator[Position]:
    return (at for at in left if at.task != "check-after")


def review_before(steps: Sequence[Step], at: Position | None) -> Position | None:
    """The last review by an office here that stands before a position; behind the end, the last of all."""
    return _last_before(steps, at, REVIEWS)


def look_before(steps: Sequence[Step], at: Position | None) -> Position | None:
    """The same, or where a list is made by comparing data, that comparison."""
    return review_before(steps, at) or _last_before(steps, at, frozenset({"screen"}))


def _last_before(steps: Sequence[Step], at: Position | None, tasks: frozenset[str]) -> Position | None:
    found = None
    for position in positions(steps):
        if at is not None and (position.step.number, position.index) == (at.step.number, at.index):
            break
        if position.task in tasks and not position.is_outside:
            found = position
    return found


def is_approved(steps: Iterable[Step]) -> bool:
    """Whether nobody has to look at the case any more: what is left is to publish, to pay, to execute."""
    looking = REVIEWS | {"screen", "visit", "intake"}
    return not any(at.task in looking for at in open_positions(steps))


def end_state(steps: Iterable[Step]) -> State:
    """How a case ends whose steps are all done."""
    return State.PAID if any(at.task in MONEY and is_done(at) for at in positions(steps)) else State.DONE
