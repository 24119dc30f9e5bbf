"""What search engines read of a measure: schema.org's GovernmentService."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from zhida.service.portal.guides import MeasurePage

ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def government_service(page: MeasurePage, place: str, address: str, language: str) -> SafeString:
    """JSON-LD for a script element; nothing in it can end the element."""
    first = page.routes[0].guide if page.routes else None
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": page.definition.english if language == "en" else page.definition.name,
        "alternateName": list(page.definition.aliases),
        "description": page.definition.summary_en if language == "en" else page.definition.summary,
        "url": address,
        "inLanguage": language,
        "areaServed": {"@type": "AdministrativeArea", "name": place},
        "audience": {"@type": "Audience", "audienceType": page.definition.audience},
    }
    if first is not None:
        found["provider"] = {"@type": "GovernmentOrganization", "name": first.office or first.basis.issuer}
        if first.phone.number:
            found["provider"]["telephone"] = first.phone.number
        found["subjectOf"] = {
            "@type": "Legislation",
            "name": first.basis.title,
            "legislationIdentifier": first.basis.number,
            "legislationPassedBy": {"@type": "GovernmentOrganization", "name": first.basis.issuer},
        }
        if page.routes[0].worth:
            found["serviceOutput"] = {"@type": "Thing", "name": page.routes[0].worth}
    return mark_safe(json.dumps(found, ensure_ascii=False).translate(ESCAPES))
