"""The outermost layer of a request: its number, the address it came from, its line in the log."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhida.service.config.logs import REQUEST_ID, route_of

Next = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("zhida.request")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestMiddleware:
    """Gives each request an id, the proxy's if it sent one, and logs how it went."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get("X-Request-ID", "")
        token = REQUEST_ID.set(given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex)
        try:
            request.META["REMOTE_ADDR"] = client_address(request)
            response = self.get_response(request)
            response["X-Request-ID"] = REQUEST_ID.get()
            logger.info("request", extra=_line(request, response, time.perf_counter() - started))
            return response
        finally:
            REQUEST_ID.reset(token)


def _line(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, object]:
    return {
        "method": request.method,
        "route": route_of(request),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks, as the last proxy of ours saw it.

    Anyone can write X-Forwarded-For; only the entries that our own proxies added, the last ones, are true.
    """
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies: int = settings.ZHIDA_PROXIES
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR") or ""
