"""Following a package: the applicant's pages, and the question without log-in."""

import pytest
from django.test import Client

from zhida.service.applications.review import review_of
from zhida.service.applications.services import submit
from zhida.service.audit.models import Entry
from zhida.service.cases import throttle
from zhida.service.cases.models import Case, Move

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(start, applicant):
    draft, _ = start(applicant)
    return submit(draft, applicant, review_of(draft).commitment, "k1")


def test_the_list_has_packages_and_what_is_not_finished(client_of, applicant, package, start):
    draft, _ = start(applicant, step="materials")
    page = client_of(applicant).get("/packages/").content.decode()
    assert package.number in page
    assert f"/apply/{draft.public}/materials/" in page


def test_a_draft_of_the_list_opens_without_its_link(client_of, applicant, start):
    draft, _ = start(applicant)
    assert client_of(applicant).get(f"/apply/{draft.public}/form/").status_code == 200


def test_a_package_shows_every_step_its_deadline_and_whom_to_call(client_of, applicant, package):
    page = client_of(applicant).get(f"/packages/{package.number}/").content.decode()
    assert "0934-6355457" in page
    assert "2022-10-10 已办完" in page
    assert "文件没有写明期限，以通知为准" in page
    assert "轮到您" not in page
    assert "正宁县好味餐厅" in page


def test_the_receipt_can_be_printed(client_of, applicant, package):
    page = client_of(applicant).get(f"/packages/{package.number}/receipt/").content.decode()
    assert page.count(package.number) >= 3


@pytest.mark.parametrize("page", ["", "receipt/", "withdraw/"])
def test_nobody_else_sees_a_package(client_of, other_applicant, intake, package, page):
    where = f"/packages/{package.number}/{page}"
    assert client_of(other_applicant).get(where).status_code == 404
    assert client_of(intake).get(where).status_code == 403
    assert "/login/" in Client().get(where).url


def test_one_case_is_withdrawn_and_the_other_goes_on(client_of, applicant, package):
    client, case = client_of(applicant), package.cases.first()
    where = f"/packages/{package.number}/withdraw/"
    assert case.title in client.get(where, {"case": case.number}).content.decode()
    client.post(where, {"case": case.number})
    assert [c.state for c in package.cases.all()] == ["withdrawn", "submitted"]
    assert Move.objects.filter(case=case).last().to_state == "withdrawn"
    assert Entry.objects.filter(action="case: withdraw", subject=case.number).exists()


def test_withdrawing_twice_changes_nothing_more(client_of, applicant, package):
    client, where = client_of(applicant), f"/packages/{package.number}/withdraw/"
    client.post(where)
    moves = Move.objects.count()
    page = client.post(where, follow=True).content.decode()
    assert "不能撤回" in page
    assert Move.objects.count() == moves


def test_what_is_public_already_is_not_withdrawn(client_of, applicant, package):
    Case.objects.update(state="publicity")
    client_of(applicant).post(f"/packages/{package.number}/withdraw/")
    assert {c.state for c in Case.objects.all()} == {"publicity"}


def ask(client, number, phone):
    return client.post("/progress/", {"number": number, "phone": phone})


def test_number_and_phone_tell_how_far_it_is_and_nothing_about_whom(client, package):
    page = ask(client, package.number.lower().replace("-", " "), "1234").content.decode()
    assert "失业保险稳岗返还" in page
    assert "正宁县好味餐厅" not in page
    assert "预计金额" not in page
    assert "/withdraw/" not in page


def test_a_wrong_number_and_a_wrong_phone_get_the_same_answer(client, package):
    answers = [
        ask(client, number, phone).content.decode()
        for number, phone in (
            (package.number, "0000"),
            ("621025-221010-AAAAAAAA", "1234"),
            ("nonsense", "1234"),
            (package.number, ""),
        )
    ]
    told = ["没有查到：请核对编号和电话后四位" in answer for answer in answers]
    assert told == [True, True, True, False]


def test_asking_is_limited_also_for_the_right_answer(client, package, monkeypatch):
    monkeypatch.setattr(throttle, "BY_NUMBER", (3, throttle.BY_NUMBER[1]))
    for _ in range(3):
        assert ask(client, package.number, "0000").status_code == 200
    response = ask(client, package.number, "1234")
    assert response.status_code == 429
    assert "失业保险稳岗返还" not in response.content.decode()
    assert Entry.objects.filter(action="progress refused").count() == 3


def test_one_address_cannot_try_many_numbers(client, package):
    for n in range(throttle.BY_ADDRESS[0]):
        ask(client, f"621025-221010-AAAAAAA{n if n > 1 else 'B'}", "1234")
    assert ask(client, package.number, "1234").status_code == 429


def test_pages_ask_the_database_a_bounded_number_of_times(
    client_of, applicant, package, django_assert_max_num_queries
):
    client = client_of(applicant)
    for where, most in (("/packages/", 10), (f"/packages/{package.number}/", 12)):
        client.get(where)
        with django_assert_max_num_queries(most):
            client.get(where)
