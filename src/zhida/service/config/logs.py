"""Log lines: one JSON object each, on standard output, without personal data.

What somebody typed can stand in an error's message and a private link in a path. So a line about a request
names its route, and an exception is told by its class and the places it came through.
"""

from __future__ import annotations

import sys
import traceback
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from zhida.service.secrecy.masking import mask

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
EXTRAS = ("request", "status_code", "server_time")
ROOT = Path(__file__).parents[3]

ErrorInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


class LineFormatter(JsonFormatter):
    """Time, level, logger, message, request id, and what else the line was given."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "error"},
            timestamp="time",
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        request = log_data.pop("request", None)
        for name in EXTRAS:
            log_data.pop(name, None)
        if request is not None:
            log_data["message"] = f"{log_data['message'].split(':')[0]}: {route_of(request)}"
        log_data["message"] = mask(log_data["message"])
        if REQUEST_ID.get():
            log_data["request_id"] = REQUEST_ID.get()
        return log_data

    def formatException(self, ei: ErrorInfo) -> list[str]:  # type: ignore[override]
        return list(told(ei[1])) if ei[1] is not None else []


def told(error: BaseException) -> list[str]:
    """Classes and places of an error and of what caused it, never its message.

    A database says itself what is wrong in a code and by the name of a constraint.
    """
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(lines) < MOST_LINES:
        state = getattr(seen, "sqlstate", None) or getattr(seen, "sqlite_errorname", None)
        number = getattr(seen, "errno", None)
        code = f" {state}" if state else f" errno {number}" if number else ""
        lines.append(f"{type(seen).__name__}{code}")
        lines += [
            f"  {_place(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)[-MOST_FRAMES:]
        ]
        seen = seen.__cause__ or seen.__context__
    return lines


MOST_LINES, MOST_FRAMES = 100, 25


def _place(path: str) -> str:
    """A module's path from the package on, or from the environment's packages."""
    for part in (f"{ROOT}/", "site-packages/"):
        if part in path:
            return path.split(part, 1)[1]
    return path


def route_of(request: Any) -> str:
    """The name of the address that was asked for; its path may hold a private link."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else "no route"


def logging_at(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard output."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": LineFormatter}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": sys.stdout, "formatter": "line"}},
        "root": {"handlers": ["stdout"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # What a client did wrong is in the line of its request.
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "zhida": {"handlers": [], "level": level, "propagate": True},
            "gunicorn": {"handlers": [], "level": level, "propagate": True},
            # Its lines hold whole addresses and where they came from.
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # Their lines hold user names and addresses; the audit has the attempts.
            "axes": {"handlers": [], "level": "CRITICAL", "propagate": True},
        },
    }
