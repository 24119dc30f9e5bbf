"""In a real browser: from a new run to open cases, and an employer's answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.service.browser import DESK, PHONE, TABLET

from zhida.service.proactive.models import Run
from zhida.service.registry.models import Representation
from zhida.service.secrecy.sealing import keyed_hash
from zhida.service.work.worker import run_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [TABLET, DESK])
def test_from_click_to_open_cases(visit, first_reviewer, employers, width):
    visitor = visit(width=width, user=first_reviewer, javascript=width == DESK)
    page = visitor.go("/proactive/")
    visitor.looks_right("proactive-runs-empty")
    visitor.click("发起筛查", "link")
    page.get_by_label("政策措施").select_option("job-retention-refund")
    visitor.looks_right("proactive-new")
    visitor.click("开始筛查")
    visitor.looks_right("proactive-progress")
    run_all("test")
    run = Run.objects.get()
    visitor.go(f"/proactive/{run.pk}/")
    visitor.looks_right("proactive-run")
    visitor.click("受阻事项", "link")
    visitor.looks_right("proactive-blocks")
    visitor.click("第4饭庄（演示）", "link")
    visitor.looks_right("proactive-candidate")
    visitor.click("记一次催办")
    expect(page.get_by_text("已记一次催办")).to_be_visible()
    visitor.go(f"/proactive/{run.pk}/")
    visitor.click("给 3 个对象开案")
    run_all("test")
    visitor.go(f"/proactive/{run.pk}/?state=opened")
    visitor.looks_right("proactive-opened")
    employers["no data"].facts["seriously_dishonest"] = True
    employers["no data"].save()
    visitor.go("/proactive/new/")
    page.get_by_label("政策措施").select_option("job-retention-refund")
    visitor.click("开始筛查")
    run_all("test")
    visitor.go(f"/proactive/{Run.objects.first().pk}/differences/")
    visitor.looks_right("proactive-differences")
    visitor.go("/proactive/?lang=en")
    visitor.looks_right("proactive-runs-en")
    visitor.go(f"/proactive/{Run.objects.first().pk}/")
    visitor.looks_right("proactive-run-en")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_employer_confirms(visit, applicant, screened, employers, width):
    party = employers["no account"]
    Representation.objects.create(
        user=applicant, kind="employer", number=party.number, number_hash=keyed_hash(party.number),
        name=party.name, region="621025", state="verified", employer=party,
    )  # fmt: skip
    found = screened().candidates.get(employer=party)
    visitor = visit(width=width, user=applicant)
    page = visitor.go("/proactive/mine/")
    visitor.looks_right("proactive-mine")
    visitor.go(f"/proactive/mine/{found.pk}/")
    visitor.looks_right("proactive-answer")
    for label, text in (("户名", party.name), ("账号", "6217000000000000099"), ("开户银行", "某某银行")):
        page.get_by_label(label).fill(text)
    visitor.click("确认享受")
    expect(page.get_by_text("已登记您的答复")).to_be_visible()
    visitor.looks_right("proactive-answered")
