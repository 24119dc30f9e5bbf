"""The pages: what everybody sees, what officials do, and what neither ever shows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.notices.conftest import ACCOUNT, HIRED, LAST, PHONE, id_number, said

from zhida.service.audit.models import Entry
from zhida.service.audit.verification import verify
from zhida.service.cases.models import Case, Package
from zhida.service.notices import throttle
from zhida.service.notices.closing import settle, withdraw_line
from zhida.service.notices.models import Objection, Publication
from zhida.service.notices.objecting import object_to
from zhida.service.sheets.opening import open_sheet

pytestmark = pytest.mark.django_db
WHO = {
    "name": "王大明",
    "phone": "13811112222",
    "identity": id_number(7),
    "text": "没有招过这个人，是亲戚挂名",
}
OBJECT = "/notices/GS621025-2022-001/object/2/"


def text(response) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode("latin-1")
    return response.content.decode()


def rows_of(response) -> list[list[str]]:
    """The rows of a workbook, as this service would read them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "notice.xlsx"
        path.write_bytes(b"".join(response.streaming_content))
        sheet = open_sheet(path, path.name)
        return [list(sheet.headings), *([str(cell) for cell in cells] for _, cells in sheet.rows())]


def personal_data() -> set[str]:
    """Every name, number, telephone and account of people; what employers are called is public."""
    found = {HIRED, PHONE, ACCOUNT, "李梅花"}
    for package in Package.objects.all():
        found |= {package.applicant_number, *(who["number"] for who in package.rows.values())}
        found |= set(package.contact.values()) | {package.account["number"]}
    return found


def test_no_page_and_no_file_shows_an_unmasked_name_number_phone_or_account(
    publication, officials, client_of
):
    line = publication.lines.get(number=2)
    object_to(line, said())
    withdraw_line(publication.lines.get(number=3), officials.first_review, "金额有误")
    first, second, anybody = client_of(officials.first_review), client_of(officials.second_review), Client()
    number, waiting = publication.number, Objection.objects.get().pk
    pages = [
        anybody.get("/notices/"), anybody.get(f"/notices/{number}/"),
        anybody.get(f"/notices/{number}/?whole=1"),
        anybody.get(OBJECT), anybody.post(OBJECT, {}), first.get("/notices/manage/"),
        first.get(f"/notices/manage/{number}/"), first.get(f"/notices/manage/{number}/withdraw/"),
        first.get(f"/notices/manage/{number}/withdraw/1/"),
        second.get(f"/notices/manage/objections/{waiting}/"),
        first.get(f"/notices/manage/new/?like={line.case_id}"),
    ]  # fmt: skip
    said_in = "\n".join(text(page) for page in pages) + str(rows_of(anybody.get(f"/notices/{number}/file/")))
    assert "好味餐厅" in said_in and "欧**" in said_in
    assert [secret for secret in personal_data() if secret in said_in] == []


def test_choosing_and_previewing_are_masked_too(approved, officials, client_of):
    case, client = approved(), client_of(officials.first_review)
    choose = client.get(f"/notices/manage/new/?like={case.pk}")
    shown = client.post("/notices/manage/new/", {"case": [case.pk]})
    assert shown.status_code == 200 and "欧**" in text(shown)
    assert [secret for secret in personal_data() if secret in text(choose) + text(shown)] == []


def test_a_person_who_applies_is_masked(approved, officials, client_of):
    case = approved("欧阳小满")
    Package.objects.update(applicant_number=id_number(5))
    client = client_of(officials.first_review)
    shown = client.post("/notices/manage/new/", {"case": [case.pk]})
    assert "欧**" in text(shown)
    assert "欧阳小满" not in text(shown) and id_number(5) not in text(shown)


def test_a_telephone_in_the_name_of_an_employer_is_masked(approved, officials, client_of):
    case = approved(f"好味餐厅{PHONE}")
    shown = client_of(officials.first_review).post("/notices/manage/new/", {"case": [case.pk]})
    assert "好味餐厅" in text(shown) and PHONE not in text(shown)


