"""What every page has: its language, its place, its header, its stylesheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

SERVICE = Path(__file__).parents[3] / "src/zhida/service"
pytestmark = pytest.mark.django_db


def page(client, address: str = "/", **headers) -> str:
    return client.get(address, **headers).content.decode()


def test_the_browser_chooses_the_language(client):
    assert '<html lang="zh-hans">' in page(client)
    assert '<html lang="en">' in page(client, headers={"Accept-Language": "en-GB,en;q=0.8"})


def test_an_address_may_name_the_language(client):
    assert '<html lang="en">' in page(client, "/?lang=en")
    assert '<html lang="zh-hans">' in page(client, "/?lang=tlh")


def test_the_switch_keeps_the_language_and_the_page(client):
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/measures/?region=150200"})
    assert answer["Location"] == "/measures/?region=150200"
    assert '<html lang="en">' in page(client, "/measures/")


def test_the_place_switch_keeps_the_search(client):
    assert '<input type="hidden" name="q" value="招人">' in page(client, "/measures/?q=招人")


def test_who_is_logged_in_stands_in_the_header(client_of, applicant):
    assert applicant.name in page(client_of(applicant))


def test_what_one_may_not_do_is_not_in_the_header(client_of, applicant, auditor):
    assert "/audit/" not in page(client_of(applicant))
    assert "/audit/" in page(client_of(auditor))


def test_error_pages_have_the_header_too(client):
    for address, status in (("/no-such-page/", 404), ("/measures/?on=x", 400)):
        answer = client.get(address)
        assert answer.status_code == status
        assert "政策目录" in answer.content.decode()


def test_nothing_is_styled_or_scripted_in_the_page():
    """The content security policy would refuse it."""
    said = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:src=|ld\+json))|https?://(?!schema|www\.sitemaps|www\.w3)"
    )
    found = {
        str(template.relative_to(SERVICE)): match[0]
        for template in SERVICE.rglob("templates/**/*.html")
        if (match := said.search(template.read_text(encoding="utf-8"))) and "failure" not in template.name
    }
    assert found == {}


def test_every_class_of_the_templates_is_in_the_stylesheet():
    css = Path(str(finders.find("surface/zhida.css"))).read_text(encoding="utf-8")
    defined = set(re.findall(r"\.([a-z_][\w-]*)", css))
    unknown = {}
    for template in SERVICE.rglob("templates/**/*.html"):
        text = re.sub(r"\{[{%].*?[%}]\}", " ", template.read_text(encoding="utf-8"))
        used = {name for names in re.findall(r'class="([^"]*)"', text) for name in names.split()}
        if missing := used - defined:
            unknown[str(template.relative_to(SERVICE))] = sorted(missing)
    assert unknown == {}
