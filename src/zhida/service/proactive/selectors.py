"""What the pages of 免申即享 read: only what the user's appointments, or representations, cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from zhida.decide.question import fact_of
from zhida.guide.verdicts import VERDICTS
from zhida.guide.wording import fact_name, fact_value
from zhida.service.law import library
from zhida.service.proactive.models import Block, Candidate, Difference, Run
from zhida.service.proactive.screened import rules_of
from zhida.service.proactive.states import LISTED, BlockState, CandidateState, Differing
from zhida.service.registry import masking
from zhida.service.registry.models import Employer, Person
from zhida.service.sheets.writing import Value

SEE, ANSWER = "see proactive", "confirm proactive"
SHOWN_TO_PARTY = (
    CandidateState.READY,
    CandidateState.BLOCKED,
    CandidateState.CONFIRMED,
    CandidateState.OPTED_OUT,
    CandidateState.OPENED,
)
MOST_OF_ONES_OWN = 200


@dataclass(frozen=True, slots=True)
class Pile:
    """Candidates of one state: how many, how much."""

    state: CandidateState
    count: int
    total: Any


def runs(user: Any) -> QuerySet[Run]:
    return Run.objects.visible_to(user, SEE).defer("manifest")


def candidates(user: Any, run: Run, state: str = "") -> QuerySet[Candidate]:
    found = Candidate.objects.visible_to(user, SEE).filter(run=run).order_by("number")
    found = found.select_related("employer", "person", "case").defer("facts", "case__facts", "case__decision")
    return found.filter(state=state) if state else found


def blocks(user: Any, run: Run, kind: str = "") -> QuerySet[Block]:
    """What keeps candidates back that nobody has taken out, the most urgent first."""
    found = Block.objects.visible_to(user, SEE).filter(
        candidate__run=run, state=BlockState.OPEN, candidate__state=CandidateState.BLOCKED
    )
    found = found.select_related("candidate__employer", "candidate__person").defer("candidate__facts")
    return (found.filter(kind=kind) if kind else found).order_by("due_on", "pk")


def piles(user: Any, run: Run) -> list[Pile]:
    found = Candidate.objects.visible_to(user, SEE).filter(run=run).order_by()
    rows = found.values_list("state").annotate(count=Count("pk"), total=Sum("amount"))
    sums = {state: (count, total) for state, count, total in rows}
    return [Pile(state, *sums[state]) for state in CandidateState if state in sums]


def differences(user: Any, run: Run, kind: str = "") -> QuerySet[Difference]:
    found = Difference.objects.visible_to(user, SEE).filter(run=run).select_related("employer", "person")
    return (found.filter(kind=kind) if kind else found).order_by("kind", "pk")


def counted_differences(user: Any, run: Run) -> list[tuple[Differing, int]]:
    found = Difference.objects.visible_to(user, SEE).filter(run=run).order_by()
    counts = dict(found.values_list("kind").annotate(count=Count("pk")))
    return [(kind, counts.get(kind, 0)) for kind in Differing]


def own(user: Any) -> list[Candidate]:
    """What the user's verified employers, and they themselves, are on the last list of, each once."""
    mine = Q(employer__in=Employer.objects.visible_to(user, ANSWER)) | Q(
        person__in=Person.objects.visible_to(user, ANSWER)
    )
    found = Candidate.objects.filter(mine, run__state__in=LISTED, state__in=SHOWN_TO_PARTY)
    found = found.select_related("run", "employer", "person", "case__package")
    latest: dict[tuple[str, str], Candidate] = {}
    rows = found.defer("facts", "case__facts", "case__decision").order_by("-run", "number")
    for candidate in rows[:MOST_OF_ONES_OWN]:
        latest.setdefault((candidate.unit, candidate.run.measure), candidate)
    return list(latest.values())


def name_of(party: Employer | Person) -> str:
    """An employer's name; of a person what others may see."""
    return party.name if isinstance(party, Employer) else masking.name(party.name)


def title_of(run: Run) -> str:
    rules = rules_of(run.measure, run.region, run.on)
    return rules[0].title if rules else library().measures[run.measure].definition.name


def message_to(block: Block, run: Run) -> str:
    """What can be sent to whoever has to settle it: nothing is sent from here."""
    due = block.due_on.isoformat() if block.due_on else ""
    told = {
        "owner": block.owner,
        "name": name_of(block.candidate.party),
        "measure": title_of(run),
        "reason": block.reason,
        "due": due,
    }
    text = _("{owner}：{name}列入“{measure}”免申即享名单，但{reason}，请补充。")
    return text.format(**told) + (_("请于 {due} 前答复。").format(**told) if due else "")


def verdict_name(verdict: str) -> str:
    return VERDICTS.get(verdict, "")


def facts_said(difference: Difference) -> Iterator[tuple[str, str, str]]:
    """The facts that changed: what each is called, before and after."""
    for key, before, after in difference.facts:
        found = fact_of(library(), key)
        name = fact_name(found[1]) if found else key
        yield name, _said(found, before), _said(found, after)


def _said(found: Any, value: Any) -> str:
    if value is None:
        return _("（无）")
    return fact_value(found[1], value) if found else str(value)


def candidate_rows(found: Iterable[Candidate]) -> tuple[list[str], Iterator[list[Value]]]:
    headings = [
        _("序号"),
        _("名称"),
        _("号码"),
        _("地区"),
        _("结论"),
        _("金额（元）"),
        _("状态"),
        _("说明"),
        _("案件"),
    ]

    def rows() -> Iterator[list[Value]]:
        for each in found:
            number = each.party.number if each.employer else masking.number(each.party.number)
            case = each.case.number if each.case else ""
            said = [verdict_name(each.verdict), each.amount, each.get_state_display(), each.reason, case]
            yield [each.number, name_of(each.party), number, each.region, *said]

    return headings, rows()


def block_rows(found: Iterable[Block]) -> tuple[list[str], Iterator[list[Value]]]:
    headings = [_("序号"), _("名称"), _("受阻原因"), _("说明"), _("责任单位"), _("最晚解决"), _("催办次数")]

    def rows() -> Iterator[list[Value]]:
        for each in found:
            due = each.due_on.isoformat() if each.due_on else ""
            number, name = each.candidate.number, name_of(each.candidate.party)
            yield [number, name, each.get_kind_display(), each.reason, each.owner, due, each.chased]

    return headings, rows()
