"""How far a case is, for its applicant: each step and its deadline, what to do, whom to call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from zhida.service.cases.models import Case, Package, Step
from zhida.service.cases.states import FINAL, State, can

Standing = Literal["done", "current", "to come", "dropped"]


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One step; `deadline` says until when, `counting` how that was counted, where anybody can say."""

    number: int
    actor: str
    action: str
    standing: Standing
    deadline: str
    counting: str


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """One case; `to_do` is what its applicant must do now, in words."""

    case: Case
    state: str
    is_closed: bool
    to_do: str
    steps: tuple[StepProgress, ...]
    office: str
    phone: str
    can_withdraw: bool


TO_DO = {
    State.SUBMITTED: _("现在不用做什么，等经办机构受理。"),
    State.INTAKE: _("现在不用做什么，经办机构正在看材料。"),
    State.SUPPLEMENT: _("请按经办机构的一次性告知补充材料。"),
    State.APPLICANT: _("请办理您这一步；办完告诉经办机构。"),
    State.SCREENING: _("现在不用做什么，正在比对数据。"),
    State.VISIT: _("现在不用做什么，经办机构会联系您实地考察。"),
    State.FIRST_REVIEW: _("现在不用做什么，正在审核。"),
    State.SECOND_REVIEW: _("现在不用做什么，正在审核。"),
    State.FINAL_REVIEW: _("现在不用做什么，正在审核。"),
    State.NOTIFICATION: _("现在不用做什么，经办机构会告知结果。"),
    State.REFERRAL: _("现在不用做什么，正在报送上级。"),
    State.TO_PUBLISH: _("现在不用做什么，已经审核，等待公示。"),
    State.PUBLICITY: _("现在不用做什么，名单正在公示。"),
    State.FUNDING: _("现在不用做什么，正在申请资金。"),
    State.PAYABLE: _("现在不用做什么，等待拨付；收款账户有变请马上打电话说明。"),
    State.LENDING: _("请留意经办银行的联系，等待放款。"),
    State.EXECUTION: _("现在不用做什么，已经认定，等待执行。"),
    State.PAID: _("已经办完。"),
    State.DONE: _("已经办完。"),
    State.NOT_ACCEPTED: _("没有受理，原因见下方记录；可以打电话询问。"),
    State.REFUSED: _("没有通过，原因见下方记录；可以打电话询问。"),
    State.WITHDRAWN: _("已经撤回，需要时可以重新办理。"),
}
"""What an applicant must do in each state."""


def progress_of(package: Package) -> list[CaseProgress]:
    return [case_progress(case) for case in package.cases.all()]


def case_progress(case: Case) -> CaseProgress:
    """From the case and its steps, which are read already."""
    steps = tuple(_steps(case))
    return CaseProgress(
        case=case,
        state=str(State(case.state).label),
        is_closed=case.state in FINAL,
        to_do=_to_do(case, steps),
        steps=steps,
        office=case.office_name,
        phone=case.phone,
        can_withdraw=can("withdraw", case.state),
    )


def _to_do(case: Case, steps: tuple[StepProgress, ...]) -> str:
    own = [step for step, shown in zip(case.steps.all(), steps, strict=True) if shown.standing == "current"]
    if case.state not in FINAL and own and own[0].by_applicant:
        return gettext("轮到您：%(action)s。") % {"action": own[0].action}
    return str(TO_DO[State(case.state)])


def _steps(case: Case) -> Iterator[StepProgress]:
    steps = list(case.steps.all())
    current = next((step.number for step in steps if step.ended_on is None), None)
    for step in steps:
        standing = _standing(case, step, current)
        deadline, counting = _deadline(step, standing)
        yield StepProgress(step.number, step.actor, step.action, standing, deadline, counting)


def _standing(case: Case, step: Step, current: int | None) -> Standing:
    if step.ended_on is not None:
        return "done"
    if case.state in FINAL and case.state not in (State.PAID, State.DONE):
        return "dropped"
    return "current" if step.number == current else "to come"


def _deadline(step: Step, standing: Standing) -> tuple[str, str]:
    """Until when a step is done, and how that is counted."""
    if standing == "done":
        return gettext("%(day)s 已办完") % {"day": step.ended_on}, ""
    if standing == "dropped":
        return gettext("不再办理"), ""
    days = step.days or step.publicity_days
    if not days:
        return gettext("文件没有写明期限，以通知为准"), ""
    length = ngettext("%(days)s 个工作日", "%(days)s 个工作日", days) % {"days": days}
    if step.due_on is not None:
        text = gettext("不晚于 %(day)s（%(length)s）") % {"day": step.due_on, "length": length}
        return text, _counting(step)
    if step.started_on is not None:
        return gettext("%(length)s内；那时的节假日安排还没有公布，以通知为准") % {"length": length}, ""
    return gettext("上一步办完后 %(length)s内") % {"length": length}, str(HOW)


HOW = _("从第二天起数，周末和法定节假日不算，调休上班的周末算。")


def _counting(step: Step) -> str:
    if step.started_on is None:
        return str(HOW)
    return gettext("从 %(day)s 的第二天起数，周末和法定节假日不算，调休上班的周末算。") % {
        "day": step.started_on
    }
