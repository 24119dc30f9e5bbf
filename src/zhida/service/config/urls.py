"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

handler400 = "zhida.service.surface.errors.bad_request"
handler500 = "zhida.service.config.failures.server_error"
urlpatterns = [
    path("", include("zhida.service.api.urls")),
    path("", include("zhida.service.portal.urls")),
    path("", include("zhida.service.accounts.urls")),
    path("", include("zhida.service.applications.urls")),
    path("", include("zhida.service.casework.urls")),
    path("", include("zhida.service.proactive.urls")),
    path("", include("zhida.service.registry.urls")),
    path("", include("zhida.service.notices.urls")),
    path("", include("zhida.service.payments.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
