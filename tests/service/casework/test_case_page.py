"""The page of a case, its steps and its papers."""

from datetime import date

import pytest
from django.urls import reverse

from zhida.service.audit.models import Entry
from zhida.service.cases.models import Case
from zhida.service.casework.services import perform
from zhida.service.registry.models import Employer, Person, Record
from zhida.service.secrecy.sealing import keyed_hash

pytestmark = pytest.mark.django_db
HOME = "621025"


def page(client, case, name="case", *more):
    return client.get(reverse(f"casework:{name}", args=[case.number, *more]))


def test_the_page_has_all_that_a_reviewer_needs(open_case, intake, client_of):
    case = open_case()
    text = page(client_of(intake), case).content.decode()
    for said in ("好味餐厅", "正人社发〔2022〕91号", "✓", "符合条件人员花名册", "受理", "13900001234"):
        assert said in text
    assert Entry.objects.filter(action="case viewed", subject=case.number).exists()


def test_the_page_asks_the_database_a_bounded_number_of_times(
    open_case, intake, client_of, django_assert_max_num_queries
):
    case = open_case()
    client = client_of(intake)
    with django_assert_max_num_queries(40):
        page(client, case)


def test_a_step_is_taken_from_the_page_once(open_case, intake, client_of):
    case, client = open_case(), client_of(intake)
    address = reverse("casework:step", args=[case.number])
    seen = {"transition": "accept", "seen": case.revision}
    assert "初审" in client.post(address, seen, follow=True).content.decode()
    assert "刚被办过" in client.post(address, seen, follow=True).content.decode()
    assert Case.objects.get().moves.count() == 2


def test_buttons_are_for_those_who_may(open_case, officials, client_of):
    they, case = officials(HOME), open_case()
    assert 'value="accept"' in page(client_of(they.intake), case).content.decode()
    for other in (they.first_review, they.finance):
        assert 'value="accept"' not in page(client_of(other), case).content.decode()


def test_the_reason_why_one_may_not_is_said(open_case, officials, client_of, go):
    from zhida.service.accounts.models import Appointment

    they = officials("150202")
    Appointment.objects.create(user=they.first_review, role="second-review", region="150202")
    case = go(
        open_case("skill-upgrade", "BT78-022", region="150202"),
        ("accept", they.intake),
        ("pass first review", they.first_review),
    )
    assert "换一个人" in page(client_of(they.first_review), case).content.decode()


def test_what_another_body_did_is_recorded_on_the_page(open_case, officials, client_of):
    they = officials(HOME)
    case = perform(open_case("startup-loan-micro", "ZN91-013"), "accept", they.intake)
    client, address = client_of(they.first_review), reverse("casework:step", args=[case.number])
    what = {"transition": "record", "seen": case.revision, "on": "2022-10-10"}
    assert client.post(address, what).status_code == 422
    client.post(address, {**what, "paper": "山河镇〔2022〕1号"})
    assert Case.objects.get().state == "second-review"
    assert "山河镇〔2022〕1号" in page(client, case).content.decode()


