"""What is worth asking, and in which order."""

from __future__ import annotations

import pytest

from zhida.decide import build_case, decide
from zhida.decide.question import next_question, open_questions
from zhida.library import Library

PLACE = {"region": "621025", "on": "2022-10-10"}


@pytest.fixture
def decisions(library: Library):
    case, _ = build_case(library, {**PLACE, "employer": {"org_type": "企业"}, "hires": []})
    assert case is not None
    return decide(
        library, case, ("job-retention-refund", "stay-at-work-training", "hiring-subsidy")
    ).decisions


def test_the_first_of_the_open_questions_is_the_next(library: Library, decisions) -> None:
    assert open_questions(library, decisions)[0] == next_question(library, decisions)


def test_only_what_a_decision_still_waits_for_is_open(library: Library, decisions) -> None:
    open_keys = {question.fact for question in open_questions(library, decisions)}
    assert open_keys <= {key for decision in decisions for key in decision.missing}
    assert "employer.org_type" not in open_keys
    assert "hires" not in open_keys


def test_what_was_refused_is_open_no_longer(library: Library, decisions) -> None:
    refused = {question.fact for question in open_questions(library, decisions)}
    assert open_questions(library, decisions, refused) == ()


def test_what_may_settle_every_row_comes_before_what_settles_one(library: Library) -> None:
    data = {**PLACE, "employer": {}, "hires": [{"id": "h1"}]}
    case, _ = build_case(library, data)
    assert case is not None
    found = decide(library, case, ("hiring-expansion",)).decisions
    assert next_question(library, found).fact == "employer.org_type"
    assert [q.fact for q in open_questions(library, found)][-1].startswith("hires.h1.")
