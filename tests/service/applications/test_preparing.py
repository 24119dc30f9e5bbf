"""The pages that prepare a package."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhida.service import clock
from zhida.service.applications import drafts
from zhida.service.applications.models import Attachment, Draft
from zhida.service.audit.models import Entry
from zhida.service.cases.models import Package

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def address(page, token, **more):
    return reverse(f"applications:{page}", kwargs={"token": token, **more})


def test_a_guide_page_begins_a_package_for_its_measure(client):
    response = client.post("/apply/", {"measure": "hiring-expansion"})
    draft = Draft.objects.get()
    assert draft.chosen == ["hiring-expansion:ZN91-006"]
    assert response.url.endswith("/form/")
    assert "招用" in client.get(response.url).content.decode()


def test_an_unknown_measure_begins_nothing(client):
    assert client.post("/apply/", {"measure": "nothing"}).status_code == 404
    assert not Draft.objects.exists()


def test_what_can_be_had_is_offered_and_what_cannot_says_why(client, start):
    _, token = start(chosen=[])
    page = client.get(address("choose", token)).content.decode()
    assert "一次性扩岗补助" in page
    assert "系统直接按规定执行" in page


def test_at_least_one_must_be_chosen_and_of_one_kind(client, start):
    _, token = start(chosen=[], audience="")
    assert "请至少选一项" in client.post(address("choose", token)).content.decode()
    both = ["hiring-expansion:ZN91-006", "unemployment-assistance:ZN91-049"]
    assert "要分开办" in client.post(address("choose", token), {"provision": both}).content.decode()


def test_what_is_not_offered_cannot_be_chosen(client, start):
    draft, token = start(chosen=[])
    client.post(address("choose", token), {"provision": ["unemployment-rate-cut:ZN91-029", "x:y"]})
    draft.refresh_from_db()
    assert draft.chosen == []


def test_choosing_leads_to_the_form_with_everything_already_said(client, start):
    _, token = start(chosen=[])
    response = client.post(address("choose", token), {"provision": ["hiring-expansion:ZN91-006"]})
    page = client.get(response.url).content.decode()
    assert 'value="2022-07-10"' in page
    assert "用于一次性扩岗补助" in page
    assert "由社保经办机构核对" in page
    assert "layoff" not in page


def typed(draft, **changes):
    """What a browser would send back of the form as it stands."""
    from zhida.service.applications.views.preparing import _form

    form = _form(draft, None)
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False, []):
            data[field.name] = value
    return {**data, **changes}


def test_every_page_saves_and_what_is_right_is_kept_beside_what_is_wrong(client, start):
    draft, token = start()
    wrong = {"hires.h1.contract_months": "许多", "who:phone": "12", "employer.insured_last_year_end": "12"}
    page = client.post(address("form", token), typed(draft, **wrong)).content.decode()
    draft.refresh_from_db()
    assert draft.facts["employer"]["insured_last_year_end"] == "12"
    assert draft.facts["hires"][0]["contract_months"] == "12"
    assert 'class="error-summary"' in page
    assert 'href="#id_hires.h1.contract_months"' in page
    assert 'href="#id_who:phone"' in page
    assert 'value="许多"' in page


def test_answers_that_contradict_stand_beside_their_field(client, start):
    draft, token = start()
    page = client.post(address("form", token), typed(draft, **{"hires.h1.hired_on": "2022-12-01"}))
    assert "不能晚于办理日期" in page.content.decode()
    draft.refresh_from_db()
    assert draft.facts["hires"][0]["hired_on"] == "2022-07-10"


def test_more_rows_bring_their_own_questions(client, start):
    draft, token = start()
    response = client.post(address("form", token), typed(draft, hires="2"))
    assert response.url == address("form", token)
    page = client.get(response.url).content.decode()
    assert "招用 2" in page
    assert 'name="hires.h2.hired_on"' in page


def test_a_row_is_taken_out(client, start):
    draft, token = start()
    drafts.answer(draft, "hires", 2)
    client.post(address("form", token), typed(draft, **{"row:hires.h1:drop": "on"}))
    draft.refresh_from_db()
    assert [row["id"] for row in draft.facts["hires"]] == ["h2"]
    assert "hires.h1" not in draft.rows


def test_not_known_is_kept_and_can_be_submitted(client, start):
    draft, token = start()
    client.post(address("form", token), typed(draft, **{"employer.size": "unknown"}))
    draft.refresh_from_db()
    assert "size" not in draft.facts["employer"]
    assert "employer.size" in draft.refused
    page = client.get(address("form", token)).content.decode()
    assert 'value="unknown" id="id_employer.size_4" checked' in " ".join(page.split())


def test_materials_are_listed_once_with_the_measures_that_need_them(client, start):
    _, token = start(chosen=["hiring-subsidy:ZN91-002", "startup-employment-grant:ZN91-016"])
    page = client.get(address("materials", token)).content.decode()
    assert page.count("劳动合同复印件</h2>") == 1
    assert "一次性吸纳就业补贴、创业带动就业项目补助" in page


def test_what_gives_way_to_something_better_asks_for_no_materials(client, start):
    _, token = start()
    page = client.get(address("materials", token)).content.decode()
    assert "申请承诺书</h2>" in page
    assert "工资发放表" not in page


def upload(client, token, name="合同.pdf", content=PDF, material="2"):
    file = SimpleUploadedFile(name, content)
    return client.post(address("materials", token), {"material": material, "file": file})


def test_a_file_is_kept_outside_of_the_web_under_its_hash(client, start, files):
    _, token = start()
    upload(client, token)
    kept = Attachment.objects.get()
    assert (kept.name, kept.kind, kept.size) == ("合同.pdf", "application/pdf", len(PDF))
    assert (files / kept.path).read_bytes() == PDF
    assert kept.path.endswith(kept.digest)
    upload(client, token)
    assert Attachment.objects.count() == 1


def test_a_file_is_refused_beside_its_material_and_the_rest_stays(client, start):
    _, token = start()
    upload(client, token)
    page = upload(client, token, "身份证.png").content.decode()
    assert "内容和扩展名不一致" in page
    assert "合同.pdf" in page


def test_a_file_is_taken_out(client, start, files, django_capture_on_commit_callbacks):
    _, token = start()
    upload(client, token)
    kept = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("materials", token), {"remove": kept.public})
    assert not Attachment.objects.exists()
    assert not (files / kept.path).exists()


def test_a_file_is_only_ever_saved_never_shown(client, start):
    _, token = start()
    upload(client, token, '"><script>合同.pdf')
    response = client.get(address("file", token, public=Attachment.objects.get().public))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == PDF
    assert Entry.objects.filter(action="attachment opened").count() == 1


def test_scripts_in_names_are_shown_harmless(client, start):
    _, token = start(applicant={"name": "<script>alert(1)</script>"})
    upload(client, token, "<img src=x onerror=1>.pdf")
    for page in ("form", "materials", "review"):
        text = client.get(address(page, token)).content.decode()
        assert "<script>alert" not in text
        assert "<img" not in text


def test_whoever_is_not_logged_in_is_asked_to_and_loses_nothing(client, start, applicant):
    draft, token = start()
    page = client.get(address("review", token)).content.decode()
    assert f"/login/?next={address('review', token)}" in page
    client.force_login(applicant, "django.contrib.auth.backends.ModelBackend")
    assert "我已阅读" in client.get(address("review", token)).content.decode()
    draft.refresh_from_db()
    assert draft.user == applicant
    assert draft.facts["hires"][0]["hired_on"] == "2022-07-10"


def agreed(client, token):
    review = client.get(address("review", token)).context["review"]
    return {"promise": "1", "seen": review.seen, "commitment": review.commitment}


def test_submitting_leads_to_the_package_and_again_to_the_same(client_of, start, applicant):
    _, token = start(applicant)
    client = client_of(applicant)
    data = agreed(client, token)
    first, second = (client.post(address("review", token), data) for _ in range(2))
    assert first.url == second.url == f"/packages/{Package.objects.get().number}/"
    assert client.get(address("form", token)).url == first.url


def test_a_browser_changes_the_line_ends_of_the_promise_and_it_is_still_the_same(client_of, start, applicant):
    _, token = start(applicant)
    client = client_of(applicant)
    data = agreed(client, token)
    data["commitment"] = data["commitment"].replace("\n", "\r\n")
    assert client.post(address("review", token), data).status_code == 302


def test_nothing_is_submitted_without_the_promise(client_of, start, applicant):
    _, token = start(applicant)
    client = client_of(applicant)
    data = agreed(client, token)
    del data["promise"]
    assert "请先阅读承诺并勾选" in client.post(address("review", token), data).content.decode()
    assert not Package.objects.exists()


def test_every_fault_leads_to_its_field(client_of, start, applicant):
    _, token = start(applicant, applicant={})
    page = client_of(applicant).get(address("review", token)).content.decode()
    assert "/form/#id_who:number" in page


def test_files_go_along_with_the_package(client_of, start, applicant):
    _, token = start(applicant)
    client = client_of(applicant)
    upload(client, token)
    client.post(address("review", token), agreed(client, token))
    assert Attachment.objects.get().package == Package.objects.get()


@pytest.mark.parametrize("page", ["choose", "form", "materials", "review"])
def test_a_link_that_opens_nothing_says_so(client, start, page):
    _, token = start()
    assert client.get(address(page, token[:-2] + "xx")).status_code == 404
    Draft.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    response = client.get(address(page, token))
    assert response.status_code == 404
    assert "已经过期" in response.content.decode()


def test_somebody_elses_draft_is_nowhere_to_be_found(client_of, start, applicant, other_applicant):
    draft, token = start(applicant)
    for way in (token, str(draft.public)):
        assert client_of(other_applicant).get(address("form", way)).status_code == 404
    assert "/login/" in Client().get(address("form", token)).url


def test_what_is_typed_after_the_session_has_ended_is_kept(client_of, start, applicant):
    draft, token = start(applicant)
    changed = typed(draft, **{"employer.insured_now": "13"})
    for way in (token, str(draft.public)):
        response = Client().post(address("form", way), changed | {"employer.insured_now": "13"})
        assert "/login/" in response.url
    draft.refresh_from_db()
    assert draft.facts["employer"]["insured_now"] == "13"


def test_a_fact_that_lies_after_today_is_cleared_and_said(client, start):
    _, token = start()
    draft = Draft.objects.get()
    facts = {**draft.facts, "hires": [{**draft.facts["hires"][0], "hired_on": "2022-11-01"}]}
    drafts.change(draft, on=clock.today() + timedelta(days=60), facts=facts)
    response = client.get(address("form", token))
    assert "招用日期" in str([str(m) for m in get_messages(response.wsgi_request)]) or "招用日期" in str(
        response.content.decode()
    )
    draft.refresh_from_db()
    assert "hired_on" not in draft.facts["hires"][0]


def test_a_draft_is_thrown_away_with_its_files(client, start, files, django_capture_on_commit_callbacks):
    _, token = start()
    upload(client, token)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("discard", token))
    assert not Draft.objects.exists()
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_pages_ask_the_database_a_bounded_number_of_times(
    client_of, start, applicant, django_assert_max_num_queries
):
    _, token = start(applicant)
    client = client_of(applicant)
    for page, most in (("choose", 10), ("form", 10), ("materials", 10), ("review", 16)):
        client.get(address(page, token))
        with django_assert_max_num_queries(most):
            client.get(address(page, token))


def test_no_page_is_kept_by_a_proxy_or_the_browser(client, start):
    _, token = start()
    assert "no-store" in client.get(address("form", token))["Cache-Control"]