def test_an_official_chooses_previews_and_publishes_once(approved, officials, client_of):
    cases = [approved(), approved()]
    client = client_of(officials.first_review)
    assert f"?like={cases[0].pk}" in text(client.get("/notices/manage/"))
    preview = client.post("/notices/manage/new/", {"case": [case.pk for case in cases]})
    key = preview.context["key"]
    said_ = {"case": [case.pk for case in cases], "key": key, "title": "名单公示", "publish": "1"}
    done = client.post("/notices/manage/new/", said_, follow=True)
    assert "已公示：GS621025-2022-001" in text(done)
    client.post("/notices/manage/new/", said_)
    assert Publication.objects.get().title == "名单公示"
    assert Case.objects.filter(state="publicity").count() == 2


@pytest.mark.parametrize("given", [{}, {"case": ["x"]}, {"case": ["9" * 30]}, {"case": ["424242"]}])
def test_choosing_nonsense_is_refused(officials, client_of, given):
    refused = client_of(officials.first_review).post("/notices/manage/new/", given)
    assert refused.status_code == 422


def test_a_title_with_control_characters_is_refused(approved, officials, client_of):
    said_ = {"case": [approved().pk], "key": "k" * 32, "title": "名\x07单", "publish": "1"}
    refused = client_of(officials.first_review).post("/notices/manage/new/", said_)
    assert refused.status_code == 422 and not Publication.objects.exists()


def test_anybody_objects_with_their_name_and_gets_a_receipt(publication):
    client = Client()
    done = client.post(OBJECT, WHO, follow=True)
    assert "回执号 GS621025-2022-001-2-1" in text(done)
    assert "有异议，待裁定" in text(done)
    assert "王大明" not in text(done)
    assert list(verify()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"identity": "621025199907021234"}, {"identity": ""}, {"name": ""}, {"phone": "12345"},
        {"text": "不"},
        {"text": "字\x00" * 9}, {"text": "看不见\u202e的字符"}, {"name": "王\u0007明"}, {"text": "长" * 2001},
    ],
)  # fmt: skip
def test_an_objection_that_cannot_be_taken_is_refused_with_what_was_typed(publication, change):
    refused = Client().post(OBJECT, WHO | change)
    assert refused.status_code == 422
    assert not Objection.objects.exists()
    kept = {"name", "text"} - set(change)
    assert all(WHO[name] in text(refused) for name in kept)


