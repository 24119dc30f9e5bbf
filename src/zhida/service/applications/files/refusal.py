"""Why a file is not taken."""

from __future__ import annotations


class FileRefused(ValueError):
    """A file that is not taken; the text tells its sender why and what to do."""
