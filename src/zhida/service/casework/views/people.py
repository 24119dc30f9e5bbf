"""The whole history of benefits of one employer or person, in one list."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhida.guide import wording
from zhida.service.accounts.permissions import require
from zhida.service.audit import chain
from zhida.service.cases.models import Case
from zhida.service.casework import selectors
from zhida.service.casework.identities import shown_number
from zhida.service.casework.lines import lines_of
from zhida.service.law import library
from zhida.service.registry import masking
from zhida.service.registry.models import Employer, Person, Record


@never_cache
@require_safe
def history(request: HttpRequest, hash: str) -> HttpResponse:
    """By the keyed hash of a number, which tells nobody who it is."""
    user = require(request, selectors.SEE)
    cases = selectors.cases_about(user, hash)
    person = Person.objects.visible_to(user, selectors.SEE).filter(number_hash=hash).first()
    if not cases and person is None:
        raise Http404
    chain.note(
        "history viewed", actor=user.username, subject=f"hash:{hash[:16]}", detail={"cases": len(cases)}
    )
    context = {
        "who": _who(cases, person, hash),
        "lines": lines_of(cases),
        "granted": [_grant(record) for record in _granted(cases, hash)],
    }
    return render(request, "casework/history.html", context)


def _who(cases: list[Case], person: Person | None, hash: str) -> dict[str, str]:
    for case in cases:
        if case.package.applicant_hash == hash:
            return {
                "name": case.package.applicant_name,
                "number": shown_number(case.package.applicant_number),
            }
        for row in case.package.rows.values():
            if row.get("hash") == hash:
                return {"name": row.get("name", ""), "number": masking.number(row.get("number", ""))}
    assert person is not None or cases
    return (
        {"name": person.name, "number": masking.number(person.number)}
        if person
        else {"name": "", "number": ""}
    )


def _granted(cases: list[Case], hash: str) -> Any:
    """Of the registry: of the person, and of the employer whose number this is."""
    own = [c.package.employer_id for c in cases if c.package.applicant_hash == hash and c.package.employer_id]
    numbers = Employer.objects.filter(pk__in=own).values_list("number", flat=True)
    return selectors.history([hash], list(numbers))


def _grant(record: Record) -> dict[str, str]:
    measure = str(record.facts.get("measure", ""))
    known = library().measures.get(measure)
    return {
        "on": str(record.facts.get("on", "")),
        "measure": known.definition.name if known else measure,
        "amount": str(record.facts.get("amount", "")),
        "region": wording.place_name(library(), record.region),
    }