def test_a_script_is_shown_as_text_to_whoever_rules(publication, officials, client_of):
    Client().post(OBJECT, WHO | {"text": "<script>alert(1)</script> 不属实"})
    page = client_of(officials.second_review).get(f"/notices/manage/objections/{Objection.objects.get().pk}/")
    assert "<script>alert" not in text(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text(page)


def test_too_many_objections_from_one_address_are_refused(publication, monkeypatch):
    monkeypatch.setattr(throttle, "BY_ADDRESS", ((2, throttle.BY_ADDRESS[0][1]),))
    client = Client()
    answers = [client.post(OBJECT, WHO | {"identity": id_number(n)}).status_code for n in (1, 2, 3)]
    assert answers == [302, 302, 429]
    assert Entry.objects.filter(action="objection refused").count() == 1


def test_after_the_last_day_the_page_says_that_it_is_over(publication, tomorrow_of):
    tomorrow_of(LAST)
    assert "不能再提异议" in text(Client().get(OBJECT))
    refused = Client().post(OBJECT, WHO)
    assert refused.status_code == 422 and "公示期已满" in text(refused)
    assert "提异议</a>" not in text(Client().get(f"/notices/{publication.number}/"))


def test_a_ruling_is_made_by_another_and_seen_on_the_page(publication, officials, client_of):
    Client().post(OBJECT, WHO)
    address = f"/notices/manage/objections/{Objection.objects.get().pk}/"
    ruling = {"outcome": "reopen", "reason": "核实不属实", "clause": "一（二）", "remedy": ""}
    own = client_of(officials.first_review)
    assert "要由另一个人裁定" in text(own.get(address))
    assert own.post(address, ruling).status_code == 422
    other = client_of(officials.second_review)
    page = text(other.get(address))
    assert WHO["identity"] in page and Entry.objects.filter(action="objection viewed").exists()
    assert other.post(address, ruling).status_code == 302
    public = text(Client().get(f"/notices/{publication.number}/"))
    assert "已移出" in public and "核实不属实" not in public


@pytest.mark.parametrize("change", [{"reason": ""}, {"outcome": "x"}, {"clause": ""}, {"outcome": "refuse"}])
def test_a_ruling_without_its_grounds_is_refused(publication, officials, client_of, change):
    objection = object_to(publication.lines.get(number=2), said())
    ruling = {"outcome": "rejected", "reason": "属实", "clause": "一", "remedy": ""} | change
    address = f"/notices/manage/objections/{objection.pk}/"
    assert client_of(officials.second_review).post(address, ruling).status_code == 422
    objection.refresh_from_db()
    assert objection.state == "open"


def test_a_withdrawn_publication_stays_and_says_why(publication, officials, client_of):
    client = client_of(officials.first_review)
    address = f"/notices/manage/{publication.number}/withdraw/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "名单有误"}).status_code == 302
    page = text(Client().get(f"/notices/{publication.number}/"))
    assert "这次公示已经撤回" in page and "名单有误" in page
    assert "好味餐厅" in page
    assert client.post(address, {"reason": "名单有误"}).status_code == 422


def test_lists_are_filtered_by_place_measure_and_what_is_open(publication, tomorrow_of):
    def found(query):
        return publication.number in text(Client().get(f"/notices/{query}"))

    assert found("") and found("?region=621025") and found("?measure=hiring-subsidy") and found("?open=1")
    assert not found("?region=150202")
    assert found("?measure=nonsense")  # what makes no sense filters nothing
    tomorrow_of(LAST)
    assert found("") and not found("?open=1")


def test_the_pages_ask_the_database_a_bounded_number_of_times(
    publication, approved, officials, client_of, django_assert_max_num_queries
):
    client = client_of(officials.first_review)
    with django_assert_max_num_queries(8):
        Client().get("/notices/")
    with django_assert_max_num_queries(6):
        Client().get(f"/notices/{publication.number}/")
    with django_assert_max_num_queries(16):
        client.get(f"/notices/manage/{publication.number}/")
    with django_assert_max_num_queries(16):
        client.get("/notices/manage/")


def test_the_file_opens_and_has_every_line(publication):
    rows = rows_of(Client().get(f"/notices/{publication.number}/file/"))
    assert len(rows) == 4
    assert rows[1][0] == "1" and rows[1][1].startswith("好味餐厅")


def test_english_readers_read_english(publication):
    page = text(Client(headers={"accept-language": "en"}).get(f"/notices/{publication.number}/?lang=en"))
    assert "Beijing time" in page


def test_a_closed_publication_can_still_be_read(publication, tomorrow_of, officials):
    tomorrow_of(LAST)
    settle(publication)
    page = text(Client().get(f"/notices/{publication.number}/"))
    assert "公示无异议" in page and "公示结束" in page


def test_one_entry_of_the_header_is_current(publication, officials, client_of):
    page = text(client_of(officials.first_review).get("/notices/manage/"))
    assert page.count('aria-current="page"') == 1


def test_nobody_ends_the_time_for_objections_from_the_page_of_a_case(publication, officials, client_of):
    case = publication.lines.get(number=1).case
    said_ = {"transition": "end publicity", "seen": case.revision}
    refused = client_of(officials.first_review).post(reverse("casework:step", args=[case.number]), said_)
    assert refused.status_code == 404
    case.refresh_from_db()
    assert case.state == "publicity"
