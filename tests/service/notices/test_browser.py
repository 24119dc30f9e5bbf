"""公示 as people meet it: on a phone, at a desk, by keyboard alone, without JavaScript."""

from __future__ import annotations

import pytest
from tests.service.browser import DESK, FOCUSED, PHONE, TABLET
from tests.service.notices.conftest import id_number, said

from zhida.service.cases.models import Case
from zhida.service.notices.closing import settle, withdraw_line
from zhida.service.notices.models import Objection, Publication
from zhida.service.notices.objecting import object_to

pytestmark = pytest.mark.browser
WIDTHS = (PHONE, TABLET, DESK)


def fill(visitor, values):
    for label, value in values.items():
        visitor.page.get_by_label(label).fill(value)


WHO = {
    "您的姓名": "王大明",
    "联系电话": "13811112222",
    "公民身份号码": id_number(7),
    "异议和理由": "这个人没有上过班",
}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_looks_right(visit, publication, officials, approved, width):
    object_to(publication.lines.get(number=2), said())
    withdraw_line(publication.lines.get(number=3), officials.first_review, "金额有误")
    waiting, objection = approved(), Objection.objects.get()
    number = publication.number
    anybody, official = visit(width=width), visit(width=width, user=officials.second_review)
    for name, path in {
        "list": "/notices/",
        "notice": f"/notices/{number}/",
        "object": f"/notices/{number}/object/1/",
        "object-over": f"/notices/{number}/object/3/",
    }.items():
        anybody.go(path)
        anybody.looks_right(f"notices-{name}")
    for name, path in {
        "manage": "/notices/manage/",
        "choose": f"/notices/manage/new/?like={waiting.pk}",
        "managed": f"/notices/manage/{number}/",
        "withdraw": f"/notices/manage/{number}/withdraw/",
        "objection": f"/notices/manage/objections/{objection.pk}/",
    }.items():
        official.go(path)
        official.looks_right(f"notices-{name}")
    official.go(f"/notices/manage/new/?like={waiting.pk}")
    official.click("看公示的样子")
    official.looks_right("notices-preview")


def test_an_objection_is_made_by_keyboard_alone_and_upheld(visit, publication, officials):
    visitor = visit(width=DESK)
    visitor.go(f"/notices/{publication.number}/")
    visitor.tab_to("对第 2 条提异议")  # the table first, which can be scrolled, then its links
    visitor.press("Tab")
    visitor.press("Tab")
    assert visitor.page.evaluate(FOCUSED) == "对第 2 条提异议" and visitor.has_visible_focus()
    visitor.enter()
    for label, value in WHO.items():
        visitor.tab_to(label)
        visitor.page.keyboard.type(value)
    visitor.tab_to("提交异议")
    visitor.enter()
    assert "回执号 GS621025-2022-001-2-1" in visitor.page.content()
    visitor.looks_right("notices-objected")
    ruler = visit(width=DESK, user=officials.second_review)
    ruler.go("/notices/manage/")
    ruler.click("裁定对第 2 条的异议", "link")
    ruler.page.get_by_label("成立，退回重审").check()
    ruler.page.get_by_label("理由", exact=True).fill("核实不属实")
    ruler.click("裁定")
    ruler.looks_right("notices-ruled")
    line = Publication.objects.get().lines.get(number=2)
    assert (line.state, Case.objects.get(pk=line.case_id).state) == ("removed", "first-review")


def test_publishing_and_objecting_work_without_javascript(visit, approved, officials, settings):
    approved()
    clerk = visit(width=DESK, javascript=False, user=officials.first_review)
    clerk.go("/notices/manage/")
    clerk.page.get_by_role("link", name="选择并公示").or_(
        clerk.page.get_by_role("link", name="公示")
    ).last.click()
    clerk.click("看公示的样子")
    clerk.click("发布公示")
    publication = Publication.objects.get()
    visitor = visit(width=PHONE, javascript=False)
    visitor.go(f"/notices/{publication.number}/object/1/")
    fill(visitor, WHO | {"公民身份号码": "123"})
    visitor.click("提交异议")
    assert "公民身份号码不对" in visitor.page.content()
    visitor.complaints.clear()  # a browser complains of the answer 422 itself
    visitor.looks_right("notices-refused")
    fill(visitor, WHO)
    visitor.click("提交异议")
    assert publication.lines.get().state == "suspended"
    assert "有异议，待裁定" in visitor.page.content()


def test_an_objection_is_rejected_and_the_line_passes(visit, publication, officials, tomorrow_of):
    object_to(publication.lines.get(number=2), said())
    ruler = visit(width=DESK, user=officials.second_review)
    ruler.go(f"/notices/manage/objections/{Objection.objects.get().pk}/")
    ruler.page.get_by_label("不成立，继续公示").check()
    ruler.page.get_by_label("理由", exact=True).fill("招用属实")
    ruler.click("裁定")
    tomorrow_of(publication.closes_on)
    settle(publication)
    visitor = visit(width=PHONE)
    visitor.go(f"/notices/{publication.number}/")
    visitor.looks_right("notices-closed")
    assert {case.state for case in Case.objects.all()} == {"payable"}


def test_a_printed_notice_has_its_lines_and_no_links_to_object(visit, publication):
    visitor = visit(width=DESK)
    visitor.go(f"/notices/{publication.number}/?whole=1")
    visitor.page.emulate_media(media="print")
    visitor.picture("notices-printed")
    assert visitor.page.get_by_text("公示名单").first.is_visible()
    assert not visitor.page.get_by_text("对第 1 条提异议").is_visible()
    assert not visitor.page.get_by_role("link", name="下载 Excel").is_visible()
