"""Every measure with what it is called, whom it is for and when one needs it; and finding one by words."""

from __future__ import annotations

from zhida.library import Library
from zhida.library.model import MeasureDef


def documented_regions(library: Library) -> list[str]:
    return sorted({document.region for document, _ in library.documents})


def matches(measure: MeasureDef, word: str | None) -> bool:
    """Whether a word occurs in the key, names, aliases, occasions or summaries."""
    texts = (
        measure.measure,
        measure.name,
        *measure.aliases,
        *measure.life_events,
        measure.audience,
        measure.english,
        measure.summary,
        measure.summary_en,
    )
    return not word or any(word.casefold() in text.casefold() for text in texts)
