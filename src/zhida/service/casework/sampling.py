"""事后核查: drawing a sample that anybody can draw again, and what was found in it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.accounts.scope import within
from zhida.service.audit import chain
from zhida.service.cases.models import Case
from zhida.service.cases.states import State
from zhida.service.casework.models import Check, Sample
from zhida.service.casework.refusals import NotYours, Refused

MOST = 100_000
"""Cases in one frame."""


def draw(
    user: User, region: str, size: int, closed_from: date, closed_to: date, measure: str = "", seed: str = ""
) -> Sample:
    """Draw `size` of the cases that were paid or done in these days; all of them where there are fewer.

    The seed is random unless one is given. Raises Refused where there is nothing to draw from.
    """
    frame = list(_frame(user, region, closed_from, closed_to, measure))
    if not frame or size < 1:
        raise Refused(_("这段时间没有办结的案件可以抽查。"))
    seed = seed or secrets.token_hex(16)
    with transaction.atomic():
        sample = Sample.objects.create(
            seed=seed,
            region=region,
            measure=measure,
            closed_from=closed_from,
            closed_to=closed_to,
            frame=frame,
            frame_hash=frame_hash(frame),
            size=min(size, len(frame)),
            drawn_by=user.username,
            drawn_at=clock.now(),
        )
        numbers = drawn(seed, frame, size)
        keys = dict(Case.objects.filter(number__in=numbers).values_list("number", "pk"))
        Check.objects.bulk_create(
            Check(sample=sample, case_id=keys[number], number=place)
            for place, number in enumerate(numbers, 1)
        )
        detail = {"seed": seed, "frame": sample.frame_hash, "of": len(frame), "size": sample.size}
        chain.record(
            "sample drawn", actor=user.username, subject=str(sample.pk), region=region, detail=detail
        )
    return sample


def drawn(seed: str, frame: Sequence[str], size: int) -> list[str]:
    """Those of the frame whose SM3 of `seed`, a line feed and the number comes first: no program is needed
    to draw it again, and none can change how it is drawn."""
    return sorted(frame, key=lambda number: _sm3(f"{seed}\n{number}"))[:size]


def frame_hash(frame: Sequence[str]) -> str:
    """SM3 of the numbers, one a line."""
    return _sm3("\n".join(frame))


def _sm3(text: str) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(text.encode())
    return digest.finalize().hex()


def is_sound(sample: Sample) -> bool:
    """Whether the frame is the one that was hashed, and the checks are those that the seed draws from it."""
    kept = list(sample.checks.order_by("number").values_list("case__number", flat=True))
    return frame_hash(sample.frame) == sample.frame_hash and kept == drawn(
        sample.seed, sample.frame, sample.size
    )


def _frame(user: User, region: str, first: date, last: date, measure: str) -> Any:
    cases = Case.objects.visible_to(user, "draw samples").filter(
        **within("region", region),
        state__in=(State.PAID, State.DONE),
        closed_at__gte=_start_of(first),
        closed_at__lte=datetime.combine(last, time.max, timezone.get_current_timezone()),
    )
    if measure:
        cases = cases.filter(measure=measure)
    return cases.order_by("number").values_list("number", flat=True)[:MOST]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def find(check: Check, user: User, finding: str, note: str = "", recover: Decimal | None = None) -> Check:
    """Write down what was found, once. `recover` of the money goes to payments. Raises Refused, NotYours."""
    with transaction.atomic():
        fresh = Check.objects.select_for_update(of=("self",)).select_related("case__package").get(pk=check.pk)
        if fresh.finding:
            raise Refused(_("这一件已经登记过核查结论。"))
        if fresh.case.package.user_id == user.pk:
            raise NotYours(_("这是您自己提交的，不能由您办理。"))
        _check_finding(fresh, finding, note, recover)
        fresh.finding, fresh.note, fresh.by, fresh.at = finding, note.strip(), user.username, clock.now()
        fresh.recover = recover if finding == Check.Finding.RECOVER else None
        fresh.save()
        detail = {"finding": finding, "recover": str(fresh.recover or "")}
        case = fresh.case
        chain.record(
            "check found", actor=user.username, subject=case.number, region=case.region, detail=detail
        )
    return fresh


def _check_finding(check: Check, finding: str, note: str, recover: Decimal | None) -> None:
    if finding not in set(Check.Finding.values) - {""}:
        raise Refused(_("请选择核查结论。"))
    if finding != Check.Finding.SOUND and not note.strip():
        raise Refused(_("请写明核查的情况。"))
    if finding == Check.Finding.RECOVER:
        if recover is None or recover <= 0:
            raise Refused(_("请写明应追回的金额。"))
        if check.case.amount is not None and recover > check.case.amount:
            raise Refused(_("应追回的金额不能超过这个案件的金额。"))
