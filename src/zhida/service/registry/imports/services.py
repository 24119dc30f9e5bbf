"""A batch from upload to its end: received, confirmed, taken up again, dropped."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language

from zhida.service import clock
from zhida.service.audit.chain import record
from zhida.service.registry.batches import Batch
from zhida.service.registry.imports.kinds import KINDS
from zhida.service.registry.imports.staging import path_of, remove_file
from zhida.service.sheets.opening import too_large
from zhida.service.sheets.sheet import MOST_BYTES, FileRefused
from zhida.service.work.queue import enqueue

MOST_NAME = 120


class NotPossible(Exception):
    """The batch is in no state for this: somebody else was quicker."""


def receive(user: Any, kind: str, region: str, upload: UploadedFile[Any]) -> Batch:
    """Keep an uploaded file, and have it read. Raises FileRefused where it is too large."""
    if (upload.size or 0) > MOST_BYTES:
        raise FileRefused(too_large())
    folder = Path("incoming")
    (Path(settings.MEDIA_ROOT) / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=KINDS[kind].key,
            region=region,
            user=user,
            name=_name(upload.name or ""),
            size=upload.size or 0,
            language=get_language() or "zh-hans",
            on=clock.today(),
        )
        batch.file = str(folder / f"{batch.pk}")
        try:
            batch.checksum = _keep(upload, path_of(batch))
            batch.save()
            _tell(batch, "registry/import received", user, size=batch.size, kind=kind)
            _start(batch)
        except BaseException:
            path_of(batch).unlink(missing_ok=True)
            raise
    return batch


def _name(name: str) -> str:
    """The file's name without folders and without characters that nobody sees; its end stays."""
    base = name.replace("\\", "/").rpartition("/")[2]
    base = "".join(character for character in base if character.isprintable())
    stem, dot, suffix = base.rpartition(".")
    return f"{stem[:MOST_NAME]}{dot}{suffix[:10]}" if dot else base[:MOST_NAME]


def _keep(upload: UploadedFile[Any], path: Path) -> str:
    digest = hashlib.new("sm3")
    with path.open("wb") as file:
        path.chmod(0o600)
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def confirm(batch: Batch, user: Any) -> None:
    """Have the staged rows applied. Raises NotPossible where that was done already."""
    with transaction.atomic():
        locked = _locked(batch, Batch.State.STAGED)
        locked.state, locked.done = Batch.State.APPLYING, 0
        _tell(locked, "registry/import confirmed", user)
        _start(locked)


def resume(batch: Batch, user: Any) -> None:
    """Take up a batch whose worker went away: reading begins anew, applying goes on where it was."""
    with transaction.atomic():
        locked = _locked(batch, Batch.State.READING, Batch.State.APPLYING)
        _tell(locked, "registry/import resumed", user)
        _start(locked)


def drop(batch: Batch, user: Any) -> None:
    """Throw away what was not applied; what was, stays."""
    with transaction.atomic():
        locked = _locked(batch, *(set(Batch.State) - {Batch.State.DROPPED}))
        locked.rows.all().delete()
        locked.state = Batch.State.DROPPED
        locked.save()
        _tell(locked, "registry/import dropped", user)
    remove_file(batch)


def _locked(batch: Batch, *states: Any) -> Batch:
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in states:
        raise NotPossible(locked.state)
    return locked


def _start(batch: Batch) -> None:
    """A new run: whatever ran before ends at its next chunk."""
    batch.runs += 1
    batch.save()
    enqueue("registry/import", f"import {batch.pk} run {batch.runs}", {"batch": batch.pk, "run": batch.runs})


def _tell(batch: Batch, action: str, user: Any, **detail: Any) -> None:
    record(action, actor=user.username, subject=f"batch:{batch.pk}", region=batch.region, detail=detail)
