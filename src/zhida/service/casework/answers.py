"""The answer to a 一次性告知: the marked facts corrected, the materials brought, the case decided again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.applications.drafts import plain_value
from zhida.service.applications.facts import value_at, with_value
from zhida.service.applications.files import store
from zhida.service.applications.files.kinds import kind_of
from zhida.service.applications.files.names import harmless
from zhida.service.applications.files.refusal import FileRefused
from zhida.service.applications.files.scanning import scan
from zhida.service.applications.models import Attachment
from zhida.service.cases.models import Case, Package
from zhida.service.casework.comparing import Undecidable, decided_again
from zhida.service.casework.marking import FACT
from zhida.service.casework.models import FormerFacts, Supplement
from zhida.service.casework.refusals import Refused
from zhida.service.casework.services import perform
from zhida.service.law import library


def supply(
    case: Case,
    actor: User,
    values: Mapping[str, Any],
    text: str = "",
    files: Iterable[tuple[str, Any]] = (),
    *,
    seen: int | None = None,
) -> Case:
    """Answer the open notice: `values` by the keys that it marked, `files` as (material, upload).

    What was not marked cannot be changed. The former facts and decision are kept beside the new. Raises
    Refused, Stale, NotYours, FileRefused; then nothing is changed.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).select_related("package").get(pk=case.pk)
        supplement = locked.supplements.filter(answered_at=None).last()
        marked = {item["key"] for item in supplement.items if item["kind"] == FACT} if supplement else set()
        given = {key: value for key, value in values.items() if key in marked}
        if set(values) - marked:
            raise Refused(_("只能更正经办机构标出的内容。"))
        # Who may not answer, or comes too late, is told before anything is compared or kept.
        fresh = perform(case, "supply", actor, seen=seen, answer=text, corrected=", ".join(sorted(given)))
        if supplement is not None:
            _correct(locked, supplement, given, actor.username)
        for material, upload in files:
            keep_file(fresh.package, material, upload)
    return fresh


def _correct(case: Case, supplement: Supplement, values: Mapping[str, Any], by: str) -> None:
    facts = dict(case.facts)
    for key, value in values.items():
        if value is not None and plain_value(value) != value_at(facts, key):
            facts = with_value(library(), facts, key, plain_value(value))
    if facts == case.facts:
        return
    try:
        again = decided_again(case, facts)
    except Undecidable as wrong:
        raise Refused(str(wrong)) from wrong
    FormerFacts.objects.create(
        case=case,
        number=case.former.count() + 1,
        facts=case.facts,
        decision=case.decision,
        verdict=case.verdict,
        amount=case.amount,
        library=case.library,
        supplement=supplement,
        replaced_by=by,
        replaced_at=clock.now(),
    )
    verdict = again.decision["verdict"]
    Case.objects.filter(pk=case.pk).update(
        facts=facts, decision=again.decision, verdict=verdict, amount=again.amount, library=again.library
    )


def keep_file(package: Package, material: str, upload: Any) -> Attachment:
    """A file that comes after the package; the same again is the one that is there. Raises FileRefused."""
    name = harmless(upload.name or "")
    with store.arriving(upload, settings.ZHIDA_FILE_MOST) as arrived:
        kind = kind_of(arrived.path, name)
        scanned = scan(arrived.path)
        there = package.attachments.filter(material=material, digest=arrived.digest).first()
        if there is not None:
            return there
        _check_room(package, arrived.size)
        return Attachment.objects.create(
            package=package,
            material=material,
            name=name,
            kind=kind,
            size=arrived.size,
            digest=arrived.digest,
            path=store.keep(arrived, package.number),
            scanned=scanned,
            uploaded_at=clock.now(),
        )


def _check_room(package: Package, size: int) -> None:
    if package.attachments.count() >= settings.ZHIDA_FILES_COUNT:
        raise FileRefused(_("最多上传 %(count)s 个文件。") % {"count": settings.ZHIDA_FILES_COUNT})
    used = package.attachments.aggregate(sum=Sum("size"))["sum"] or 0
    if used + size > settings.ZHIDA_FILES_MOST:
        most = settings.ZHIDA_FILES_MOST // 1024**2
        raise FileRefused(_("全部文件加起来最多 %(most)s MB。") % {"most": most})
