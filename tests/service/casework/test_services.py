"""Cases of real provisions, moved along their own steps."""

from datetime import date

import pytest

from zhida.service.audit.models import Entry
from zhida.service.cases.models import Case, Package
from zhida.service.cases.states import NotPossible
from zhida.service.casework.refusals import NotYours, Refused, Stale
from zhida.service.casework.services import assign, forward, perform

pytestmark = pytest.mark.django_db
HOME, BAOTOU = "621025", "150202"
ON, AFTER = date(2022, 10, 10), date(2022, 10, 18)
WHY = {"clause": "一(一)", "reason": "企业规模不符", "remedy": "可以申请行政复议"}


def states(case):
    return [move.to_state for move in case.moves.all()]


def test_a_hiring_subsidy_of_zhengning_is_reviewed_published_and_paid(open_case, officials, go, settings):
    they, case = officials(HOME), open_case("hiring-subsidy", "ZN91-002")
    case = go(case, ("accept", they.intake), ("pass first review", they.first_review))
    assert case.approved_at is not None and case.state == "to-publish"
    case = perform(case, "publish", they.first_review)
    settings.ZHIDA_TODAY = case.due_on
    with pytest.raises(Refused, match="2022-10-17 当天结束"):
        perform(case, "end publicity", None)
    settings.ZHIDA_TODAY = AFTER
    case = go(case, ("end publicity", None), ("pay", they.finance))
    assert states(case) == ["submitted", "first-review", "to-publish", "publicity", "payable", "paid"]
    assert case.closed_at is not None
    assert all(step.ended_on for step in case.steps.all())


def test_a_skill_upgrade_of_baotou_is_reviewed_three_times_by_three_people(open_case, officials, go):
    they = officials(BAOTOU)
    case = go(
        open_case("skill-upgrade", "BT78-022", region=BAOTOU),
        ("accept", they.intake),
        ("pass first review", they.first_review),
        ("pass second review", they.second_review),
    )
    assert case.approved_at is None
    case = go(case, ("pass final review", they.final_review), ("pay", they.finance))
    assert states(case)[1:] == ["first-review", "second-review", "final-review", "payable", "paid"]
    assert case.approved_at is not None


def test_the_city_reviews_what_its_districts_accepted(open_case, officials, go, appoint):
    they, city = officials(BAOTOU), appoint("second-review", "150200")
    case = go(
        open_case("skill-upgrade", "BT78-022", region=BAOTOU),
        ("accept", they.intake),
        ("pass first review", they.first_review),
        ("pass second review", city),
    )
    assert case.state == "final-review"


def test_a_deferral_is_settled_within_seven_working_days_and_pays_nothing(open_case, officials, go):
    they = officials(BAOTOU)
    case = go(
        open_case("pension-deferral", "BT78-004", region=BAOTOU),
        ("accept", they.intake),
        ("pass first review", they.first_review),
    )
    assert case.outside and case.state == "final-review"
    case = go(case, ("record", they.first_review, {"on": ON, "paper": "包困扩〔2022〕3号"}))
    assert (case.state, case.outside, case.due_on) == ("final-review", False, date(2022, 10, 19))
    case = go(case, ("pass final review", they.final_review))
    assert case.approved_at is not None
    case = go(case, ("notify", they.final_review))
    assert case.outside and case.state == "execution"
    case = go(case, ("record", they.first_review, {"on": ON, "paper": "包税缓〔2022〕9号"}))
    assert case.state == "done"


def test_a_loan_goes_through_the_township_and_the_bank(open_case, officials, go):
    they = officials(HOME)
    case = go(open_case("startup-loan-micro", "ZN91-013"), ("accept", they.intake))
    assert (case.state, case.outside) == ("first-review", True)
    with pytest.raises(Refused, match="乡镇（社区）办理"):
        perform(case, "pass first review", they.first_review)
    case = go(
        case,
        ("record", they.first_review, {"on": ON, "paper": "山河镇初审意见"}),
        ("pass second review", they.second_review),
        ("record", they.second_review, {"on": ON, "paper": "借款合同 2022-88"}),
    )
    assert states(case)[1:] == ["first-review", "second-review", "first-review", "done"]
    assert case.steps.get(number=4).tasks == ["review", "lend"]


