"""The portal as people meet it: on a phone, at a desk, by keyboard alone, without JavaScript, in English."""

from __future__ import annotations

import pytest
from tests.service.browser import DESK, PHONE, TABLET
from tests.service.portal.restaurant import MOST_SCREENS, answer_screen

pytestmark = pytest.mark.browser
WIDTHS = (PHONE, TABLET, DESK)


def check_restaurant(visitor, look=False) -> int:
    """From the front page to the result; how many screens that took."""
    visitor.go("/")
    visitor.click("我是用人单位", "link")
    visitor.click("开始")
    for screen in range(1, MOST_SCREENS + 2):
        if look:
            visitor.looks_right(f"ask{screen}")
        answer_screen(visitor)
        if visitor.page.url.endswith("/result/"):
            return screen
    raise AssertionError("the self-check does not end")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_public_page_looks_right(visit, width):
    visitor = visit(width=width)
    for name, path in {
        "home": "/",
        "measures": "/measures/",
        "search": "/measures/?q=下岗",
        "nothing": "/measures/?q=没有这样的词",
        "deferral": "/measures/pension-deferral/",
        "refund": "/measures/job-retention-refund/",
        "elsewhere": "/measures/price-allowance/",
        "start": "/check/?event=招人",
    }.items():
        visitor.go(path)
        visitor.looks_right(name)


def test_a_measure_is_found_by_an_everyday_word(visit):
    visitor = visit(width=PHONE)
    visitor.go("/")
    visitor.page.get_by_role("searchbox").fill("下岗")
    visitor.click("查找")
    visitor.click("失业补助金", "link")
    assert visitor.page.get_by_role("heading", level=1).inner_text() == "失业补助金"
    visitor.looks_right()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_self_check_ends_with_a_result(visit, width):
    visitor = visit(width=width)
    assert check_restaurant(visitor, look=True) <= MOST_SCREENS
    visitor.looks_right("result")
    assert visitor.page.locator("#job-retention-refund-ZN91-030 .money").inner_text() == "5,832.00 元"
    for details in visitor.page.locator("main summary").all():
        details.click()
    visitor.looks_right("reasons")
    visitor.click("改答案", "link")
    visitor.looks_right("answers")


def test_a_self_check_works_without_javascript(visit):
    visitor = visit(width=PHONE, javascript=False)
    assert check_restaurant(visitor) <= MOST_SCREENS
    assert visitor.page.get_by_role("heading", name="能享受", exact=False).first.is_visible()
    visitor.looks_right()


def test_the_catalogue_and_a_guide_are_reached_by_keyboard(visit):
    visitor = visit()
    visitor.go("/")
    visitor.tab_to("跳到正文")
    visitor.go("/")
    visitor.tab_to("政策目录")
    visitor.enter()
    visitor.tab_to("一次性吸纳就业补贴")
    visitor.enter()
    assert visitor.page.get_by_role("heading", level=1).inner_text() == "一次性吸纳就业补贴"
    visitor.tab_to("测一测我能不能享受")
    visitor.enter()
    assert "measure=hiring-subsidy" in visitor.page.url


def test_a_self_check_is_answered_by_keyboard(visit):
    visitor = visit()
    visitor.go("/check/?measure=stay-at-work-training")
    visitor.tab_to("用人单位")
    visitor.tab_to("开始")
    visitor.enter()
    visitor.tab_to("哪种类型")
    visitor.press("ArrowDown")
    visitor.tab_to("继续")
    visitor.enter()
    visitor.tab_to("是")
    visitor.press("Space")
    visitor.tab_to("继续")
    visitor.enter()
    visitor.tab_to("多少人")
    visitor.page.keyboard.type("10")
    visitor.enter()
    assert visitor.page.url.endswith("/result/")
    assert "5,000.00" in visitor.page.locator("#total").inner_text()


def test_english_is_one_press_away(visit):
    visitor = visit(width=PHONE)
    visitor.go("/measures/hiring-subsidy/")
    visitor.click("English")
    assert visitor.page.get_by_role("heading", level=1).inner_text().startswith("One-off hiring subsidy")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    visitor.looks_right("english")
    visitor.go("/measures/")
    visitor.looks_right("english-measures")


def test_the_place_is_switched_in_the_header(visit):
    visitor = visit(width=PHONE)
    visitor.go("/measures/")
    visitor.page.locator(".place > summary").click()
    visitor.page.get_by_label("地区").select_option("150200")
    visitor.picture("place", whole=False)
    visitor.click("换成这个")
    assert "region=150200" in visitor.page.url
    visitor.click("一次性吸纳就业补贴", "link")
    assert "region=150200" in visitor.page.url
    assert "1,500 元" in visitor.page.locator("aside .worth").inner_text()


def test_pages_that_are_not_there_look_right_too(visit):
    visitor = visit(width=PHONE)
    visitor.page.goto(visitor.address + "/measures/no-such/")
    visitor.complaints.clear()
    visitor.looks_right("404")
    visitor.page.goto(visitor.address + "/measures/?on=2022-13-40")
    visitor.complaints.clear()
    visitor.looks_right("400")
