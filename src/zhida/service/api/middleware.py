"""Whatever fails under /api/, a program reads a problem, never a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from zhida.service.api.problems import CONTENT_TYPE, problem

API = "/api/"
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class ProblemMiddleware:
    """Turns the site's own error pages under /api/ (no such address, wrong method) into problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith(API):
            return response
        if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
            return response
        told = problem(response.status_code)
        for name in KEPT:
            if name in response:
                told[name] = response[name]
        return told
