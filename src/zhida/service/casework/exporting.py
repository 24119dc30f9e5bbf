"""The list of cases as rows of a file; numbers of persons stay masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhida.guide import wording
from zhida.service.cases.models import Case
from zhida.service.casework.identities import shown_number
from zhida.service.casework.lines import lines_of
from zhida.service.law import library
from zhida.service.sheets.writing import Value

HEADINGS = (
    _("案件编号"),
    _("申请人"),
    _("证照号码"),
    _("政策"),
    _("文号"),
    _("条款"),
    _("地区"),
    _("科室"),
    _("状态"),
    _("预计金额"),
    _("提交日期"),
    _("最晚办完"),
    _("承办人"),
)


def rows_of(cases: Iterable[Case]) -> Iterator[list[Value]]:
    for line in lines_of(cases):
        case, package = line.case, line.case.package
        yield [
            case.number,
            package.applicant_name,
            shown_number(package.applicant_number),
            case.title,
            case.document,
            case.clause,
            wording.place_name(library(), case.region),
            case.office_name,
            line.state,
            case.amount,
            timezone.localdate(case.opened_at),
            case.due_on,
            case.assignee.name if case.assignee else "",
        ]
