"""The list of a run, frozen line by line: each decided again, found equal, sealed to the line before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from zhida.library import Rule
from zhida.service import clock
from zhida.service.audit import chain
from zhida.service.cases.models import Case
from zhida.service.cases.states import State
from zhida.service.law import library
from zhida.service.proactive import screened, snapshot
from zhida.service.proactive.blocking import blocks_of
from zhida.service.proactive.models import Block, Candidate, Run
from zhida.service.proactive.screened import Decided, Decider, Line
from zhida.service.proactive.sealing import digest_of, link_of
from zhida.service.proactive.states import CandidateState, RunState
from zhida.service.registry.models import Employer, Person
from zhida.service.secrecy.sealing import keyed_hash

CHUNK = 500
MOST = 20_000
"""Lines of one job: its lease must not run out."""
ENDED = (State.REFUSED, State.WITHDRAWN, State.NOT_ACCEPTED)
"""Cases that leave room for another."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a line is about, in the database, and whether it says where to pay."""

    pk: int
    has_account: bool


class Unusable(RuntimeError):
    """What an earlier phase left is not there any more, or not as it left it."""


class Superseded(RuntimeError):
    """Another worker has taken over."""


def check_snapshot(run: Run) -> None:
    """Raises Unusable where files or policies are not those that the run began with."""
    if snapshot.digest_in(snapshot.folder_of(run.pk) / screened.POPULATION) != run.digest:
        raise Unusable(_("导出的登记信息已不在，请重新发起。"))
    if library().hash != run.library:
        raise Unusable(_("筛查期间政策库变了，请重新发起。"))


def freeze(run: Run, after: int) -> int | None:
    """Add the lines of the screening that are not in the list yet; the last one closes it."""
    check_snapshot(run)
    folder = snapshot.folder_of(run.pk)
    start = last_number(run)
    with screened.deciding(folder, run.measure, run.region, run.on) as decider:
        for chunk in _chunks(screened.lines(folder, start)):
            _add(run, _Chunk(run, decider, [line for _, line in chunk]), chunk[0][0])
            if chunk[-1][0] - start >= MOST:
                return chunk[-1][0]
    _close(run)
    return None


def _chunks(lines: Iterable[tuple[int, Line]]) -> Iterator[list[tuple[int, Line]]]:
    left = iter(lines)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def last_number(run: Run) -> int:
    last = run.candidates.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def period_of(rule: Rule, year: int) -> str:
    """In which time the provision is for once: a year where a limit says so, else ever."""
    return str(year) if any(limit.kind == "times" and limit.by_year for limit in rule.limits) else ""


@dataclass(slots=True)
class _Chunk:
    """Some lines of a list, with what the database knows of their parties, asked once for all."""

    run: Run
    decider: Decider
    lines: list[Line]
    parties: Mapping[str, Party] = field(init=False)
    """By number, or by the hash of it."""
    cases: Mapping[str, list[Case]] = field(init=False)

    def __post_init__(self) -> None:
        employers = [line.id for line in self.lines if line.entity == "employer"]
        persons = [line.id for line in self.lines if line.entity == "person"]
        found = Employer.objects.filter(number__in=employers).values_list("number", "pk", "bank_account")
        people = Person.objects.filter(number_hash__in=persons)
        rows = [*found, *people.values_list("number_hash", "pk", "bank_account")]
        self.parties = {number: Party(pk, bool(account)) for number, pk, account in rows}
        self.cases = cases_of(self.run.measure, [hash_of(line.entity, line.id) for line in self.lines])

    def candidates(self, number: int, link: str) -> Iterator[tuple[Candidate, list[Block]]]:
        for line in self.lines:
            decided = self.decider.checked(line)
            made, blocks = self.candidate(line, decided)
            made.number = number
            made.digest = digest_of(made)
            made.link = link = link_of(made, link)
            number += 1
            yield made, blocks

    def candidate(self, line: Line, decided: Decided) -> tuple[Candidate, list[Block]]:
        party, decision = self.parties.get(line.id), decided.decision
        if party is None:
            raise Unusable(_("登记信息里的对象已不在，请重新发起。"))
        amount = None if line.verdict == "unknown" else decision.amount
        made = Candidate(
            run=self.run,
            employer_id=party.pk if line.entity == "employer" else None,
            person_id=party.pk if line.entity == "person" else None,
            unit=f"{line.entity}:{line.id}",
            row=line.row,
            region=line.region,
            verdict=line.verdict,
            amount=amount,
            missing=list(decision.missing),
            facts=decided.facts,
        )
        held = self.held(line, decision.rule)
        blocks = [] if held else list(blocks_of(decision, party.has_account))
        made.state = (
            CandidateState.HELD if held else CandidateState.BLOCKED if blocks else CandidateState.READY
        )
        made.reason = held
        return made, blocks

    def held(self, line: Line, rule: Rule) -> str:
        """The case that the party has of this measure and period already, if any."""
        return held_by(self.cases.get(hash_of(line.entity, line.id), []), rule, self.run.on.year)


def hash_of(entity: str, id: str) -> str:
    """Under which a package knows its applicant; persons go by it already."""
    return keyed_hash(id) if entity == "employer" else id


def cases_of(measure: str, hashes: list[str]) -> dict[str, list[Case]]:
    """The cases of a measure that count, by their applicants."""
    found: dict[str, list[Case]] = {}
    rows = Case.objects.filter(measure=measure, package__applicant_hash__in=hashes).exclude(state__in=ENDED)
    for case in rows.select_related("package").defer("facts", "decision").order_by("pk"):
        found.setdefault(case.package.applicant_hash, []).append(case)
    return found


def held_by(cases: list[Case], rule: Rule, year: int) -> str:
    wanted = period_of(rule, year)
    held = next((case for case in cases if period_of(rule, case.on.year) == wanted), None)
    return _("已有案件 {number}").format(number=held.number) if held else ""


def _add(run: Run, chunk: _Chunk, number: int) -> None:
    """These lines from `number` on, all or none."""
    before = run.candidates.filter(number=number - 1).values_list("link", flat=True).first() or ""
    made = list(chunk.candidates(number, before))
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state != RunState.FREEZE or last_number(run) != number - 1:
            raise Superseded
        Candidate.objects.bulk_create((candidate for candidate, _ in made), batch_size=200)
        blocks = []
        for candidate, theirs in made:
            for block in theirs:
                block.candidate = candidate
                blocks.append(block)
        Block.objects.bulk_create(blocks, batch_size=200)


def _close(run: Run) -> None:
    """The list stands: how many lines, and the link of the last, in the run and in the audit."""
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state != RunState.FREEZE:
            raise Superseded
        if fresh.frozen_at is not None:
            return
        last = run.candidates.order_by("-number").only("number", "link").first()
        fresh.count, fresh.link = (last.number, last.link) if last else (0, "")
        if fresh.count != fresh.expected:
            raise Unusable(_("名单行数与筛查结果不符，请重新发起。"))
        fresh.frozen_at = clock.now()
        fresh.save(update_fields=["count", "link", "frozen_at"])
        told = {"to": fresh.count, "link": fresh.link, "library": fresh.library, "registry": fresh.digest}
        chain.record("candidates frozen", actor="", subject=str(fresh), region=fresh.region, detail=told)
