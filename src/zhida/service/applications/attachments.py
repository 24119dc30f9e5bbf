"""Files of a draft: taken in, taken out again, and opened by those who may see them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.http import FileResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhida.service import clock
from zhida.service.applications import drafts
from zhida.service.applications.files import store
from zhida.service.applications.files.kinds import kind_of
from zhida.service.applications.files.names import harmless
from zhida.service.applications.files.refusal import FileRefused
from zhida.service.applications.files.scanning import scan
from zhida.service.applications.models import Attachment, Draft
from zhida.service.audit import chain


def take(draft: Draft, material: str, upload: Any) -> Attachment:
    """Keep an uploaded file; the same file for the same material again is the one that is there.

    Raises FileRefused, drafts.Submitted, OSError.
    """
    name = harmless(upload.name or "")
    with store.arriving(upload, settings.ZHIDA_FILE_MOST) as arrived:
        kind = kind_of(arrived.path, name)
        scanned = scan(arrived.path)
        with transaction.atomic():
            fresh = _locked(draft)
            there = fresh.attachments.filter(material=material, digest=arrived.digest).first()
            if there is not None:
                return there
            _check_room(fresh, arrived.size)
            place = store.keep(arrived, str(fresh.public))
            return Attachment.objects.create(
                draft=fresh,
                material=material,
                name=name,
                kind=kind,
                size=arrived.size,
                digest=arrived.digest,
                path=place,
                scanned=scanned,
                uploaded_at=clock.now(),
            )


def drop(draft: Draft, public: str) -> None:
    """Take a file out of a draft; one that is not there is no error. Raises drafts.Submitted."""
    with transaction.atomic():
        fresh = _locked(draft)
        found = fresh.attachments.filter(public=public).first()
        if found is None:
            return
        found.delete()
        others = fresh.attachments.filter(path=found.path).exists()
        if not others:
            transaction.on_commit(lambda: store.remove(found.path))


def opened(attachment: Attachment, actor: str) -> FileResponse:
    """The file to be saved, never to be shown by the browser; and an entry that it was looked at."""
    chain.note(
        "attachment opened",
        actor=actor,
        subject=attachment.package.number if attachment.package else str(attachment.public),
        region=attachment.package.region if attachment.package else "",
        detail={"attachment": str(attachment.public), "digest": attachment.digest},
    )
    response = FileResponse(store.located(attachment.path).open("rb"), content_type=attachment.kind)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name)
    response["Content-Length"] = str(attachment.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _locked(draft: Draft) -> Draft:
    fresh = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if fresh.package_id is not None:
        raise drafts.Submitted
    return fresh


def _check_room(draft: Draft, size: int) -> None:
    if draft.attachments.count() >= settings.ZHIDA_FILES_COUNT:
        raise FileRefused(_("最多上传 %(count)s 个文件。") % {"count": settings.ZHIDA_FILES_COUNT})
    used = draft.attachments.aggregate(sum=Sum("size"))["sum"] or 0
    if used + size > settings.ZHIDA_FILES_MOST:
        most = settings.ZHIDA_FILES_MOST // 1024**2
        raise FileRefused(_("全部文件加起来最多 %(most)s MB。") % {"most": most})
