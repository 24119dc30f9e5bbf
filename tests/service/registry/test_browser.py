"""The registry's pages in a real browser: at three widths, without JavaScript, with axe."""

import threading

import pytest
from tests.service.browser import DESK, PHONE, TABLET
from tests.service.registry.conftest import uscc

from zhida.service.accounts.models import User
from zhida.service.config import demo
from zhida.service.registry.models import Batch, Employer, Person, Representation
from zhida.service.work import worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def county(transactional_db, media):
    demo.build(employers=60, seed=1)


@pytest.fixture
def working(transactional_db):
    """A worker beside the live server."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop, 0.1))
    thread.start()
    yield
    stop.set()
    thread.join()


def pages():
    restaurant = Employer.objects.get(name__startswith="好味餐馆")
    person = Person.objects.filter(records__entity="hire").order_by("pk").first()
    return {
        "registry-employers": "/registry/",
        "registry-employer": f"/registry/employers/{restaurant.number}/",
        "registry-persons": "/registry/persons/",
        "registry-person": f"/registry/persons/{person.pk}/",
        "registry-representations": "/registry/representations/",
        "registry-representation": f"/registry/representations/{Representation.objects.latest('pk').pk}/",
        "registry-imports": "/imports/",
        "registry-import-new": "/imports/new/?kind=persons",
        "list-measures": "/lists/measures/",
        "list-served": "/lists/served/",
        "list-names": "/lists/served/industry-H62/",
        "list-agencies": "/lists/agencies/",
    }


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_every_page_at_every_width(county, visit, width):
    visitor = visit(width=width, user=User.objects.get(username="shouli"))
    for name, path in pages().items():
        visitor.go(path)
        visitor.looks_right(name)
    applicant = visit(width=width, user=User.objects.get(username="daili@demo.example"))
    applicant.go("/account/represented/")
    applicant.looks_right("registry-mine")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_uploaded_looked_at_and_applied(visit, media, intake, working, tmp_path, javascript):
    path = tmp_path / "单位.csv"
    rows = [f"{uscc(n)},第{n}号餐馆,企业,{n}" for n in range(1, 30)] + [f"{uscc(31)[:17]}0,错,企业,1"]
    path.write_text("\n".join(["统一社会信用代码,单位名称,单位类型,在职职工人数", *rows]), encoding="utf-8")
    visitor = visit(width=PHONE, javascript=javascript, user=intake)
    page = visitor.go("/imports/new/?kind=employers")
    page.set_input_files("input[type=file]", path)
    visitor.click("上传并检查")
    page.get_by_role("button", name="确认写入").wait_for()
    visitor.looks_right("registry-import-staged")
    visitor.click("有误 1", "link")
    assert "校验位" in page.inner_text("table")
    visitor.looks_right("registry-import-wrong")
    visitor.click("确认写入")
    page.get_by_text("已经写入登记信息。").wait_for()
    visitor.looks_right("registry-import-applied")
    assert (Batch.objects.get().state, Employer.objects.count()) == ("applied", 29)
