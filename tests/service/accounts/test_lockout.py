"""Too many failed log-ins."""

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone
from tests.service.conftest import PASSWORD

from zhida.service.audit.models import Entry


def attempt(username, password="wrong", address="10.0.0.1"):
    return Client(REMOTE_ADDR=address).post("/login/", {"username": username, "password": password})


@pytest.fixture
def locked(applicant, office):
    for number in range(5):
        response = attempt(applicant.username, address=f"10.0.0.{number}")
    return response


def test_the_page_says_for_how_long_and_whom_to_call(locked, office):
    text = locked.content.decode()
    assert locked.status_code == 429 and "请等 15 分钟" in text and office.agency.phone in text


def test_not_even_the_right_password_opens_it(locked, applicant):
    assert attempt(applicant.username, PASSWORD).status_code == 429


def test_another_spelling_does_not_open_it(locked):
    assert attempt("+86 139 0000 0001", PASSWORD).status_code == 429


def test_others_are_not_locked(locked, other_applicant):
    assert attempt(other_applicant.username, PASSWORD).status_code == 302


def test_trying_meanwhile_does_not_make_it_longer(locked, applicant):
    before = AccessAttempt.objects.order_by("-attempt_time").first().attempt_time
    attempt(applicant.username)
    assert AccessAttempt.objects.order_by("-attempt_time").first().attempt_time == before


def test_after_the_time_it_is_open_again(locked, applicant):
    AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=16))
    assert attempt(applicant.username, PASSWORD).status_code == 302


def test_the_audit_knows(locked, applicant):
    actions = list(Entry.objects.values_list("action", "actor"))
    assert actions == [("log-in failed", applicant.username)] * 4 + [("locked out", applicant.username)]


def test_a_success_forgets_earlier_failures(applicant):
    for _ in range(3):
        for _ in range(4):
            attempt(applicant.username)
        assert attempt(applicant.username, PASSWORD).status_code == 302


def test_no_password_is_kept_by_the_attempts(locked):
    kept = " ".join(str(attempt.__dict__) for attempt in AccessAttempt.objects.all())
    assert "wrong" not in kept
