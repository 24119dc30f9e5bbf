"""Confirming, giving up, excluding, chasing; and what becomes of the case."""

import pytest
from tests.service.proactive.registry import employer

from zhida.service.cases.models import Case, Package
from zhida.service.casework.services import perform
from zhida.service.proactive import services
from zhida.service.proactive.models import Block, Candidate, Claim
from zhida.service.proactive.opening import open_one
from zhida.service.proactive.services import Refused
from zhida.service.work.worker import run_all

pytestmark = pytest.mark.django_db(transaction=True)
ACCOUNT = {"holder": "第3饭庄（演示）", "account": "6217000000000000099", "bank": "某某银行"}


def candidate_of(run, employers, name):
    return run.candidates.get(employer=employers[name])


def opened(run):
    services.open_cases(run, "reviewer")
    run_all("test")
    run.refresh_from_db()
    return run


def test_ready_ones_get_a_package_each_as_far_as_nobody_has_to_look(screened, employers):
    run = opened(screened())
    assert run.state == "opened"
    states = dict(run.candidates.filter(state="opened").values_list("employer__name", "case__state"))
    assert states == {
        "第1饭庄（演示）": "first-review", "第2饭庄（演示）": "first-review", "第6饭庄（演示）": "screening",
    }  # fmt: skip
    package = Package.objects.get(employer=employers["paid"])
    assert (package.origin, package.user, package.account["account"]) == (
        "proactive", None, "6217000000000000001",
    )  # fmt: skip
    case = package.cases.get()
    assert case.decision["conditions"] and case.facts["employer"]["size"] == "微型"
    assert case.library == run.library and str(case.amount) == "4374.00"


def test_a_second_run_opens_nothing_twice(screened, employers):
    opened(screened())
    again = screened()
    held = again.candidates.get(employer=employers["paid"])
    case = Case.objects.get(package__employer=employers["paid"])
    assert (held.state, held.reason) == ("held", f"已有案件 {case.number}")
    with pytest.raises(Refused):
        services.open_cases(again, "reviewer")
    assert Package.objects.count() == 3


def test_two_lists_at_once_give_one_package(screened, employers):
    first, second = screened(), screened()
    for run in (first, second):
        open_one(candidate_of(run, employers, "paid").pk)
    assert Package.objects.count() == Claim.objects.count() == 1
    assert candidate_of(second, employers, "paid").state == "held"


def test_an_account_given_with_the_confirmation_unblocks(screened, employers):
    run = screened()
    blocked = candidate_of(run, employers, "no account")
    with pytest.raises(Refused):
        services.confirm(blocked, "13900000001")
    confirmed = services.confirm(blocked, "13900000001", ACCOUNT)
    assert confirmed.state == "confirmed" and not confirmed.blocks.filter(state="open").exists()
    opened(run)
    package = Package.objects.get(employer=employers["no account"])
    assert package.account["account"] == ACCOUNT["account"]
    with pytest.raises(Refused):
        services.confirm(blocked, "13900000001")


def test_a_case_that_waits_for_the_confirmation_goes_on_with_it(screened, employers, officials):
    run = opened(screened())
    found = candidate_of(run, employers, "paid")
    people = officials("621025")
    case = perform(found.case, "pass first review", people.first_review)
    case = perform(case, "publish", people.first_review)
    Case.objects.filter(pk=case.pk).update(due_on="2022-10-09")
    case = perform(case, "end publicity", None)
    assert case.state == "applicant"
    services.confirm(found, "13900000001")
    case.refresh_from_db()
    assert case.state == "payable"


def test_who_gives_up_is_not_opened_and_an_open_case_is_withdrawn(screened, employers):
    run = screened()
    services.opt_out(candidate_of(run, employers, "larger"), "不需要", "13900000001")
    opened(run)
    assert not Package.objects.filter(employer=employers["larger"]).exists()
    services.opt_out(candidate_of(run, employers, "paid"), "不需要", "13900000001")
    assert Case.objects.get(package__employer=employers["paid"]).state == "withdrawn"
    again = screened()
    assert candidate_of(again, employers, "paid").state == "ready"
    opened(again)
    assert Claim.objects.filter(counts=True).count() == 3


def test_excluded_with_a_reason_and_taken_back(screened, employers):
    run = screened()
    found = candidate_of(run, employers, "paid")
    with pytest.raises(Refused):
        services.exclude(found, " ", "reviewer")
    services.exclude(found, "正在核查", "reviewer")
    with pytest.raises(Refused):
        services.confirm(found, "13900000001")
    assert services.take_back(found, "核查完毕", "reviewer").state == "ready"


def test_chasing_is_counted(screened):
    screened()
    block = Block.objects.first()
    services.chase(block, "clerk")
    assert services.chase(block, "clerk").chased == 2


def test_a_list_cannot_be_altered_unnoticed(screened):
    from django.db import DatabaseError, connection

    from zhida.service.audit.verification import verify

    run = screened()
    assert list(verify()) == []
    with pytest.raises(DatabaseError):
        Candidate.objects.filter(run=run).update(amount=1)
    found = run.candidates.first()
    found.facts = {**found.facts, "employer": {}}
    found.save(update_fields=["facts"])
    assert [finding.chain for finding in verify()] == [f"proactive:{run.pk}"]
    assert connection.vendor


def test_new_ones_come_in_and_others_leave_with_the_reason(screened, employers):
    screened()
    facts = employers["paid"].facts
    employers["paid"].facts = facts | {"seriously_dishonest": True}
    employers["larger"].facts = employers["larger"].facts | {
        "unemployment_contributions_last_year": "10000.00"
    }
    employers["laid off"].facts = facts
    for name in ("paid", "larger", "laid off"):
        employers[name].save()
    new = employer(20)
    run = screened()
    told = {d.employer_id: d for d in run.differences.all()}
    assert {pk: d.kind for pk, d in told.items()} == {
        employers["paid"].pk: "left", employers["larger"].pk: "changed",
        employers["laid off"].pk: "came", new.pk: "came",
    }  # fmt: skip
    left = told[employers["paid"].pk]
    assert left.conditions == ["没有严重失信记录"]
    assert left.facts == [["employer.seriously_dishonest", False, True]]
    changed = told[employers["larger"].pk]
    assert (str(changed.before), str(changed.after)) == ("10800.00", "9000.00")
    assert told[employers["laid off"].pk].conditions == ["上年度未裁员或裁员率不高于控制目标"]
    assert told[new.pk].note.startswith("登记信息里新增")
