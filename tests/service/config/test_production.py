"""A production site: gunicorn, PostgreSQL, collected static files, a proxy before it; a lost database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.postgresql import USER, postgresql_server, stopped
from tests.service.site import HOST, Site, csrf_token, environment, running, zhida


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    with postgresql_server() as folder:
        yield folder


@pytest.fixture(scope="module")
def env(server: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    data = tmp_path_factory.mktemp("data")
    address = f"postgres://{USER}@/zhida_site?host={quote(str(server), safe='')}"
    found = environment(data, DATABASE_URL=address, ZHIDA_DATABASE_STATEMENT_SECONDS="1")
    _create_database(server)
    for command in (("migrate", "--verbosity", "0"), ("collectstatic", "--no-input", "--verbosity", "0")):
        run = zhida("manage", *command, env=found, cwd=data)
        assert run.returncode == 0, run.stderr
    return found


def _create_database(server: Path) -> None:
    import psycopg

    with psycopg.connect(host=str(server), user=USER, dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE zhida_site")


@pytest.fixture(scope="module")
def site(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site"), env) as found:
        yield found


TYPED = {"username": "张三丰 <b>&\"'", "password": "secret-words", "next": "/measures/?q=稳岗&q=留工"}


def test_plain_http_is_sent_to_https_and_the_probes_are_not(site: Site):
    answer = site.get("/", headers={"X-Forwarded-Proto": "http"})
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}/")
    assert site.get("/healthz", headers={"X-Forwarded-Proto": "http", "Host": "10.0.0.1"}).status_code == 200


def test_pages_have_the_headers_that_protect_them(site: Site):
    headers = site.get("/").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy


def test_cookies_are_for_https_only(site: Site):
    cookies = Site(site.port, site.process, site.output).get("/login/").headers["Set-Cookie"]
    assert "Secure" in cookies and "SameSite=Lax" in cookies


def test_an_unknown_host_is_refused(site: Site):
    assert site.get("/", headers={"Host": "elsewhere.test"}).status_code == 400


def test_static_files_have_names_of_their_content_and_are_kept_for_good(site: Site):
    [path] = re.findall(r'href="(/static/surface/zhida\.\w+\.css)"', site.get("/").text)
    style = site.get(path)
    assert style.status_code == 200
    assert "immutable" in style.headers["Cache-Control"]


def test_it_is_ready_with_its_database_and_migrations(site: Site):
    answer = site.get("/readyz")
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "migrations": "ok"}}


def test_the_doctor_finds_it_well(env: dict[str, str], tmp_path: Path):
    run = zhida("doctor", "--json", env=env, cwd=tmp_path)
    findings = {finding["name"]: finding for finding in json.loads(run.stdout)}
    # The day of the tests is held still, which only a demonstration may do.
    assert [name for name, finding in findings.items() if not finding["ok"]] == ["clock"]
    assert "PostgreSQL" in findings["database"]["found"]


def test_a_lost_database_gives_back_what_was_typed_and_is_found_again(server: Path, site: Site):
    token = csrf_token(site.get("/login/").text)
    with stopped(server):
        page = site.ask("POST", "/login/", data={**TYPED, "csrfmiddlewaretoken": token})
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "30"
        assert "暂时办不了" in page.text and "再试一次" in page.text
        assert "secret-words" not in page.text and "密码要重新选择、填写" in page.text
        assert 'name="username" value="张三丰 &lt;b&gt;&amp;&quot;&#x27;"' in page.text
        assert 'name="next" value="/measures/?q=稳岗&amp;q=留工"' in page.text
        english = site.get("/login/", headers={"Accept-Language": "en"})
        assert english.status_code == 200, "a page that reads no data does not need the database"
        assert site.get("/readyz").status_code == 503
        assert site.get("/readyz").json()["checks"]["database"] == "failed"
        assert site.get("/healthz").status_code == 200
    again = {**TYPED, "csrfmiddlewaretoken": csrf_token(page.text)}
    assert site.ask("POST", "/login/", data=again).status_code == 200
    assert site.get("/readyz").status_code == 200


def test_the_page_of_a_lost_database_is_in_english_too(server: Path, site: Site):
    token = csrf_token(site.get("/login/").text)
    with stopped(server):
        form = {"username": "zhang", "password": "x", "csrfmiddlewaretoken": token}
        page = site.ask("POST", "/login/", data=form, headers={"Accept-Language": "en"})
    assert page.status_code == 503
    assert '<html lang="en">' in page.text and "Try again" in page.text
    assert not re.search("[一-鿿]", page.text)


def test_a_form_of_another_site_is_not_given_back(server: Path, site: Site):
    with stopped(server):
        page = site.ask("POST", "/login/", data=TYPED)
    assert page.status_code == 403
    assert "张三丰" not in page.text


def test_a_query_that_takes_too_long_ends_in_the_same_page(server: Path, site: Site):
    import psycopg

    with psycopg.connect(host=str(server), user=USER, dbname="zhida_site") as connection:
        connection.execute("LOCK TABLE accounts_user IN ACCESS EXCLUSIVE MODE")
        page = site.post("/login/", TYPED)
    assert page.status_code == 503
    assert "张三丰" in page.text


def test_a_line_of_the_log_is_json_and_holds_nothing_personal(site: Site):
    number = "110101199003070038"
    answer = site.get(f"/nowhere/{number}/?name=%E5%BC%A0", headers={"X-Request-ID": "from-the-proxy"})
    assert answer.headers["X-Request-ID"] == "from-the-proxy"
    [line] = [
        line for line in site.lines() if line.get("request_id") == "from-the-proxy" and "status" in line
    ]
    assert {key: line[key] for key in ("level", "logger", "message", "method", "route", "status")} == {
        "level": "INFO", "logger": "zhida.request", "message": "request", "method": "GET",
        "route": "no route", "status": 404,
    }  # fmt: skip
    assert line["ms"] > 0 and line["time"]
    text = site.output.read_text()
    for personal in (number, "张", "%E5", "203.0.113.7"):
        assert personal not in text


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/csv"])
def test_half_a_gigabyte_is_refused_by_its_header_before_it_is_sent(site: Site, kind: str):
    head = f"POST /login/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
    head += f"Content-Type: {kind}\r\nConnection: close\r\n"
    answer = _raw(site, f"{head}Content-Length: {500 * 1024**2}\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 413")
    assert "文件太大" in answer


def test_a_body_without_a_length_is_refused(site: Site):
    head = f"POST /login/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
    answer = _raw(site, f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 411")


def _raw(site: Site, request: bytes) -> str:
    import socket

    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall(request)
        connection.settimeout(5)
        parts = []
        try:
            while part := connection.recv(65536):
                parts.append(part)
        except TimeoutError:
            pass
    return b"".join(parts).decode()