def test_a_promise_is_enough_to_be_paid_and_is_checked_afterwards(open_case, officials, go):
    they = officials(HOME)
    case = go(open_case("hiring-expansion", "ZN91-006"), ("accept", they.intake))
    assert case.state == "payable" and case.approved_at is not None
    case = go(case, ("pay", they.finance))
    assert case.state == "paid"
    assert case.steps.get(number=4).ended_on is None


def test_a_text_without_procedure_has_the_usual_steps(open_case, officials, go):
    they = officials("520000")
    case = go(
        open_case("skill-upgrade", "GZR-016", region="520000"),
        ("accept", they.intake),
        ("pass first review", they.first_review),
        ("pass final review", they.final_review),
        ("pay", they.finance),
    )
    assert states(case)[1:] == ["first-review", "final-review", "payable", "paid"]
    assert all("文件没有写明步骤" in step.action for step in case.steps.all())


def test_what_nobody_applied_for_is_accepted_by_the_job_that_found_it(open_case, officials, go, settings):
    they, case = officials(HOME), open_case("job-retention-refund", "ZN91-030")
    with pytest.raises(Refused, match="必须由人来办"):
        perform(case, "accept", None)
    Package.objects.filter(pk=case.package_id).update(origin="proactive", user=None)
    case = go(case, ("accept", None), ("pass screening", None), ("pass first review", they.first_review))
    case = go(case, ("publish", they.final_review))
    settings.ZHIDA_TODAY = AFTER
    case = go(case, ("end publicity", None), ("do own part", they.intake), ("pay", they.finance))
    assert case.state == "paid"


def test_nobody_takes_two_reviews_in_a_row(open_case, officials, go, appoint):
    from zhida.service.accounts.models import Appointment

    they = officials(BAOTOU)
    for role in ("second-review", "final-review"):
        Appointment.objects.create(user=they.first_review, role=role, region=BAOTOU)
    case = go(
        open_case("skill-upgrade", "BT78-022", region=BAOTOU),
        ("accept", they.intake),
        ("pass first review", they.first_review),
    )
    for name, what in (("pass second review", {}), ("refuse", WHY), ("return", {"note": "再看"})):
        with pytest.raises(NotYours, match="换一个人"):
            perform(case, name, they.first_review, **what)
    case = go(case, ("pass second review", they.second_review), ("pass final review", they.first_review))
    assert case.state == "payable"


def test_nobody_handles_what_they_submitted(open_case, officials, applicant):
    from zhida.service.accounts.models import Appointment

    case = open_case()
    Appointment.objects.create(user=applicant, role="intake", region=HOME)
    with pytest.raises(NotYours, match="您自己提交的"):
        perform(case, "accept", applicant)


def test_a_review_sent_back_is_done_again_with_all_that_follows(open_case, officials, go):
    they = officials(BAOTOU)
    case = go(
        open_case("skill-upgrade", "BT78-022", region=BAOTOU),
        ("accept", they.intake),
        ("pass first review", they.first_review),
        ("pass second review", they.second_review),
        ("return", they.final_review, {"note": "证书编号对不上"}),
    )
    assert case.state == "second-review"
    case = go(case, ("return", they.second_review, {"note": "请核对"}))
    assert case.state == "first-review"
    assert [s.ended_on is None for s in case.steps.all()] == [False, True, True, True, True]
    case = go(
        case, ("pass first review", they.first_review), ("pass second review", they.second_review),
        ("pass final review", they.final_review),
    )  # fmt: skip
    assert case.state == "payable"


def test_an_upheld_objection_brings_a_case_back_to_its_review(open_case, officials, go):
    they = officials(HOME)
    case = go(
        open_case(),
        ("accept", they.intake),
        ("pass first review", they.first_review),
        ("publish", they.first_review),
        ("reopen", they.final_review, {"note": "异议成立"}),
    )
    assert (case.state, case.approved_at) == ("first-review", None)


@pytest.mark.parametrize("role", ["finance", "second-review", "intake", "policy", "audit"])
def test_only_the_role_of_the_step_takes_it(open_case, officials, go, appoint, role):
    case = go(open_case(), ("accept", officials(HOME).intake))
    with pytest.raises(NotYours):
        perform(case, "pass first review", appoint(role))


