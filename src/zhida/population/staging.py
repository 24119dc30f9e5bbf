"""A folder that appears when everything in it is written, and never before."""

from __future__ import annotations

import glob
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MANIFEST = "manifest.json"
KIND = "zhida population"
"""What the manifest of a population says that it is of."""
LOCK = ".lock"


@contextmanager
def staged(folder: Path, replace: bool) -> Iterator[Path]:
    """A hidden folder beside `folder` to write to; at the end it takes the place of `folder`.

    Whatever ends the block early leaves `folder` as it was and removes the hidden one; what a killed
    process left is removed by the next one. Raises FileExistsError where `folder` is not to be replaced.
    """
    refuse(folder, replace)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    partial = folder.parent / f".{folder.name}.partial-{os.getpid()}"
    partial.mkdir()
    try:
        with (partial / LOCK).open("w") as lock:
            _lock(lock.fileno())
            yield partial
            (partial / LOCK).unlink()
        _put(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def refuse(folder: Path, replace: bool) -> None:
    """FileExistsError where `folder` may not be written: only a population is ever replaced."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not replace:
        raise FileExistsError(f"{folder} exists; --force replaces a population")
    if not _is_population(folder):
        raise FileExistsError(f"{folder} holds something other than a made population; nothing is replaced")


def _is_population(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == KIND


def _put(partial: Path, folder: Path) -> None:
    """Rename `partial` to `folder`; what is there now goes once the new one stands."""
    if not folder.exists():
        partial.rename(folder)
        return
    old = folder.parent / f".{folder.name}.old-{os.getpid()}"
    folder.rename(old)
    try:
        partial.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what processes that are no more have left beside `folder`: their locks went with them."""
    for path in folder.parent.glob(f".{glob.escape(folder.name)}.partial-*"):
        try:
            with (path / LOCK).open("r+") as lock:
                abandoned = _lock(lock.fileno())
        except OSError:
            continue
        if abandoned:
            shutil.rmtree(path, ignore_errors=True)


def _lock(file: int) -> bool:
    """Lock a file for this process; False where another holds it, or the system has no such locks."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
