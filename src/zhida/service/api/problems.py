"""Errors as programs read them: `application/problem+json` (RFC 9457), with every problem of a case."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from zhida.decide import Problem

CONTENT_TYPE = "application/problem+json"


class Refusal(Exception):
    """A request that is answered with a problem; raised by any endpoint."""

    def __init__(
        self, status: int, detail: str = "", problems: Iterable[Problem] = (), **headers: str
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.problems = status, detail, tuple(problems)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> HttpResponse:
        response = problem(self.status, self.detail, self.problems)
        for name, value in self.headers.items():
            response[name] = value
        return response


def problem(status: int, detail: str = "", problems: Iterable[Problem] = ()) -> HttpResponse:
    """The body says the status again, so that a log of bodies alone can be read."""
    found: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        found["detail"] = detail
    if problems:
        found["problems"] = [
            {"path": p.path, "code": p.code, "found": p.found, "expected": p.expected, "line": str(p)}
            for p in problems
        ]
    return HttpResponse(json.dumps(found, ensure_ascii=False).encode(), CONTENT_TYPE, status)
