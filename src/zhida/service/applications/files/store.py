"""The store of uploaded files, under MEDIA_ROOT and outside of what the web serves.

A file is written beside its place under another name, checked there, and only then moved: whatever
fails, there is a whole file or none, and no row in the database without one.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.utils.translation import gettext as _

from zhida.service.applications.files.refusal import FileRefused

FOLDER = "attachments"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that has been read to its end and has no place yet; `digest` is the SM3 of its content."""

    path: Path
    size: int
    digest: str


@contextmanager
def arriving(upload: Any, most: int) -> Iterator[Arrived]:
    """Write an upload to a file of its own, piece by piece; it is gone afterwards unless it was kept.

    Raises FileRefused for more than `most` bytes; OSError where the store does not take it.
    """
    folder = Path(settings.MEDIA_ROOT) / FOLDER / "arriving"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / uuid.uuid4().hex
    try:
        yield _write(upload, path, most)
    finally:
        path.unlink(missing_ok=True)


def _write(upload: Any, path: Path, most: int) -> Arrived:
    digest, size = hashes.Hash(hashes.SM3()), 0
    with path.open("xb") as file:
        for chunk in upload.chunks():
            size += len(chunk)
            if size > most:
                raise FileRefused(_("文件超过 %(most)s MB，请压缩后再上传。") % {"most": most // 1024**2})
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Arrived(path, size, digest.finalize().hex())


def keep(arrived: Arrived, owner: str) -> str:
    """Move it to its place among the files of `owner`; returns the path in the store. Raises OSError."""
    place = f"{FOLDER}/{owner}/{arrived.digest}"
    target = located(place)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(arrived.path, target)
    return place


def remove(place: str) -> None:
    located(place).unlink(missing_ok=True)


def remove_all(owner: str) -> None:
    """Every file of `owner`, also one that a failing database left without a row."""
    shutil.rmtree(located(f"{FOLDER}/{owner}"), ignore_errors=True)


def located(place: str) -> Path:
    return Path(settings.MEDIA_ROOT) / place