def test_what_lacks_is_marked_told_printed_and_answered(
    open_case, intake, applicant, client_of, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    case, clerk = open_case(), client_of(intake)
    ask = reverse("casework:ask", args=[case.number])
    assert "规模" in clerk.get(ask).content.decode()
    marked = {
        "mark:fact:employer.size": "on",
        "note:fact:employer.size": "按2021年数据",
        "seen": case.revision,
    }
    printed = clerk.post(ask, {**marked, "text": "合同缺页"}, follow=True).content.decode()
    assert "一次性告知书" in printed and "按2021年数据" in printed and "合同缺页" in printed

    mine = client_of(applicant)
    follow = mine.get(reverse("applications:package", args=[case.package.number])).content.decode()
    answer = reverse("casework:supplement", args=[case.package.number, case.number])
    assert answer in follow
    assert "按2021年数据" in mine.get(answer).content.decode()
    seen = Case.objects.get().revision
    mine.post(answer, {"employer.size": "微型", "seen": seen, "text": "已更正"})
    fresh = Case.objects.get()
    assert (fresh.state, fresh.facts["employer"]["size"]) == ("intake", "微型")
    shown = page(clerk, case).content.decode()
    assert "更正了什么" in shown and "微型" in shown
    assert "现在没有要您补正的" in mine.get(answer).content.decode()


def test_a_clerk_records_what_was_brought_to_the_counter(open_case, intake, client_of):
    case = perform(open_case(), "ask for more", intake, text="缺合同")
    address = reverse("casework:answer", args=[case.number])
    client_of(intake).post(address, {"seen": case.revision, "text": "已交"})
    assert Case.objects.get().state == "intake"


def test_nothing_marked_is_told_to_the_clerk(open_case, intake, client_of):
    case = open_case()
    answer = client_of(intake).post(reverse("casework:ask", args=[case.number]), {"seen": case.revision})
    assert answer.status_code == 422 and "请勾选" in answer.content.decode()


def test_a_refusal_comes_with_its_remedy_and_is_printed_for_both(open_case, intake, applicant, client_of):
    case = open_case()
    address = reverse("casework:refuse", args=[case.number])
    form = client_of(intake).get(address).content.decode()
    assert "行政复议" in form and "正人社发〔2022〕91号" in form
    what = {"seen": case.revision, "clause": "一(一)", "reason": "规模不符", "remedy": ""}
    assert client_of(intake).post(address, what).status_code == 422
    what["remedy"] = "可以申请行政复议"
    printed = client_of(intake).post(address, what, follow=True).content.decode()
    assert "不予受理通知书" in printed and "规模不符" in printed
    own = reverse("casework:own-refusal", args=[case.package.number, case.number])
    mine = client_of(applicant)
    assert own in mine.get(reverse("applications:package", args=[case.package.number])).content.decode()
    assert "可以申请行政复议" in mine.get(own).content.decode()


def test_the_sheet_and_the_rerun(open_case, intake, client_of):
    case = open_case()
    assert "审批意见" in page(client_of(intake), case, "sheet").content.decode()
    assert "没有差别" in page(client_of(intake), case, "rerun").content.decode()
    decision = {**case.decision, "amount": "1.00"}
    Case.objects.update(decision=decision, library="0" * 64)
    text = page(client_of(intake), case, "rerun").content.decode()
    assert "1.00 元" in text and Case.objects.get().decision == decision


def test_what_must_be_checked_first_is_at_the_top(open_case, intake, client_of):
    case = open_case()
    employer = Employer.objects.create(
        number="91621025MA7XXXXX0R",
        name="好味",
        region=HOME,
        facts={"size": "大型", "contribution_arrears": True},
    )
    grant = {"measure": "hiring-subsidy", "on": "2022-03-01", "amount": "1000"}
    Record.objects.create(entity="history", key="g", employer=employer, region=HOME, facts=grant)
    case.package.employer = employer
    case.package.save()
    Case.objects.update(library="0" * 64)
    warnings = page(client_of(intake), case).context["warnings"]
    assert [w for w in warnings if "2022-03-01" in w]
    assert [w for w in warnings if "欠缴" in w]
    assert [w for w in warnings if "小型" in w and "大型" in w]
    assert [w for w in warnings if "政策库" in w]


def test_the_same_people_in_another_package_are_warned_of(open_case, intake, client_of):
    case = open_case()
    from zhida.service.cases.models import Concerned, Package

    package = Package.objects.get(pk=case.package_id)
    package.pk, package.number, package.key = None, "621025-221010-AAAAAAAA", "again"
    package.save()
    again = Case.objects.get(pk=case.pk)
    again.pk, again.package, again.number = None, package, "621025-221010-AAAAAAAA-01"
    again.save()
    Concerned.objects.create(package=package, path="applicant", hash=package.applicant_hash)
    shown = page(client_of(intake), case).context
    assert any("1 件" in warning for warning in shown["warnings"])
    assert [line.case.number for line in shown["others"]] == ["621025-221010-AAAAAAAA-01"]


def test_the_history_of_a_person_is_whole_and_masked(open_case, intake, intake_elsewhere, client_of):
    case, number = open_case(), "62102519990702001X"
    from zhida.service.cases.models import Concerned

    Concerned.objects.create(package=case.package, path="hires.h1", hash=keyed_hash(number))
    person = Person.objects.create(number=number, number_hash=keyed_hash(number), name="张三", region=HOME)
    grant = {"measure": "skill-upgrade", "on": "2021-03-01", "amount": "1500"}
    Record.objects.create(entity="history", key="g", person=person, region="150202", facts=grant)
    address = reverse("casework:history", args=[keyed_hash(number)])
    text = client_of(intake).get(address).content.decode()
    assert case.number in text and "2021-03-01" in text and number not in text
    assert client_of(intake_elsewhere).get(address).status_code == 404


@pytest.mark.parametrize("name", ["case", "sheet", "rerun", "refusal", "ask"])
def test_what_is_not_there_is_not_found(intake, client_of, name):
    assert (
        client_of(intake).get(reverse(f"casework:{name}", args=["621025-221010-ZZZZZZZZ-01"])).status_code
        == 404
    )


def test_a_sample_is_drawn_and_a_finding_written_down(open_case, officials, go, supervisor, client_of):
    they = officials(HOME)
    case = go(open_case("hiring-expansion", "ZN91-006"), ("accept", they.intake), ("pay", they.finance))
    client = client_of(supervisor)
    drawn = {"region": HOME, "closed_from": "2022-10-01", "closed_to": "2022-10-10", "size": "5"}
    text = client.post(reverse("casework:samples"), drawn, follow=True).content.decode()
    assert case.number in text and "一致" in text
    check = case.checks.get()
    address = reverse("casework:check", args=[check.pk])
    assert client.post(address, {"finding": "recover", "note": "不在岗"}).status_code == 422
    client.post(address, {"finding": "recover", "note": "不在岗", "recover": "1500"})
    assert case.checks.get().finding == "recover"
    outside = {**drawn, "region": "150202"}
    assert client.post(reverse("casework:samples"), outside).status_code == 422


def test_a_deadline_is_explained(open_case, officials, client_of):
    they = officials("150202")
    case = open_case("hiring-subsidy", "BT78-019", region="150202")
    case.steps.filter(number=3).update(days=5, due_on=date(2022, 10, 17))
    text = page(client_of(they.intake), case).content.decode()
    assert "从 2022-10-10 的第二天起第 5 个工作日是 2022-10-17" in text
