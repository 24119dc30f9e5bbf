"""How much a request may carry. More is refused by its header, before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhida.service.config.failures import length_required, too_large

Next = Callable[[HttpRequest], HttpResponse]


class BodyLimitMiddleware:
    """413 for too long a body, 411 for one that does not say how long it is."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            return length_required(request)
        most = most_bytes(request)
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            return too_large(request, most)
        return self.get_response(request)


def most_bytes(request: HttpRequest) -> int:
    """Files come as multipart; what else is sent is held in memory."""
    if request.content_type == "multipart/form-data":
        return int(settings.ZHIDA_UPLOAD_MOST)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
