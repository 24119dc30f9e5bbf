"""What keeps a candidate back, in words: what is missing, who can settle it, until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from zhida.decide import Decision
from zhida.guide.verdicts import missing_facts
from zhida.service import clock
from zhida.service.law import library
from zhida.service.proactive.models import Block
from zhida.service.proactive.states import BlockKind
from zhida.standards.workdays import CalendarExhausted

DAYS = {BlockKind.SIZE: 10, BlockKind.DATA: 10, BlockKind.ACCOUNT: 5, BlockKind.LAW: 5}
"""Working days to settle it: the office's own, no text sets them."""
SIZE = "employer.size"
PAYING = frozenset({"pay", "settle", "advance"})
LONGEST = 300


def blocks_of(decision: Decision, has_account: bool) -> Iterator[Block]:
    """Unsaved, one for each thing that is missing; what a size would be worked out from belongs to it."""
    facts = missing_facts(library(), decision) if decision.verdict != "review" else ()
    sized = _inputs_of_size(decision) if any(fact.key == SIZE for fact in facts) else frozenset()
    for fact in facts:
        if fact.key == SIZE:
            others = "、".join(f.name for f in facts if f.key in sized)
            reason = _("企业划型未知") + (
                _("；划型所需的{others}也缺").format(others=others) if others else ""
            )
            yield _block(BlockKind.SIZE, fact.key, reason, fact.source)
        elif fact.key not in sized:
            reason = _("登记信息里没有“{name}”").format(name=fact.name)
            yield _block(BlockKind.DATA, fact.key, reason, fact.source)
    if not has_account and _pays(decision):
        yield account_block(decision.rule.procedure.payee_account if decision.rule.procedure else "")


def account_block(wanted: str) -> Block:
    reason = _("没有收款账户") + (f"（{wanted}）" if wanted else "")
    return _block(BlockKind.ACCOUNT, "account", reason, _("本单位"))


def law_block() -> Block:
    reason = _("名单固定后政策库有改动，按现行政策重算的结论不同，须重新筛查")
    return _block(BlockKind.LAW, "library", reason, _("经办机构"))


def _block(kind: BlockKind, key: str, reason: str, owner: str) -> Block:
    return Block(
        kind=kind,
        key=key[:120],
        reason=reason[:LONGEST],
        owner=(owner or _("经办机构"))[:100],
        due_on=deadline(clock.today(), DAYS[kind]),
    )


def deadline(start: date, days: int) -> date | None:
    """None past the calendar's end: nothing is guessed."""
    calendar = library().calendar
    try:
        return calendar.add_workdays(start, days) if calendar else None
    except CalendarExhausted:
        return None


def _inputs_of_size(decision: Decision) -> frozenset[str]:
    """What the size is worked out from, however many steps away."""
    found: set[tuple[str, str]] = set()
    left = [("employer", "size")]
    while left:
        derived = decision.rule.derived.get(left.pop())
        facts = derived.expression.facts if derived else ()
        paths = [(fact.entity, fact.key) for fact in facts]
        left += [path for path in paths if path not in found]
        found.update(paths)
    return frozenset(f"{entity}.{key}" for entity, key in found)


def _pays(decision: Decision) -> bool:
    procedure = decision.rule.procedure
    return procedure is not None and any(PAYING.intersection(step.tasks) for step in procedure.steps)
