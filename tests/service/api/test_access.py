"""Who may ask what, how often; and what a program reads where it may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zhida.service.api import rates, tokens
from zhida.service.api.models import Allowance, Token
from zhida.service.audit.models import Entry

CASE = {"region": "621025", "on": "2022-10-01"}
pytestmark = pytest.mark.django_db


def test_without_a_token_nothing_is_decided(ask):
    answer = ask("POST", "decide", CASE)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="zhida"')
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["zhida_", "zhida_guessed", " ", "名字", "x" * 5000])
def test_a_token_that_there_is_not_opens_nothing(ask, token, text: str):
    assert ask("POST", "decide", CASE, text.encode().decode("latin-1")).status_code == 401


def test_a_token_only_does_what_it_is_for(ask, applicant, token_of):
    answer = ask("POST", "decide", CASE, token_of(applicant, "status"))
    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="decide"' in answer["WWW-Authenticate"]


def test_an_expired_token_opens_nothing(ask, token):
    Token.objects.update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert ask("POST", "decide", CASE, token).status_code == 401


def test_a_revoked_token_opens_nothing_from_the_next_request_on(ask, token):
    assert ask("POST", "decide", CASE, token).status_code == 200
    tokens.revoke(Token.objects.get(), by="operator")
    assert ask("POST", "decide", CASE, token).status_code == 401


def test_the_token_of_somebody_who_may_not_log_in_opens_nothing(ask, token, applicant):
    applicant.is_active = False
    applicant.save()
    assert ask("POST", "decide", CASE, token).status_code == 401


def test_only_the_hash_of_a_token_is_kept(token):
    row = Token.objects.values().get()
    assert token.startswith(row["start"]) and len(row["start"]) == 12
    assert token[12:] not in str(row)


def test_issuing_and_revoking_are_in_the_audit_without_the_token(token):
    tokens.revoke(Token.objects.get(), by="operator")
    tokens.revoke(Token.objects.get(), by="operator")
    entries = Entry.objects.filter(action__startswith="token").order_by("number")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("token issued", "operator"), ("token revoked", "operator"),
    ]  # fmt: skip
    assert token not in str(list(entries.values()))


def test_a_log_in_of_the_site_is_no_token(applicant, client_of):
    answer = client_of(applicant).post("/api/v1/decide", CASE, content_type="application/json")
    assert answer.status_code == 401


def test_a_token_has_so_many_requests_a_minute_and_is_told_when_to_go_on(ask, applicant, token_of):
    mine, other = token_of(applicant, per_minute=5), token_of(applicant, per_minute=5)
    statuses = [ask("POST", "decide", CASE, mine).status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    answer = ask("POST", "decide", CASE, mine)
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert answer["Content-Type"] == "application/problem+json"
    assert ask("POST", "decide", CASE, other).status_code == 200


def test_an_address_has_so_many_requests_a_minute(ask, settings):
    settings.ZHIDA_API_PER_MINUTE = 3
    assert [ask("GET", "measures").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask("GET", "measures", REMOTE_ADDR="198.51.100.1").status_code == 200
    assert "127.0.0.1" not in str(list(Allowance.objects.values()))


def test_guessing_tokens_is_slow(ask, settings):
    settings.ZHIDA_API_PER_MINUTE = 3
    assert [ask("POST", "decide", CASE, f"zhida_{n}").status_code for n in range(4)] == [401, 401, 401, 429]


def test_processes_share_one_allowance_and_the_next_minute_has_a_new_one(monkeypatch):
    clock = [60.0 * 1000]
    monkeypatch.setattr(rates.time, "time", lambda: clock[0])
    passed = 0
    for _ in range(300):
        if passed % 7 == 0:
            rates.forget()  # another process, with nothing in hand
        try:
            rates.take("key", 100)
            passed += 1
        except rates.TooManyRequests:
            break
    assert 20 <= passed <= 100
    rates.forget()
    clock[0] += 60
    rates.take("key", 100)
    assert Allowance.objects.get().taken == 5


def test_what_nobody_asks_any_more_is_forgotten(monkeypatch):
    clock = [60.0 * 1000]
    monkeypatch.setattr(rates.time, "time", lambda: clock[0])
    rates.take("old", 100)
    clock[0] += 60 * 62
    rates.take("new", 100)
    assert [row.key for row in Allowance.objects.all()] == ["new"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "", 404), ("GET", "nothing", 404), ("DELETE", "decide", 405), ("POST", "measures", 405)],
)
def test_whatever_is_wrong_a_program_reads_a_problem(ask, method: str, path: str, status: int):
    answer = ask(method, path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert ("Allow" in answer) == (status == 405)


def test_a_body_over_the_limit_is_a_problem(ask, token):
    answer = ask("POST", "decide", b" " * 5_000_001, token)
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_pages_of_other_sites_may_not_read_it(ask):
    answer = ask("GET", "measures", HTTP_ORIGIN="https://elsewhere.test")
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
