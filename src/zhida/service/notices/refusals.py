"""What keeps something from being done about a 公示, as a sentence for the person who tried."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was changed; the text says why."""
