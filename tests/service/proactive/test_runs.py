"""A run from click to frozen list, and what keeps candidates back."""

from decimal import Decimal

import pytest
from tests.service.proactive.registry import MEASURE, REGION, employer

from zhida.service.proactive import screened as screening
from zhida.service.proactive import services
from zhida.service.proactive.models import Block, Candidate
from zhida.service.proactive.screened import Line, Unequal, deciding
from zhida.service.proactive.snapshot import folder_of
from zhida.service.registry.selectors import case_of

pytestmark = pytest.mark.django_db(transaction=True)


def by_name(run):
    return {candidate.employer.name: candidate for candidate in run.candidates.select_related("employer")}


def test_a_list_is_frozen(screened, employers):
    run = screened()
    assert (run.state, run.error) == ("frozen", "")
    assert run.count == run.expected == 6
    states = {name: c.state for name, c in by_name(run).items()}
    assert states == {
        "第1饭庄（演示）": "ready", "第2饭庄（演示）": "ready", "第3饭庄（演示）": "blocked",
        "第4饭庄（演示）": "blocked", "第5饭庄（演示）": "blocked", "第6饭庄（演示）": "ready",
    }  # fmt: skip
    assert by_name(run)["第1饭庄（演示）"].amount == Decimal("4374.00")
    assert by_name(run)["第6饭庄（演示）"].verdict == "review"
    assert run.screened["ineligible"] == 1


def test_what_is_missing_has_a_reason_an_owner_and_a_deadline(screened):
    run = screened()
    blocks = Block.objects.filter(candidate__run=run).select_related("candidate__employer")
    found = {block.candidate.employer.name[1]: block for block in blocks}
    assert len(found) == len(blocks) == 3
    assert {place: (b.kind, b.owner) for place, b in found.items()} == {
        "3": ("account", "本单位"), "4": ("size", "工信局"), "5": ("data", found["5"].owner),
    }  # fmt: skip
    assert (
        found["4"].reason == "企业划型未知；划型所需的行业代码、从业人员、上年度营业收入、上年末资产总额也缺"
    )
    assert found["5"].reason == "登记信息里没有“严重失信”"
    assert found["3"].due_on.isoformat() == "2022-10-17"
    assert found["4"].due_on.isoformat() == "2022-10-24"


def test_the_exported_case_is_the_registry_s(screened, employers):
    run = screened()
    with deciding(folder_of(run.pk), run.measure, run.region, run.on) as decider:
        for party in employers.values():
            told = decider.decided("employer", party.number)
            own = case_of(employer=party, on=run.on)
            assert told.facts["region"] == own["region"]
            facts = {key: str(value) for key, value in told.facts["employer"].items()}
            facts.pop("insured_region")
            assert facts.keys() <= own["employer"].keys()
            assert facts.items() >= {("uscc", party.number), ("name", party.name)}


def test_a_difference_between_screening_and_deciding_is_told_with_the_row(screened, employers):
    run = screened()
    line = Line("ZN91-030", "employer", employers["paid"].number, REGION, "eligible", Decimal(1), False)
    named = pytest.raises(Unequal, match=employers["paid"].number)
    with deciding(folder_of(run.pk), run.measure, run.region, run.on) as decider, named:
        decider.checked(line)


def test_a_run_stops_where_they_differ(employers, monkeypatch):
    def others(folder, after=0):
        line = Line("ZN91-030", "employer", employers["paid"].number, REGION, "eligible", Decimal(1), False)
        yield 1, line

    monkeypatch.setattr(screening, "lines", others)
    from tests.service.proactive.conftest import ON

    from zhida.service.work.worker import run_all

    run = services.start(MEASURE, REGION, ON, "reviewer")
    run_all("test")
    run.refresh_from_db()
    assert run.state == "failed" and employers["paid"].number in run.error
    assert not run.candidates.exists()


def test_facts_that_nobody_can_read_stop_the_run(screened, employers):
    employers["paid"].facts["insured_last_year_end"] = "many"
    employers["paid"].save()
    run = screened()
    assert run.state == "failed" and "insured_last_year_end" in run.error


def test_an_empty_registry_gives_an_empty_list(screened):
    from zhida.service.registry.models import Employer

    Employer.objects.all().delete()
    run = screened()
    assert (run.state, run.count) == ("frozen", 0)


def test_only_what_is_paid_without_application_there(db):
    from tests.service.proactive.conftest import ON

    assert set(services.measures_for(REGION, ON)) == {"job-retention-refund", "stay-at-work-training"}
    with pytest.raises(services.Refused):
        services.start("hiring-subsidy", REGION, ON, "x")


def test_one_run_of_a_measure_at_a_time(employers):
    from tests.service.proactive.conftest import ON

    services.start(MEASURE, REGION, ON, "x")
    with pytest.raises(services.Refused):
        services.start(MEASURE, REGION, ON, "x")


def test_other_counties_are_left_out(screened):
    other = employer(90)
    other.region = "150202"
    other.save()
    run = screened()
    assert not Candidate.objects.filter(run=run, employer=other).exists()
