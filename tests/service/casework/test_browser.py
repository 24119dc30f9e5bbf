"""The workbench before a real browser: by mouse, by keyboard, without JavaScript; looked at by axe."""

import pytest
from django.urls import reverse
from tests.service.browser import DESK, TABLET

from zhida.service.cases.models import Case
from zhida.service.casework import sampling
from zhida.service.casework.services import perform

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME, BENCH = "621025", reverse("casework:bench")


def address(case, name="case"):
    return reverse(f"casework:{name}", args=[case.number])


@pytest.mark.parametrize("width", [TABLET, DESK])
def test_every_page_looks_right(open_case, officials, supervisor, visit, width, applicant):
    they, case = officials(HOME), open_case()
    other = open_case("startup-loan-micro", "ZN91-013")
    done = perform(open_case("hiring-expansion", "ZN91-006"), "accept", they.intake)
    done = perform(done, "pay", they.finance)
    sample = sampling.draw(supervisor, HOME, 1, done.on, done.on)
    clerk = visit(width=width, user=they.intake)
    for name, path in (
        ("bench", BENCH),
        ("bench-closed", f"{BENCH}?view=closed"),
        ("case", address(case)),
        ("ask", address(case, "ask")),
        ("refuse", address(case, "refuse")),
        ("rerun", address(case, "rerun")),
        ("sheet", address(case, "sheet")),
        ("find", reverse("casework:find")),
        ("guide", reverse("casework:guide")),
        ("history", reverse("casework:history", args=[case.package.applicant_hash])),
    ):
        clerk.go(path)
        clerk.looks_right(f"work-{name}")
    item = {"kind": "fact", "key": "employer.size", "label": "企业规模", "note": "按2021年"}
    paper = {"kind": "material", "key": "劳动合同复印件", "label": "劳动合同复印件", "note": ""}
    told = perform(case, "ask for more", they.intake, items=[item, paper], text="合同缺页")
    refused = perform(other, "not accept", they.intake, clause="一(五)", reason="材料不符", remedy="可以复议")
    for name, path in (
        ("notice", reverse("casework:notice", args=[told.number, 1])),
        ("refusal", address(refused, "refusal")),
        ("answer", address(told, "answer")),
    ):
        clerk.go(path)
        clerk.looks_right(f"work-{name}")
    person = visit(width=width, user=applicant)
    person.go(reverse("casework:supplement", args=[told.package.number, told.number]))
    person.looks_right("work-supplement")
    inspector = visit(width=width, user=supervisor)
    for name, path in (
        ("samples", reverse("casework:samples")),
        ("sample", reverse("casework:sample", args=[sample.pk])),
        ("check", reverse("casework:check", args=[sample.checks.get().pk])),
    ):
        inspector.go(path)
        inspector.looks_right(f"work-{name}")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_case_goes_from_intake_to_its_approval(open_case, officials, visit, javascript):
    they, case = officials("150202"), open_case("skill-upgrade", "BT78-022", region="150202")
    for clerk, button in (
        (they.intake, "受理"),
        (they.first_review, "审核通过"),
        (they.second_review, "复审通过"),
        (they.final_review, "终审通过"),
    ):
        visitor = visit(javascript=javascript, user=clerk)
        visitor.go(BENCH)
        visitor.click(case.number, "link")
        visitor.click(button)
        visitor.page.get_by_role("status").wait_for()
    assert Case.objects.get().state == "payable"


def test_the_queue_is_worked_through_by_keyboard(open_case, officials, visit):
    they, case = officials(HOME), open_case()
    open_case("pension-deferral", "ZN91-025")
    visitor = visit(user=they.intake)
    visitor.go(BENCH)
    for key in "jjkx":
        visitor.press(key)
    assert visitor.page.locator("input[name=case]:checked").count() == 1
    visitor.press("Enter")
    visitor.page.wait_for_url(f"**{address(case)}")
    visitor.press("g")
    visitor.page.wait_for_url(f"**{BENCH}")
    visitor.press("/")
    visitor.page.keyboard.type(case.package.number)
    visitor.press("Enter")
    visitor.page.wait_for_url(f"**{address(case)}")


def test_keys_typed_into_a_field_are_its_own(open_case, officials, visit):
    they = officials(HOME)
    open_case()
    visitor = visit(user=they.intake)
    visitor.go(BENCH)
    visitor.page.get_by_label("编号或单位名称").fill("")
    visitor.page.get_by_label("编号或单位名称").press_sequentially("gjx/")
    assert visitor.page.get_by_label("编号或单位名称").input_value() == "gjx/"
    assert visitor.page.url.endswith(BENCH)
