"""The people of the tests: each has one role, in 正宁 (621025), or elsewhere (东河区, 150202)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.service.browser import chromium, visit

from zhida.service.accounts.models import Agency, Appointment, Office, User
from zhida.service.accounts.roles import Role
from zhida.service.accounts.sessions import BEGAN, SEEN
from zhida.service.audit.protection import protect, unprotect

__all__ = ["chromium", "visit"]
HOME, ELSEWHERE, PREFECTURE, NATION = "621025", "150202", "621000", "000000"
PASSWORD = "正宁-Zhengning-2022"


@pytest.fixture(autouse=True, scope="session")
def chain_may_be_emptied() -> Iterator[None]:
    """Tests with real transactions empty the database after themselves, which the audit's triggers refuse."""
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def emptied(self, statements):
        unprotect(self.connection)
        try:
            empty(self, statements)
        finally:
            protect(self.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", emptied)
        yield


@pytest.fixture
def appoint(db) -> Callable[..., User]:
    """`appoint("intake", region=…, office=…)`: a new user who can log in with PASSWORD, in that one role."""

    def appointed(role: str, region: str = HOME, office: Office | None = None, username: str = "") -> User:
        number = User.objects.count() + 1
        user = User.objects.create_user(
            username or f"{role}-{region}-{number}", f"{Role(role).label}{number}", PASSWORD
        )
        Appointment.objects.create(user=user, role=role, region=region, office=office)
        return user

    return appointed


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """`client_of(user)`: a browser in which that user is logged in."""

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[BEGAN] = session[SEEN] = timezone.now().isoformat()
        session.save()
        return client

    return logged_in


@pytest.fixture
def office(db) -> Office:
    agency = Agency.objects.create(name="正宁县人社局", region=HOME, phone="0934-0000000")
    return Office.objects.create(agency=agency, name="就业股", phone="0934-0000001")


@pytest.fixture
def other_office(office) -> Office:
    return Office.objects.create(agency=office.agency, name="社保股", phone="0934-0000002")


@pytest.fixture
def applicant(appoint) -> User:
    return appoint("applicant", username="13900000001")


@pytest.fixture
def other_applicant(appoint) -> User:
    return appoint("applicant", username="13900000002")


@pytest.fixture
def intake(appoint) -> User:
    return appoint("intake")


@pytest.fixture
def intake_of_office(appoint, office) -> User:
    return appoint("intake", office=office)


@pytest.fixture
def intake_of_other_office(appoint, other_office) -> User:
    return appoint("intake", office=other_office)


@pytest.fixture
def intake_elsewhere(appoint) -> User:
    return appoint("intake", ELSEWHERE)


@pytest.fixture
def first_reviewer(appoint) -> User:
    return appoint("first-review")


@pytest.fixture
def second_reviewer(appoint) -> User:
    return appoint("second-review")


@pytest.fixture
def final_reviewer(appoint) -> User:
    return appoint("final-review")


@pytest.fixture
def finance_officer(appoint) -> User:
    return appoint("finance")


@pytest.fixture
def policy_officer(appoint) -> User:
    return appoint("policy")


@pytest.fixture
def supervisor(appoint) -> User:
    return appoint("supervision", PREFECTURE)


@pytest.fixture
def auditor(appoint) -> User:
    return appoint("audit", PREFECTURE)


@pytest.fixture
def administrator(appoint) -> User:
    return appoint("administration", PREFECTURE)


@pytest.fixture
def administrator_elsewhere(appoint) -> User:
    return appoint("administration", ELSEWHERE)
