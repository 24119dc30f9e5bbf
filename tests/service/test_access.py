"""Every address of the site × every role × region, office and owner, as access.csv says.

A row: `url` (its name), `methods`, `object` (a kind of access_objects.py), what happens to `anonymous`, which
`roles` are allowed, what happens to the `rest` of the roles, and what happens to an allowed role that is of
another region (`elsewhere`), another office (`other_office`), or to another applicant (`other_owner`); these
three are empty where they change nothing. What happens: `allowed` (the page, a form's errors, or a redirect
elsewhere than to the log-in), `login`, `refused` (403), `hidden` (404), `token` (401), `method` (405).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.service.access_objects import OBJECTS, World
from tests.service.conftest import ELSEWHERE, HOME

from zhida.service.accounts.models import Agency, Appointment, Office, User
from zhida.service.accounts.roles import Role

METHODS = ("GET", "POST")
STATUSES = {401: "token", 403: "refused", 404: "hidden", 405: "method", 400: "allowed", 409: "allowed",
            410: "allowed", 422: "allowed"}  # fmt: skip
OUTCOMES = {"allowed", "login", "refused", "hidden", "token", "method"}
# One for all requests: the middleware of a new one is loaded anew.
CLIENT = Client()
GROUPS = {"everyone": set(Role), "officials": set(Role) - {Role.APPLICANT}}


@dataclass(frozen=True)
class Row:
    url: str
    methods: str
    object: str
    anonymous: str
    roles: str
    rest: str
    elsewhere: str
    other_office: str
    other_owner: str

    @property
    def allowed(self) -> set[Role]:
        parts = [GROUPS.get(word) or {Role(word)} for word in self.roles.split()]
        return set().union(*parts)


def rows() -> list[Row]:
    with (Path(__file__).parent / "access.csv").open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from names(part, inner)
        else:
            yield _name_of(part, space)


def _name_of(pattern: URLPattern, space: str) -> str:
    assert pattern.name, f"the address {pattern.pattern} has no name"
    return space + pattern.name


ROWS = rows()
CASES = [(row, method) for row in ROWS for method in row.methods.split()]


def test_every_address_has_its_rows_and_no_row_is_without_an_address():
    stated = [(row.url, method) for row, method in CASES]
    assert sorted(stated) == sorted({(name, method) for name in names(get_resolver()) for method in METHODS})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.url} {row.methods}")
def test_a_row_says_what_can_be_understood(row):
    said = {row.anonymous, row.rest, row.elsewhere, row.other_office, row.other_owner} - {""}
    assert said <= OUTCOMES
    assert row.anonymous and (row.rest or row.allowed == set(Role))
    assert not row.object or row.object in OBJECTS


@pytest.mark.django_db
@pytest.mark.parametrize(("row", "method"), CASES, ids=[f"{row.url} {method}" for row, method in CASES])
def test_everybody_is_allowed_or_refused_as_the_table_says(row, method):
    agency = Agency.objects.create(name="正宁县人社局", region=HOME)
    mine, other = (Office.objects.create(agency=agency, name=name) for name in ("就业股", "社保股"))
    people = {role: person(role, HOME) for role in Role}
    world = World(owner=people[Role.APPLICANT], region=HOME, office=mine)
    address = reverse(row.url, kwargs=OBJECTS[row.object](world) if row.object else None)

    expected = {"anonymous": (AnonymousUser(), row.anonymous)}
    for role, user in people.items():
        allowed = role in row.allowed
        expected[role] = (user, "allowed" if allowed else row.rest)
        if allowed and role == Role.APPLICANT:
            expected["another applicant"] = (person(role, HOME), row.other_owner or "allowed")
        elif allowed:
            expected[f"{role} elsewhere"] = (person(role, ELSEWHERE), row.elsewhere or "allowed")
            expected[f"{role} of another office"] = (person(role, HOME, other), row.other_office or "allowed")

    seen = {who: happens(user, method, address) for who, (user, _) in expected.items()}
    assert seen == {who: outcome for who, (_, outcome) in expected.items()}


def person(role: Role, region: str, office: Office | None = None) -> User:
    user = User.objects.create_user(f"{role}-{User.objects.count()}", Role(role).label)
    Appointment.objects.create(user=user, role=role, region=region, office=office)
    return user


def happens(user: User | AnonymousUser, method: str, address: str) -> str:
    """What a request comes to; whatever it changed is undone."""
    before = transaction.savepoint()
    CLIENT.cookies.clear()
    if user.is_authenticated:
        CLIENT.force_login(user, "django.contrib.auth.backends.ModelBackend")
    response = CLIENT.generic(method, address, content_type="application/x-www-form-urlencoded")
    if response.streaming:
        list(response.streaming_content)
    transaction.savepoint_rollback(before)
    if 300 <= response.status_code < 400:
        path = urlsplit(response.headers.get("Location", "")).path
        return "login" if path == reverse("accounts:login") else "allowed"
    return STATUSES.get(
        response.status_code, "allowed" if response.status_code < 300 else str(response.status_code)
    )
