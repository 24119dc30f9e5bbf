"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("zhida.service.portal.urls")),
    path("", include("zhida.service.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
