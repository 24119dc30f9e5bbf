"""Employers and persons, for officials: lists, one of them, and both as files."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhida.service.accounts.permissions import appointments_for, may, require
from zhida.service.audit.chain import note
from zhida.service.registry import browsing, masking
from zhida.service.registry.exporting import employer_rows, person_rows
from zhida.service.registry.forms import EmployerSearch, PersonSearch
from zhida.service.registry.models import Employer, Person
from zhida.service.sheets.writing import Format, download
from zhida.service.surface import place
from zhida.service.surface.paging import page_of

SEE, OPEN, EXPORT = "see registry", "open personal data", "export registry"
MOST_EXPORTED = 50_000


@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    user = require(request, SEE)
    form = EmployerSearch(request.GET)
    found = browsing.employers(user, **_searched(form))
    number, more = browsing.counted(found)
    context = {
        "form": form,
        "page": page_of(request, found.only("number", "name", "region", "facts", "updated_at")),
        "count": number,
        "more": more,
        "may_export": may(user, EXPORT),
    }
    return render(request, "registry/employers.html", context)


def _searched(form: EmployerSearch) -> dict[str, str]:
    """What was asked for, where it makes sense; the form says what does not."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


@require_safe
def export_employers(request: HttpRequest, form: Format) -> HttpResponseBase:
    user = require(request, EXPORT)
    found = browsing.employers(user, **_searched(EmployerSearch(request.GET)))[:MOST_EXPORTED]
    headings, rows = employer_rows(found)
    _note_export(user, "employers", form)
    return download(_("单位"), headings, rows, form)


def employer(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, SEE)
    found = get_object_or_404(Employer.objects.visible_to(user, SEE), number=number)
    return _employer_page(request, found, opened=False)


@require_POST
def open_employer(request: HttpRequest, number: str) -> HttpResponse:
    user = require(request, OPEN)
    found = get_object_or_404(Employer.objects.visible_to(user, OPEN), number=number)
    note("registry/opened", actor=user.username, subject=f"employer:{number}", region=found.region)
    return _employer_page(request, found, opened=True)


def _employer_page(request: HttpRequest, found: Employer, opened: bool) -> HttpResponse:
    context = {
        "employer": found,
        "contact": found.contact if opened else masking.name(found.contact),
        "phone": found.phone if opened else masking.phone(found.phone),
        "bank_account": found.bank_account if opened else masking.number(found.bank_account),
        **_around(request, found, "employer", opened),
    }
    return render(request, "registry/employer.html", context)


def persons(request: HttpRequest) -> HttpResponse:
    """Searched by POST, for an identity number must not stand in an address."""
    user = require(request, SEE)
    form = PersonSearch(request.POST if request.method == "POST" else None)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    found = browsing.persons(user, number)
    if number:
        note("registry/person looked for", actor=user.username, detail={"found": found.exists()})
    page = page_of(request, found)
    context = {
        "form": form,
        "page": page,
        "lines": [(person, masking.name(person.name), masking.number(person.number)) for person in page],
        "may_export": may(user, EXPORT),
    }
    return render(request, "registry/persons.html", context)


@require_safe
def export_persons(request: HttpRequest, form: Format) -> HttpResponseBase:
    user = require(request, EXPORT)
    found = browsing.persons(user)[:MOST_EXPORTED]
    headings, rows = person_rows(found)
    _note_export(user, "persons", form)
    return download(_("个人（已脱敏）"), headings, rows, form)


def person(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, SEE)
    found = get_object_or_404(Person.objects.visible_to(user, SEE), pk=pk)
    return _person_page(request, found, opened=False)


@require_POST
def open_person(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, OPEN)
    found = get_object_or_404(Person.objects.visible_to(user, OPEN), pk=pk)
    note("registry/opened", actor=user.username, subject=f"person:{pk}", region=found.region)
    return _person_page(request, found, opened=True)


def _person_page(request: HttpRequest, found: Person, opened: bool) -> HttpResponse:
    context = {
        "person": found,
        "name": found.name if opened else masking.name(found.name),
        "number": found.number if opened else masking.number(found.number),
        "phone": found.phone if opened else masking.phone(found.phone),
        "bank_account": found.bank_account if opened else masking.number(found.bank_account),
        **_around(request, found, "person", opened),
    }
    return render(request, "registry/person.html", context)


def _around(request: HttpRequest, party: Any, entity: str, opened: bool) -> dict[str, Any]:
    """What both pages show beside who it is."""
    at = place.of(request)
    decided = browsing.today_for(party, at.on)
    return {
        "opened": opened,
        "may_open": may(request.user, OPEN),
        "facts": browsing.fact_lines(entity, party),
        "lists": list(browsing.record_lists(party)),
        "summary": decided[0] if decided else None,
        "on": at.on,
    }


def _note_export(user: Any, what: str, form: str) -> None:
    regions = sorted({held.region for held in appointments_for(user, EXPORT)})
    detail = {"what": what, "form": form, "regions": regions}
    note("registry/exported", actor=user.username, region=regions[0], detail=detail)
