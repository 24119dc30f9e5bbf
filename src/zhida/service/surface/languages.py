"""The language of a page: what `?lang=` names, otherwise what was switched to or the browser asks for."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class LanguageMiddleware(LocaleMiddleware):
    """`?lang=en` gives each language of a page an address of its own, which search engines need."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        code = request.GET.get("lang")
        if code in dict(settings.LANGUAGES):
            translation.activate(code)
            request.LANGUAGE_CODE = code
