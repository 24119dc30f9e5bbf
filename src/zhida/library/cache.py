"""A checked library kept between runs, so that a short command need not read and check it again.

The key holds the content of every policy file and the state of this program's own files: what is found
under it is what loading would give. Whatever goes wrong here, the library is loaded as if there were none.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import zhida
from zhida.diagnostics import Diagnostic
from zhida.library.contents import Library
from zhida.library.load import content_hash, load

SWITCH = "ZHIDA_CACHE"
"""Set to `off` the cache is not used."""


def load_cached(root: Path, environment: Mapping[str, str]) -> tuple[Library, list[Diagnostic]]:
    """As `load`; a library without errors is kept in the user's cache folder."""
    folder = _folder(environment)
    if folder is None or not root.is_dir():
        return load(root)
    path = folder / f"{_key(root)}.pickle"
    library = _read(path)
    if library is not None:
        return library, []
    library, diagnostics = load(root)
    if not diagnostics:
        _write(path, library)
    return library, diagnostics


def _folder(environment: Mapping[str, str]) -> Path | None:
    if environment.get(SWITCH) == "off":
        return None
    base = environment.get("XDG_CACHE_HOME") or environment.get("HOME") or ""
    if not base:
        return None
    return Path(base, "zhida") if "XDG_CACHE_HOME" in environment else Path(base, ".cache", "zhida")


def _key(root: Path) -> str:
    """What the result of loading depends on: the policies, the place they are at, and the program."""
    digest = hashlib.sha256(f"{content_hash(root)} {root.resolve()} {sys.version}".encode())
    for path in sorted(Path(zhida.__file__).parent.rglob("*.py")):
        state = path.stat()
        digest.update(f"{path} {state.st_mtime_ns} {state.st_size}\n".encode())
    return digest.hexdigest()


def _read(path: Path) -> Library | None:
    """The library under `path`, if this user wrote it and nobody else could have."""
    try:
        state = path.stat()
        if state.st_uid != os.getuid() or state.st_mode & 0o077:
            return None
        with path.open("rb") as file:
            found = pickle.load(file)
    except Exception:  # a damaged or foreign file can raise anything; loading afresh is always right
        return None
    return found if isinstance(found, Library) else None


def _write(path: Path, library: Library) -> None:
    """Keep the library, whole or not at all, and drop those of earlier states."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            pickle.dump(library, file, pickle.HIGHEST_PROTOCOL)
        os.replace(file.name, path)
        kept = sorted(path.parent.glob("*.pickle"), key=lambda p: p.stat().st_mtime)
        for old in kept[:-KEEP]:
            old.unlink(missing_ok=True)
    except OSError:
        return


KEEP = 4
"""Libraries of other folders and programs that stay in the cache."""
