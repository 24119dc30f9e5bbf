"""Copies of the project's library with one thing broken."""

from __future__ import annotations

import shutil
from pathlib import Path

from zhida.diagnostics import Diagnostic
from zhida.library import load

POLICIES = Path(__file__).parents[2] / "policies"


def broken(tmp_path: Path, file: str, old: str, new: str) -> list[Diagnostic]:
    """What loading says after replacing `old` by `new` in `file`."""
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load(root)[1]
