"""What the result page says is what `zhida decide` says."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from zhida.decide import build_case, decide, to_json
from zhida.guide.interview import measures_for
from zhida.service.applications import drafts
from zhida.service.law import library

pytestmark = pytest.mark.django_db
ON = date(2022, 10, 10)

RESTAURANT = {
    "employer": {
        "org_type": "企业",
        "industry": "H62",
        "size": "微型",
        "insured_now": 10,
        "insured_last_year_start": 9,
        "insured_last_year_end": 9,
        "unemployment_contributions_last_year": "6480",
        "unemployment_contribution_months_last_year": 12,
        "seriously_dishonest": False,
        "labour_dispatch": False,
        "jobs_created": 0,
    },
    "place": {"risk_area_found": False},
    "hires": [
        {
            "id": "h1",
            "hired_on": "2022-07-10",
            "contract_months": 12,
            "unemployment_insured_months": 3,
            "person": {"graduated_on": "2022-06-30", "education": "本科", "unemployed": True},
        },
        {
            "id": "h2",
            "hired_on": "2022-08-01",
            "contract_months": 6,
            "unemployment_insured_months": 2,
            "person": {"graduated_on": "2022-06-30", "education": "本科", "unemployed": True},
        },
    ],
    "internships": [],
}


class Shown(HTMLParser):
    """The decisions on a result page: id, verdict, amount, and the verdicts of its conditions."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.verdicts: dict[str, str] = {}
        self.amounts: dict[str, str] = {}
        self.conditions: dict[str, list[str]] = {}
        self.total = ""
        self.at = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "data-verdict" in found:
            self.at = found["id"]
            self.verdicts[self.at] = found["data-verdict"]
            self.conditions[self.at] = []
        elif found.get("id") == "total":
            self.total = found["value"]
        elif tag == "data":
            self.amounts[self.at] = found["value"]
        elif tag == "li" and self.at and found.get("class") in ("true", "false", "null", "review"):
            self.conditions[self.at].append(found["class"])


@pytest.fixture
def shown(client) -> Shown:
    _, token = drafts.start("621025", ON, "employer", facts=RESTAURANT)
    return Shown(client.get(f"/check/{token}/result/").content.decode())


@pytest.fixture
def decided() -> dict:
    case, problems = build_case(library(), {"region": "621025", "on": "2022-10-10", **RESTAURANT})
    assert case is not None, problems
    return to_json(decide(library(), case, measures_for(library(), "employer")))


def _id(decision) -> str:
    return f"{decision['measure']}-{decision['row']}"


def test_every_decision_is_shown_with_its_verdict(shown, decided):
    assert shown.verdicts == {_id(d): d["verdict"] for d in decided["decisions"]}
    assert set(shown.verdicts.values()) >= {"eligible", "review", "unknown", "ineligible"}


def test_the_amounts_are_those_of_decide(shown, decided):
    expected = {
        _id(d): d["amount"] or ""
        for d in decided["decisions"]
        if d["verdict"] not in ("ineligible", "not_open")
    }
    assert shown.amounts == expected
    assert shown.total == decided["package"]["total"]


def test_the_conditions_are_those_of_decide(shown, decided):
    words = {True: "true", False: "false", None: "null", "review": "review"}
    for decision in decided["decisions"]:
        expected = [words[condition["verdict"]] for condition in decision["conditions"]]
        assert shown.conditions[_id(decision)] == expected, _id(decision)


def test_rows_are_called_by_their_number_not_their_id(client):
    _, token = drafts.start("621025", ON, "employer", facts=RESTAURANT)
    page = client.get(f"/check/{token}/result/").content.decode()
    assert "第 2 名新招员工" in page
    assert not re.search(r"招用 h\d", page)


def test_what_is_given_up_says_why(client):
    _, token = drafts.start("621025", ON, "employer", facts=RESTAURANT)
    page = client.get(f"/check/{token}/result/").content.decode()
    assert "同一人不能与" in page
