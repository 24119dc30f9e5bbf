"""File names as people send them, made harmless to show, to save and to download."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LONGEST = 100
FORBIDDEN = frozenset('<>:"/\\|?*\x00')


def harmless(name: str) -> str:
    """Without folders, control characters, marks that turn the writing around, and what no disk takes."""
    name = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in unicodedata.normalize("NFC", name) if not _is_forbidden(c)).strip(". ")
    stem, suffix = PurePosixPath(kept or "-").stem, PurePosixPath(kept or "-").suffix
    return (stem[: LONGEST - len(suffix)] or "-") + suffix[:10]


def _is_forbidden(character: str) -> bool:
    return character in FORBIDDEN or unicodedata.category(character)[0] == "C"
