"""The page of a request that cannot be read; those of 403 and 404 Django finds by itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Drawn with the request, so that it has the header of every page."""
    return render(request, "400.html", status=400)
