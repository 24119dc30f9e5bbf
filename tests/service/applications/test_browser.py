"""In a real browser: from the result of a self-check to a submitted package and its progress."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.service.browser import DESK, PHONE, TABLET
from tests.service.conftest import PASSWORD

from zhida.service.cases.models import Package

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHO = {"who:name": "正宁县好味餐厅", "who:contact": "李梅", "who:phone": "13900001234"}
PERSON = "62102519990702001"


@pytest.fixture
def draft(start):
    """A self-check that has come to its result: nothing chosen, nobody named."""
    return start(chosen=[], applicant={}, rows={})


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    file = tmp_path / "劳动合同.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    return file


def fill_in(page, identifiers) -> None:
    for name, value in {**WHO, **identifiers}.items():
        page.locator(f'[name="{name}"]').fill(value)


@pytest.fixture
def identifiers() -> dict[str, str]:
    from zhida.standards.identifiers import id_number_check_character, uscc_check_character

    first = "91621025MA7XXXXX0"
    return {
        "who:number": first + uscc_check_character(first),
        "row:hires.h1:name": "张三",
        "row:hires.h1:number": PERSON + id_number_check_character(PERSON),
    }


def log_in(page, user) -> None:
    page.locator('[name="username"]').fill(user.username)
    page.locator('[name="password"]').fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_from_result_to_progress(visit, draft, applicant, identifiers, contract, width, javascript):
    visitor = visit(width=width, javascript=javascript)
    _, token = draft
    page = visitor.go(f"/check/{token}/result/")
    visitor.click("打包办理", "link")
    expect(page).to_have_url(f"{visitor.address}/apply/{token}/")
    visitor.looks_right("apply-choose")
    visitor.click("下一步：填信息")
    visitor.looks_right("apply-form")
    visitor.click("保存，下一步")
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.looks_right("apply-form-errors")
    fill_in(page, identifiers)
    for _round in range(3):
        if page.get_by_role("button", name="保存，下一步").count():
            visitor.click("保存，下一步")
    expect(page).to_have_url(f"{visitor.address}/apply/{token}/materials/")
    page.locator('input[type="file"]').nth(1).set_input_files(contract)
    page.locator("li.card").nth(1).get_by_role("button").last.click()
    expect(page.get_by_role("link", name="劳动合同.pdf")).to_be_visible()
    visitor.looks_right("apply-materials")
    visitor.click("下一步：核对提交", "link")
    visitor.looks_right("apply-review-anonymous")
    visitor.click("登录后提交", "link")
    log_in(page, applicant)
    expect(page).to_have_url(f"{visitor.address}/apply/{token}/review/")
    visitor.click("提交")
    expect(page.locator(".error-summary")).to_contain_text("请先阅读承诺并勾选")
    page.get_by_text("我已阅读，作出以上承诺").click()
    visitor.looks_right("apply-review")
    visitor.click("提交")
    expect(page).to_have_url(re.compile("/packages/"))
    number = Package.objects.get().number
    visitor.looks_right("package")
    visitor.click("看受理回执", "link")
    visitor.looks_right("receipt")
    visitor.go("/packages/")
    visitor.looks_right("packages")
    visitor.go(f"/packages/{number}/withdraw/")
    visitor.looks_right("withdraw")

    stranger = visit(width=width, javascript=javascript)
    page = stranger.go("/progress/")
    page.locator('[name="number"]').fill(number)
    page.locator('[name="phone"]').fill("1234")
    stranger.click("查询")
    expect(page.get_by_text("县社保局待遇核发股").first).to_be_visible()
    stranger.looks_right("progress")


def test_by_keyboard_alone(visit, draft, applicant, identifiers):
    visitor = visit(user=applicant)
    _, token = draft
    page = visitor.go(f"/apply/{token}/")
    visitor.tab_to("下一步：填信息")
    visitor.enter()
    for name, value in {**WHO, **identifiers}.items():
        page.locator(f'[name="{name}"]').focus()
        page.keyboard.type(value)
    visitor.tab_to("保存，下一步")
    visitor.enter()
    expect(page).to_have_url(re.compile("/materials/"))
    visitor.tab_to("下一步：核对提交")
    visitor.enter()
    visitor.tab_to("我已阅读")
    visitor.press("Space")
    visitor.tab_to("提交")
    visitor.enter()
    expect(page).to_have_url(re.compile("/packages/"))
    expect(page.locator("h1")).to_contain_text(Package.objects.get().number)


def test_in_english(visit, draft, applicant):
    visitor = visit(user=applicant, language="en")
    _, token = draft
    visitor.go(f"/apply/{token}/?lang=en")
    visitor.looks_right("apply-choose-en")
    visitor.page.locator("main form button").first.click()
    visitor.looks_right("apply-form-en")
    visitor.go("/packages/")
    visitor.looks_right("packages-en")
