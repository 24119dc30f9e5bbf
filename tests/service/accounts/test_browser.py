"""The pages of accounts in a real browser: looks, keyboard, small screens, without JavaScript."""

import pytest
from tests.service.browser import DESK, PHONE, TABLET
from tests.service.conftest import PASSWORD

from zhida.service.accounts.models import Agency, Office

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_pages_of_everybody_look_right(visit, width):
    visitor = visit(width=width)
    for name in ("login", "register"):
        visitor.go(f"/{name}/")
        visitor.looks_right(name)


def test_a_form_with_errors_looks_right(visit):
    visitor = visit(width=PHONE)
    visitor.go("/register/")
    visitor.page.fill("[name=username]", "nobody")
    visitor.page.fill("[name=name]", "某人")
    visitor.page.fill("[name=password1]", "12345")
    visitor.page.fill("[name=password2]", "54321")
    visitor.click("注册")
    visitor.looks_right("register-errors")


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_the_own_account_looks_right(visit, width, intake_of_office):
    visitor = visit(width=width, user=intake_of_office)
    for path, name in (("/account/", "account"), ("/account/password/", "password")):
        visitor.go(path)
        visitor.looks_right(name)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_pages_of_administration_look_right(visit, width, administrator, intake_of_office):
    visitor = visit(width=width, user=administrator)
    agency = Agency.objects.get()
    for path, name in (
        ("/accounts/", "people"),
        ("/accounts/new/", "new-person"),
        (f"/accounts/{intake_of_office.pk}/", "person"),
        ("/agencies/", "agencies"),
        (f"/agencies/{agency.pk}/", "agency"),
        (f"/offices/{Office.objects.get().pk}/", "office"),
    ):
        visitor.go(path)
        visitor.looks_right(name)


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_the_audit_looks_right(visit, width, auditor, client_of, intake):
    client_of(intake).get("/audit/")
    visitor = visit(width=width, user=auditor)
    visitor.go("/audit/")
    visitor.looks_right("trail")


def test_one_registers_and_logs_in_again_by_keyboard_alone(visit):
    visitor = visit(width=PHONE)
    visitor.go("/register/")
    for text in ("手机号或邮箱", "姓名", "密码", "再输一遍密码"):
        visitor.tab_to(text)
        visitor.page.keyboard.type({"手机号或邮箱": "139 0000 0009", "姓名": "王五"}.get(text, PASSWORD))
    visitor.press("Enter")
    visitor.page.wait_for_url("**/account/**")
    visitor.tab_to("退出")
    visitor.press("Enter")
    visitor.page.wait_for_url(visitor.address + "/**")
    visitor.go("/login/")
    visitor.page.keyboard.type("+86 13900000009")
    visitor.tab_to("密码")
    visitor.page.keyboard.type(PASSWORD)
    visitor.press("Enter")
    visitor.page.wait_for_url("**/account/")
    visitor.looks_right("registered")


def test_an_official_is_made_without_javascript(visit, administrator, office):
    visitor = visit(width=DESK, javascript=False, user=administrator)
    visitor.go("/accounts/new/")
    visitor.page.fill("[name=username]", "zhao.liu")
    visitor.page.fill("[name=name]", "赵六")
    visitor.page.select_option("[name=role]", "first-review")
    visitor.page.fill("#id_region", "621025")
    visitor.click("保存")
    visitor.looks_right("new-password")
    assert visitor.page.get_by_role("heading", name="一次性密码").is_visible()


def test_a_locked_account_is_told_for_how_long_and_whom_to_call(visit, applicant, office):
    visitor = visit(width=PHONE)
    for _ in range(5):
        visitor.go("/login/")
        visitor.page.fill("[name=username]", applicant.username)
        visitor.page.fill("[name=password]", "wrong")
        visitor.click("登录")
    assert "请等 15 分钟" in visitor.page.content() and office.agency.phone in visitor.page.content()
    visitor.complaints.clear()  # Chromium writes the status 429 to its console.
    visitor.looks_right("locked")
