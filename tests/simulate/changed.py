"""Copies of the project's library with something written otherwise."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

POLICIES = Path(__file__).parents[2] / "policies"
Edit = tuple[str, str, str]
"""A file, a text in it, and what stands there instead."""

RETENTION = "measures/job-retention-refund.yaml"
ZHENGNING = "documents/621025/ZN91.yaml"
DEARER: Edit = (ZHENGNING, "    每人标准: 1000\n", "    每人标准: 1200\n")


def edited(folder: Path, *edits: Edit, without: Iterable[str] = ()) -> Path:
    """The library in `folder` after the edits, and without the files or folders named."""
    root = folder / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    for file, old, new in edits:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    for name in without:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return root
