"""Where each fact comes from: a list of {"source", "on", "keys"}, in which a key stands once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

Origins = list[dict[str, Any]]


def told(origins: Origins, source: str, on: date, keys: Iterable[str]) -> Origins:
    """The origins after `source` said, on that day, what `keys` are."""
    said = set(keys)
    if not said:
        return origins
    kept = [entry | {"keys": [key for key in entry["keys"] if key not in said]} for entry in origins]
    return [
        *(entry for entry in kept if entry["keys"]),
        {"source": source, "on": on.isoformat(), "keys": sorted(said)},
    ]


def origin_of(origins: Origins, key: str) -> tuple[str, date] | None:
    """Who said a fact, and when."""
    for entry in origins:
        if key in entry["keys"]:
            return entry["source"], date.fromisoformat(entry["on"])
    return None
