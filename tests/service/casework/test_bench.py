"""The workbench: whose queue holds what, filters, search, steps for many, the file."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from zhida.service.audit.models import Entry
from zhida.service.cases.models import Case
from zhida.service.casework import selectors
from zhida.service.casework.models import SavedFilter
from zhida.service.casework.paging import stretch
from zhida.service.casework.services import perform

pytestmark = pytest.mark.django_db
HOME, BENCH = "621025", reverse("casework:bench")


def numbers(cases):
    return [case.number for case in cases]


def test_each_role_has_its_own_queue(open_case, officials):
    they, case = officials(HOME), open_case()
    assert numbers(selectors.todo(they.intake)) == [case.number]
    assert not selectors.todo(they.first_review).exists()
    perform(case, "accept", they.intake)
    assert not selectors.todo(they.intake).exists()
    assert numbers(selectors.todo(they.first_review)) == [case.number]
    assert not selectors.todo(they.finance).exists()


def test_what_another_body_does_waits_for_whoever_records_it(open_case, officials):
    they = officials(HOME)
    perform(open_case("startup-loan-micro", "ZN91-013"), "accept", they.intake)
    assert selectors.todo(they.intake).exists() and selectors.todo(they.second_review).exists()


def test_another_county_and_office_see_nothing(open_case, intake_elsewhere, intake_of_other_office, office):
    open_case()
    Case.objects.update(office=office)
    for stranger in (intake_elsewhere, intake_of_other_office):
        assert not selectors.todo(stranger).exists() and not selectors.view_of(stranger, "open").exists()


def test_a_role_counts_where_it_is_held(open_case, appoint):
    from zhida.service.accounts.models import Appointment

    case = open_case()
    clerk = appoint("intake", "150202")
    Appointment.objects.create(user=clerk, role="first-review", region=HOME)
    assert not selectors.todo(clerk).exists()
    perform(case, "accept", appoint("intake"))
    assert selectors.todo(clerk).exists()


def test_nobodys_own_submission_is_in_their_queue(open_case, applicant):
    from zhida.service.accounts.models import Appointment

    open_case()
    Appointment.objects.create(user=applicant, role="intake", region=HOME)
    assert not selectors.todo(applicant).exists()


def test_overdue_and_near_are_marked(open_case, intake, client_of):
    open_case()
    for day, view, mark in ((date(2022, 10, 9), "overdue", "超期"), (date(2022, 10, 11), "soon", "快到期")):
        Case.objects.update(due_on=day)
        page = client_of(intake).get(BENCH, {"view": view}).content.decode()
        assert mark in page and Case.objects.get().number in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"state": "submitted"}, 1), ({"state": "paid"}, 0), ({"measure": "hiring-subsidy"}, 1),
     ({"measure": "skill-upgrade"}, 0), ({"assignee": "nobody"}, 1), ({"words": "621025-2210"}, 1),
     ({"words": "没有的"}, 0), ({"state": "nonsense"}, 1)],
)  # fmt: skip
def test_filters(open_case, intake, client_of, asked, found):
    number = open_case().number
    assert (number in client_of(intake).get(BENCH, asked).content.decode()) == bool(found)


@pytest.mark.parametrize("how", ["case", "package", "uscc", "person", "name"])
def test_a_case_is_found_by_any_identifier(open_case, intake, client_of, how):
    from zhida.service.cases.models import Concerned
    from zhida.service.secrecy.sealing import keyed_hash

    case = open_case()
    Concerned.objects.create(package=case.package, path="hires.h1", hash=keyed_hash("62102519990702001X"))
    text = {
        "case": case.number.lower(),
        "package": f" {case.package.number} ",
        "uscc": "91621025MA7XXXXX0R",
        "person": "62102519990702001x",
        "name": "好味餐厅",
    }[how]
    response = client_of(intake).post(reverse("casework:find"), {"text": text})
    assert response.url == reverse("casework:case", args=[case.number])


@pytest.mark.parametrize("text", ["好味", "91621025MA7", "62102519990702001X", "621025-221010-ZZZZZZZZ", "%"])
def test_parts_of_numbers_and_strangers_find_nothing(open_case, intake, intake_elsewhere, client_of, text):
    case = open_case()
    find = reverse("casework:find")
    assert case.number not in client_of(intake).post(find, {"text": text}).content.decode()
    assert "没有找到" in client_of(intake_elsewhere).post(find, {"text": case.number}).content.decode()


def test_a_search_is_audited_without_its_words(open_case, intake, client_of):
    open_case()
    client_of(intake).post(reverse("casework:find"), {"text": "91621025MA7XXXXX0R"})
    entry = Entry.objects.get(action="cases searched")
    assert entry.detail == {"found": 1}


def test_every_chosen_case_has_its_line(open_case, intake, client_of):
    mine, other = open_case(), open_case("pension-deferral", "ZN91-025")
    perform(other, "take in", intake)
    chosen = [f"{mine.number}:{mine.revision}", f"{other.number}:1", "621025-221010-ZZZZZZZZ-01:1"]
    answer = client_of(intake).post(reverse("casework:bulk"), {"action": "accept", "case": chosen})
    lines = {line.number: line for line in answer.context["lines"]}
    assert [lines[c.partition(":")[0]].done for c in chosen] == [True, False, False]
    assert "刚被办过" in lines[other.number].text
    assert Case.objects.get(pk=mine.pk).state == "first-review"


def test_what_needs_words_is_not_passed_in_bulk(open_case, officials, client_of):
    they = officials(HOME)
    case = perform(open_case("startup-loan-micro", "ZN91-013"), "accept", they.intake)
    answer = client_of(they.first_review).post(
        reverse("casework:bulk"), {"action": "pass", "case": [f"{case.number}:{case.revision}"]}
    )
    (line,) = answer.context["lines"]
    assert not line.done and "不能批量办" in line.text


def test_cases_are_assigned_in_bulk(open_case, officials, client_of):
    they, case = officials(HOME), open_case()
    client_of(they.intake).post(
        reverse("casework:bulk"),
        {"action": "assign", "to": they.intake.username, "case": [f"{case.number}:{case.revision}"]},
    )
    assert numbers(selectors.view_of(they.intake, "mine")) == [case.number]


@pytest.mark.parametrize("chosen", [[], [f"x{n}:1" for n in range(201)]])
def test_none_and_too_many_are_refused(intake, client_of, chosen):
    answer = client_of(intake).post(
        reverse("casework:bulk"), {"action": "accept", "case": chosen}, follow=True
    )
    assert "请选 1 到 200 件" in answer.content.decode()


def test_pages_go_on_where_the_last_ended(open_case, intake):
    first, second = open_case(), open_case("pension-deferral", "ZN91-025")
    page = stretch(selectors.view_of(intake, "open"), size=1)
    assert numbers(page) == [first.number] and page.after
    rest = stretch(selectors.view_of(intake, "open"), page.after, size=1)
    assert numbers(rest) == [second.number] and not rest.after
    assert numbers(stretch(selectors.view_of(intake, "open"), "nonsense~1", size=1)) == [first.number]


def test_a_filter_is_saved_used_and_dropped(open_case, intake, client_of):
    client = client_of(intake)
    client.post(reverse("casework:save-filter"), {"name": "待终审", "query": "view=open&state=final-review"})
    assert "待终审" in client.get(BENCH).content.decode()
    client.post(reverse("casework:drop-filter"), {"name": "待终审"})
    assert not SavedFilter.objects.exists()


def test_the_list_is_a_workbook_with_masked_persons(open_case, intake, client_of):
    case = open_case()
    Case.objects.update(assignee=intake)
    answer = client_of(intake).get(reverse("casework:export"), {"view": "open"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "案件编号" and rows[1][0] == case.number and rows[1][-1] == intake.name
    assert Entry.objects.filter(action="cases exported").exists()


def test_a_long_queue_needs_no_more_queries(open_case, intake, client_of, django_assert_max_num_queries):
    for measure, row in (("hiring-subsidy", "ZN91-002"), ("pension-deferral", "ZN91-025"),
                         ("startup-loan-micro", "ZN91-013")):  # fmt: skip
        open_case(measure, row)
    client = client_of(intake)
    with django_assert_max_num_queries(20):
        client.get(BENCH)
