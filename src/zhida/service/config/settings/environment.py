"""The environment as settings read it: `NAME`, or the file that `NAME_FILE` names."""

from __future__ import annotations

import environ
from environ.fileaware_mapping import FileAwareMapping


class _Values(FileAwareMapping):  # type: ignore[misc]
    """A secret's file usually ends in a newline, which is no part of the secret."""

    def __getitem__(self, key: str) -> str:
        return str(super().__getitem__(key)).strip()


class Environment(environ.Env):  # type: ignore[misc]
    """Settings by name; a missing one without a default raises ImproperlyConfigured, which names it."""

    ENVIRON = _Values()