def test_a_reviewer_does_not_pay_and_finance_does_not_approve(open_case, officials, go):
    they = officials(HOME)
    case = go(open_case(), ("accept", they.intake))
    with pytest.raises(NotYours):
        perform(case, "pass first review", they.finance)
    Case.objects.update(state="payable")
    for reviewer in (they.first_review, they.final_review):
        with pytest.raises(NotYours):
            perform(case, "pay", reviewer)


def test_another_county_and_another_office_take_no_step(
    open_case, intake_elsewhere, intake_of_other_office, office
):
    case = open_case()
    Case.objects.filter(pk=case.pk).update(office=office)
    for stranger in (intake_elsewhere, intake_of_other_office):
        with pytest.raises(NotYours):
            perform(case, "accept", stranger)


def test_what_was_seen_before_is_not_done_a_second_time(open_case, officials):
    they, case = officials(HOME), open_case()
    perform(case, "accept", they.intake, seen=case.revision)
    with pytest.raises(Stale, match="初审"):
        perform(case, "accept", they.intake, seen=case.revision)
    assert Case.objects.get().moves.count() == 2


@pytest.mark.parametrize("name", ["pay", "approve", "publish", "nonsense"])
def test_what_the_table_does_not_have_is_not_possible(open_case, officials, name):
    with pytest.raises(NotPossible):
        perform(open_case(), name, officials(HOME).finance)
    assert Case.objects.get().moves.count() == 1


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"on": date(2022, 10, 9), "paper": "1"}, "早于"),
        ({"on": date(2022, 10, 11), "paper": "1"}, "还没有到"),
        ({"on": ON}, "文书编号"),
        ({"paper": "1"}, "办理日期"),
    ],
)
def test_a_backdated_or_undocumented_step_of_another_body_is_refused(open_case, officials, go, what, said):
    they = officials(HOME)
    case = go(open_case("startup-loan-micro", "ZN91-013"), ("accept", they.intake))
    with pytest.raises(Refused, match=said):
        perform(case, "record", they.first_review, **what)


@pytest.mark.parametrize("missing", ["clause", "reason", "remedy"])
def test_a_refusal_says_clause_reason_and_remedy(open_case, officials, go, missing):
    they = officials(HOME)
    case = go(open_case(), ("accept", they.intake))
    with pytest.raises(Refused, match="请写明"):
        perform(case, "refuse", they.first_review, **{**WHY, missing: " "})
    case = perform(case, "refuse", they.first_review, **WHY)
    assert (case.state, case.refusal.clause, case.refusal.kind) == ("refused", "一(一)", "refused")


def test_a_case_that_is_not_accepted_says_why(open_case, officials):
    case = perform(open_case(), "not accept", officials(HOME).intake, **WHY)
    assert (case.state, case.refusal.kind) == ("not-accepted", "not-accepted")


def test_every_move_is_audited_with_its_task(open_case, officials, go):
    they = officials(HOME)
    case = go(open_case(), ("accept", they.intake), ("pass first review", they.first_review))
    entries = Entry.objects.filter(subject=case.number).order_by("number")
    assert [e.action for e in entries] == ["case opened", "case: accept", "case: pass first review"]
    assert entries.last().detail["task"] == "review"
    assert entries.last().actor == they.first_review.username


def test_a_case_is_assigned_to_somebody_who_can_work_on_it(
    open_case, officials, finance_officer, intake_elsewhere
):
    they, case = officials(HOME), open_case()
    assert assign(case, they.first_review, they.intake).assignee == they.first_review
    with pytest.raises(Refused):
        assign(case, intake_elsewhere, they.intake)
    with pytest.raises(NotYours):
        assign(case, None, intake_elsewhere)


def test_forward_takes_the_next_step_whatever_it_is(open_case, officials, settings):
    they, case = officials(HOME), open_case()
    for actor in (they.intake, they.first_review, they.first_review):
        case = forward(case, actor)
    settings.ZHIDA_TODAY = AFTER
    case = forward(forward(case, they.first_review), they.finance)
    assert case.state == "paid"
    with pytest.raises(Refused):
        forward(case, they.finance)
