"""How a list differs from the one before it: who came in, who left, whose amount changed, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhida.decide.decision import Decision
from zhida.guide.verdicts import failing_labels
from zhida.service.proactive import screened, snapshot
from zhida.service.proactive.models import Candidate, Difference, Run
from zhida.service.proactive.screened import Decided, Decider
from zhida.service.proactive.states import LISTED, Differing, RunState

Leaf = tuple[str, Any]


def compare(run: Run, after: int) -> int | None:
    """Write how the run's list differs from the former one's, once; the former's files may go then."""
    former = former_of(run)
    found = list(_differences(run, former)) if former is not None else []
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state == RunState.COMPARE and fresh.former_id is None:
            Difference.objects.bulk_create(found, batch_size=200)
            Run.objects.filter(pk=run.pk).update(former=former)
    for pk in Run.objects.filter(measure=run.measure, region=run.region, pk__lt=run.pk).values_list(
        "pk", flat=True
    ):
        snapshot.forget(pk)
    return None


def former_of(run: Run) -> Run | None:
    """The last list of the same measure and region before this one."""
    earlier = Run.objects.filter(measure=run.measure, region=run.region, pk__lt=run.pk, state__in=LISTED)
    return earlier.order_by("-pk").first()


def _differences(run: Run, former: Run) -> Iterator[Difference]:
    fields = ("run", "unit", "row", "verdict", "amount", "region", "employer_id", "person_id")
    now = {c.unit: c for c in run.candidates.only(*fields)}
    then = {c.unit: c for c in former.candidates.only(*fields)}
    differing = [unit for unit in sorted(now.keys() | then.keys()) if _differs(now.get(unit), then.get(unit))]
    if not differing:
        return
    old_files = snapshot.folder_of(former.pk)
    old: Any = nullcontext(None)
    if snapshot.digest_in(old_files / screened.POPULATION) == former.digest:
        old = screened.deciding(old_files, former.measure, former.region, former.on)
    with screened.deciding(snapshot.folder_of(run.pk), run.measure, run.region, run.on) as new, old as before:
        for unit in differing:
            yield _difference(run, unit, _Side(now.get(unit), new), _Side(then.get(unit), before))


def _differs(now: Candidate | None, then: Candidate | None) -> bool:
    if now is None or then is None:
        return True
    return (now.verdict, now.amount, now.row) != (then.verdict, then.amount, then.row)


class _Side:
    """A party in one of the two lists: its line if it has one, and its decision where the files still are."""

    def __init__(self, line: Candidate | None, decider: Decider | None) -> None:
        self.line, self.decider = line, decider

    def decided(self, unit: str) -> Decided | None:
        entity, _colon, id = unit.partition(":")
        return self.decider.decided(entity, id, self.line.row if self.line else "") if self.decider else None

    def facts(self, decided: Decided | None) -> Mapping[str, Any] | None:
        if decided is not None:
            return decided.facts
        return self.line.facts if self.line else None


def _difference(run: Run, unit: str, now: _Side, then: _Side) -> Difference:
    line = now.line or then.line
    assert line is not None
    new, old = now.decided(unit), then.decided(unit)
    kind = Differing.CHANGED if now.line and then.line else Differing.CAME if now.line else Differing.LEFT
    facts_now, facts_then = now.facts(new), then.facts(old)
    return Difference(
        run=run,
        employer_id=line.employer_id,
        person_id=line.person_id,
        unit=unit,
        region=line.region,
        kind=kind,
        before_verdict=_verdict(then.line, old),
        after_verdict=_verdict(now.line, new),
        before=then.line.amount if then.line else None,
        after=now.line.amount if now.line else None,
        facts=changed(facts_then, facts_now),
        conditions=_conditions(kind, new, old),
        note=_note(kind, new, old, now, then),
    )


def _verdict(line: Candidate | None, decided: Decided | None) -> str:
    return line.verdict if line else decided.decision.verdict if decided else ""


def _conditions(kind: Differing, new: Decided | None, old: Decided | None) -> list[str]:
    """What fails now for those who left; what failed before for those who came."""
    at = new if kind == Differing.LEFT else old
    if at is None or kind == Differing.CHANGED:
        return []
    return list(dict.fromkeys(_failing(at.decision)))


def _failing(decision: Decision) -> Iterator[str]:
    for unit in decision.units:
        yield from failing_labels(unit)
        if unit.barred_by:
            yield unit.barred_by


def _note(kind: Differing, new: Decided | None, old: Decided | None, now: _Side, then: _Side) -> str:
    """What no condition says: the party itself came or went, or the law did."""
    if kind == Differing.LEFT and new is None:
        return _("登记信息里已没有，或已不在本地区")
    if kind == Differing.CAME and old is None and then.decider is not None:
        return _("登记信息里新增，或新转入本地区")
    if kind == Differing.CAME and then.decider is None:
        return _("上一次不在名单")
    return ""


def changed(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[list[Any]]:
    """The facts that differ, as [dotted key, before, after]; none where one side is not known."""
    if before is None or after is None:
        return []
    was, is_now = dict(_leaves(before)), dict(_leaves(after))
    keys = sorted(key for key in was.keys() | is_now.keys() if was.get(key) != is_now.get(key))
    return [[key, was.get(key), is_now.get(key)] for key in keys]


def _leaves(value: Any, path: str = "") -> Iterator[Leaf]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for place, item in enumerate(value):
            yield from _leaves(item, f"{path}.{item.get('id', place)}")
    else:
        yield path, value
