"""How long log-ins last, how many there are, and ending them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import PASSWORD

from zhida.service.accounts.models import LiveSession
from zhida.service.accounts.sessions import BEGAN, SEEN, device_of
from zhida.service.audit.models import Entry

NEW = "another-Password-9"


def logged_in(user, password=PASSWORD):
    client = Client()
    assert client.post("/login/", {"username": user.username, "password": password}).status_code == 302
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def age(client, name, **ago):
    session = client.session
    session[name] = (timezone.now() - timedelta(**ago)).isoformat()
    session.save()


def test_it_ends_half_an_hour_after_the_last_use(applicant):
    client = logged_in(applicant)
    age(client, SEEN, minutes=29)
    assert is_in(client)
    age(client, SEEN, minutes=31)
    assert not is_in(client)
    assert not LiveSession.objects.exists()
    assert "已为您退出" in client.get("/login/").content.decode()
    assert "已为您退出" not in client.get("/login/").content.decode()


def test_it_ends_after_a_day_however_much_it_is_used(applicant):
    client = logged_in(applicant)
    age(client, BEGAN, hours=9)
    assert is_in(client)
    age(client, BEGAN, hours=11)
    assert not is_in(client)


def test_use_is_written_down_once_a_minute(applicant, django_assert_num_queries):
    client = logged_in(applicant)
    age(client, SEEN, minutes=5)
    assert is_in(client)
    seen = client.session[SEEN]
    assert is_in(client) and client.session[SEEN] == seen


def test_the_oldest_end_when_there_are_too_many(applicant, settings):
    settings.ZHIDA_SESSIONS_PER_USER = 2
    first, second, third = (logged_in(applicant) for _ in range(3))
    assert [is_in(client) for client in (first, second, third)] == [False, True, True]
    assert applicant.sessions.count() == 2


def test_a_new_password_ends_the_others(applicant):
    here, elsewhere = logged_in(applicant), logged_in(applicant)
    form = {"old": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/account/password/", form).headers["Location"] == "/account/"
    assert is_in(here) and not is_in(elsewhere)
    assert applicant.sessions.count() == 1
    assert Entry.objects.filter(action="password changed", actor=applicant.username).exists()
    assert is_in(logged_in(applicant, NEW))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"old": "wrong", "password1": NEW, "password2": NEW}, "old"),
        ({"old": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}, "password1"),
        ({"old": PASSWORD, "password1": "weak", "password2": "weak"}, "password1"),
        ({"old": PASSWORD, "password1": NEW, "password2": NEW + "x"}, "password2"),
    ],
)
def test_a_new_password_that_does_not_fit_changes_nothing(applicant, form, field):
    here, elsewhere = logged_in(applicant), logged_in(applicant)
    assert list(here.post("/account/password/", form).context["form"].errors) == [field]
    assert is_in(elsewhere)


def test_log_ins_elsewhere_can_be_ended(applicant, other_applicant):
    here, elsewhere, another = logged_in(applicant), logged_in(applicant), logged_in(other_applicant)
    here.post("/account/sessions/end/")
    assert is_in(here) and not is_in(elsewhere) and is_in(another)
    assert Entry.objects.get(action="logged out elsewhere").detail == {"sessions": 1}


def test_the_account_shows_only_the_own_log_ins(applicant, other_applicant):
    logged_in(other_applicant)
    here = logged_in(applicant)
    shown = here.get("/account/").context["sessions"]
    assert [session.user for session in shown] == [applicant]


def test_whoever_has_a_password_for_once_changes_it_first(applicant):
    applicant.must_change_password = True
    applicant.save()
    client = logged_in(applicant)
    for page in ("/", "/account/", "/measures/"):
        assert client.get(page).headers["Location"] == "/account/password/"
    client.post("/account/password/", {"old": PASSWORD, "password1": NEW, "password2": NEW})
    assert is_in(client)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
            "Chrome · Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) AppleWebKit Mobile MicroMessenger/8.0", "微信 · iPhone"),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_by_browser_and_system(agent, device):
    assert device_of(agent) == device
