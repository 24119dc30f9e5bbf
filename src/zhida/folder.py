"""A folder that is there whole or not at all: written beside its place, then renamed into it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderExists(Exception):
    """The folder to be written is there already, and nobody said that it may be replaced."""


@contextmanager
def new_folder(target: Path, replace: bool = False) -> Iterator[Path]:
    """A folder to write into, which becomes `target` at the end; until then that stays as it is.

    Raises FolderExists, before anything is written, where `target` is there and not to be replaced. What a
    killed process left behind is cleared away by the next that writes to the same place.
    """
    target = Path(os.path.abspath(target))
    if os.path.lexists(target) and not replace:
        raise FolderExists(str(target))
    _clear_abandoned(target)
    partial = _beside(target, "partial")
    partial.mkdir(parents=True)
    try:
        yield partial
        _put(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _beside(target: Path, what: str) -> Path:
    return target.parent / f".{target.name}.{os.getpid()}.{what}"


def _put(partial: Path, target: Path) -> None:
    old = _beside(target, "old")
    if os.path.lexists(target):
        os.rename(target, old)
    try:
        os.rename(partial, target)
    except BaseException:
        if os.path.lexists(old):
            os.rename(old, target)
        raise
    if old.is_dir() and not old.is_symlink():
        shutil.rmtree(old)
    elif os.path.lexists(old):
        old.unlink()


def _clear_abandoned(target: Path) -> None:
    for path in target.parent.glob(f".{target.name}.*.partial"):
        owner = path.suffixes[-2].lstrip(".") if len(path.suffixes) > 1 else ""
        if owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
