"""The pages of accounts in English hold no Chinese but names."""

import re

import pytest

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
KEPT = {"正宁县", "庆阳市", "正宁县人社局", "就业股", "某人", "统一身份认证"}


def main_of(response):
    """The page without its header and foot."""
    text = response.content.decode()
    return text[text.index("<main") : text.index("</main")]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/login/", "/register/"])
def test_of_everybody(client, page):
    for response in (client.get(page, {"lang": "en"}), client.post(f"{page}?lang=en", {"password1": "weak"})):
        text = main_of(response)
        assert set(CHINESE.findall(text)) <= KEPT


@pytest.mark.parametrize(
    "page",
    ["/accounts/", "/accounts/new/", "/accounts/{person}/", "/agencies/", "/agencies/{agency}/", "/account/",
     "/agencies/new/", "/account/password/", "/accounts/{person}/name/"],
)  # fmt: skip
def test_of_administration(client_of, administrator, intake_of_office, office, page):
    for user in (administrator, intake_of_office):
        user.name = "某人"
        user.save()
    address = page.format(person=intake_of_office.pk, agency=office.agency_id)
    text = main_of(client_of(administrator).get(address, {"lang": "en"}))
    assert set(CHINESE.findall(text)) <= KEPT


def test_of_the_audit(client_of, auditor, intake):
    client_of(intake).get("/audit/")
    auditor.name = "某人"
    auditor.save()
    main = main_of(client_of(auditor).get("/audit/", {"lang": "en"}))
    # Other apps translate their own actions.
    table = main[main.index("<table") :]
    assert set(CHINESE.findall(table)) <= KEPT
    assert "Refused: no permission" in table
