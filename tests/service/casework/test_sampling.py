"""事后核查: samples that anybody can draw again."""

from datetime import date
from decimal import Decimal

import pytest

from zhida.service.audit.models import Entry
from zhida.service.cases.models import Case
from zhida.service.casework import sampling
from zhida.service.casework.models import Check, Sample
from zhida.service.casework.refusals import Refused

pytestmark = pytest.mark.django_db
HOME, DAY = "621025", date(2022, 10, 18)


@pytest.fixture
def sample(open_case, officials, go, supervisor, settings):
    they = officials(HOME)
    for measure, row in (("hiring-expansion", "ZN91-006"), ("hiring-subsidy", "ZN91-002")):
        case = go(open_case(measure, row), ("accept", they.intake))
        if case.state == "first-review":
            case = go(case, ("pass first review", they.first_review), ("publish", they.first_review))
            settings.ZHIDA_TODAY = DAY
            case = go(case, ("end publicity", None))
        go(case, ("pay", they.finance))
    Case.objects.update(amount=Decimal(1000))
    return sampling.draw(supervisor, HOME, 1, date(2022, 10, 10), DAY, seed="2022-抽查-1")


def test_a_sample_can_be_drawn_again_from_what_is_stored(sample):
    assert len(sample.frame) == 2 and sample.checks.count() == 1
    assert sampling.is_sound(sample)
    assert sampling.drawn(sample.seed, sample.frame, 1) == [sample.checks.get().case.number]
    assert sampling.frame_hash(sample.frame) == sample.frame_hash


def test_drawing_is_the_same_for_ever():
    frame = [f"621025-{n:03}" for n in range(1000)]
    assert sampling.drawn("seed", frame, 2) == ["621025-059", "621025-143"]
    assert sampling.drawn("seed", frame[::-1], 3) == sampling.drawn("seed", frame, 3)
    assert sampling.drawn("another", frame, 3) != sampling.drawn("seed", frame, 3)
    assert sampling.drawn("seed", frame, 2000) != frame
    assert sorted(sampling.drawn("seed", frame, 2000)) == frame


def test_a_frame_that_was_changed_is_seen(sample):
    Sample.objects.update(frame=sample.frame[:1])
    assert not sampling.is_sound(Sample.objects.get())


def test_only_closed_cases_of_the_days_are_in_the_frame(sample, supervisor):
    with pytest.raises(Refused):
        sampling.draw(supervisor, HOME, 1, date(2022, 10, 19), date(2022, 10, 20))
    with pytest.raises(Refused):
        sampling.draw(supervisor, HOME, 1, DAY, DAY, measure="skill-upgrade")


def test_what_was_found_is_written_down_once(sample, supervisor):
    check = sampling.find(sample.checks.get(), supervisor, "recover", "人员不在岗", Decimal(1000))
    assert (check.finding, check.recover) == ("recover", Decimal(1000))
    with pytest.raises(Refused):
        sampling.find(check, supervisor, "sound")
    assert Entry.objects.get(action="check found").detail["finding"] == "recover"


@pytest.mark.parametrize(
    ("finding", "note", "recover"),
    [("recover", "x", None), ("recover", "x", Decimal(0)), ("recover", "x", Decimal("1000.01")),
     ("recover", " ", Decimal(1)), ("unreachable", "", None), ("", "x", None), ("nonsense", "x", None)],
)  # fmt: skip
def test_a_finding_says_what_it_has_to(sample, supervisor, finding, note, recover):
    with pytest.raises(Refused):
        sampling.find(sample.checks.get(), supervisor, finding, note, recover)
    assert Check.objects.get().finding == ""
