"""What does the work of each kind. An app names its handlers in its module `jobs`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Handler = Callable[[dict[str, Any]], None]
HANDLERS: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Registers the handler of a kind.

    It is called at least once for a job, and again after a crash: what it did before it must find done.
    """

    def register(handler: Handler) -> Handler:
        if HANDLERS.setdefault(kind, handler) is not handler:
            raise ValueError(f"two handlers of {kind!r}")
        return handler

    return register
