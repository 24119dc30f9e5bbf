"""Log-in, log-out and registration."""

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from tests.service.conftest import PASSWORD

from zhida.service.accounts.models import User
from zhida.service.audit.models import Entry

LOGIN, REGISTER = "/login/", "/register/"


def said(entry_number=None):
    return list(Entry.objects.values_list("action", "actor"))


@pytest.fixture
def person(db):
    return {"username": "13900000009", "name": "王五", "password1": PASSWORD, "password2": PASSWORD}


def log_in(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_it_logs_in_and_out_and_tells_the_audit(client, applicant):
    assert log_in(client, applicant.username).headers["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert client.post("/logout/").headers["Location"] == "/"
    assert client.get("/account/").headers["Location"] == "/login/?next=/account/"
    assert said() == [("logged in", applicant.username), ("logged out", applicant.username)]


def test_it_takes_the_same_name_however_it_is_typed(client, applicant):
    for typed in (
        " 139 0000 0001",
        "+86 13900000001",
        "１３９" + "０" * 7 + "１",
    ):
        assert log_in(Client(), typed).status_code == 302


def test_a_new_session_key_is_given(client, applicant):
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    log_in(client, applicant.username)
    assert client.cookies["sessionid"].value != planted
    assert (
        not Client(headers={"cookie": f"sessionid={planted}"})
        .get("/account/")
        .wsgi_request.user.is_authenticated
    )


@pytest.mark.parametrize(
    ("address", "goes"),
    [
        ("/measures/?region=621025", "/measures/?region=621025"),
        ("https://evil.example/", "/account/"),
        ("//evil.example/", "/account/"),
        ("/\\evil.example", "/account/"),
        ("javascript:alert(1)", "/account/"),
        ("http:///evil.example", "/account/"),
    ],
)
def test_afterwards_it_goes_to_a_page_of_this_site_only(client, applicant, address, goes):
    assert log_in(client, applicant.username, next=address).headers["Location"] == goes
    assert client.get(LOGIN, {"next": address}).headers["Location"] == goes


def test_somebody_unknown_and_a_wrong_password_get_the_same_answer(client, applicant):
    texts = []
    for name in (applicant.username, "nobody"):
        response = log_in(Client(), name, "wrong")
        assert response.status_code == 200
        texts.append([str(error) for error in response.context["form"].non_field_errors()])
    assert texts == [["用户名或密码不对。"]] * 2


def test_a_failed_log_in_is_noted_without_what_was_typed(client, applicant):
    log_in(client, applicant.username, "wrong")
    log_in(client, "my-secret-password", "wrong")
    assert said() == [("log-in failed", applicant.username), ("log-in failed", "")]
    assert "secret" not in str(Entry.objects.last().detail)


def test_an_empty_form_is_no_attempt(client, db):
    assert client.post(LOGIN).status_code == 200
    assert not Entry.objects.exists() and not AccessAttempt.objects.exists()


def test_somebody_who_may_not_log_in_does_not(client, applicant):
    User.objects.update(is_active=False)
    assert log_in(client, applicant.username).status_code == 200
    assert client.get("/account/").status_code == 302


def test_a_form_that_was_sent_without_a_log_in_is_not_sent_again(client, db):
    assert client.post("/accounts/new/").headers["Location"] == LOGIN
    answer = client.get("/account/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/login/?next=/account/"


def test_log_out_needs_a_form(client, applicant):
    log_in(client, applicant.username)
    assert client.get("/logout/").status_code == 405


def test_log_in_without_a_token_of_the_form_is_refused(applicant):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN, {"username": applicant.username, "password": PASSWORD}).status_code == 403


class TestRegistration:
    def test_an_applicant_is_logged_in_at_once(self, client, person, settings):
        settings.ZHIDA_AFTER_REGISTRATION = "accounts:account"
        assert client.post(REGISTER, person).headers["Location"] == "/account/"
        user = User.objects.get()
        assert user.username == "13900000009" and user.check_password(PASSWORD)
        assert [(held.role, held.region) for held in user.appointments.all()] == [("applicant", "621025")]
        assert said() == [("registered", user.username), ("logged in", user.username)]

    def test_it_goes_on_where_the_visitor_was(self, client, person):
        assert client.post(REGISTER, person | {"next": "/measures/"}).headers["Location"] == "/measures/"

    def test_a_first_step_that_does_not_exist_is_left_out(self, client, person, settings):
        settings.ZHIDA_AFTER_REGISTRATION = "nowhere:at-all"
        assert client.post(REGISTER, person).headers["Location"] == reverse("accounts:account")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"username": "zhang"}, "username"),
            ({"username": "1390000000"}, "username"),
            ({"username": "<script>@x.y"}, "username"),
            ({"username": ""}, "username"),
            ({"name": ""}, "name"),
            ({"name": "王" * 61}, "name"),
            ({"name": "王\0五"}, "name"),
            ({"password2": "another-Password-9"}, "password2"),
        ],
    )
    def test_what_does_not_fit_is_said_at_its_field(self, client, person, change, field):
        response = client.post(REGISTER, person | change)
        assert response.status_code == 200 and list(response.context["form"].errors) == [field]
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        "password",
        [
            "Short-9",
            "1234567890123",
            "onlyletters",
            "Abcdefgh-9x",
            "Qwerty-zz-9",
            "13900000009a",
            "王五王五王五王五王五",
        ],
    )
    def test_weak_passwords_are_refused(self, client, person, password):
        response = client.post(REGISTER, person | {"password1": password, "password2": password})
        assert "password1" in response.context["form"].errors

    def test_a_name_that_is_taken_is_refused_however_it_is_typed(self, client, person):
        client.post(REGISTER, person)
        response = Client().post(REGISTER, person | {"username": "+86 139-0000-0009"})
        assert list(response.context["form"].errors) == ["username"]

    def test_two_at_the_same_moment_are_one(self, client, person, monkeypatch):
        monkeypatch.setattr("django.db.models.QuerySet.exists", lambda rows: False)
        client.post(REGISTER, person)
        response = Client().post(REGISTER, person)
        assert list(response.context["form"].errors) == ["username"] and User.objects.count() == 1
