"""The public part: the measures, and the guide to one."""

from __future__ import annotations

import pytest

from zhida.guide.provision import guide_of
from zhida.library import resolve

pytestmark = pytest.mark.django_db


def test_every_measure_is_listed(ask, library):
    answer = ask("GET", "measures").json()
    assert [entry["measure"] for entry in answer["measures"]] == list(library.measures)
    assert answer["library"] == library.hash


def test_words_find_measures_also_by_what_people_say(ask):
    found = ask("GET", "measures?q=稳岗").json()["measures"]
    assert "job-retention-refund" in {entry["measure"] for entry in found}
    assert ask("GET", "measures?q=nothing-of-the-kind").json()["measures"] == []


def test_a_region_has_those_that_its_documents_enact(ask, library):
    there = {rule.measure for rule in resolve(library, "621025", ask_day("2022-10-01"))}
    answer = ask("GET", "measures?region=621025&on=2022-10-01").json()
    assert {entry["measure"] for entry in answer["measures"]} == there


def ask_day(text: str):
    from datetime import date

    return date.fromisoformat(text)


def test_a_guide_says_what_the_command_shows(ask, library):
    day = ask_day("2022-10-01")
    [rule] = [r for r in resolve(library, "621025", day) if r.measure == "job-retention-refund"]
    guide = guide_of(library, rule, day)
    answer = ask("GET", "measures/job-retention-refund?region=621025&on=2022-10-01").json()
    [told] = answer["provisions"]
    assert told["basis"]["number"] == guide.basis.number
    assert told["office"] == guide.office and told["phone"]["number"] == guide.phone.number
    assert [c["label"] for c in told["conditions"]] == [c.label for c in guide.conditions]
    assert [s["action"] for s in told["steps"]] == [s.action for s in guide.steps]


def test_without_region_and_day_it_is_the_home_region_today(ask):
    answer = ask("GET", "measures/job-retention-refund").json()
    assert (answer["region"], answer["on"]) == ("621025", "2022-10-10")


@pytest.mark.parametrize(
    "key", ["no-such-measure", "job-retention-refund?region=110000", "稳岗", "%00", "a/b"]
)
def test_a_guide_that_there_is_not_is_a_problem(ask, key: str):
    answer = ask("GET", f"measures/{key}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_place_or_day_that_there_is_not_is_told(ask):
    answer = ask("GET", "measures?region=62&on=2022-13-01")
    assert [p["code"] for p in answer.json()["problems"]] == ["region/malformed", "date/no-such-day"]
