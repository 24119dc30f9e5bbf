"""一次性告知, and what its answer changes."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from zhida.service.audit.models import Entry
from zhida.service.cases.models import Case
from zhida.service.casework.answers import supply
from zhida.service.casework.comparing import changed_facts, decided_again, difference
from zhida.service.casework.marking import items_of, markable
from zhida.service.casework.models import Supplement
from zhida.service.casework.refusals import NotYours, Refused, Stale
from zhida.service.casework.services import perform
from zhida.service.casework.trace import trace_of

pytestmark = pytest.mark.django_db
HOME = "621025"
SIZE = {"kind": "fact", "key": "employer.size", "label": "企业规模", "note": "按 2021 年数据划型"}
ROSTER = {"kind": "material", "key": "符合条件人员花名册", "label": "符合条件人员花名册", "note": ""}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def asked(open_case, officials):
    they, case = officials(HOME), open_case()
    return perform(case, "ask for more", they.intake, items=[SIZE, ROSTER], text="合同缺页"), they


def test_one_notice_lists_everything_and_stops_the_clock(asked):
    case, they = asked
    (notice,) = case.supplements.all()
    assert [item["label"] for item in notice.items] == ["企业规模", "符合条件人员花名册"]
    assert (notice.text, notice.by, notice.exception) == ("合同缺页", they.intake.username, "")
    assert (case.state, case.due_on) == ("supplement", None)
    assert case.pauses.get().until is None


def test_a_notice_says_something(open_case, officials):
    with pytest.raises(Refused, match="要补正的内容"):
        perform(open_case(), "ask for more", officials(HOME).intake)


def test_a_second_notice_needs_a_recorded_exception(asked, applicant):
    case, they = asked
    case = supply(case, applicant, {})
    with pytest.raises(Refused, match="例外"):
        perform(case, "ask for more", they.intake, items=[SIZE])
    case = perform(case, "ask for more", they.intake, items=[SIZE], exception="补来的花名册盖章不清")
    assert case.supplements.get(number=2).exception == "补来的花名册盖章不清"


def test_the_database_refuses_a_second_notice_without_one(asked):
    case, _ = asked
    first = case.supplements.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Supplement.objects.create(case=case, number=2, by="x", at=first.at)


def test_the_answer_changes_only_what_was_marked(asked, applicant):
    case, _ = asked
    with pytest.raises(Refused, match="标出"):
        supply(case, applicant, {"employer.seriously_dishonest": False})
    assert Case.objects.get().state == "supplement"


def test_corrected_facts_are_decided_again_and_the_former_ones_kept(asked, applicant):
    case, _ = asked
    case = supply(case, applicant, {"employer.size": "大型"}, text="更正划型")
    fresh, former = Case.objects.get(), case.former.get()
    assert (former.facts["employer"]["size"], fresh.facts["employer"]["size"]) == ("小型", "大型")
    assert former.verdict == "eligible" and fresh.verdict == fresh.decision["verdict"]
    assert [line.after for line in changed_facts(former.facts, fresh.facts)] == ["大型"]
    assert any(line.before != line.after for line in difference(former.decision, fresh.decision))
    entry = Entry.objects.get(action="case: supply")
    assert entry.detail["corrected"] == "employer.size"
    assert "大型" not in str(entry.detail)


def test_an_answer_without_correction_changes_no_facts(asked, applicant):
    case = supply(asked[0], applicant, {"employer.size": "小型"})
    assert not case.former.exists()


def test_after_the_answer_a_clerk_accepts(asked, applicant):
    case, they = asked
    case = supply(case, applicant, {})
    assert case.state == "intake" and case.pauses.get().until == date(2022, 10, 10)
    assert perform(case, "accept", they.intake).state == "first-review"


def test_materials_are_kept_with_the_package(asked, applicant):
    case, _ = asked
    upload = SimpleUploadedFile("名册.pdf", b"%PDF-1.4\n%%EOF")
    supply(case, applicant, {}, files=[("符合条件人员花名册", upload)])
    assert case.package.attachments.get().material == "符合条件人员花名册"


def test_a_wrong_file_keeps_everything_as_it_was(asked, applicant):
    from zhida.service.applications.files.refusal import FileRefused

    case, _ = asked
    with pytest.raises(FileRefused):
        supply(
            case, applicant, {"employer.size": "大型"}, files=[("x", SimpleUploadedFile("a.exe", b"MZ\0"))]
        )
    fresh = Case.objects.get()
    assert (fresh.state, fresh.facts["employer"]["size"]) == ("supplement", "小型")


def test_somebody_else_does_not_answer(asked, other_applicant, intake_elsewhere):
    for stranger in (other_applicant, intake_elsewhere):
        with pytest.raises(NotYours):
            supply(asked[0], stranger, {})


def test_an_answer_counts_once(asked, applicant):
    case, _ = asked
    supply(case, applicant, {}, seen=case.revision)
    with pytest.raises(Stale):
        supply(case, applicant, {}, seen=case.revision)


def test_what_can_be_marked_has_the_names_that_people_know(open_case):
    found = {each.name: each for each in markable(open_case(), ["劳动合同复印件"])}
    assert found["fact:employer.size"].now == "小型"
    assert found["material:劳动合同复印件"].now == "✓"
    (item,) = items_of([found["fact:employer.size"]], {"fact:employer.size": " 请核对 "})
    assert (item["label"], item["note"]) == (found["fact:employer.size"].label, "请核对")


def test_the_pinned_trace_is_read_and_not_computed(open_case, monkeypatch):
    case = open_case()
    monkeypatch.setattr("zhida.service.casework.trace.resolve", None)
    trace = trace_of(case.decision)
    marks = {c.mark for unit in trace.units for c in unit.conditions}
    assert trace.verdict == "eligible" and marks == {"✓"}


def test_a_rerun_says_what_differs_and_writes_nothing(open_case):
    case = open_case("pension-deferral", "BT78-004", region="150202")
    pinned = {**case.decision, "verdict": "ineligible", "amount": "5.00"}
    again = decided_again(case, case.facts)
    lines = {line.what: (line.before, line.after) for line in difference(pinned, again.decision)}
    assert set(lines) == {"结论", "金额"}
    assert difference(case.decision, again.decision) == []
    assert Case.objects.get().decision == case.decision
