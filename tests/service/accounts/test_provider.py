"""Log-in at an identity provider: a real one, of the tests' own, spoken to over HTTP."""

import base64
import hashlib
import time
import warnings
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings as site
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from zhida.service.accounts import oidc
from zhida.service.accounts.models import ExternalIdentity, User
from zhida.service.accounts.selectors import confirmed_identities
from zhida.service.audit.models import Entry

with warnings.catch_warnings():
    # The provider uses a part of Authlib that will go; it is not ours.
    warnings.simplefilter("ignore")
    import oidc_provider_mock

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
OUT, BACK = "/login/provider/", "/login/provider/back/"
NUMBER, EMPLOYER = "621025199003074514", "91621025MA71ABCD12"


@pytest.fixture
def run_provider(settings, monkeypatch):
    """`run_provider(…)`: a provider that the site uses from now on."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    running = []

    def run(**options):
        server = oidc_provider_mock.run_server_in_thread(**options)
        running.append(server)
        settings.OIDC_ISSUER = f"http://localhost:{server.__enter__().server_port}"
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "zhida", "secret"
        settings.OIDC_CLAIM_PERSON, settings.OIDC_CLAIM_EMPLOYER = "id_number", "credit_code"
        return settings.OIDC_ISSUER

    yield run
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture
def provider(run_provider):
    claims = {"name": "王五", "id_number": NUMBER, "credit_code": EMPLOYER.lower()}
    return run_provider(user_claims=[oidc_provider_mock.User(sub="wang", claims=claims)])


def leave(client, **query):
    """The address at the provider to which the browser is sent."""
    answer = client.get(OUT, query)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def answer_of(address, **form):
    """What the provider sends the browser back with."""
    sent = requests.post(address, data=form, allow_redirects=False, timeout=10)
    back = urlsplit(sent.headers["Location"])
    assert back.path == BACK
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def round_trip(client, sub="wang", **query):
    return client.get(BACK, answer_of(leave(client, **query), sub=sub))


def is_in(client):
    return client.get("/account/").status_code == 200


def test_it_is_offered_only_where_there_is_one(client, provider, settings):
    assert site.OIDC_NAME in client.get("/login/").content.decode()
    settings.OIDC_ISSUER = ""
    assert site.OIDC_NAME not in client.get("/login/").content.decode()
    assert client.get(OUT).status_code == client.get(BACK).status_code == 404


def test_somebody_new_becomes_an_applicant_and_is_known_again(client, provider, settings):
    settings.ZHIDA_AFTER_REGISTRATION = "accounts:account"
    assert round_trip(client).headers["Location"] == "/account/" and is_in(client)
    user = User.objects.get()
    assert user.name == "王五" and not user.has_usable_password() and user.username.startswith("sso-")
    assert [held.role for held in user.appointments.all()] == ["applicant"]
    (confirmed,) = confirmed_identities(user)
    assert (confirmed.person_number, confirmed.employer_number, confirmed.issuer) == (
        NUMBER,
        EMPLOYER,
        provider,
    )
    assert round_trip(Client()).status_code == 302 and User.objects.count() == 1
    actions = list(Entry.objects.values_list("action", flat=True))
    assert actions == ["registered", "identity linked", "logged in", "logged in"]
    assert NUMBER not in str(list(Entry.objects.values()))


def test_it_goes_on_where_the_visitor_was_on_this_site_only(provider):
    assert round_trip(Client(), next="/measures/").headers["Location"] == "/measures/"
    assert round_trip(Client(), next="https://evil.example/").headers["Location"].startswith("/")


def test_an_account_of_the_same_name_is_not_taken_over(client, provider, appoint):
    theirs = appoint("administration", username="wang")
    round_trip(client)
    assert is_in(client) and ExternalIdentity.objects.get().user != theirs


def test_whoever_is_logged_in_links_the_account(client_of, provider, applicant):
    assert round_trip(client_of(applicant)).headers["Location"] == "/account/"
    assert ExternalIdentity.objects.get().user == applicant
    again = Client()
    round_trip(again)
    assert again.get("/account/").wsgi_request.user == applicant


def test_an_identity_is_not_linked_to_a_second_account(client_of, provider, applicant, other_applicant):
    round_trip(client_of(applicant))
    client = client_of(other_applicant)
    round_trip(client)
    assert "已经绑定了另一个账号" in client.get("/account/").content.decode()
    assert ExternalIdentity.objects.get().user == applicant


def test_somebody_deactivated_stays_out(client, provider):
    round_trip(client)
    User.objects.update(is_active=False)
    assert round_trip(Client()).status_code == 403


def test_another_employer_is_learnt_at_the_next_log_in(client, provider):
    round_trip(client)
    changed = {"name": "王五", "id_number": NUMBER}
    requests.put(f"{provider}/users/wang", json=changed, timeout=10)
    round_trip(Client())
    assert [one.employer_number for one in confirmed_identities(User.objects.get())] == [""]


def test_the_browser_takes_along_a_challenge_a_state_and_a_nonce(client, provider):
    query = parse_qs(urlsplit(leave(client)).query)
    pending = client.session["oidc"]
    digest = hashlib.sha256(pending["verifier"].encode()).digest()
    assert query["code_challenge_method"] == ["S256"]
    assert query["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]
    assert query["state"] == [pending["state"]] and query["nonce"] == [pending["nonce"]]
    assert query["redirect_uri"] == [f"http://testserver{BACK}"]


def refused(response, text, status=403):
    assert response.status_code == status and text in response.content.decode()
    assert not response.wsgi_request.user.is_authenticated and not User.objects.exists()


def test_cancelled(client, provider):
    refused(client.get(BACK, answer_of(leave(client), action="deny") | _state(client)), "您取消了登录", 200)


def _state(client):
    """The provider of the tests leaves the state out when somebody cancels; a real one may not."""
    return {"state": client.session["oidc"]["state"]}


def test_another_state(client, provider):
    refused(client.get(BACK, answer_of(leave(client), sub="wang") | {"state": "another"}), "不能确认您的身份")


def test_an_answer_that_nobody_asked_for(client, provider):
    answer = answer_of(leave(client), sub="wang")
    refused(Client().get(BACK, answer), "等得太久")


def test_an_answer_a_second_time(client, provider):
    answer = answer_of(leave(client), sub="wang")
    assert client.get(BACK, answer).status_code == 302
    client.post("/logout/")
    assert "等得太久" in client.get(BACK, answer).content.decode()


def test_another_nonce(client, provider):
    answer = answer_of(leave(client), sub="wang")
    session = client.session
    session["oidc"] = session["oidc"] | {"nonce": "another"}
    session.save()
    refused(client.get(BACK, answer), "不能确认您的身份")


def test_a_token_that_has_expired(client, run_provider):
    run_provider(access_token_max_age=timedelta(minutes=-5))
    refused(round_trip(client), "不能确认您的身份")


def test_a_code_that_the_provider_does_not_know(client, provider):
    leave(client)
    refused(client.get(BACK, {"code": "guessed"} | _state(client)), "不能确认您的身份")


def test_a_provider_that_is_away(client, provider, settings):
    settings.OIDC_ISSUER = "http://localhost:9"
    refused(client.get(OUT), "联系不上", 502)


def test_a_provider_that_calls_itself_something_else(client, provider, settings):
    settings.OIDC_ISSUER = provider.replace("localhost", "LOCALHOST")
    refused(client.get(OUT), "不能确认您的身份")


class TestToken:
    """Tokens as an attacker would make them."""

    key = RSAKey.generate_key(2048, {"kid": "one"})
    keys = {"keys": [key.as_dict(private=False)]}  # noqa: RUF012

    @pytest.fixture(autouse=True)
    def settled(self, settings):
        settings.OIDC_CLIENT_ID = "zhida"

    def claims(self, **change):
        now = int(time.time())
        given = {
            "iss": "https://id.example",
            "aud": "zhida",
            "sub": "wang",
            "nonce": "n",
            "iat": now,
            "exp": now + 60,
        }
        return {name: value for name, value in (given | change).items() if value is not None}

    def read(self, token):
        return oidc.read_id_token(token, self.keys, "n", "https://id.example")

    def signed(self, key=None, alg="RS256", **change):
        return jwt.encode(
            {"alg": alg, "kid": "one"}, self.claims(**change), key or self.key, algorithms=[alg]
        )

    def test_a_good_one_is_read(self):
        assert self.read(self.signed())["sub"] == "wang"
        assert self.read(self.signed(aud=["zhida", "other"], azp="zhida"))["sub"] == "wang"

    @pytest.mark.parametrize(
        "change",
        [
            {"iss": "https://evil.example"},
            {"iss": None},
            {"aud": "other"},
            {"aud": None},
            {"aud": ["zhida", "other"]},
            {"aud": ["zhida", "other"], "azp": "other"},
            {"sub": None},
            {"exp": int(time.time()) - 120},
            {"exp": None},
            {"iat": int(time.time()) + 600},
            {"iat": None},
            {"nonce": "another"},
            {"nonce": None},
        ],
    )
    def test_one_that_is_not_for_us_now_is_refused(self, change):
        with pytest.raises(oidc.NotVouched, match="not-trusted"):
            self.read(self.signed(**change))

    def test_another_key_is_refused(self):
        with pytest.raises(oidc.NotVouched):
            self.read(self.signed(RSAKey.generate_key(2048, {"kid": "one"})))

    def test_the_public_key_as_a_secret_is_refused(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            secret = OctKey.import_key(self.key.as_pem(private=False).hex(), {"kid": "one"})
            token = self.signed(secret, "HS256")
        with pytest.raises(oidc.NotVouched):
            self.read(token)

    def test_one_without_a_signature_is_refused(self):
        def part(text):
            return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

        head, body = part('{"alg":"none"}'), self.signed().split(".")[1]
        for token in (f"{head}.{body}.", "", "a.b.c", self.signed()[:-4] + "AAAA"):
            with pytest.raises(oidc.NotVouched):
                self.read(token)
