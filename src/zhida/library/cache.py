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
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import zhida
from zhida.diagnostics import Diagnostic
from zhida.library.contents import Library
from zhida.library.load import content_hash, load
from zhida.library.resolve import resolve

SWITCH = "ZHIDA_CACHE"
"""Set to `off` the cache is not used."""
LAYERS = ("feel", "profile", "standards", "library")
"""The packages that a loaded library and its rules come from."""


def load_cached(root: Path, environment: Mapping[str, str]) -> tuple[Library, list[Diagnostic]]:
    """As `load`; a library without errors is kept in the user's cache folder."""
    folder = _folder(environment)
    if folder is None or not root.is_dir():
        return load(root)
    path = folder / f"{_key(root)}.pickle"
    library = _read(path)
    if isinstance(library, Library):
        library.kept_at = path
        return library, []
    library, diagnostics = load(root)
    if not diagnostics:
        _write(path, library)
        library.kept_at = path
    return library, diagnostics


def keep_rules(library: Library, region: str) -> None:
    """Have the rules of a region at hand for `resolve`: out of the cache, else resolved and kept there.

    Their file speaks of the library's own measures and provisions by their place, and repeats nothing.
    """
    if library.kept_at is None or region in library.resolved:
        return
    path = library.kept_at.with_suffix(f".{region}.rules")
    found = _read(path, lambda file: _Rules(file, _parts(library)).load())
    if isinstance(found, tuple):
        library.resolved[region] = found
        return
    resolve(library, region, date.max)
    _write(path, library.resolved[region], {id(part): name for name, part in _parts(library).items()})


def _parts(library: Library) -> dict[Any, Any]:
    """What rules have of the library itself, by its place."""
    found: dict[Any, Any] = {key: measure.definition for key, measure in library.measures.items()}
    for number, (document, _) in enumerate(library.documents):
        for place, provision in enumerate(document.provisions):
            found[number, place] = provision
            found[number, place, "procedure"] = provision.procedure
    return {name: part for name, part in found.items() if part is not None}


class _Rules(pickle.Unpickler):
    def __init__(self, file: BinaryIO, parts: Mapping[Any, Any]) -> None:
        super().__init__(file)
        self.parts = parts

    def persistent_load(self, name: Any) -> Any:
        return self.parts[name]


class _Pickler(pickle.Pickler):
    def __init__(self, file: BinaryIO, names: Mapping[int, Any]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.names = names

    def persistent_id(self, part: Any) -> Any:
        return self.names.get(id(part))


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
    package = Path(zhida.__file__).parent
    for pattern in ("*.py", *(f"{layer}/*.py" for layer in LAYERS)):
        for path in sorted(package.glob(pattern)):
            state = path.stat()
            digest.update(f"{path} {state.st_mtime_ns} {state.st_size}\n".encode())
    return digest.hexdigest()


def _read(path: Path, read: Callable[[BinaryIO], Any] = pickle.load) -> Any:
    """What is kept under `path`, if this user wrote it and nobody else could have; else None."""
    try:
        state = path.stat()
        if state.st_uid != os.getuid() or state.st_mode & 0o077:
            return None
        with path.open("rb") as file:
            return read(file)
    except Exception:  # a damaged or foreign file can raise anything; starting afresh is always right
        return None


def _write(path: Path, found: Any, names: Mapping[int, Any] | None = None) -> None:
    """Keep something, whole or not at all, and drop what was kept of its kind for earlier states."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            _Pickler(file, names or {}).dump(found)  # type: ignore[arg-type]
        os.replace(file.name, path)
        kept = sorted(path.parent.glob(f"*{path.suffix}"), key=lambda p: p.stat().st_mtime)
        for old in kept[: -KEEP[path.suffix]]:
            old.unlink(missing_ok=True)
    except OSError:
        return


KEEP = {".pickle": 4, ".rules": 40}
"""Libraries of other folders and programs, and rules of other regions, that stay in the cache."""
