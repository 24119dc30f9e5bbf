"""Deciding over the API is deciding on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))
CASE = {"region": "621025", "on": "2022-10-01", "employer": {"org_type": "企业", "insured_last_year_end": 28}}
pytestmark = pytest.mark.django_db


def zhida(*arguments: str, input: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zhida", *arguments]
    env = {name: value for name, value in os.environ.items() if name != "ZHIDA_LIBRARY"}
    return subprocess.run(command, input=input, env=env, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_answer_is_that_of_the_command(ask, token, path: Path):
    case = json.dumps(YAML(typ="safe").load(path), default=str, ensure_ascii=False)
    answer = ask("POST", "decide", case, token)
    assert answer.status_code == 200, answer.content
    assert answer.content.decode() + "\n" == zhida("decide", "-", "--json", input=case).stdout


@pytest.mark.parametrize(
    "body",
    [
        {**CASE, "region": "正宁", "employer": {"size": "巨型", "insured_last_yaer_end": 3}},
        {"region": "621025", "hires": [{"id": "a"}, {"id": "a"}, {}]},
        "{",
        "",
        "[]",
        '{"region": "621025", "region": "621000"}',
        '{"region": "621025", "on": "2022-10-01", "employer": {"profit": NaN}}',
        b"\xff\xfe\x00",
        "[" * 100_000,
    ],
)
def test_everything_wrong_is_told_as_the_command_tells_it(ask, token, tmp_path: Path, body):
    content = (
        body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    )
    answer = ask("POST", "decide", content, token)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    lines = [problem["line"] for problem in answer.json()["problems"]]
    file = tmp_path / "body"
    file.write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-m", "zhida", "decide", "body", "--json"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert lines == run.stderr.splitlines()


def test_the_address_overrides_the_case(ask, token):
    answer = ask("POST", "decide?region=150202&on=2022-12-01", CASE, token).json()
    assert (answer["region"], answer["on"]) == ("150202", "2022-12-01")


def test_only_the_measures_asked_for_are_decided(ask, token):
    path = "decide?measure=job-retention-refund&measure=hiring-expansion"
    answer = ask("POST", path, CASE, token).json()
    assert {d["measure"] for d in answer["decisions"]} == {"job-retention-refund", "hiring-expansion"}


def test_what_is_wrong_with_the_address_is_told_with_the_case(ask, token):
    path = "decide?region=1&on=tomorrow&measure=job-retention-refnd"
    problems = ask("POST", path, {**CASE, "employer": 3}, token).json()["problems"]
    assert [(p["path"], p["code"]) for p in problems] == [
        ("region", "region/malformed"),
        ("on", "type/date"),
        ("measure", "option/unknown-measure"),
        ("employer", "type/mapping"),
    ]
    assert "did you mean job-retention-refund" in problems[2]["expected"]


def test_a_fact_that_contradicts_others_is_warned_of_in_a_header(ask, token):
    case = {**CASE, "applicant": {"groups": ["登记失业人员"], "registered_unemployed": False}}
    answer = ask("POST", "decide", case, token)
    [warning] = json.loads(answer["Zhida-Warnings"])
    assert warning == zhida("decide", "-", "--json", input=json.dumps(case)).stderr.strip()


def test_a_region_without_documents_has_no_decisions(ask, token):
    answer = ask("POST", "decide", {"region": "110000", "on": "2022-10-01"}, token)
    assert (answer.status_code, answer.json()["decisions"]) == (200, [])


def test_another_kind_of_body_is_refused(ask, token):
    answer = ask("POST", "decide", "region: '621025'", token, content_type="application/yaml")
    assert (answer.status_code, answer.json()["title"]) == (415, "Unsupported Media Type")


def test_the_next_question_is_that_of_the_decision(ask, token):
    decided = ask("POST", "decide", CASE, token).json()["next_question"]
    turn = ask("POST", "next-question", {"case": CASE}, token).json()
    assert (turn["question"]["key"], turn["question"]["text"]) == (decided["fact"], decided["question"])
    assert 0 <= turn["settled"] < turn["total"]


def test_what_is_not_known_is_not_asked_again(ask, token):
    first = ask("POST", "next-question", {"case": CASE}, token).json()["question"]["key"]
    second = ask("POST", "next-question", {"case": CASE, "refused": [first]}, token).json()["question"]["key"]
    assert second != first


def test_an_interview_that_cannot_be_read_is_told_so(ask, token):
    answer = ask("POST", "next-question", {"case": [], "refused": [1], "measure": []}, token)
    assert answer.status_code == 422
    assert {p["path"] for p in answer.json()["problems"]} == {"case", "refused", "measure"}
