"""The pages of officials and of those who are on a list."""

import io

import pytest
from python_calamine import CalamineWorkbook
from tests.service.proactive.registry import MEASURE, REGION

from zhida.service.proactive.models import Candidate, Run
from zhida.service.registry.models import Representation
from zhida.service.secrecy.sealing import keyed_hash
from zhida.service.work.worker import run_all

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"region": REGION, "on": "2022-10-10", "measure": MEASURE, "start": "1"}


@pytest.fixture
def represented(applicant, employers):
    """`represented(name)`: the applicant acts for that employer."""

    def act_for(name, state="verified"):
        party = employers[name]
        verified = {"employer": party} if state == "verified" else {}
        return Representation.objects.create(
            user=applicant, kind="employer", number=party.number, number_hash=keyed_hash(party.number),
            name=party.name, region=REGION, state=state, **verified,
        )  # fmt: skip

    return act_for


def test_from_click_to_cases(client_of, first_reviewer, employers):
    client = client_of(first_reviewer)
    assert "失业保险稳岗返还" in client.get("/proactive/new/").content.decode()
    answer = client.post("/proactive/new/", FORM)
    run = Run.objects.get()
    assert answer.url == f"/proactive/{run.pk}/"
    assert "导出登记信息" in client.get(answer.url).content.decode()
    run_all("test")
    page = client.get(answer.url).content.decode()
    assert "给 3 个对象开案" in page and "第1饭庄" in page
    client.post(f"/proactive/{run.pk}/open/")
    run_all("test")
    run.refresh_from_db()
    assert run.state == "opened"


def test_without_a_measure_nothing_starts(client_of, first_reviewer):
    answer = client_of(first_reviewer).post("/proactive/new/", {**FORM, "measure": ""})
    assert answer.status_code == 422 and "请选择政策措施" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_second_one_meanwhile_is_refused_in_words(client_of, first_reviewer, employers):
    client = client_of(first_reviewer)
    client.post("/proactive/new/", FORM)
    answer = client.post("/proactive/new/", FORM)
    assert answer.status_code == 422 and "正在筛查" in answer.content.decode()


def test_a_place_of_another_county_cannot_be_chosen(client_of, first_reviewer):
    answer = client_of(first_reviewer).post("/proactive/new/", {**FORM, "region": "150202"})
    assert answer.status_code == 422 and not Run.objects.exists()


def test_both_lists_as_excel(client_of, supervisor, screened):
    run, client = screened(), client_of(supervisor)
    books = {}
    for what in ("candidates", "blocks"):
        answer = client.get(f"/proactive/{run.pk}/{what}.xlsx")
        content = io.BytesIO(b"".join(answer.streaming_content))
        books[what] = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert len(books["candidates"]) == 7 and books["candidates"][1][1] == "第1饭庄（演示）"
    assert [row[2] for row in books["blocks"][1:]] == ["缺账户", "缺划型", "缺数据"]


def test_a_list_of_many_costs_few_queries(client_of, first_reviewer, screened, django_assert_max_num_queries):
    run, client = screened(), client_of(first_reviewer)
    client.get(f"/proactive/{run.pk}/")
    for path in (f"/proactive/{run.pk}/", f"/proactive/{run.pk}/?tab=blocks", "/proactive/"):
        with django_assert_max_num_queries(12):
            client.get(path)


def test_the_message_to_chase_with_names_owner_reason_and_day(client_of, intake, screened, employers):
    run, client = screened(), client_of(intake)
    found = run.candidates.get(employer=employers["no size"])
    page = client.get(f"/proactive/candidates/{found.pk}/").content.decode()
    assert "工信局：第4饭庄（演示）列入“失业保险稳岗返还”免申即享名单" in page
    assert "请于 2022-10-24 前答复" in page
    client.post(f"/proactive/blocks/{found.blocks.get().pk}/chase/")
    assert found.blocks.get().chased == 1


def test_an_official_excludes_with_a_reason_or_is_told(client_of, first_reviewer, screened, employers):
    run, client = screened(), client_of(first_reviewer)
    found = run.candidates.get(employer=employers["paid"])
    assert client.post(f"/proactive/candidates/{found.pk}/exclude/").status_code == 422
    client.post(f"/proactive/candidates/{found.pk}/exclude/", {"reason": "正在核查"})
    found.refresh_from_db()
    assert (found.state, found.reason) == ("excluded", "正在核查")


def test_an_employer_confirms_with_its_account(client_of, applicant, represented, screened, employers):
    represented("no account")
    run, client = screened(), client_of(applicant)
    found = run.candidates.get(employer=employers["no account"])
    assert "第3饭庄" in client.get("/proactive/mine/").content.decode()
    address = f"/proactive/mine/{found.pk}/"
    wrong = {"what": "confirm", "holder": "甲", "account": "62-17", "bank": "乙"}
    assert client.post(address, wrong).status_code == 422
    client.post(address, {**wrong, "account": "6217000000000000099"})
    found.refresh_from_db()
    assert (found.state, found.confirmed_by) == ("confirmed", applicant.username)
    assert "尾号 0099" in client.get(address).content.decode()


def test_an_employer_gives_it_up(client_of, applicant, represented, screened, employers):
    represented("paid")
    found = screened().candidates.get(employer=employers["paid"])
    client_of(applicant).post(f"/proactive/mine/{found.pk}/", {"what": "opt-out", "reason": "不需要"})
    found.refresh_from_db()
    assert found.state == "opted-out"


def test_who_is_not_verified_sees_nothing(client_of, applicant, represented, screened, employers):
    represented("paid", state="claimed")
    found = screened().candidates.get(employer=employers["paid"])
    client = client_of(applicant)
    assert "第1饭庄" not in client.get("/proactive/mine/").content.decode()
    assert client.get(f"/proactive/mine/{found.pk}/").status_code == 404


def test_what_changed_is_told_in_words(client_of, supervisor, screened, employers):
    screened()
    employers["paid"].facts["seriously_dishonest"] = True
    employers["paid"].save()
    run = screened()
    page = client_of(supervisor).get(f"/proactive/{run.pk}/differences/").content.decode()
    assert "不再符合：没有严重失信记录" in page and "<del>否</del> → <ins>是</ins>" in page


def test_pages_of_a_list_that_does_not_stand_show_no_lines(client_of, first_reviewer, screened):
    run = screened()
    Run.objects.update(state="freeze")
    client = client_of(first_reviewer)
    assert "第1饭庄" not in client.get(f"/proactive/{run.pk}/").content.decode()
    found = Candidate.objects.first()
    assert client.get(f"/proactive/candidates/{found.pk}/").status_code == 404
