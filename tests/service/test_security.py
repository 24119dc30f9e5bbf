"""What an attacker would try at any page, and what the settings of production hold."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.service.conftest import PASSWORD

from zhida.service.config.logs import LineFormatter
from zhida.service.secrecy.keys import new_secret

NUMBER, PHONE, NAME, WRONG = "621025199003074514", "13900000001", "欧阳测试", "a-wrong-password"

# JSON for search engines, its angle brackets and ampersands escaped.
MARKED = {"portal/structured.py"}
PAGES = ("/", "/login/", "/register/")


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """Django's own checks, in a process of its own under the settings of production."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "zhida.service.config.settings.production",
        "SECRET_KEY": "x1Y2-" * 20,
        "ZHIDA_KEYS": new_secret("k1"),
        "ALLOWED_HOSTS": "zhida.example",
        "ZHIDA_DATA": str(tmp_path_factory.mktemp("production")),
    }
    for name in ("DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"):  # of the tests, not of an installation
        environment.pop(name, None)

    def run(*arguments, without=""):
        command = [sys.executable, "-m", "django", *arguments]
        given = {name: value for name, value in environment.items() if name != without}
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False)

    return run


def test_the_settings_of_production_pass_every_check_of_deployment(production):
    found = production("check", "--deploy", "--fail-level", "INFO")
    assert found.returncode == 0, found.stderr + found.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "ZHIDA_KEYS", "ALLOWED_HOSTS"])
def test_production_does_not_start_without_its_secrets(production, name):
    found = production("check", without=name)
    assert found.returncode != 0 and name in found.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_a_browser_may_do_with_it(client, page):
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert (
        "default-src 'self'" in policy
        and "frame-ancestors 'none'" in policy
        and "object-src 'none'" in policy
    )
    assert "unsafe" not in policy and "base-uri 'self'" in policy and "form-action 'self'" in policy
    assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_script_or_style_of_its_own(client, page):
    text = client.get(page).content.decode()
    assert not re.search(r"<script(?![^>]*\b(src|type=.application/(ld\+)?json.))", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)


@pytest.mark.django_db
def test_the_cookie_of_a_session_is_no_business_of_scripts_or_other_sites(client, applicant):
    client.post("/login/", {"username": applicant.username, "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


@pytest.mark.django_db
def test_another_host_is_refused():
    assert Client(headers={"host": "evil.example"}).get("/login/").status_code == 400


@pytest.mark.django_db
def test_pages_of_an_account_are_not_kept_by_browsers(client, applicant):
    client.force_login(applicant, "django.contrib.auth.backends.ModelBackend")
    for page in ("/account/", "/account/password/"):
        assert "no-store" in client.get(page).headers["Cache-Control"]


@pytest.fixture
def written():
    """What is logged meanwhile, as production writes it; of every logger, down to the last detail."""
    stream, root, level = io.StringIO(), logging.getLogger(), logging.getLogger().level
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.django_db
def test_no_log_line_names_anybody(client, written):
    form = {"username": PHONE, "name": NAME, "password1": PASSWORD, "password2": PASSWORD}
    client.post("/register/", form)
    client.post("/logout/")
    for _ in range(6):
        client.post("/login/", {"username": PHONE, "password": WRONG})
    client.post("/login/", {"username": NUMBER, "password": NAME})
    client.get(f"/nowhere/{NUMBER}/?phone={PHONE}&name={NAME}")
    logging.getLogger("zhida").warning("somebody wrote %s and %s", NUMBER, PHONE)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert {"accounts:register", "accounts:login"} <= {line.get("route") for line in lines}
    assert "somebody wrote [masked] and [masked]" in {line["message"] for line in lines}
    for personal in (NUMBER, PHONE, NAME, PASSWORD, WRONG):
        assert [line for line in lines if personal in json.dumps(line, ensure_ascii=False)] == []


@pytest.mark.django_db
def test_html_in_a_name_is_shown_and_does_nothing(client_of, administrator, appoint):
    person = appoint("intake")
    person.name = "<script>alert(1)</script>"
    person.save()
    for page in (f"/accounts/{person.pk}/", "/accounts/"):
        text = client_of(administrator).get(page).content.decode()
        assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_nothing_in_the_code_marks_text_as_harmless():
    """`safe`, `mark_safe` and `autoescape off` would be holes."""
    service = Path(__file__).parents[2] / "src/zhida/service"
    holes = re.compile(r"\|\s*safe\b|mark_safe|autoescape\s+off|csrf_exempt")
    files = [file for kind in ("*.py", "*.html") for file in service.rglob(kind)]
    found = {
        str(file.relative_to(service)) for file in files if holes.search(file.read_text(encoding="utf-8"))
    }
    assert found <= MARKED
